//! Figures: all counts of a run at one instant. Copied into the books' history, so plain numbers only.

use crate::sim::model::medium::Network;
use crate::sim::time::SimTime;

/// How many claims there are.
pub const CLAIMS: usize = 5;

/// The counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// When.
    pub at: SimTime,
    /// Notices that the sender set out to send.
    pub notices: u64,
    /// Calls of the sender, those that were taken, refused, and not answered. Belief.
    pub called: u64,
    /// See `called`.
    pub accepted: u64,
    /// See `called`.
    pub refused: u64,
    /// See `called`.
    pub unanswered: u64,
    /// Notices by the strongest thing that the sender was told, in the order of `Claim`. Belief.
    pub claims: [u64; CLAIMS],
    /// Notices for which the sender went on to another medium. Belief.
    pub fell_back: u64,
    /// Notices that the sender is done with: as far as it knows well, and not. Belief.
    pub satisfied: u64,
    /// See `satisfied`.
    pub given_up: u64,
    /// In hundredths of a won.
    pub cost: u64,
    /// Notices that some phone has shown, and that somebody opened. Truth.
    pub reached: u64,
    /// See `reached`.
    pub opened: u64,
    /// Notices that were shown more than once. Truth.
    pub twice: u64,
    /// Notices that were first shown late. Truth.
    pub late: u64,
    /// Phones that are connected, by network.
    pub open: [u64; Network::COUNT],
    /// Phones that a fault has cut off and that are not back, by network.
    pub cut: [u64; Network::COUNT],
    /// Connections and logins turned away, by network.
    pub turned_away: [u64; Network::COUNT],
    /// Messages that were taken, by network.
    pub taken: [u64; Network::COUNT],
    /// Messages that wait in a network now.
    pub waiting: [u64; Network::COUNT],
    /// Messages that phones have shown, by network.
    pub passed: [u64; Network::COUNT],
    /// Messages that are gone, by network.
    pub lost: [u64; Network::COUNT],
}

impl Figures {
    /// Notices of which the sender was told that they arrived.
    pub fn believed(&self) -> u64 {
        self.claims[2..].iter().sum()
    }
}

/// A share in percent, rounded, but neither 0 nor 100 unless it is exactly that; `None` of nothing.
pub fn percent(part: u64, whole: u64) -> Option<u8> {
    if whole == 0 {
        return None;
    }
    let part = part.min(whole);
    let rounded = (u128::from(part) * 200 + u128::from(whole)) / (u128::from(whole) * 2);
    let rounded = u8::try_from(rounded).unwrap_or(100);
    Some(match (part, rounded) {
        (0, _) => 0,
        (_, 0) => 1,
        (_, 100) if part < whole => 99,
        _ => rounded,
    })
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_says_all_and_nothing_only_where_it_is() {
        let shares = [(0, 0), (0, 9), (1, 3), (2, 3), (1, 1_000), (999, 1_000), (1_000, 1_000), (5, 4)];
        let said = shares.map(|(part, whole)| percent(part, whole));
        assert_eq!(said, [None, Some(0), Some(33), Some(67), Some(1), Some(99), Some(100), Some(100)]);
    }
}
