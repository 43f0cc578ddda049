//! The provider 중계사: stands between an application outside and the networks. It takes calls, sends what they hand in,
//! takes the next step of a message by itself when one fails, and keeps what it is told, for whoever asks.
//!
//! In reading order: `bind` finds the notice that a message is for, `take` judges a call and takes its messages, `deny`
//! keeps what was not taken, this file takes the later steps and tells the application what it hears. An application's belief is what it was answered
//! (`Accepted`, `Refused`, `Unanswered`) and what it then heard by webhook or query (`Reported`, by `Input::Heard`);
//! what the provider merely knows is `Effect::Word`, and no belief of anybody's. Deliberately not here: contracts,
//! their codes, and how they number messages (`host::provider`).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sim::engine::Engine;
use crate::sim::engine::call::{CallAnswer, HandIn, Handed, HookHow, HookWord, Said, Word};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::state::AttemptIx;
use crate::sim::medium::Answer;
use crate::sim::model::code::Code;
use crate::sim::model::event::{Cause, Claim, Ear, EventKind, Rejection};
use crate::sim::model::ids::{AttemptId, FaultId, KindId, NoticeId, PersonId};

mod bind;
mod deny;
mod take;
#[cfg(test)]
mod tests;

/// What the provider remembers.
#[derive(Debug, Default)]
pub(super) struct Provider {
    /// One row for each attempt that it made, in the order of the attempts.
    rows: Vec<Row>,
    /// The newest notice of a kind for a person.
    newest: BTreeMap<(PersonId, KindId), NoticeId>,
    /// The notice that a person's last message was for.
    latest: BTreeMap<PersonId, NoticeId>,
    /// Notices that an application sent before the timeline's line came to them.
    ahead: BTreeMap<(PersonId, KindId), u32>,
    /// Answers that have not left yet, by call.
    open: BTreeMap<u32, CallAnswer>,
    /// The throttles that counted a call when it came, by call; its messages are not counted again. At most one row a
    /// call, and only of calls that met one.
    charged: BTreeMap<u32, Vec<FaultId>>,
}

/// One attempt of the provider's.
#[derive(Clone, Debug)]
struct Row {
    ix: AttemptIx,
    call: u32,
    item: u32,
    step: u8,
    what: Arc<HandIn>,
    /// What the application was told last: by the call's answer, a webhook or a query.
    heard: Option<Claim>,
    /// The next step was taken; a platform may say twice that something failed.
    gone_on: bool,
    /// The provider did not take it: there are no words that could be repeated.
    denied: bool,
}

impl Provider {
    fn row(&self, ix: AttemptIx) -> Option<&Row> {
        let place = self.rows.binary_search_by_key(&ix.0, |row| row.ix.0).ok()?;
        Some(&self.rows[place])
    }

    fn row_mut(&mut self, ix: AttemptIx) -> Option<&mut Row> {
        let place = self.rows.binary_search_by_key(&ix.0, |row| row.ix.0).ok()?;
        Some(&mut self.rows[place])
    }

    /// Whether an attempt was handed in by an application outside.
    pub(super) fn has(&self, ix: AttemptIx) -> bool {
        !self.rows.is_empty() && self.row(ix).is_some()
    }

    /// The words of an attempt that an application outside handed in.
    pub(super) fn said(&self, ix: AttemptIx) -> Option<&Arc<Said>> {
        self.row(ix).map(|row| &row.what.steps[usize::from(row.step)].said)
    }

    /// The throttles that counted an attempt with the call that handed it in.
    fn paid(&self, ix: AttemptIx) -> Vec<FaultId> {
        let handed_in = self.row(ix).filter(|row| row.step == 0 && !self.charged.is_empty());
        handed_in.and_then(|row| self.charged.get(&row.call)).cloned().unwrap_or_default()
    }

    fn answer(&self, ix: AttemptIx) -> Option<Answer> {
        self.row(ix).and_then(|row| row.what.steps[usize::from(row.step)].answer)
    }
}

