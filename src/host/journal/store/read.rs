//! Reads a store: which runs there are, and the inputs of one, a few rows at a time.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::host::control::keep::Keyed;
use crate::host::control::run::RunId;
use crate::host::control::sum::sum;
use crate::host::journal::input::read_input;
use crate::host::journal::store::open::{Opened, beside, wrong};
use crate::host::journal::store::row::{COLUMNS, StoredRun, stored};
use crate::host::journal::store::{StoreError, torn};
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// Rows read at one time.
const PAGE_ROWS: i64 = 256;
/// Pages that may wait for whoever steps them.
const PAGES_AHEAD: usize = 8;

/// All runs of the store, oldest first.
pub fn runs(opened: &Opened) -> Result<Vec<StoredRun>, StoreError> {
    let read = || {
        let mut select = opened.db.prepare(&format!("SELECT {COLUMNS} FROM runs ORDER BY id"))?;
        select.query_map([], stored)?.collect::<rusqlite::Result<Vec<StoredRun>>>()
    };
    read().map_err(wrong(&opened.path))
}

/// Runs that are over, the newest so many before that number, newest first.
pub fn ended(opened: &Opened, before: Option<RunId>, most: usize) -> Result<Vec<StoredRun>, StoreError> {
    let (before, most) = (before.map_or(i64::MAX, |id| i64::from(id.0)), i64::try_from(most).unwrap_or(i64::MAX));
    let read = || {
        let select =
            format!("SELECT {COLUMNS} FROM runs WHERE id < ?1 AND ended_s IS NOT NULL ORDER BY id DESC LIMIT ?2");
        opened.db.prepare(&select)?.query_map(params![before, most], stored)?.collect::<rusqlite::Result<_>>()
    };
    read().map_err(wrong(&opened.path))
}

/// One run; `None` if there is none of that number.
pub fn run(opened: &Opened, id: RunId) -> Result<Option<StoredRun>, StoreError> {
    let select = format!("SELECT {COLUMNS} FROM runs WHERE id = ?1");
    opened.db.query_row(&select, params![id.0], stored).optional().map_err(wrong(&opened.path))
}

/// A request that came with an idempotency key, and which inputs of its run it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// The key, and what came with it.
    pub keyed: Keyed,
    /// Its inputs, counted from 0 over the run.
    pub inputs: Range<u64>,
    /// When it was taken: seconds since 1970 by the real clock.
    pub at_s: i64,
}

/// The keyed requests of a run, in the order in which they were taken.
pub fn keys(data: &Path, run: RunId) -> Result<Vec<StoredKey>, StoreError> {
    let opened = beside(data, false)?;
    if !opened.has_keys {
        return Ok(Vec::new());
    }
    let row = |row: &Row<'_>| {
        let number = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
        let (first, count) = (number(3)?, number(4)?);
        let keyed = Keyed { key: row.get(0)?, body: number(1)?, since: number(2)? };
        Ok(StoredKey { keyed, inputs: first..first.saturating_add(count), at_s: row.get(5)? })
    };
    let read = || {
        let select = "SELECT key, body, since, first, count, at_s FROM keys WHERE run = ?1 ORDER BY first";
        opened.db.prepare(select)?.query_map(params![run.0], row)?.collect::<rusqlite::Result<Vec<StoredKey>>>()
    };
    read().map_err(wrong(&opened.path))
}

/// The inputs of a run, in the order in which they were taken. Read by a thread of its own, a few pages ahead of whoever
/// steps them; it ends with this.
pub struct StoredInputs {
    page: std::vec::IntoIter<(SimTime, Input)>,
    pages: Option<Receiver<Page>>,
    thread: Option<JoinHandle<()>>,
}

/// Inputs of some rows, or why there are no more.
type Page = Result<Vec<(SimTime, Input)>, StoreError>;

/// Where the thread is.
struct Reader {
    db: Connection,
    path: PathBuf,
    run: RunId,
    /// The last row that was read.
    n: i64,
    /// Inputs that the run had when reading began, less those that were read.
    left: u64,
}

/// Reads the inputs of a run of this data folder.
pub fn inputs(data: &Path, run: RunId) -> Result<StoredInputs, StoreError> {
    let opened = beside(data, false)?;
    let left = self::run(&opened, run)?.map_or(0, |run| run.inputs);
    let Opened { db, path, .. } = opened;
    let mut reader = Reader { db, path: path.clone(), run, n: 0, left };
    let (sender, pages) = sync_channel(PAGES_AHEAD);
    let read_on = move || {
        loop {
            let page = reader.page();
            let last = page.as_ref().map_or(true, Vec::is_empty);
            if sender.send(page).is_err() || last {
                return;
            }
        }
    };
    let thread = std::thread::Builder::new().name("journal-read".to_owned()).spawn(read_on);
    let thread = thread.map_err(|error| StoreError::Io { path, message: error.to_string() })?;
    Ok(StoredInputs { page: Vec::new().into_iter(), pages: Some(pages), thread: Some(thread) })
}

impl Iterator for StoredInputs {
    type Item = Result<(SimTime, Input), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(input) = self.page.next() {
            return Some(Ok(input));
        }
        // The thread is gone once it has sent an empty page or an error.
        match self.pages.as_ref()?.recv().ok()? {
            Ok(page) => {
                self.page = page.into_iter();
                self.page.next().map(Ok)
            }
            Err(error) => Some(Err(error)),
        }
    }
}

impl Drop for StoredInputs {
    fn drop(&mut self) {
        drop(self.pages.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was a bug, and whoever read has seen the end.
            let _ = thread.join();
        }
    }
}

impl Reader {
    /// The next page; an empty one is the last.
    fn page(&mut self) -> Page {
        let Reader { db, path, run, n, left } = self;
        let select = "SELECT n, lines, sum FROM inputs WHERE run = ?1 AND n > ?2 ORDER BY n LIMIT ?3";
        let mut select = db.prepare(select).map_err(wrong(path))?;
        let mut rows = select.query(params![run.0, *n, PAGE_ROWS]).map_err(wrong(path))?;
        let mut page = Vec::new();
        while let Some(row) = rows.next().map_err(wrong(path))? {
            let next: i64 = row.get(0).map_err(wrong(path))?;
            if next != *n + 1 {
                return Err(torn(path, *run, format_args!("input row {} is missing", *n + 1)));
            }
            let lines = row.get_ref(1).and_then(|lines| Ok(lines.as_blob()?)).map_err(wrong(path))?;
            let kept: i64 = row.get(2).map_err(wrong(path))?;
            if sum(lines) != kept.cast_unsigned() {
                return Err(torn(path, *run, format_args!("input row {next} does not match its checksum")));
            }
            for line in lines.split_inclusive(|byte| *byte == b'\n') {
                let input = read_input(line);
                page.push(input.map_err(|why| torn(path, *run, format_args!("input row {next}: {why}")))?);
            }
            *n = next;
        }
        if page.is_empty() && *left > 0 {
            return Err(torn(path, *run, format_args!("its last {left} inputs are missing")));
        }
        *left = left.saturating_sub(page.len() as u64);
        Ok(page)
    }
}
