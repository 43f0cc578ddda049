//! What a run must have on disk before anybody sees what it brought about.
//!
//! A drive hands in a batch and shows nothing of it until the answer is there: acknowledged means synced. Who keeps,
//! and how, is the journal's business; a run that nobody keeps (no data folder) is shown at once.

use std::fmt;
use std::sync::Arc;

use crate::host::control::run::RunId;
use crate::host::control::runs::Task;
use crate::host::control::{Made, RecordError};
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::time::SimTime;

/// What happened to a run since the batch before.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The run.
    pub run: RunId,
    /// How far simulated time has come: what is due later has not happened.
    pub at: SimTime,
    /// Simulated seconds a real second; `None` for virtual time.
    pub speed: Option<u32>,
    /// Whether simulated time stands still because somebody asked for it.
    pub paused: bool,
    /// Outside inputs, stamped, in the order in which they were taken.
    pub inputs: Vec<(SimTime, Input)>,
    /// The idempotency key of the request that these inputs are, if they are one.
    pub key: Option<Keyed>,
}

/// A request's idempotency key, and what its answer needs besides what the inputs bring about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyed {
    /// The key.
    pub key: String,
    /// Checksum of the request's body.
    pub body: u64,
    /// Number of the last event before the request.
    pub since: u64,
}

/// A request that a run of an earlier process took under a key, as far as the run is rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The key, and what came with it.
    pub keyed: Keyed,
    /// When it was taken: seconds since 1970 by the real clock.
    pub at_s: i64,
    /// What was asked, and what became of it.
    pub items: Vec<(KindId, PersonId, Made)>,
}

/// Why a batch is not on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeepError {
    /// There is no room, or no access for a while: nothing of the batch is there, and the same may be handed in again.
    Full(String),
    /// The disk failed, perhaps half way. Nothing is ever acknowledged again by this process.
    Broken(String),
}

/// Who keeps batches.
pub trait Keep: Send + Sync {
    /// Answers when the batch is on disk.
    fn keep(&self, batch: Arc<Batch>) -> Task<Result<(), KeepError>>;
}

impl fmt::Display for KeepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeepError::Full(message) | KeepError::Broken(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for KeepError {}

impl From<KeepError> for RecordError {
    fn from(error: KeepError) -> RecordError {
        RecordError { full: matches!(error, KeepError::Full(_)), message: error.to_string() }
    }
}
