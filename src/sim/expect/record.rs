//! Records: what a run leaves of a notice and of an attempt, packed, because there are millions of them.
//!
//! A notice takes 36 bytes and an attempt 32, so a notice that needed one attempt costs the watch 68 bytes. Records
//! hold facts only; what a fact is good for is the metrics' business.

use crate::sim::model::event::{Cause, Claim, Ear};
use crate::sim::model::ids::{KindId, PersonId, SendId};
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

/// An instant in 48 bits: microseconds up to 8.9 years, held there; all ones are "not yet".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment([u8; 6]);

/// The end of a chain of attempts.
pub(super) const NO_ATTEMPT: u32 = u32::MAX;
/// The value of `NoticeRecord::send` without a line.
const NO_SEND: u16 = u16::MAX;

/// What is known of a notice.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoticeRecord {
    pub(super) created: Moment,
    /// The first opening, of whatever attempt.
    pub(super) opened: Moment,
    person: u32,
    /// Its first attempt's row; the rest follow by `AttemptRecord::next`.
    pub(super) first_attempt: u32,
    /// The faults named in its events, one bit each for the first 64; two halves, so that the record aligns to four.
    hits: [u32; 2],
    kind: u16,
    send: u16,
    /// A desk's reply, not something that the agency set out to send.
    pub(super) reply: bool,
}

/// What is known of an attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttemptRecord {
    pub(super) submitted: Moment,
    /// The first showing.
    pub(super) shown: Moment,
    /// When the sender, or the provider by itself, first went on to another medium.
    pub(super) given_up: Moment,
    /// In hundredths of a won.
    pub(super) cost: u32,
    pub(super) next: u32,
    pub(super) medium: Medium,
    /// What the sender was last told of it, and how.
    pub(super) heard: Heard,
    /// Why it was given up then, and for which medium.
    fell: Option<(Cause, Medium)>,
    flags: u8,
    /// How often it was shown.
    pub(super) showings: u8,
}

/// One time that an attempt was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fall {
    pub(super) at: Moment,
    pub(super) cause: Cause,
    /// The medium tried next.
    pub(super) to: Medium,
}

/// A belief and the ear by which it came, in one byte: the belief in the lower half, in the highest bit whether it was the
/// request itself that was not taken. The ear of "nothing" means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heard(u8);

/// What a sender believes of an attempt or of a notice, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Belief {
    /// Was told nothing.
    None,
    /// Was told that it failed.
    Failed,
    /// Was told that nobody knows.
    Uncertain,
    /// Was told "delivered" on the platform's word.
    Delivered,
    /// Was told that the phone showed it.
    Shown,
    /// Was told that the person opened it.
    Opened,
}

/// Things that did or did not happen to an attempt, one bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Mark {
    /// The platform took it.
    Accepted = 1,
    /// A call was refused.
    Refused = 2,
    /// It is gone for good.
    Lost = 4,
    /// Refused with 429.
    Limited = 8,
    /// Waited for room under a capacity.
    Queued = 16,
    /// The person opened it.
    Opened = 32,
    /// A letter that came back.
    Returned = 64,
    /// Success was reported after the sender had given it up.
    LateReceipt = 128,
}

impl Moment {
    /// Not yet.
    pub(super) const NEVER: Moment = Moment([u8::MAX; 6]);
    const LAST: u64 = (1 << 48) - 2;

    pub(super) fn at(time: SimTime) -> Moment {
        let bytes = time.micros().min(Moment::LAST).to_le_bytes();
        Moment([bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]])
    }

    pub(super) fn time(self) -> Option<SimTime> {
        let [a, b, c, d, e, f] = self.0;
        (self != Moment::NEVER).then(|| SimTime::from_micros(u64::from_le_bytes([a, b, c, d, e, f, 0, 0])))
    }

    pub(super) fn is_never(self) -> bool {
        self == Moment::NEVER
    }
}

impl NoticeRecord {
    /// A hole in the numbering.
    pub(super) const VACANT: NoticeRecord = NoticeRecord {
        created: Moment::NEVER,
        opened: Moment::NEVER,
        person: 0,
        first_attempt: NO_ATTEMPT,
        hits: [0; 2],
        kind: 0,
        send: NO_SEND,
        reply: false,
    };

    pub(super) fn new(at: SimTime, person: PersonId, kind: KindId, send: Option<SendId>, reply: bool) -> NoticeRecord {
        NoticeRecord {
            created: Moment::at(at),
            person: person.0,
            kind: kind.0,
            send: send.map_or(NO_SEND, |send| send.0),
            reply,
            ..NoticeRecord::VACANT
        }
    }

    /// The id was handed out, but no `Created` came for it.
    pub(super) fn is_vacant(&self) -> bool {
        self.created.is_never()
    }

    pub(super) fn person(&self) -> PersonId {
        PersonId(self.person)
    }

    pub(super) fn kind(&self) -> KindId {
        KindId(self.kind)
    }

    pub(super) fn send(&self) -> Option<SendId> {
        (self.send != NO_SEND).then_some(SendId(self.send))
    }

    /// Notes one of the first 64 faults.
    pub(super) fn hit(&mut self, fault: u8) {
        self.hits[usize::from(fault / 32)] |= 1 << (fault % 32);
    }

