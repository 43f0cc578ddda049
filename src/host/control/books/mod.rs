//! The provider's books: calls of applications outside, their messages step by step, and what became of each.
//!
//! One model for all contracts: a contract reads and writes requests in its own words, keeps what else it needs in notes
//! (`Call::note`, `HandIn::note`), and looks everything else up here. Filled from a run's inputs and effects alone, so
//! books of a run that was rebuilt after a crash are what they were. [`mod@line`] is how calls get in and answers out.
//!
//! Bounded by [`MESSAGES_MAX`]: over it calls are refused, because a book that forgets would tell untruths.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::sim::engine::call::{Call, CallAnswer, Handed, HookHow, HookWord, Note, Said, Word};
use crate::sim::model::code::Code;
use crate::sim::model::event::{Claim, Rejection};
use crate::sim::model::ids::{AttemptId, FaultId, KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

pub mod line;
#[cfg(test)]
mod tests;

/// Most messages that the books of one run hold.
pub const MESSAGES_MAX: usize = 2_000_000;

/// One call.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// Its number in the run.
    pub number: u32,
    /// When it came.
    pub at: SimTime,
    /// By which contract.
    pub contract: String,
    /// What the provider wrote of the request.
    pub note: String,
    /// Its answer, once that has left; a call that hangs has one too.
    pub answer: Option<CallAnswer>,
    /// Its messages, in the order of the request.
    pub items: Vec<ItemRecord>,
    /// How the report on it as a whole stands, of contracts that have one.
    pub whole: Option<Try>,
}

/// How a webhook stands: the newest try of it. Known to a run that was rebuilt after a crash, so that what was taken is not
/// told again, and what was not comes again when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// What it told of a message; nothing, of a report on a whole call.
    pub claim: Option<Claim>,
    /// When it was.
    pub at: SimTime,
    /// Which it was, from 1.
    pub tries: u8,
    /// How it came out.
    pub how: HookHow,
}

impl Try {
    /// Whether nothing comes again: it was taken, or given up.
    pub fn is_over(self) -> bool {
        self.how != HookHow::Failed
    }
}

/// One message of a call.
#[derive(Clone, Debug)]
pub struct ItemRecord {
    /// For whom.
    pub person: PersonId,
    /// Which kind of notice, where a template said so.
    pub kind: Option<KindId>,
    /// What the provider wrote of it.
    pub note: Arc<str>,
    /// How many steps it may take.
    pub steps_max: u8,
    /// Why there is no attempt, if there is none.
    pub rejected: Option<Rejection>,
    /// The steps that were taken, in order.
    pub steps: Vec<StepRecord>,
}

/// One step of a message: an attempt.
#[derive(Clone, Debug)]
pub struct StepRecord {
    /// The attempt.
    pub attempt: AttemptId,
    /// By what.
    pub medium: Medium,
    /// When the provider took the step.
    pub at: SimTime,
    /// The words.
    pub said: Arc<Said>,
    /// What became of it, as far as the provider was told: the last word.
    pub told: Option<Told>,
    /// What the application has heard of it.
    pub heard: Option<Claim>,
    /// How its webhook stands, once it was tried.
    pub hook: Option<Try>,
}

impl StepRecord {
    /// Whether a webhook that tells this is neither taken nor given up.
    pub fn is_untold(&self, claim: Claim) -> bool {
        self.hook.is_none_or(|hook| hook.claim != Some(claim) || !hook.is_over())
    }
}

/// What became of a step, as far as the provider was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Since when.
    pub at: SimTime,
    /// What.
    pub claim: Claim,
    /// With which result code.
    pub code: Code,
    /// The fault that made or bent it, if it was one.
    pub fault: Option<FaultId>,
}

/// Where a step stands in the books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The call.
    pub call: u32,
    /// Which of its items.
    pub item: u32,
    /// Which of the item's steps.
    pub step: u8,
}

