//! The store: one crash-safe database in the data folder of `serve`, from which runs go on after a crash.
//!
//! | table | a row is |
//! |---|---|
//! | `runs` | a run: what to play, how far it came, and what it came to once it is over |
//! | `inputs` | what came from outside between two syncs of a run: lines as in `inputs.ndjson`, and their checksum |
//! | `keys` | the idempotency key of a request, on disk in one sync with the inputs that it was, and which those are |
//!
//! SQLite in WAL mode with `synchronous=FULL`: an answer means that the data is on disk. One thread writes; what several
//! runs hand in meanwhile goes out in one sync. Notices and events are not in here: the inputs give them again, byte for
//! byte. [`open`] says which files are refused, [`writer`] what happens when a disk is full or fails, [`purge`] which
//! runs are let go. A second `serve` on the same folder is refused; `bongsu runs` may look and purge beside one.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::host::control::run::RunId;

pub mod open;
mod log;
pub mod row;
pub mod read;
pub mod room;
pub mod writer;
pub mod purge;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod power;

/// The database's name in the data folder.
pub const STORE_FILE: &str = "journal.db";
/// Locked by the `serve` that writes.
pub const LOCK_FILE: &str = "journal.lock";
/// The format that this build writes, as `user_version` of the database.
pub const FORMAT: i32 = 2;
/// `bong`: the `application_id` of our databases.
pub const APPLICATION: i32 = 0x626f_6e67;

/// Why the store of a data folder cannot be used. Each says which file, what was expected, and what was found.
#[derive(Debug)]
pub enum StoreError {
    /// The folder has none.
    Missing(PathBuf),
    /// Another `serve` writes it.
    InUse(PathBuf),
    /// It is no store of ours.
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is instead.
        found: String,
    },
    /// A later build wrote it.
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        format: i32,
    },
    /// It is damaged.
    Torn {
        /// The file.
        path: PathBuf,
        /// Where, and how.
        message: String,
    },
    /// The library that was linked is older than what is safe.
    Library(String),
    /// The machine refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        message: String,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Missing(path) => {
                write!(f, "{}: no journal, expected the data folder of a serve", path.display())
            }
            StoreError::InUse(path) => write!(f, "{}: another bongsu serve writes this journal", path.display()),
            StoreError::Foreign { path, found } => {
                write!(f, "{}: not a journal of bongsu, found {found}", path.display())
            }
            StoreError::Newer { path, format } => write!(
                f,
                "{}: written by a newer bongsu in format {format}, this one reads up to {FORMAT}; use the newer one, or \
                 another --data",
                path.display()
            ),
            StoreError::Torn { path, message } => {
                write!(f, "{}: damaged, {message}; move it away to begin anew, or restore it", path.display())
            }
            StoreError::Library(found) => {
                write!(f, "SQLite {found} may lose data on a reset of its log, expected 3.51.3 or later")
            }
            StoreError::Io { path, message } => write!(f, "{}: {message}", path.display()),
        }
    }
}

impl std::error::Error for StoreError {}

/// What a row that cannot be understood is called.
fn torn(path: &Path, run: RunId, message: impl fmt::Display) -> StoreError {
    StoreError::Torn { path: path.to_owned(), message: format!("run {run}: {message}") }
}
