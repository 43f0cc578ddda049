//! What the engine remembers of notices, attempts and phones: flat tables, a few dozen bytes a row.

use crate::sim::model::event::Claim;
use crate::sim::model::ids::{AttemptId, FaultId, KindId, NoticeId, PersonId, SendId};
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

/// The place of an attempt in the engine's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptIx(pub u32);

/// One notice.
#[derive(Clone, Copy, Debug)]
pub struct Notice {
    /// For whom.
    pub person: PersonId,
    /// The newest attempt; older ones follow by `Attempt::older`.
    pub newest: Option<AttemptRef>,
    /// What kind.
    pub kind: KindId,
    /// The timeline's line.
    pub send: Option<SendId>,
    /// The leg of the route that is under way.
    pub leg: u8,
    /// How many attempts there are.
    pub attempts: u8,
    /// The sender is done with it.
    pub done: bool,
    /// The person has answered it already.
    pub pressed: bool,
    /// The first two legs change places (weighted policies).
    pub swapped: bool,
    /// How many of the desk's replies led to it: 0 for what a line or an application sent.
    pub depth: u8,
    /// Through how many people's hands it came: 0 from the agency itself.
    pub hops: u8,
}

/// An `AttemptIx` with room for "none" in its own four bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptRef(std::num::NonZeroU32);

/// One attempt.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// When the platform was called (first), and when it took the message.
    pub submitted: SimTime,
    /// When the platform took it; `NEVER` until then.
    pub accepted: SimTime,
    /// Of which notice.
    pub notice: NoticeId,
    /// The attempt before this one of the same notice.
    pub older: Option<AttemptRef>,
    /// The fault that touched it last.
    pub fault: Option<FaultId>,
    /// By what.
    pub medium: Medium,
    /// Its place among the notice's attempts.
    pub ordinal: u8,
    /// Calls repeated so far.
    pub retries: u8,
    /// How often it has been shown.
    pub shown: u8,
    /// Further copies on their way.
    pub copies: u8,
    /// The strongest thing the sender was told of it.
    pub claim: Option<Claim>,
    /// See the constants below.
    pub flags: u8,
}

/// The platform has the message.
pub const TAKEN: u8 = 1;
/// The person opened it.
pub const OPENED: u8 = 1 << 1;
/// The platform will say "uncertain" if nothing else is heard.
pub const POLLED: u8 = 1 << 2;
/// Was sent to a phone that is played from outside.
pub const TRANSMITTED: u8 = 1 << 3;
/// The network was paid for it.
pub const CHARGED: u8 = 1 << 4;
/// The call is waiting for an answer.
pub const CALLING: u8 = 1 << 5;
/// The person to whom it goes was checked and can receive it.
pub const CHECKED: u8 = 1 << 6;

/// Waited in the sender's own line before it was handed in.
pub const QUEUED: u8 = 1 << 7;

impl Notice {
    /// Whether the sender has gone on from the attempt of this ordinal.
    pub fn newest_is_not(&self, ordinal: u8) -> bool {
        self.attempts != ordinal + 1
    }
}

impl AttemptRef {
    /// A reference to a row.
    pub fn to(ix: AttemptIx) -> AttemptRef {
        AttemptRef(std::num::NonZeroU32::new(ix.0 + 1).expect("attempt tables end below u32::MAX"))
    }

    /// The row.
    pub fn ix(self) -> AttemptIx {
        AttemptIx(self.0.get() - 1)
    }
}

impl Attempt {
    /// Its name everywhere outside the engine.
    pub fn id(&self) -> AttemptId {
        AttemptId { notice: self.notice, ordinal: self.ordinal }
    }

    /// Whether a flag is set.
    pub fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

#[cfg(test)]
mod tests {
    use super::{Attempt, Notice};

    #[test]
    fn an_open_notice_with_one_attempt_takes_few_bytes() {
        assert!(std::mem::size_of::<Notice>() <= 24, "{}", std::mem::size_of::<Notice>());
        assert!(std::mem::size_of::<Attempt>() <= 40, "{}", std::mem::size_of::<Attempt>());
    }
}
