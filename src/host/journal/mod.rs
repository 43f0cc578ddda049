//! The journal: a run's folder, from which the run can be played again.
//!
//! | file | holds |
//! |---|---|
//! | `run.json` | seed, who plays the phones, build, scenario's name ([`meta`]) |
//! | `scenario.yaml` | the scenario as resolved |
//! | `inputs.ndjson` | every outside input, stamped, one a line, written before it is stepped ([`input`]) |
//! | `events.ndjson` | every event, one a line: what a replay must give again byte for byte |
//!
//! Beside the folders of runs, a data folder has the [`store`]: the inputs of all its runs, on disk before anybody sees
//! what they brought about. A run that a crash broke off is rebuilt from there, its folder too. Nothing here decides what
//! to do when a disk is full; it says so, and the drive holds the run.

use std::fmt;
use std::path::PathBuf;

pub mod meta;
pub mod spread;
pub mod fault;
pub mod call;
pub mod hook;
pub mod denied;
pub mod quick;
pub mod input;
pub mod writer;
pub mod reader;
pub mod compare;
pub mod store;

/// The name of the file with the seed and the rest of what a replay needs to know.
pub const RUN_FILE: &str = "run.json";
/// The name of the file with the scenario.
pub const SCENARIO_FILE: &str = "scenario.yaml";
/// The name of the file with the inputs.
pub const INPUTS_FILE: &str = "inputs.ndjson";
/// The name of the file with the events.
pub const EVENTS_FILE: &str = "events.ndjson";

/// Why a run's folder could not be used.
#[derive(Debug)]
pub enum JournalError {
    /// The machine refused: file, and why.
    Io {
        /// The file.
        path: PathBuf,
        /// What the machine said.
        error: std::io::Error,
    },
    /// A line cannot be understood.
    Line {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it: a lowercase fragment.
        message: String,
    },
    /// The last line has no end: the process that wrote it was killed.
    Truncated {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
    },
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::Io { path, error } => write!(f, "{}: {error}", path.display()),
            JournalError::Line { path, line, message } => write!(f, "{}:{line}: {message}", path.display()),
            JournalError::Truncated { path, line } => {
                write!(f, "{}:{line}: the last line has no end, its writer was killed", path.display())
            }
        }
    }
}

impl std::error::Error for JournalError {}
