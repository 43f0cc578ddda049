//! A notice seen whole: its record, its attempts, and what follows from them.

use crate::sim::expect::audit::Told;
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::record::{AttemptRecord, Belief, Fall, NoticeRecord};
use crate::sim::model::event::Ear;
use crate::sim::model::ids::{AttemptId, FaultId, NoticeId};
use crate::sim::model::medium::Medium;
use crate::sim::time::{SimTime, Span};

/// One notice with everything that belongs to it.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) id: NoticeId,
    pub(super) notice: &'a NoticeRecord,
}

impl<'a> View<'a> {
    pub(super) fn attempts(self) -> impl Iterator<Item = &'a AttemptRecord> {
        let rows = &self.ledger.attempts;
        let first = rows.get(self.notice.first_attempt as usize);
        std::iter::successors(first, |attempt| rows.get(attempt.next as usize))
    }

    /// Each time that an attempt of this notice was given up: twice, where provider and sender both did.
    pub(super) fn falls(self, attempt: &AttemptRecord) -> impl Iterator<Item = Fall> + use<> {
        let second = || {
            let place = self.attempts().position(|one| std::ptr::eq(one, attempt))?;
            let id = AttemptId { notice: self.id, ordinal: u8::try_from(place).ok()? };
            self.ledger.second_falls.get(&id).copied()
        };
        // Hardly any run has one.
        let second = if self.ledger.second_falls.is_empty() { None } else { second() };
        attempt.fall().into_iter().chain(second)
    }

    pub(super) fn created(self) -> SimTime {
        self.notice.created.time().unwrap_or(SimTime::ZERO)
    }

    /// After this instant a showing is harm.
    pub(super) fn expires_at(self) -> Option<SimTime> {
        let kind = self.ledger.plan.kinds.get(self.notice.kind().index())?;
        kind.expires.map(|span| self.created() + span)
    }

    /// The sum of its legs' times: what the route promises. `None` if a leg has no time.
    pub(super) fn promised(self) -> Option<Span> {
        let kind = self.ledger.plan.kinds.get(self.notice.kind().index())?;
        let groups = self.ledger.people.get(self.notice.person()).map_or_else(Default::default, |who| who.groups);
        kind.route_for(groups).iter().try_fold(Span::ZERO, |sum, leg| Some(sum + leg.within?))
    }

    /// The first showing of any attempt, and its medium; one after the notice's expiry is not success and not here.
    pub(super) fn reached_at(self) -> Option<(SimTime, Medium)> {
        let first = self.shown_at()?;
        self.expires_at().is_none_or(|expiry| first.0 <= expiry).then_some(first)
    }

    /// The first showing of any attempt, in time or not, and its medium.
    pub(super) fn shown_at(self) -> Option<(SimTime, Medium)> {
        let showings = self.attempts().filter_map(|attempt| Some((attempt.shown.time()?, attempt.medium)));
        showings.min_by_key(|showing| showing.0)
    }

    /// How often it was shown, over all attempts and copies.
    pub(super) fn showings(self) -> u32 {
        self.attempts().map(|attempt| u32::from(attempt.showings)).sum()
    }

    /// The best that the sender was last told of any of its attempts.
    pub(super) fn belief(self) -> Belief {
        self.attempts().map(|attempt| attempt.belief()).max().unwrap_or(Belief::None)
    }

    /// What the sender was told last, and how it heard: the best of its attempts, of equals the later.
    pub(super) fn told(self) -> (Told, Option<Ear>) {
        self.attempts().map(AttemptRecord::told).max_by_key(|told| told.0).unwrap_or((Told::Nothing, None))
    }

    /// When a later attempt showed of which the sender was told nothing final; of a notice with an attempt given up.
    pub(super) fn silent_fallback(self) -> Option<SimTime> {
        let open = |belief| match belief {
            Belief::None | Belief::Uncertain => true,
            Belief::Failed | Belief::Delivered | Belief::Shown | Belief::Opened => false,
        };
        if self.attempts().all(|attempt| attempt.given_up.is_never()) {
            return None;
        }
        let mut silent = self.attempts().skip(1).filter(|attempt| open(attempt.belief()));
        silent.find_map(|attempt| attempt.shown.time())
    }

    /// What all its attempts cost, in hundredths of a won.
    pub(super) fn cost(self) -> u64 {
        self.attempts().map(|attempt| u64::from(attempt.cost)).sum()
    }

    /// Whether the fault is named in one of its events.
    pub(super) fn hit_by(self, fault: FaultId) -> bool {
        if fault.0 < 64 {
            self.notice.hits() >> fault.0 & 1 == 1
        } else {
            self.ledger.hits_beyond.contains(&(fault.0, self.id.0))
        }
    }

    /// The faults that are named in its events.
    pub(super) fn hits(self) -> impl Iterator<Item = FaultId> {
        (0..self.ledger.faults.len() as u16).map(FaultId).filter(move |fault| self.hit_by(*fault))
    }
}
