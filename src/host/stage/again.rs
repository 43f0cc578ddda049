//! A recorded run played again, and every event held against the recording, byte for byte.
//!
//! `bongsu replay` and the runs page ask for the same. What the scenario's text means is the caller's to say.

use std::path::Path;

use crate::host::control::runs::{Difference, Replayed};
use crate::host::drive::replay::{self, ReplayError};
use crate::host::journal::compare::Compare;
use crate::host::journal::meta::{Meta, build};
use crate::host::journal::{JournalError, reader};
use crate::report::names::Names;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;

/// Why a recording cannot be played again.
#[derive(Debug)]
pub enum AgainError {
    /// A file of its folder cannot be read.
    Journal(JournalError),
    /// An input is stamped earlier than the one before it; inputs counted from 1.
    Backwards(usize),
    /// The scenario has another seed than `run.json` says.
    Seed {
        /// That of the scenario.
        file: u64,
        /// That of `run.json`.
        run: u64,
    },
}

impl std::fmt::Display for AgainError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AgainError::Journal(error) => error.fmt(f),
            AgainError::Backwards(input) => write!(f, "input {input} is stamped earlier than the one before it"),
            AgainError::Seed { file, run } => {
                write!(f, "scenario.yaml has seed {file}, run.json has {run}: not the same run")
            }
        }
    }
}

/// Plays the recording in a folder again. The scenario is the one of the folder, read.
pub fn again(folder: &Path, meta: &Meta, scenario: &Scenario) -> Result<Replayed, AgainError> {
    if scenario.plan.seed.0 != meta.seed {
        return Err(AgainError::Seed { file: scenario.plan.seed.0, run: meta.seed });
    }
    let mut compare = Compare::open(folder, Names::of(&scenario.plan)).map_err(AgainError::Journal)?;
    let rehearsal = Rehearsal::new(scenario, meta.phones.into());
    let inputs = reader::inputs(folder).map_err(AgainError::Journal)?;
    let found = match replay::run(rehearsal, inputs, &mut compare) {
        // A difference ends the replay as a full disk would; `finish` knows which it was.
        Ok(_) | Err(ReplayError::Record(_)) => compare.finish().map_err(AgainError::Journal)?,
        Err(ReplayError::Recording(error)) => return Err(AgainError::Journal(error)),
        Err(ReplayError::Backwards { input }) => return Err(AgainError::Backwards(input)),
    };
    let (events, difference) = match found {
        Ok(events) => (events, None),
        Err(found) => {
            let (line, recorded, replayed) = (found.line, found.recorded, found.replayed);
            (line - 1, Some(Difference { line, recorded, replayed }))
        }
    };
    Ok(Replayed { events, difference, recorded_by: meta.build.clone(), replayed_by: build() })
}
