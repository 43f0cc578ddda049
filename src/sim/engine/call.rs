//! What an application outside hands in with one call to a provider, and what it hears.
//!
//! Contracts differ in words, not in this: a call carries messages, each for one person, each with the steps that the
//! provider takes one after the other (the message itself, then what it sends instead). The provider's own words and
//! numbers stand in notes that nothing here reads.

use std::sync::Arc;

use crate::sim::medium::Answer;
use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Claim, Rejection};
use crate::sim::model::ids::{AttemptId, FaultId, KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

/// Most messages of one call; contracts have smaller bounds of their own.
pub const ITEMS_MAX: u32 = 10_000;

/// Most steps of one message.
pub const STEPS_MAX: usize = 8;

/// One call: one request over one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its number, given by the host and never used again in a run.
    pub number: u32,
    /// By which contract, in a provider's own word.
    pub contract: String,
    /// What the provider has to remember of the request.
    pub note: String,
    /// Whether the caller speaks to the network itself, without a provider that takes everything first: then what
    /// refuses the first message refuses the call, in the answer to it.
    pub direct: bool,
    /// The messages; at most [`ITEMS_MAX`]. Shared, because engine, books and journal all keep or write them.
    pub items: Vec<Arc<HandIn>>,
}

/// One message for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandIn {
    /// For whom.
    pub person: PersonId,
    /// The kind of notice, where a template says so; a plain text belongs to the notice it falls back for.
    pub kind: Option<KindId>,
    /// What the provider has to remember of this message.
    pub note: Arc<str>,
    /// What it sends, then what it sends instead; at least one, at most [`STEPS_MAX`].
    pub steps: Vec<Step>,
    /// Whether it goes to the next step also when nobody knows (no receipt in time), not only on failure.
    pub on_uncertain: bool,
}

/// One step: words on a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// On what.
    pub medium: Medium,
    /// The words as handed in: variables filled, nothing added.
    pub said: Arc<Said>,
    /// How the platform answers, where the call asks for another way than the medium's usual one.
    pub answer: Option<Answer>,
}

/// Words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Title or subject; empty where there is none.
    pub title: String,
    /// The text.
    pub text: String,
}

/// A message that a provider did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied {
    /// For whom it would have been.
    pub person: PersonId,
    /// The kind of notice, where the request names a template that there is.
    pub kind: Option<KindId>,
    /// On what it would have been.
    pub medium: Medium,
    /// What the provider said.
    pub said: Denial,
}

/// What a provider has to remember of an application's, though nothing in the world changes by it: a group of messages that
/// waits to be sent. An input like any other, so that it is on disk before anybody is told, and there again after a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its number, given by the host and never used again in a run.
    pub number: u32,
    /// Of which contract.
    pub contract: String,
    /// In the provider's own words.
    pub text: String,
}

/// One thing that an application is told: of which attempt, what, with which result code.
pub type Tale = (AttemptId, Claim, Code);

/// What became of one try of a provider's webhook. Tries are inputs like any other, so a run that was rebuilt after a
/// crash knows which of them come again, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookWord {
    /// What it tells of messages.
    pub tells: Vec<Tale>,
    /// The call, or the first of the calls, on which it reports as a whole; such a report tells of no message.
    pub whole: Option<u32>,
    /// Which try it was, from 1.
    pub tries: u8,
    /// How it came out.
    pub how: HookHow,
}

/// How a try of a webhook came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookHow {
    /// The application took it.
    Taken,
    /// It did not; it will be tried again.
    Failed,
    /// It did not, and that was the last try.
    GivenUp,
}

/// A message is on record at the provider: the first step of an item, or a later one that it took by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// When.
    pub at: SimTime,
    /// The attempt that it is.
    pub attempt: AttemptId,
    /// For whom.
    pub person: PersonId,
    /// On what.
    pub medium: Medium,
    /// Of which call.
    pub call: u32,
    /// Which of the call's items, from 0.
    pub item: u32,
    /// Which of the item's steps, from 0.
    pub step: u8,
    /// The words.
    pub said: Arc<Said>,
}

/// The answer to a call, at the instant at which it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallAnswer {
    /// When it leaves.
    pub at: SimTime,
    /// To which call.
    pub call: u32,
    /// How the connection ends.
    pub how: How,
    /// The fault behind that, if it is one.
    pub fault: Option<FaultId>,
    /// What became of each item, in their order. A connection that breaks tells nobody.
    pub items: Vec<Taken>,
}

/// What became of one item: its attempt, or why there is none.
pub type Taken = Result<AttemptId, Rejection>;

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Answered.
    Answered,
    /// Answered with an error of the whole request: the platform is out of service, has too much to do, or, called
    /// directly, does not want the message.
    Refused(Code),
    /// The connection is reset.
    Reset,
    /// The connection is closed without an answer.
    Close,
    /// Nothing comes. The caller gives up when it likes.
    Hang,
}

/// What a provider knows of an attempt from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Since when.
    pub at: SimTime,
    /// Of which.
    pub attempt: AttemptId,
    /// What became of it, as the provider was told.
    pub claim: Claim,
    /// With which result code.
    pub code: Code,
    /// The fault that made or bent it, if it was one.
    pub fault: Option<FaultId>,
}
