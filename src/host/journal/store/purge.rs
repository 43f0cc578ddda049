//! Lets go of runs that are over: by age, by number, or all. A run that goes on is never touched.
//!
//! A run's folder goes first and its row after it: whatever breaks that off, the next purge finds the row and ends the
//! job. Only a plain name inside the data folder is ever removed.

use std::fs;
use std::io;
use std::path::{Component, Path};

use rusqlite::{ErrorCode, params};

use crate::host::control::run::RunId;
use crate::host::control::runs::DeleteError;
use crate::host::journal::store::open::{Opened, wrong};
use crate::host::journal::store::room::is_short;
use crate::host::journal::store::row::StoredRun;
use crate::host::journal::store::{StoreError, read};

/// Which ended runs stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retention {
    /// Those that ended within so many seconds; `None`: age is no reason to go.
    pub age_s: Option<i64>,
    /// The newest so many; `None`: number is no reason to go.
    pub runs: Option<usize>,
}

impl Retention {
    /// Nothing stays.
    pub const NOTHING: Retention = Retention { age_s: None, runs: Some(0) };

    /// Whether anything could ever go.
    pub fn keeps_all(&self) -> bool {
        self.age_s.is_none() && self.runs.is_none()
    }

    /// The runs that go, oldest first, of runs that are in the order of their numbers.
    pub fn outgrown<'a>(&self, runs: &'a [StoredRun], now_s: i64) -> Vec<&'a StoredRun> {
        let ended = |run: &&StoredRun| run.ended.is_some();
        let over = self.runs.map_or(0, |most| runs.iter().filter(ended).count().saturating_sub(most));
        let old = |run: &StoredRun| match (&run.ended, self.age_s) {
            (Some(ended), Some(age)) => ended.at_s < now_s.saturating_sub(age),
            (_, _) => false,
        };
        let aged = runs.iter().filter(ended).enumerate().filter(|(place, run)| *place < over || old(run));
        aged.map(|(_, run)| run).collect()
    }
}

/// Removes the runs that have outgrown their stay; answers their numbers.
pub fn purge(opened: &Opened, stay: Retention, now_s: i64) -> Result<Vec<RunId>, StoreError> {
    let runs = read::runs(opened)?;
    let mut gone = Vec::new();
    for run in stay.outgrown(&runs, now_s) {
        folder(&opened.data, &run.new.folder)?;
        forget(opened, run.new.id).map_err(wrong(&opened.path))?;
        gone.push(run.new.id);
    }
    if !gone.is_empty() {
        opened.db.execute_batch("PRAGMA incremental_vacuum").map_err(wrong(&opened.path))?;
    }
    Ok(gone)
}

/// Removes one run that is over; whether there was one. For want of room nothing of its row is gone, and the same may be
/// asked again.
pub fn forget_one(opened: &Opened, run: RunId) -> Result<bool, DeleteError> {
    let failed = |error: StoreError| DeleteError::Failed(error.to_string());
    let Some(StoredRun { new, ended: Some(_), .. }) = read::run(opened, run).map_err(failed)? else { return Ok(false) };
    folder(&opened.data, &new.folder).map_err(failed)?;
    forget(opened, run).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            DeleteError::Full(error.to_string())
        }
        Some(ErrorCode::SystemIoFailure) if is_short(&opened.data) => DeleteError::Full(error.to_string()),
        _ => failed(wrong(&opened.path)(error)),
    })?;
    // The room is given back now or with the next purge; the run is gone either way.
    let _ = opened.db.execute_batch("PRAGMA incremental_vacuum");
    Ok(true)
}

fn folder(data: &Path, name: &str) -> Result<(), StoreError> {
    let mut parts = Path::new(name).components();
    let plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
    let path = data.join(name);
    if !plain {
        let found = format!("a run in the folder '{name}', which is no name in the data folder");
        return Err(StoreError::Foreign { path, found });
    }
    match fs::remove_dir_all(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::Io { path, message: error.to_string() })
        }
        _ => Ok(()),
    }
}

fn forget(opened: &Opened, run: RunId) -> rusqlite::Result<()> {
    let db = &opened.db;
    db.execute_batch("BEGIN IMMEDIATE")?;
    let done = db
        .execute("DELETE FROM inputs WHERE run = ?1", params![run.0])
        .and_then(
            |_| if opened.has_keys { db.execute("DELETE FROM keys WHERE run = ?1", params![run.0]) } else { Ok(0) },
        )
        .and_then(|_| db.execute("DELETE FROM runs WHERE id = ?1", params![run.0]))
        .and_then(|_| db.execute_batch("COMMIT"));
    if done.is_err() && !db.is_autocommit() {
        db.execute_batch("ROLLBACK")?;
    }
    done
}
