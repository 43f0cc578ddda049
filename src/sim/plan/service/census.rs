//! `census:` and `blast:` lines: all channels of the messenger at once, as a crowd too large to be played one by one.
//!
//! Channels are ranked by friends, and follow Zipf's law with the exponent 1: the one of rank r has `friends × rank / r`
//! of them, and never more than the messenger has users. The two figures of a press count fix the law; nothing is
//! left to choose. Nobody's phone is played: a call to many recipients is one row, delivered at the platform's rate.

use crate::sim::dice::Share;
use crate::sim::medium::Capability;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::{SimTime, Span};

/// The channels of a messenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// How many channels there are.
    pub channels: u32,
    /// The rank at which the count was taken.
    pub rank: u32,
    /// Friends of the channel of that rank.
    pub friends: u32,
    /// Nobody has more friends than there are users.
    pub users: u32,
    /// Most recipients of one call.
    pub recipients: u32,
    /// Recipients a second that the platform delivers to.
    pub per_second: u32,
}

/// A `blast:` line: a share of all channels writes to all its friends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blast {
    /// When the first may write.
    pub at: SimTime,
    /// How long they write: each at an instant of its own.
    pub over: Span,
    /// Share of the channels that writes.
    pub share: Share,
    /// By what medium.
    pub medium: Medium,
    /// On what network.
    pub network: Network,
    /// What a staged recovery counts it as.
    pub capability: Capability,
}

impl Census {
    /// Friends of the channel of a rank, counted from 1.
    pub fn friends_of(&self, rank: u32) -> u32 {
        let law = u64::from(self.rank) * u64::from(self.friends) / u64::from(rank.max(1));
        law.min(u64::from(self.users)) as u32
    }

    /// Friendships of the channels of ranks up to this one.
    pub fn friendships(&self, rank: u32) -> u64 {
        (1..=rank).map(|rank| u64::from(self.friends_of(rank))).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::Census;

    /// The press count of November 2022: 57,000 channels of a thousand friends or more, 1.6 million smaller.
    const COUNT: Census = Census {
        channels: 1_657_000,
        rank: 57_000,
        friends: 1_000,
        users: 47_000_000,
        recipients: 10_000,
        per_second: 1,
    };

    #[test]
    fn the_law_gives_both_figures_of_the_count() {
        let large = (1..=COUNT.channels).filter(|rank| COUNT.friends_of(*rank) >= 1_000).count();
        assert_eq!((large, COUNT.channels as usize - large), (57_000, 1_600_000));
        assert_eq!(
            (COUNT.friends_of(1), COUNT.friends_of(57_000), COUNT.friends_of(1_657_000)),
            (47_000_000, 1_000, 34)
        );
    }

    /// One advertiser in a hundred brings 70 % of the revenue, says the same source; friends alone give 69 %.
    #[test]
    fn one_channel_in_a_hundred_has_seven_friendships_in_ten() {
        let (top, all) = (COUNT.friendships(COUNT.channels / 100), COUNT.friendships(COUNT.channels));
        assert_eq!(top * 100 / all, 68);
    }
}