/// The books of one run.
#[derive(Debug, Default)]
pub struct Books {
    calls: BTreeMap<u32, CallRecord>,
    places: BTreeMap<AttemptId, Place>,
    messages: usize,
    /// Steps of which something new is known, in the order in which it came; one entry a word.
    news: Vec<Place>,
    waiting: BTreeMap<u32, oneshot::Sender<CallAnswer>>,
    last: u32,
    /// Messages that were not taken; they have no record, only a bound.
    denied: usize,
    /// Those who wait for a call, and for a note, to be on record.
    unwritten: BTreeMap<u32, oneshot::Sender<()>>,
    unremembered: BTreeMap<u32, oneshot::Sender<()>>,
    /// Notes of an earlier process, until their provider takes them: contract and text.
    notes: Vec<(String, String)>,
    last_note: u32,
}

impl ItemRecord {
    /// Whether nothing more can become of it, as far as the provider knows: a step was delivered, or the last failed.
    pub fn is_settled(&self) -> bool {
        let Some(last) = self.steps.last() else { return true };
        match last.told.map(|told| told.claim) {
            Some(Claim::Delivered | Claim::Shown | Claim::Opened) => true,
            Some(Claim::Failed) => self.steps.len() == usize::from(self.steps_max),
            Some(Claim::Uncertain) | None => false,
        }
    }

    /// Whether the provider sent another step instead of the first.
    pub fn is_replaced(&self) -> bool {
        self.steps.len() > 1
    }
}

impl Books {
    /// One call.
    pub fn call(&self, number: u32) -> Option<&CallRecord> {
        self.calls.get(&number)
    }

