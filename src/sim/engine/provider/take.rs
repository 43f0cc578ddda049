//! Taking a call: one request over one connection, judged as a whole, then message by message.
//!
//! What breaks a connection or closes the whole service breaks all of a request: whether it does, the first message
//! decides. What refuses single messages (a code for a share of people, a template, a person who is no user) is found
//! out behind the provider, after it has said "accepted": the provider is told later, takes its next step, and tells.
//! A throttle counts requests here, as vendors' limits do: it gives a call one place, however many messages it carries,
//! and does not count these messages once more behind the provider. What the provider sends by itself it does count.

use std::sync::Arc;

use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::call::{Call, CallAnswer, HandIn, How, ITEMS_MAX, STEPS_MAX, Taken};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::provider::Row;
use crate::sim::engine::state::{AttemptIx, CALLING, QUEUED, TAKEN};
use crate::sim::fault::Then;
use crate::sim::fault::judge::Bite;
use crate::sim::model::code::Code;
use crate::sim::model::event::{Claim, EventKind, Hold, Leg, Rejection};
use crate::sim::model::ids::{AttemptId, FaultId};
use crate::sim::plan::check;
use crate::sim::time::Span;

/// What a call as a whole meets.
struct Fate {
    how: How,
    /// Whether its messages are taken.
    taken: bool,
    /// How long the answer takes.
    after: Span,
    fault: Option<FaultId>,
}

impl Engine {
    /// An application outside calls the provider.
    pub(in crate::sim::engine) fn take_call(&mut self, call: &Call) {
        let (number, direct) = (call.number, call.direct);
        let made: Vec<Result<AttemptIx, Rejection>> =
            (0..)
                .zip(&call.items)
                .map(|(item, what)| {
                    if item < ITEMS_MAX { self.put_on_record(number, item, what.clone()) } else { Err(Rejection::Full) }
                })
                .collect();
        let attempts: Vec<AttemptIx> = made.iter().filter_map(|made| made.ok()).collect();
        let fate = attempts.first().map(|first| self.fate_of(number, *first, direct)).unwrap_or(Fate {
            how: How::Answered,
            taken: true,
            after: Span::ZERO,
            fault: None,
        });
        for (place, ix) in attempts.iter().enumerate() {
            self.attempt_mut(*ix).flags |= CALLING;
            if fate.fault.is_some() {
                self.attempt_mut(*ix).fault = fate.fault;
            }
            if fate.taken {
                // Called directly there is nothing behind the door at which the first message was judged.
                self.accept(*ix, direct && place == 0);
            }
        }
        let items: Vec<Taken> = made.into_iter().map(|made| made.map(|ix| self.attempt(ix).id())).collect();
        let at = self.now + fate.after;
        let answer = CallAnswer { at, call: number, how: fate.how, fault: fate.fault, items };
        self.provider.open.insert(number, answer);
        if fate.after > Span::ZERO {
            self.agenda.set(self.now + fate.after, Alarm::CallAnswered(number));
        } else {
            self.answer_call(number);
        }
    }

    /// The answer to a call leaves, or its connection breaks.
    pub(in crate::sim::engine) fn answer_call(&mut self, number: u32) {
        let Some(answer) = self.provider.open.get(&number) else { return };
        let (how, fault, items) = (answer.how, answer.fault, answer.items.clone());
        self.out.push(Effect::CallAnswered(Box::new(answer.clone())));
        if how == How::Hang {
            // It stays open until the caller has had enough.
            return;
        }
        self.provider.open.remove(&number);
        for attempt in items.into_iter().filter_map(Result::ok) {
            let Some(ix) = self.find(attempt) else { continue };
            self.attempt_mut(ix).flags &= !CALLING;
            let taken = self.attempt(ix).is(TAKEN);
            match how {
                How::Answered => self.emit(EventKind::Accepted { attempt }),
                How::Refused(code) => self.hear_refusal(ix, attempt, code, fault),
                How::Reset | How::Close | How::Hang => self.hear_nothing(ix, attempt, taken, fault),
            }
        }
    }

    /// The caller gave up waiting: whatever the answer would have been, nobody hears it.
    pub(in crate::sim::engine) fn hang_up(&mut self, number: u32) -> Result<(), Rejection> {
        let answer = self.provider.open.remove(&number).ok_or(Rejection::UnknownCall)?;
        for attempt in answer.items.into_iter().filter_map(Result::ok) {
            let Some(ix) = self.find(attempt) else { continue };
            self.attempt_mut(ix).flags &= !CALLING;
            let taken = self.attempt(ix).is(TAKEN);
            self.hear_nothing(ix, attempt, taken, answer.fault);
        }
        Ok(())
    }

    fn hear_refusal(&mut self, ix: AttemptIx, attempt: AttemptId, code: Code, fault: Option<FaultId>) {
        self.attempt_mut(ix).claim.get_or_insert(Claim::Failed);
        if let Some(row) = self.provider.row_mut(ix) {
            row.heard = Some(Claim::Failed);
        }
        self.emit(EventKind::Refused { attempt, code, said: None, fault });
    }

