//! Calls: the sender hands an attempt to a platform, and hears yes, no, or nothing.

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::state::{Attempt, AttemptIx, AttemptRef, CALLING, QUEUED, TAKEN};
use crate::sim::fault::Then;
use crate::sim::fault::judge::Bite;
use crate::sim::medium::Answer;
use crate::sim::model::code::{Code, Family};
use crate::sim::model::event::{Cause, Claim, EventKind, Hold, Leg};
use crate::sim::model::ids::{FaultId, NoticeId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::check::{self, Fits};
use crate::sim::time::{SimTime, Span};

impl Engine {
    /// Makes the attempt of the notice's present leg, and calls now or when the sender's own rate allows.
    pub(super) fn start_leg(&mut self, notice: NoticeId) {
        let ix = self.make_attempt(notice, self.leg_of(notice).medium);
        match self.place_in_line(ix) {
            Some(at) => {
                self.attempt_mut(ix).flags |= QUEUED;
                self.agenda.set(at, Alarm::Submit(ix));
            }
            None => self.call_platform(ix),
        }
    }

    /// Puts a new attempt of a notice into the tables.
    pub(super) fn make_attempt(&mut self, notice: NoticeId, medium: Medium) -> AttemptIx {
        let row = *self.notice(notice);
        let ix = AttemptIx(self.attempts.len() as u32);
        self.attempts.push(Attempt {
            submitted: self.now,
            accepted: SimTime::NEVER,
            notice,
            older: row.newest,
            fault: None,
            medium,
            ordinal: row.attempts,
            retries: 0,
            shown: 0,
            copies: 0,
            claim: None,
            flags: 0,
        });
        let row = self.notice_mut(notice);
        row.newest = Some(AttemptRef::to(ix));
        row.attempts += 1;
        ix
    }

    /// A call that waited, for its place in the sender's own line or for its next try, goes out if it is still wanted:
    /// the sender may have heard of success, or gone on, in the meantime.
    pub(super) fn call_waited(&mut self, ix: AttemptIx) {
        if self.provider.has(ix) {
            return self.send_step(ix);
        }
        let attempt = self.attempt(ix);
        let notice = self.notice(attempt.notice);
        if !notice.done && notice.attempts == attempt.ordinal + 1 {
            self.call_platform(ix);
        }
    }

    /// Calls the platform for an attempt, for the first time or again; a sender whose own systems are gone does so later.
    fn call_platform(&mut self, ix: AttemptIx) {
        if self.sender_stops(ix, Alarm::Submit(ix)) {
            return;
        }
        let (id, medium, retries) = (self.attempt(ix).id(), self.attempt(ix).medium, self.attempt(ix).retries);
        if retries == 0 {
            self.attempt_mut(ix).submitted = self.now;
            let person = self.person_of(ix);
            self.emit(EventKind::Submitted { attempt: id, medium, person });
            if self.attempt(ix).is(QUEUED) {
                self.emit(EventKind::Held { attempt: id, why: Hold::Capacity, fault: None });
            }
            self.watch_time(id.notice, id.ordinal);
        } else {
            self.emit(EventKind::Retried { attempt: id, round: retries });
        }
        self.attempt_mut(ix).flags |= CALLING;
        let ruling = self.judge(ix, Leg::Submit, retries);
        let (answer_after, again) = (ruling.delay, ruling.copies);
        match ruling.fate {
            None => self.take_message(ix, answer_after, again),
            Some((Bite::Refuse(code), fault)) => self.refuse(ix, code, Some(fault)),
            Some((Bite::TooMany, fault)) => self.refuse(ix, Code::TOO_MANY, Some(fault)),
            Some((Bite::Taken(then), fault)) => self.take_unheard(ix, then, fault),
            Some((Bite::NoAnswer { hang: false }, fault)) => self.go_unanswered(ix, false, Some(fault)),
            Some((_hangs, _fault)) => self.agenda.set(self.now + self.plan.sender.patience, Alarm::Patience(ix)),
        }
    }

    /// The platform's "accepted" reaches the sender.
    pub(super) fn answer_accepted(&mut self, ix: AttemptIx) {
        if !self.attempt(ix).is(CALLING) {
            return;
        }
        self.attempt_mut(ix).flags &= !CALLING;
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Accepted { attempt });
    }

    /// The sender gives an unanswered call up.
    pub(super) fn lose_patience(&mut self, ix: AttemptIx) {
        if self.attempt(ix).is(CALLING) && !self.sender_stops(ix, Alarm::Patience(ix)) {
            let attempt = self.attempt(ix);
            let (taken, fault) = (attempt.is(TAKEN), attempt.fault);
            self.go_unanswered(ix, taken, fault);
        }
    }

    /// The platform takes the message in; `answer_after` later the sender hears so.
    fn take_message(&mut self, ix: AttemptIx, answer_after: Span, again: u8) {
        if self.attempt(ix).is(TAKEN) {
            return self.take_again(ix);
        }
        if let Some(code) = self.content_refusal(ix) {
            return self.refuse(ix, code, None);
        }
        if answer_after == Span::ZERO {
            self.answer_accepted(ix);
        } else if answer_after < self.plan.sender.patience {
            self.agenda.set(self.now + answer_after, Alarm::Accept(ix));
        } else {
            self.agenda.set(self.now + self.plan.sender.patience, Alarm::Patience(ix));
        }
        self.attempt_mut(ix).flags |= TAKEN;
        for copy in 1..=again {
            let transit = self.transit(ix, COPY_ROUND.wrapping_add(copy));
            self.agenda.set(self.now + transit, Alarm::Show(ix));
        }
        self.process(ix);
    }

    /// Why the platform will not take this message from any sender, if it will not.
    fn content_refusal(&self, ix: AttemptIx) -> Option<Code> {
        let attempt = self.attempt(ix);
        let notice = self.notice(attempt.notice);
        let kind = &self.plan.kinds[notice.kind.index()];
        let content = kind.content_for(attempt.medium, self.groups_of(notice.person))?;
        let second = self.plan.clock.second_of_day(self.now);
        let everybodys = self.fits[notice.kind.index()][attempt.medium.index()];
        let judged = match if kind.for_groups.is_empty() { everybodys } else { Fits::Depends } {
            Fits::Always => check::hour(self.plan.medium(attempt.medium), content, second),
            Fits::Never(code) => Err(code),
            Fits::Depends => check::admits(&self.plan, &self.people, notice.kind, content, notice.person, second),
        };
        judged.err()
    }

    /// A repeated call for a message that the platform has already: recognised, or sent once more.
    fn take_again(&mut self, ix: AttemptIx) {
        self.answer_accepted(ix);
        if !self.plan.sender.idempotent {
            let transit = self.transit(ix, self.attempt(ix).retries);
            self.agenda.set(self.now + transit, Alarm::Show(ix));
        }
    }

    /// The platform takes the message, and the sender does not properly hear so.
    fn take_unheard(&mut self, ix: AttemptIx, then: Then, fault: FaultId) {
        if let Some(code) = self.content_refusal(ix) {
            return self.refuse(ix, code, None);
        }
        match then {
            Then::Answer(after) => self.take_message(ix, after, 0),
            Then::Reset | Then::Close => {
                if self.attempt(ix).is(TAKEN) {
                    if !self.plan.sender.idempotent {
                        let transit = self.transit(ix, self.attempt(ix).retries);
                        self.agenda.set(self.now + transit, Alarm::Show(ix));
                    }
                } else {
                    self.attempt_mut(ix).flags |= TAKEN;
                    self.process(ix);
                }
                self.go_unanswered(ix, true, Some(fault));
            }
        }
    }

    /// Sends the message on its way to the phone, and answers at once where the platform answers by push.
    pub(super) fn process(&mut self, ix: AttemptIx) {
        self.attempt_mut(ix).accepted = self.now;
        self.document_taken(ix);
        let (answer, network) = (self.answer_of(ix), self.rules_of(ix).network);
        if answer == Answer::Push {
            let refusal = self.recipient_refusal(ix);
            let (claim, code) = refusal.map_or((Claim::Delivered, Code::OK), |code| (Claim::Failed, code));
            self.report_crosses(ix, claim, code);
            if refusal.is_some() {
                return;
            }
        }
        let transit = self.transit(ix, 0);
        if let Answer::Polling(patience) = answer
            && (transit >= patience || self.sessions.any_outside(network))
        {
            self.poll(ix);
        }
        self.agenda.set(self.now + transit, Alarm::Arrive(ix));
    }

    /// How long a message is under way; the round tells repeated journeys apart.
    pub(super) fn transit(&self, ix: AttemptIx, round: u8) -> Span {
        let bits = self.plan.seed.roll(Subject::Shows, super::luck(self.attempt(ix).id(), round), 0);
        let rules = self.rules_of(ix);
        let due = self.now + rules.shows.at(bits);
        if rules.weekdays { self.plan.clock.working_day(due).since(self.now) } else { due.since(self.now) }
    }

    fn refuse(&mut self, ix: AttemptIx, code: Code, fault: Option<FaultId>) {
        self.attempt_mut(ix).flags &= !CALLING;
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Refused { attempt, code, said: None, fault });
        self.note_error(ix);
        let worth_another_try = code.family() == Family::Platform;
        if !(worth_another_try && self.retry(ix)) {
            self.attempt_mut(ix).claim.get_or_insert(Claim::Failed);
            self.fall_back(attempt.notice, attempt.ordinal, Cause::Failed);
        }
    }

    fn go_unanswered(&mut self, ix: AttemptIx, taken: bool, fault: Option<FaultId>) {
        self.attempt_mut(ix).flags &= !CALLING;
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Unanswered { attempt, taken, fault });
        self.note_error(ix);
        if !self.retry(ix) {
            self.fall_back(attempt.notice, attempt.ordinal, Cause::Failed);
        }
    }

    /// Sets the next try of a call, if the sender has tries left and the attempt is still the notice's present one.
    fn retry(&mut self, ix: AttemptIx) -> bool {
        let plan = self.plan.clone();
        let attempt = *self.attempt(ix);
        let notice = self.notice(attempt.notice);
        if attempt.retries >= plan.sender.retries || notice.done || notice.attempts != attempt.ordinal + 1 {
            return false;
        }
        self.attempt_mut(ix).retries += 1;
        let whole = plan.sender.backoff.times(1 << attempt.retries.min(20));
        // Half of the pause is fixed, half is jitter.
        let half = whole.micros() / 2;
        let jitter = plan.seed.pick(half + 1, Subject::Retry, super::luck(attempt.id(), attempt.retries), 0);
        self.agenda.set(self.now + Span::from_micros(half + jitter), Alarm::Submit(ix));
        true
    }

    /// When the sender's own rate lets this call out; `None`: now.
    pub(super) fn place_in_line(&mut self, ix: AttemptIx) -> Option<SimTime> {
        let medium = self.attempt(ix).medium;
        let per_second = self.plan.medium(medium).rate?;
        let free = &mut self.next_call[medium.index()];
        let mine = (*free).max(self.now);
        *free = mine + Span::from_micros(1_000_000 / u64::from(per_second.max(1)));
        (mine > self.now).then_some(mine)
    }
}

/// Tells the luck of a doubled call's journeys from that of the first.
const COPY_ROUND: u8 = 100;