    /// All calls of a contract after that number, oldest first.
    pub fn calls_of<'a>(
        &'a self,
        contract: &'a str,
        after: u32,
    ) -> impl DoubleEndedIterator<Item = &'a CallRecord> + 'a {
        self.calls.range(after.saturating_add(1)..).map(|row| row.1).filter(move |call| call.contract == contract)
    }

    /// Where an attempt stands, if an application outside handed it in.
    pub fn place(&self, attempt: AttemptId) -> Option<Place> {
        self.places.get(&attempt).copied()
    }

    /// A step.
    pub fn step(&self, place: Place) -> Option<&StepRecord> {
        self.item(place)?.steps.get(usize::from(place.step))
    }

    /// The message that a step is of.
    pub fn item(&self, place: Place) -> Option<&ItemRecord> {
        self.calls.get(&place.call)?.items.get(place.item as usize)
    }

    /// Steps of which something new was told, after the first `seen` of them: at most `limit`.
    pub fn news(&self, seen: usize, limit: usize) -> &[Place] {
        let from = seen.min(self.news.len());
        &self.news[from..self.news.len().min(from + limit)]
    }

    /// Whether so many more messages find room.
    pub fn has_room(&self, more: usize) -> bool {
        self.messages + more <= MESSAGES_MAX
    }

    /// How many messages were not taken.
    pub fn denied(&self) -> usize {
        self.denied
    }

    /// So many messages were not taken.
    pub(in crate::host::control) fn note_denied(&mut self, count: usize) {
        self.denied += count;
    }

    /// The number of a new call.
    pub(in crate::host::control) fn next_call(&mut self) -> u32 {
        self.last += 1;
        self.last
    }

    /// Whoever waits for a call to be on record, and for its answer.
    pub(in crate::host::control) fn wait_for(
        &mut self,
        call: u32,
        written: oneshot::Sender<()>,
        answer: oneshot::Sender<CallAnswer>,
    ) {
        self.unwritten.insert(call, written);
        self.waiting.insert(call, answer);
    }

    /// The number of a new note, and whoever waits for it to be on record.
    pub(in crate::host::control) fn next_note(&mut self, written: oneshot::Sender<()>) -> u32 {
        self.last_note += 1;
        self.unremembered.insert(self.last_note, written);
        self.last_note
    }

    /// A note is on record. One that nobody here waits for is of an earlier process.
    pub(in crate::host::control) fn note_note(&mut self, note: &Note) {
        self.last_note = self.last_note.max(note.number);
        match self.unremembered.remove(&note.number) {
            // Whoever asked may have left meanwhile.
            Some(waiting) => drop(waiting.send(())),
            None => self.notes.push((note.contract.clone(), note.text.clone())),
        }
    }

    /// The notes of a contract that an earlier process wrote, in their order; once.
    pub fn take_notes(&mut self, contract: &str) -> Vec<String> {
        let all = std::mem::take(&mut self.notes).into_iter();
        let (mine, others): (Vec<_>, Vec<_>) = all.partition(|note| note.0 == contract);
        self.notes = others;
        mine.into_iter().map(|note| note.1).collect()
    }

    /// A call comes in.
    pub(in crate::host::control) fn note_call(&mut self, at: SimTime, call: &Call) {
        let items = call.items.iter().map(|item| ItemRecord {
            person: item.person,
            kind: item.kind,
            note: item.note.clone(),
            steps_max: u8::try_from(item.steps.len()).unwrap_or(u8::MAX),
            rejected: None,
            steps: Vec::new(),
        });
        let (contract, note) = (call.contract.clone(), call.note.clone());
        let record =
            CallRecord { number: call.number, at, contract, note, answer: None, items: items.collect(), whole: None };
        if let Some(waiting) = self.unwritten.remove(&call.number) {
            // Whoever called may have left meanwhile.
            let _ = waiting.send(());
        }
        self.messages += record.items.len();
        self.last = self.last.max(call.number);
        self.calls.insert(call.number, record);
    }

    /// The application hears of an attempt.
    pub(in crate::host::control) fn note_heard(&mut self, attempt: AttemptId, claim: Claim) {
        let Some(place) = self.places.get(&attempt).copied() else { return };
        if let Some(step) = self.step_mut(place) {
            step.heard = Some(claim);
        }
    }

    /// A webhook was called.
    pub(in crate::host::control) fn note_hook(&mut self, at: SimTime, word: &HookWord) {
        let HookWord { tells, whole, tries, how } = word;
        for (attempt, claim, _) in tells {
            let Some(place) = self.places.get(attempt).copied() else { continue };
            let Some(step) = self.step_mut(place) else { continue };
            step.hook = Some(Try { claim: Some(*claim), at, tries: *tries, how: *how });
            if *how == HookHow::Taken {
                step.heard = Some(*claim);
            }
        }
        if let Some(call) = whole.and_then(|call| self.calls.get_mut(&call)) {
            call.whole = Some(Try { claim: None, at, tries: *tries, how: *how });
        }
    }

    /// A step is taken.
    pub(in crate::host::control) fn note_handed(&mut self, handed: &Handed) {
        let Handed { at, attempt, medium, call, item, step, said, .. } = handed;
        self.places.insert(*attempt, Place { call: *call, item: *item, step: *step });
        let record = self.calls.get_mut(call).and_then(|call| call.items.get_mut(*item as usize));
        if let Some(record) = record {
            let (at, attempt, medium, said) = (*at, *attempt, *medium, said.clone());
            record.steps.push(StepRecord { attempt, medium, at, said, told: None, heard: None, hook: None });
        }
    }

    /// A call is answered: whoever waits is told.
    pub(in crate::host::control) fn note_answer(&mut self, answer: &CallAnswer) {
        if let Some(call) = self.calls.get_mut(&answer.call) {
            for (item, taken) in call.items.iter_mut().zip(&answer.items) {
                item.rejected = taken.err();
            }
            call.answer = Some(answer.clone());
        }
        if let Some(waiting) = self.waiting.remove(&answer.call) {
            // Whoever asked may have left meanwhile.
            let _ = waiting.send(answer.clone());
        }
    }

    /// Something is told of a step.
    pub(in crate::host::control) fn note_word(&mut self, word: &Word) {
        let Some(place) = self.places.get(&word.attempt).copied() else { return };
        let Word { at, claim, code, fault, .. } = *word;
        let Some(step) = self.step_mut(place) else { return };
        // What has arrived arrives once: that it was shown or opened later is nothing that a provider here is asked about,
        // and would make another report of it.
        if claim.arrived() && step.told.is_some_and(|told| told.claim.arrived()) {
            return;
        }
        step.told = Some(Told { at, claim, code, fault });
        self.news.push(place);
    }

    fn step_mut(&mut self, place: Place) -> Option<&mut StepRecord> {
        self.calls.get_mut(&place.call)?.items.get_mut(place.item as usize)?.steps.get_mut(usize::from(place.step))
    }
}
