//! Certified documents 인증톡: nobody opens one without proof of identity, nobody after its link has run out; people who
//! have not opened yet are reminded.
//!
//! The proof crosses from the person to the platform on a leg of its own, so that a fault can stop it alone. What the
//! person does after a reminder is played here for every phone: a phone from outside cannot know of which document a
//! reminder speaks. Deliberately not here: certificates (`certificate`), the paper bill (a leg of the route).

use crate::sim::dice::{Seed, Subject};
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::state::{AttemptIx, OPENED};
use crate::sim::fault::judge::Bite;
use crate::sim::model::event::{Cause, Claim, EventKind, Leg, Loss};
use crate::sim::model::ids::{FaultId, NoticeId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::model::service::word::Certificate;
use crate::sim::plan::service::certified::Certified;
use crate::sim::time::Span;

/// How often a person tries to prove who they are while the platform cannot take it.
const TRIES_MAX: u16 = 12;
/// Pause before the first further try, then doubled up to the longest. Assumed: one looks again after a while.
const PAUSE: Span = Span::from_secs(600);
const PAUSE_MAX: Span = Span::from_hours(6);
/// Tells the luck of a link's word to the sender from that of the reports of the same attempt.
const LINK_ROUND: u8 = 40;

impl Engine {
    /// What is special about an attempt's kind, if the attempt is a certified document.
    pub(super) fn document(&self, ix: AttemptIx) -> Option<&Certified> {
        let attempt = self.attempt(ix);
        let row = self.plan.services.certified(self.notice(attempt.notice).kind)?;
        self.plan.medium(attempt.medium).needs_identity().then_some(row)
    }

    /// The platform has taken a message: a document's link and its reminder begin to count.
    pub(in crate::sim::engine) fn document_taken(&mut self, ix: AttemptIx) {
        if self.plan.services.certified.is_empty() {
            return;
        }
        let Some(document) = self.document(ix) else { return };
        let (link, reminder) = (document.link, document.reminder);
        self.certify(ix, Certificate::Sent);
        let Some(link) = link else { return };
        if let Some(reminder) = reminder {
            let wait = Span::from_micros(link.micros().saturating_sub(reminder.before.micros()));
            self.agenda.set(self.now + wait, Alarm::Duty { duty: Duty::Remind, of: 0, row: ix.0 });
        }
        self.agenda.set(self.now + link, Alarm::Duty { duty: Duty::LinkEnds, of: 0, row: ix.0 });
    }

    /// The person wants to open a message. Answers whether that has to wait for a proof of identity.
    pub(in crate::sim::engine) fn asks_identity(&mut self, ix: AttemptIx) -> bool {
        if self.plan.services.certified.is_empty() || self.document(ix).is_none() {
            return false;
        }
        if !self.attempt(ix).is(OPENED) && !self.link_is_over(ix) {
            self.prove_after(ix, 0, Span::ZERO);
        }
        true
    }

    /// The proof of identity is about to cross to the platform.
    pub(super) fn identity_crosses(&mut self, ix: AttemptIx, tries: u16) {
        if self.attempt(ix).is(OPENED) || self.link_is_over(ix) {
            return;
        }
        let (person, network) = (self.person_of(ix), self.rules_of(ix).network);
        if self.plan.networks[network.index()].sessions && !self.sessions.online(person, network) {
            return self.prove_again(ix, tries, self.sessions.cut_by(person, network));
        }
        let ruling = self.judge(ix, Leg::Identify, tries as u8);
        match ruling.fate {
            None if ruling.delay == Span::ZERO => self.identity_arrives(ix),
            None => {
                let duty = Duty::IdentityArrives;
                self.agenda.set(self.now + ruling.delay, Alarm::Duty { duty, of: tries, row: ix.0 });
            }
            Some((_not_taken, fault)) => self.prove_again(ix, tries, Some(fault)),
        }
    }

    /// The platform looks at the proof, and lets the person read.
    pub(super) fn identity_arrives(&mut self, ix: AttemptIx) {
        if self.attempt(ix).is(OPENED) || self.link_is_over(ix) {
            return;
        }
        let Some(document) = self.document(ix) else { return };
        let (attempt, person) = (self.attempt(ix).id(), self.person_of(ix));
        let key = u64::from(attempt.notice.0);
        let passed = !self.plan.seed.happens(document.identity.fails, Subject::Identity, u64::from(person.0), key << 8);
        self.emit(EventKind::Service(ServiceEvent::IdentityChecked { attempt, person, passed, fault: None }));
        if passed {
            self.open_truth(ix);
            self.certify(ix, Certificate::Read);
            // The platform itself saw it open: no receipt of the phone has to cross.
            self.receipt_arrives(ix, true);
            self.press_after_reading(ix);
        }
    }

    /// The link is about to run out: people who have not opened are told so.
    pub(super) fn remind(&mut self, ix: AttemptIx) {
        let Some(reminder) = self.document(ix).and_then(|document| document.reminder) else { return };
        let attempt = self.attempt(ix);
        if attempt.is(OPENED) || attempt.shown == 0 || self.notice(attempt.notice).newest_is_not(attempt.ordinal) {
            return;
        }
        let (attempt, person) = (attempt.id(), self.person_of(ix));
        let id = NoticeId(self.notices.len() as u32);
        self.reminders.insert(id, ix);
        self.reply(reminder.kind, person, 1);
        if self.notices.len() == id.index() {
            self.reminders.remove(&id);
            return;
        }
        self.emit(EventKind::Service(ServiceEvent::Reminded { attempt, person, reminder: id }));
    }

    /// A person has read something: if it was a reminder, they may heed it.
    pub(in crate::sim::engine) fn heed(&mut self, notice: NoticeId) {
        let Some(ix) = self.reminders.get(&notice).copied() else { return };
        let person = self.person_of(ix);
        let Some(share) = self.plan.traits_of(person).map(|traits| traits.heeds) else { return };
        let seed = self.plan.seed;
        let (who, what) = (u64::from(person.0), u64::from(notice.0));
        if seed.happens(share, Subject::Heeds, who, what << 1) {
            let wait = pause(seed, Span::from_secs(60), who, what << 1 | 1);
            self.prove_after(ix, 0, wait);
        }
    }

    /// The link runs out: who has not opened cannot any more, and the sender is told.
    pub(super) fn link_ends(&mut self, ix: AttemptIx) {
        let refused = self.attempt(ix).claim == Some(Claim::Failed);
        if self.attempt(ix).is(OPENED) || refused || self.document(ix).is_none() {
            return;
        }
        let (attempt, person) = (self.attempt(ix).id(), self.person_of(ix));
        self.emit(EventKind::Service(ServiceEvent::LinkExpired { attempt, person }));
        self.link_word_crosses(ix);
    }

    /// Word of a link that ran out is about to cross to the sender.
    pub(super) fn link_word_crosses(&mut self, ix: AttemptIx) {
        let attempt = self.attempt(ix).id();
        let alarm = Alarm::Duty { duty: Duty::LinkWord, of: 0, row: ix.0 };
        match self.judge(ix, Leg::Report, LINK_ROUND).fate {
            None => self.fall_back(attempt.notice, attempt.ordinal, Cause::NotOpened),
            Some((Bite::Hold, fault)) => self.hold(fault, alarm, None),
            Some((_gone, fault)) => self.lose(ix, Leg::Report, Loss::Dropped, Some(fault)),
        }
    }

    fn link_is_over(&self, ix: AttemptIx) -> bool {
        let link = self.document(ix).and_then(|document| document.link);
        link.is_some_and(|link| self.now >= self.attempt(ix).accepted + link)
    }

    /// Sets the instant at which the proof crosses: after a pause, and the time that giving it takes.
    fn prove_after(&mut self, ix: AttemptIx, tries: u16, wait: Span) {
        let Some(document) = self.document(ix) else { return };
        let key = crate::sim::behaviour::key(self.attempt(ix).id());
        let takes = document.identity.takes.at(self.plan.seed.roll(Subject::Identity, key, u64::from(tries) << 1 | 1));
        self.agenda.set(self.now + wait + takes, Alarm::Duty { duty: Duty::Identify, of: tries, row: ix.0 });
    }

    fn prove_again(&mut self, ix: AttemptIx, tries: u16, fault: Option<FaultId>) {
        let (attempt, person) = (self.attempt(ix).id(), self.person_of(ix));
        self.emit(EventKind::Service(ServiceEvent::IdentityChecked { attempt, person, passed: false, fault }));
        if tries + 1 < TRIES_MAX {
            let whole = PAUSE.times(1 << tries).min(PAUSE_MAX);
            let key = crate::sim::behaviour::key(attempt);
            let wait = pause(self.plan.seed, whole, key, u64::from(tries) << 1);
            self.prove_after(ix, tries + 1, wait);
        }
    }
}

/// Half of the pause, and any part of the other half.
fn pause(seed: Seed, whole: Span, a: u64, b: u64) -> Span {
    let half = whole.micros() / 2;
    Span::from_micros(half + seed.pick(half + 1, Subject::Heeds, a, b | 1 << 63))
}
