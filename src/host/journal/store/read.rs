//! Reads a store: which runs there are, and the inputs of one, a few rows at a time.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use crate::host::control::run::RunId;
use crate::host::journal::input::read_input;
use crate::host::journal::store::open::{Opened, beside, wrong};
use crate::host::journal::store::row::{COLUMNS, StoredRun, stored, sum};
use crate::host::journal::store::{StoreError, torn};
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// Rows read at one time.
const PAGE_ROWS: i64 = 256;

/// All runs of the store, oldest first.
pub fn runs(opened: &Opened) -> Result<Vec<StoredRun>, StoreError> {
    let read = || {
        let mut select = opened.db.prepare(&format!("SELECT {COLUMNS} FROM runs ORDER BY id"))?;
        select.query_map([], stored)?.collect::<rusqlite::Result<Vec<StoredRun>>>()
    };
    read().map_err(wrong(&opened.path))
}

/// The inputs of a run, in the order in which they were taken.
pub struct StoredInputs {
    db: Connection,
    path: PathBuf,
    run: RunId,
    /// The last row that was read.
    n: i64,
    inputs: VecDeque<(SimTime, Input)>,
}

/// Reads the inputs of a run of this data folder.
pub fn inputs(data: &Path, run: RunId) -> Result<StoredInputs, StoreError> {
    let Opened { db, path, .. } = beside(data, false)?;
    Ok(StoredInputs { db, path, run, n: 0, inputs: VecDeque::new() })
}

impl StoredInputs {
    fn refill(&mut self) -> Result<(), StoreError> {
        let (path, run) = (self.path.clone(), self.run);
        let select = "SELECT n, lines, sum FROM inputs WHERE run = ?1 AND n > ?2 ORDER BY n LIMIT ?3";
        let mut select = self.db.prepare(select).map_err(wrong(&path))?;
        let mut rows = select.query(params![run.0, self.n, PAGE_ROWS]).map_err(wrong(&path))?;
        while let Some(row) = rows.next().map_err(wrong(&path))? {
            let n: i64 = row.get(0).map_err(wrong(&path))?;
            if n != self.n + 1 {
                return Err(torn(&path, run, format_args!("input row {} is missing", self.n + 1)));
            }
            let lines = row.get_ref(1).and_then(|lines| Ok(lines.as_blob()?)).map_err(wrong(&path))?;
            let kept: i64 = row.get(2).map_err(wrong(&path))?;
            if sum(lines) != kept.cast_unsigned() {
                return Err(torn(&path, run, format_args!("input row {n} does not match its checksum")));
            }
            for line in lines.split_inclusive(|byte| *byte == b'\n') {
                let input = read_input(line);
                self.inputs.push_back(input.map_err(|why| torn(&path, run, format_args!("input row {n}: {why}")))?);
            }
            self.n = n;
        }
        Ok(())
    }
}

impl Iterator for StoredInputs {
    type Item = Result<(SimTime, Input), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.inputs.is_empty()
            && let Err(error) = self.refill()
        {
            return Some(Err(error));
        }
        self.inputs.pop_front().map(Ok)
    }
}