    /// The first 64 faults that are named in its events.
    pub(super) fn hits(&self) -> u64 {
        u64::from(self.hits[1]) << 32 | u64::from(self.hits[0])
    }
}

impl AttemptRecord {
    pub(super) fn new(at: SimTime, medium: Medium) -> AttemptRecord {
        AttemptRecord {
            submitted: Moment::at(at),
            shown: Moment::NEVER,
            given_up: Moment::NEVER,
            cost: 0,
            next: NO_ATTEMPT,
            medium,
            heard: Heard::NOTHING,
            fell: None,
            flags: 0,
            showings: 0,
        }
    }

    /// What the sender was last told.
    pub(super) fn belief(&self) -> Belief {
        self.heard.belief()
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        self.flags |= mark as u8;
    }

    pub(super) fn has(&self, mark: Mark) -> bool {
        self.flags & mark as u8 != 0
    }
}

impl AttemptRecord {
    /// The first time that it was given up.
    pub(super) fn fall(&self) -> Option<Fall> {
        self.fell.map(|(cause, to)| Fall { at: self.given_up, cause, to })
    }

    pub(super) fn give_up(&mut self, fall: Fall) {
        self.given_up = fall.at;
        self.fell = Some((fall.cause, fall.to));
    }
}

impl Fall {
    /// Whether both are the provider's, or both the sender's own.
    pub(super) fn is_beside(self, other: Fall) -> bool {
        (self.cause == Cause::Provider) == (other.cause == Cause::Provider)
    }
}

impl Heard {
    pub(super) const NOTHING: Heard = Heard(0);
    /// "Not taken", in the answer to a request that its provider did not take.
    pub(super) const DENIED: Heard = Heard(Belief::Failed as u8 | (Ear::Answer as u8) << 4 | 128);

    pub(super) fn new(belief: Belief, ear: Ear) -> Heard {
        Heard(belief as u8 | (ear as u8) << 4)
    }

    pub(super) fn belief(self) -> Belief {
        Belief::ALL[usize::from(self.0 & 15)].0
    }

    pub(super) fn ear(self) -> Ear {
        Ear::ALL[usize::from(self.0 >> 4 & 7)]
    }

    /// Whether the request itself was the reason.
    pub(super) fn is_denial(self) -> bool {
        self.0 & 128 != 0
    }
}

impl Belief {
    /// All beliefs with their words, weakest first.
    pub const ALL: [(Belief, &'static str); 6] = [
        (Belief::None, "none"),
        (Belief::Failed, "failed"),
        (Belief::Uncertain, "uncertain"),
        (Belief::Delivered, "delivered"),
        (Belief::Shown, "shown"),
        (Belief::Opened, "opened"),
    ];

    /// What a claim makes a sender believe.
    pub const fn of(claim: Claim) -> Belief {
        match claim {
            Claim::Failed => Belief::Failed,
            Claim::Uncertain => Belief::Uncertain,
            Claim::Delivered => Belief::Delivered,
            Claim::Shown => Belief::Shown,
            Claim::Opened => Belief::Opened,
        }
    }

    /// The word used in expressions and reports.
    pub const fn name(self) -> &'static str {
        Belief::ALL[self as usize].1
    }

    /// Whether the sender holds that the person has it.
    pub const fn is_success(self) -> bool {
        matches!(self, Belief::Delivered | Belief::Shown | Belief::Opened)
    }
}

#[cfg(test)]
mod tests {
    use super::{AttemptRecord, Belief, Heard, Moment, NoticeRecord};
    use crate::sim::model::event::Ear;
    use crate::sim::time::SimTime;

    #[test]
    fn a_notice_with_one_attempt_fits_into_72_bytes() {
        assert_eq!(size_of::<NoticeRecord>(), 36);
        assert_eq!(size_of::<AttemptRecord>(), 32);
    }

    #[test]
    fn a_moment_gives_back_the_exact_instant() {
        for micros in [0, 1, 255, 256, 1_000_000_007, (1 << 48) - 2] {
            let time = SimTime::from_micros(micros);
            assert_eq!(Moment::at(time).time(), Some(time));
        }
        assert_eq!(Moment::NEVER.time(), None);
        assert_eq!(Moment::at(SimTime::NEVER).time(), Some(SimTime::from_micros((1 << 48) - 2)));
    }

    #[test]
    fn a_byte_keeps_belief_and_ear_apart() {
        for (belief, _) in Belief::ALL {
            for ear in Ear::ALL {
                let heard = Heard::new(belief, ear);
                assert_eq!((heard.belief(), heard.ear()), (belief, ear));
            }
        }
        assert_eq!(Heard::NOTHING.belief(), Belief::None);
        assert_eq!((Heard::DENIED.belief(), Heard::DENIED.ear()), (Belief::Failed, Ear::Answer));
        assert!(Heard::DENIED.is_denial() && !Heard::new(Belief::Opened, Ear::Poll).is_denial());
    }

    #[test]
    fn hits_keep_64_faults_apart() {
        let mut notice = NoticeRecord::VACANT;
        for fault in [0, 31, 32, 63] {
            notice.hit(fault);
        }
        assert_eq!(notice.hits(), 1 | 1 << 31 | 1 << 32 | 1 << 63);
    }
}