    /// To an application a call without an answer failed, whatever became of its messages.
    fn hear_nothing(&mut self, ix: AttemptIx, attempt: AttemptId, taken: bool, fault: Option<FaultId>) {
        if let Some(row) = self.provider.row_mut(ix) {
            row.heard.get_or_insert(Claim::Failed);
        }
        self.emit(EventKind::Unanswered { attempt, taken, fault });
    }

    fn put_on_record(&mut self, call: u32, item: u32, what: Arc<HandIn>) -> Result<AttemptIx, Rejection> {
        if !(1..=STEPS_MAX).contains(&what.steps.len()) {
            return Err(Rejection::Full);
        }
        if self.people.get(what.person).is_none() {
            return Err(Rejection::UnknownPerson);
        }
        let notice = self.bind(&what)?;
        let ix = AttemptIx(self.attempts.len() as u32);
        Ok(self.hand_in(notice, Row { ix, call, item, step: 0, what, heard: None, gone_on: false, denied: false }))
    }

    /// What the whole call meets, as its first message does.
    fn fate_of(&mut self, call: u32, first: AttemptIx, direct: bool) -> Fate {
        let ruling = self.judge(first, Leg::Submit, 0);
        if !ruling.charged.is_empty() {
            self.provider.charged.insert(call, ruling.charged);
        }
        let fate = |how, taken, fault| Fate { how, taken, after: ruling.delay, fault: Some(fault) };
        match ruling.fate {
            Some((Bite::Refuse(code), fault)) if direct || closes_service(code) => {
                fate(How::Refused(code), false, fault)
            }
            Some((Bite::TooMany, fault)) => fate(How::Refused(Code::TOO_MANY), false, fault),
            Some((Bite::NoAnswer { hang: true }, fault)) => fate(How::Hang, false, fault),
            Some((Bite::NoAnswer { hang: false }, fault)) => fate(How::Reset, false, fault),
            Some((Bite::Taken(Then::Reset), fault)) => fate(How::Reset, true, fault),
            Some((Bite::Taken(Then::Close), fault)) => fate(How::Close, true, fault),
            Some((Bite::Taken(Then::Answer(after)), fault)) => {
                Fate { how: How::Answered, taken: true, after: ruling.delay + after, fault: Some(fault) }
            }
            Some(_) | None => Fate { how: How::Answered, taken: true, after: ruling.delay, fault: ruling.touched },
        }
    }

    /// The provider has taken a message: it sends it now, or when it has room.
    fn accept(&mut self, ix: AttemptIx, judged: bool) {
        self.attempt_mut(ix).flags |= TAKEN;
        match self.place_in_line(ix) {
            Some(at) => {
                self.attempt_mut(ix).flags |= QUEUED;
                let attempt = self.attempt(ix).id();
                self.emit(EventKind::Held { attempt, why: Hold::Capacity, fault: None });
                self.agenda.set(at, Alarm::Submit(ix));
            }
            None if judged => self.carry(ix),
            None => self.send_step(ix),
        }
    }

    /// The provider hands a message to the network behind it.
    pub(in crate::sim::engine) fn send_step(&mut self, ix: AttemptIx) {
        self.attempt_mut(ix).flags |= TAKEN;
        let paid = self.provider.paid(ix);
        let ruling = self.judge_paid(ix, Leg::Submit, 1, &paid);
        if let Some((Bite::Refuse(code), _)) = ruling.fate {
            return self.report_later(ix, Claim::Failed, code);
        }
        if let Some((Bite::TooMany, _)) = ruling.fate {
            return self.report_later(ix, Claim::Failed, Code::TOO_MANY);
        }
        if let Some((Bite::NoAnswer { .. }, _)) = ruling.fate {
            return self.report_later(ix, Claim::Failed, Code::NOT_IN_SERVICE);
        }
        self.carry(ix);
    }

    /// The network looks at the words, and carries them.
    fn carry(&mut self, ix: AttemptIx) {
        match self.words_refusal(ix) {
            Some(code) => self.report_later(ix, Claim::Failed, code),
            None => self.process(ix),
        }
    }

    /// Why the network will not carry these words, if it will not.
    fn words_refusal(&self, ix: AttemptIx) -> Option<Code> {
        let said = self.provider.said(ix)?;
        let attempt = self.attempt(ix);
        let kind = &self.plan.kinds[self.notice(attempt.notice).kind.index()];
        let second = self.plan.clock.second_of_day(self.now);
        let content = kind.content_for(attempt.medium, self.groups_of(self.person_of(ix)));
        check::handed_in(self.plan.medium(attempt.medium), attempt.medium, content, &said.title, &said.text, second)
            .err()
    }
}

/// Codes that close the service for everybody, so that a call as a whole is refused.
fn closes_service(code: Code) -> bool {
    code == Code::NOT_IN_SERVICE
}
