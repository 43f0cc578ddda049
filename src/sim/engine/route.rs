//! The route 경로: what the built-in sender does with what it is told, and with what it is not told in time.
//!
//! The sender knows only its calls' answers and the reports; nothing here looks at the truth.

use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::model::event::{Cause, Claim, EventKind, Outcome};
use crate::sim::model::ids::{AttemptId, NoticeId};
use crate::sim::plan::Policy;
use crate::sim::plan::message::{RouteLeg, Until};
use crate::sim::time::Span;

impl Engine {
    /// The route's leg that the notice is on; weighted policies may let the first two change places.
    pub(super) fn leg_of(&self, notice: NoticeId) -> RouteLeg {
        let row = self.notice(notice);
        self.leg_at(notice, row.leg)
    }

    /// Sets the alarms for the leg's times, if the policy has an eye on them.
    pub(super) fn watch_time(&mut self, notice: NoticeId, ordinal: u8) {
        let leg = self.leg_of(notice);
        if let Some(within) = self.patience_with(leg) {
            self.agenda.set(self.now + within, Alarm::Within { notice, ordinal });
        }
        if let Some(arrives) = self.patience_for_arrival(leg) {
            self.agenda.set(self.now + arrives, Alarm::Arrives { notice, ordinal });
        }
    }

    /// By now a message that is to be opened must be heard to have arrived, or nobody will ever open it.
    pub(super) fn arrival_is_due(&mut self, notice: NoticeId, ordinal: u8) {
        if !self.has_arrived(notice) && !self.nobody_minds(notice, Alarm::Arrives { notice, ordinal }) {
            self.fall_back(notice, ordinal, Cause::NoReceipt);
        }
    }

    /// The leg's time is up: without the state it waits for, the next leg.
    pub(super) fn time_is_up(&mut self, notice: NoticeId, ordinal: u8) {
        let row = self.notice(notice);
        let passed = row.done || row.attempts != ordinal + 1;
        if passed || self.nobody_minds(notice, Alarm::Within { notice, ordinal }) {
            return;
        }
        let waits_for_reading = self.leg_of(notice).until == Until::Opened;
        let cause = if waits_for_reading && self.has_arrived(notice) { Cause::NotOpened } else { Cause::NoReceipt };
        self.fall_back(notice, ordinal, cause);
    }

    /// The sender hears what became of an attempt, of this leg or of an earlier one.
    pub(super) fn hear(&mut self, id: AttemptId, claim: Claim) {
        if self.notice(id.notice).done {
            return;
        }
        let leg = self.leg_at(id.notice, id.ordinal);
        if satisfies(claim, leg.until) {
            self.note_success(id);
            self.close(id.notice, Outcome::Satisfied);
        } else if claim == Claim::Failed {
            self.fall_back(id.notice, id.ordinal, Cause::Failed);
        } else if claim == Claim::Uncertain && self.watches_silence() && self.patience_with(leg).is_none() {
            self.fall_back(id.notice, id.ordinal, Cause::NoReceipt);
        }
    }

    /// The next leg, if the attempt given up is the notice's present one and the policy goes on at all.
    pub(super) fn fall_back(&mut self, notice: NoticeId, ordinal: u8, cause: Cause) {
        let row = *self.notice(notice);
        if row.done || row.attempts != ordinal + 1 {
            return;
        }
        if self.plan.sender.policy == Policy::None {
            return self.give_up(notice, Outcome::GaveUp);
        }
        let next = row.leg + 1;
        if usize::from(next) >= self.plan.kinds[row.kind.index()].route_for(self.groups_of(row.person)).len() {
            return self.give_up(notice, Outcome::Exhausted);
        }
        let (from, to) = (self.leg_at(notice, row.leg).medium, self.leg_at(notice, next).medium);
        let fault = row.newest.and_then(|newest| self.attempt(newest.ix()).fault);
        self.emit(EventKind::FellBack { notice, from, to, cause, fault });
        self.notice_mut(notice).leg = next;
        self.start_leg(notice);
    }

    fn give_up(&mut self, notice: NoticeId, outcome: Outcome) {
        self.close(notice, outcome);
        // Nobody below waits for somebody whom nobody will reach.
        self.pass_on(notice);
    }

    fn close(&mut self, notice: NoticeId, outcome: Outcome) {
        self.notice_mut(notice).done = true;
        self.emit(EventKind::RouteEnded { notice, outcome });
    }

    fn leg_at(&self, notice: NoticeId, number: u8) -> RouteLeg {
        let row = self.notice(notice);
        let kind = &self.plan.kinds[row.kind.index()];
        let route = kind.route_for(self.groups_of(row.person));
        // Weights move between the media that everybody's route begins with.
        let swapped = row.swapped && std::ptr::eq(route, kind.route.as_slice());
        let place = match (swapped, number) {
            (true, 0) => 1,
            (true, 1) => 0,
            (_, number) => usize::from(number),
        };
        route[place]
    }

    /// Whether the sender's systems are gone, so that a timer of the notice fires only when they are back.
    fn nobody_minds(&mut self, notice: NoticeId, timer: Alarm) -> bool {
        let newest = self.notice(notice).newest;
        newest.is_some_and(|newest| self.sender_stops(newest.ix(), timer))
    }

    /// Whether the sender was told that the notice's present attempt arrived.
    fn has_arrived(&self, notice: NoticeId) -> bool {
        let claim = self.notice(notice).newest.and_then(|newest| self.attempt(newest.ix()).claim);
        claim.is_some_and(|claim| claim >= Claim::Delivered)
    }

    /// A timer of the policy is about delivery: it takes no time from people to read.
    fn patience_with(&self, leg: RouteLeg) -> Option<Span> {
        match self.plan.sender.policy {
            Policy::None | Policy::VendorOnly => None,
            Policy::Timer(Some(_)) if leg.until == Until::Opened => leg.within,
            Policy::Timer(Some(span)) => Some(span),
            Policy::Timer(None) | Policy::GovukWeights => leg.within,
        }
    }

    fn patience_for_arrival(&self, leg: RouteLeg) -> Option<Span> {
        match self.plan.sender.policy {
            Policy::None | Policy::VendorOnly => None,
            Policy::Timer(Some(span)) => (leg.until == Until::Opened).then_some(span),
            Policy::Timer(None) | Policy::GovukWeights => leg.arrives,
        }
    }

    fn watches_silence(&self) -> bool {
        match self.plan.sender.policy {
            Policy::None | Policy::VendorOnly => false,
            Policy::Timer(_) | Policy::GovukWeights => true,
        }
    }
}

/// Whether being told so is what the leg waits for.
fn satisfies(claim: Claim, until: Until) -> bool {
    match until {
        Until::Delivered => claim >= Claim::Delivered,
        Until::Shown => claim >= Claim::Shown,
        Until::Opened => claim == Claim::Opened,
    }
}
