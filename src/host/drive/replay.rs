//! Replay: a recorded run again, its inputs at their stamps. The same bytes come out, or the recording, the build or
//! the engine is not what it was.
//!
//! It neither reads files nor compares: the recording comes as an iterator, and the recorder sees what happened.

use std::fmt;

use crate::host::control::{RecordError, Recorder};
use crate::host::drive::stepper::Stepper;
use crate::sim::engine::input::Input;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::time::SimTime;

/// Why a replay came to no end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplayError<E> {
    /// The recording could not be read on.
    Recording(E),
    /// An input is stamped earlier than the one before it; inputs counted from 1.
    Backwards {
        /// Which.
        input: usize,
    },
    /// What happened could not be written down, or was not what the recorder expected.
    Record(RecordError),
}

impl<E: fmt::Display> fmt::Display for ReplayError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayError::Recording(error) => error.fmt(f),
            ReplayError::Backwards { input } => write!(f, "input {input} is stamped earlier than the one before it"),
            ReplayError::Record(error) => error.fmt(f),
        }
    }
}

/// Runs the recorded inputs, then to the end. Inputs after the end of the run do nothing, as they did nothing then.
pub fn run<E>(
    rehearsal: Rehearsal,
    inputs: impl Iterator<Item = Result<(SimTime, Input), E>>,
    recorder: &mut dyn Recorder,
) -> Result<Rehearsal, ReplayError<E>> {
    let mut stepper = Stepper::new(rehearsal, recorder);
    stepper.advance(SimTime::ZERO).map_err(ReplayError::Record)?;
    for (place, input) in inputs.enumerate() {
        let (at, input) = input.map_err(ReplayError::Recording)?;
        if at < stepper.at() {
            return Err(ReplayError::Backwards { input: place + 1 });
        }
        stepper.advance(at).map_err(ReplayError::Record)?;
        stepper.input(input).map_err(ReplayError::Record)?;
    }
    while let Some(due) = stepper.next_wakeup() {
        stepper.advance(due).map_err(ReplayError::Record)?;
    }
    stepper.flush().map_err(ReplayError::Record)?;
    Ok(stepper.into_rehearsal())
}