impl Engine {
    /// How the platform answers for this attempt.
    pub(super) fn answer_of(&self, ix: AttemptIx) -> Answer {
        self.provider.answer(ix).unwrap_or(self.rules_of(ix).answer)
    }

    /// The provider hears what became of an attempt of an application outside: it is on record for whoever asks, and the
    /// next step may be due. What is no such attempt is left to the caller.
    pub(super) fn provider_hears(&mut self, ix: AttemptIx, claim: Claim, code: Code, fault: Option<FaultId>) -> bool {
        let Some(row) = self.provider.row(ix) else { return false };
        let (what, step) = (row.what.clone(), row.step);
        let attempt = self.attempt(ix).id();
        self.out.push(Effect::Word(Word { at: self.now, attempt, claim, code, fault }));
        let goes_on = claim == Claim::Failed || (claim == Claim::Uncertain && what.on_uncertain);
        if goes_on && usize::from(step) + 1 < what.steps.len() {
            self.take_step(ix, fault);
        }
        true
    }

    /// The provider sends the next step of a message instead.
    fn take_step(&mut self, ix: AttemptIx, fault: Option<FaultId>) {
        let before = self.provider.row(ix).expect("only attempts of the provider have steps").clone();
        let notice = self.attempt(ix).notice;
        let step = before.step + 1;
        if before.gone_on || self.notice(notice).attempts == u8::MAX {
            return;
        }
        if let Some(row) = self.provider.row_mut(ix) {
            row.gone_on = true;
        }
        let (from, to) = (self.attempt(ix).medium, before.what.steps[usize::from(step)].medium);
        self.emit(EventKind::FellBack { notice, from, to, cause: Cause::Provider, fault });
        let next = self.hand_in(notice, Row { step, heard: None, ..before });
        self.send_step(next);
    }

    /// Puts an attempt on record.
    fn hand_in(&mut self, notice: NoticeId, row: Row) -> AttemptIx {
        let step = &row.what.steps[usize::from(row.step)];
        let (medium, said, person) = (step.medium, step.said.clone(), row.what.person);
        let ix = self.make_attempt(notice, medium);
        let (call, item, step) = (row.call, row.item, row.step);
        self.provider.rows.push(Row { ix, ..row });
        self.provider.latest.insert(person, notice);
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Submitted { attempt, medium, person });
        let handed = Handed { at: self.now, attempt, person, medium, call, item, step, said };
        self.out.push(Effect::Handed(Box::new(handed)));
        ix
    }

    /// A webhook was called: what it told is heard, comes again, or will not be heard any more.
    pub(super) fn webhook_called(&mut self, word: &HookWord) -> Result<(), Rejection> {
        if word.tells.iter().any(|tale| self.find(tale.0).is_none_or(|ix| !self.provider.has(ix))) {
            return Err(Rejection::UnknownAttempt);
        }
        match word.how {
            HookHow::Taken => word
                .tells
                .iter()
                .try_for_each(|(attempt, claim, code)| self.application_hears(*attempt, *claim, *code, Ear::Webhook)),
            // Nobody knows anything new.
            HookHow::Failed => Ok(()),
            HookHow::GivenUp => {
                let tries = word.tries;
                for (attempt, ..) in &word.tells {
                    self.emit(EventKind::HookGivenUp { attempt: Some(*attempt), tries });
                }
                if word.whole.is_some() {
                    self.emit(EventKind::HookGivenUp { attempt: None, tries });
                }
                Ok(())
            }
        }
    }

    /// The application hears what the provider knows. What it heard already is no news.
    pub(super) fn application_hears(
        &mut self,
        id: AttemptId,
        claim: Claim,
        code: Code,
        ear: Ear,
    ) -> Result<(), Rejection> {
        let ix = self.find(id).ok_or(Rejection::UnknownAttempt)?;
        let fault = self.attempt(ix).fault;
        let row = self.provider.row_mut(ix).ok_or(Rejection::UnknownAttempt)?;
        if row.heard != Some(claim) {
            row.heard = Some(claim);
            self.emit(EventKind::Reported { attempt: id, claim, ear, code, fault });
        }
        Ok(())
    }
}
