//! Writes a store: one thread, one connection, and one sync for all that was handed in while the last one ran.
//!
//! A full disk, a quota or a limit of file sizes (or a lock that somebody else holds too long) undoes the whole of a sync's work and says so; the same
//! may be handed in again, and is taken when there is room. Any other error breaks the writer for good: after a sync
//! that failed nobody knows what is on the disk, so nothing is acknowledged by this process ever again.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, Statement, ffi, params};
use tokio::sync::oneshot;

use crate::host::control::keep::{Batch, Keep, KeepError, Keyed};
use crate::host::control::run::RunId;
use crate::host::control::runs::{DeleteError, Task};
use crate::host::control::sum::sum;
use crate::host::journal::input::write_input;
use crate::host::journal::store::StoreError;
use crate::host::journal::store::open::Opened;
use crate::host::journal::store::purge::{Retention, forget_one, purge};
use crate::host::journal::store::room::is_short;
use crate::host::journal::store::row::{Ended, NewRun, word_of};
use crate::sim::time::SimTime;

/// What may wait for the thread; beyond it a caller is told to come again.
const WAITING_MAX: usize = 64;

/// A store that is being written. Dropping it waits for what was handed in.
pub struct Writer {
    work: Option<SyncSender<Job>>,
    /// Why nothing is acknowledged any more.
    broken: Arc<OnceLock<KeepError>>,
    thread: Option<JoinHandle<()>>,
}

type Answer = Result<(), KeepError>;

enum Work {
    Begin(Box<NewRun>),
    Keep(Arc<Batch>),
    End(RunId, SimTime, Ended),
}

/// What the thread is asked to do.
enum Job {
    /// Put something on disk.
    Write(Work, oneshot::Sender<Answer>),
    /// Let go of what has outgrown its stay; the second is the present, in seconds since 1970.
    Purge(Retention, i64, oneshot::Sender<Result<Vec<RunId>, StoreError>>),
    /// Let go of one run that is over.
    Forget(RunId, oneshot::Sender<Result<bool, DeleteError>>),
}

impl Writer {
    /// Begins to write. The store stays locked until the writer is dropped.
    pub fn start(opened: Opened) -> std::io::Result<Writer> {
        let (work, jobs) = sync_channel(WAITING_MAX);
        let broken = Arc::new(OnceLock::new());
        let told = broken.clone();
        let thread = std::thread::Builder::new().name("journal".to_owned());
        let thread = thread.spawn(move || serve(&opened, &jobs, &told))?;
        Ok(Writer { work: Some(work), broken, thread: Some(thread) })
    }

    /// Why nothing is acknowledged any more, once that is so.
    pub fn broken(&self) -> Option<String> {
        self.broken.get().map(ToString::to_string)
    }

    /// A run begins; answers when it is on disk.
    pub fn begin(&self, run: NewRun) -> Task<Answer> {
        self.ask(Work::Begin(Box::new(run)))
    }

    /// A run is over, at that instant or later; answers when that is on disk.
    pub fn end(&self, run: RunId, at: SimTime, ended: Ended) -> Task<Answer> {
        self.ask(Work::End(run, at, ended))
    }

    /// Lets go of runs; answers which. Too much else to do is no error: the next purge finds them.
    pub fn purge(&self, stay: Retention, now_s: i64) -> Task<Result<Vec<RunId>, StoreError>> {
        let (done, answer) = oneshot::channel();
        let sent = self.work.as_ref().is_some_and(|jobs| jobs.try_send(Job::Purge(stay, now_s, done)).is_ok());
        Box::pin(async move { if sent { answer.await.unwrap_or(Ok(Vec::new())) } else { Ok(Vec::new()) } })
    }

    /// Lets go of a run that is over, its folder too; answers whether there was one.
    pub fn forget(&self, run: RunId) -> Task<Result<bool, DeleteError>> {
        let (done, answer) = oneshot::channel();
        let sent = self.work.as_ref().is_some_and(|jobs| jobs.try_send(Job::Forget(run, done)).is_ok());
        let busy = || DeleteError::Full("the journal has too much to do".to_owned());
        Box::pin(async move { if sent { answer.await.unwrap_or_else(|_| Err(busy())) } else { Err(busy()) } })
    }

    fn ask(&self, work: Work) -> Task<Answer> {
        let (done, answer) = oneshot::channel();
        let sent = self.work.as_ref().map(|jobs| jobs.try_send(Job::Write(work, done)));
        let refused = match sent {
            Some(Ok(())) => None,
            Some(Err(TrySendError::Full(_))) => Some(KeepError::Full("the journal has too much to do".to_owned())),
            Some(Err(TrySendError::Disconnected(_))) | None => Some(gone()),
        };
        Box::pin(async move {
            match refused {
                Some(error) => Err(error),
                None => answer.await.unwrap_or_else(|_| Err(gone())),
            }
        })
    }
}

impl Keep for Writer {
    fn keep(&self, batch: Arc<Batch>) -> Task<Answer> {
        self.ask(Work::Keep(batch))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.work.take());
        if let Some(thread) = self.thread.take() {
            // A panic there was a bug that its askers have heard of.
            let _ = thread.join();
        }
    }
}

fn gone() -> KeepError {
    KeepError::Broken("the journal's thread is gone".to_owned())
}

fn serve(opened: &Opened, jobs: &Receiver<Job>, broken: &OnceLock<KeepError>) {
    let mut usual = None;
    while let Ok(first) = jobs.recv() {
        let mut together = Vec::new();
        for job in std::iter::once(first).chain(jobs.try_iter().take(WAITING_MAX)) {
            match job {
                Job::Write(work, done) => together.push((work, done)),
                Job::Purge(stay, now_s, done) => drop(done.send(purge(opened, stay, now_s))),
                Job::Forget(run, done) => drop(done.send(forget_one(opened, run))),
            }
        }
        if together.is_empty() {
            continue;
        }
        let answer = match broken.get() {
            Some(error) => Err(error.clone()),
            None => sync(&opened.db, &mut usual, &together).map_err(|error| failure(&error, opened)),
        };
        if let Err(error @ KeepError::Broken(_)) = &answer
            && broken.set(error.clone()).is_ok()
        {
            tracing::error!(%error, "the journal's disk failed: nothing is kept any more, start the server again");
        }
        for (_, done) in together {
            // An asker who has left is no error.
            let _ = done.send(answer.clone());
        }
    }
}

/// What every sync needs, put in SQLite's own words once.
struct Usual<'db> {
    begin: Statement<'db>,
    stand: Statement<'db>,
    inputs: Statement<'db>,
    commit: Statement<'db>,
}

impl Usual<'_> {
    fn of(db: &Connection) -> rusqlite::Result<Usual<'_>> {
        let stand = "UPDATE runs SET at_us = ?2, speed = ?3, paused = ?4, inputs = inputs + ?5 WHERE id = ?1";
        let inputs = "INSERT INTO inputs (run, n, lines, sum) \
                      SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3 FROM inputs WHERE run = ?1";
        Ok(Usual {
            begin: db.prepare("BEGIN IMMEDIATE")?,
            stand: db.prepare(stand)?,
            inputs: db.prepare(inputs)?,
            commit: db.prepare("COMMIT")?,
        })
    }
}

/// All of it, or nothing.
fn sync<'db>(
    db: &'db Connection,
    usual: &mut Option<Usual<'db>>,
    jobs: &[(Work, oneshot::Sender<Answer>)],
) -> rusqlite::Result<()> {
    let usual = match usual {
        Some(usual) => usual,
        None => usual.insert(Usual::of(db)?),
    };
    usual.begin.execute([])?;
    let written = jobs.iter().try_for_each(|(work, _)| write(db, usual, work));
    let written = written.and_then(|()| usual.commit.execute([]).map(drop));
    if written.is_err() && !db.is_autocommit() {
        db.execute_batch("ROLLBACK")?;
    }
    written
}

fn write(db: &Connection, usual: &mut Usual<'_>, work: &Work) -> rusqlite::Result<()> {
    match work {
        Work::Begin(run) => begin(db, run),
        Work::Keep(batch) => keep(db, usual, batch),
        Work::End(run, at, Ended { at_s, verdict, exit }) => {
            let update = "UPDATE runs SET ended_s = ?2, verdict = ?3, exit = ?4, at_us = max(at_us, ?5) WHERE id = ?1";
            db.execute(update, params![run.0, at_s, verdict, exit, at.micros().cast_signed()]).map(drop)
        }
    }
}

fn begin(db: &Connection, run: &NewRun) -> rusqlite::Result<()> {
    let insert = "INSERT INTO runs (id, name, folder, scenario, seed, phones, build, speed, paused, at_us, inputs, \
                  begun_s) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0, 0, ?9)";
    let NewRun { id, name, folder, scenario, seed, phones, build, speed, begun_s } = run;
    let (seed, phones) = (seed.cast_signed(), word_of(*phones));
    db.execute(insert, params![id.0, name, folder, scenario, seed, phones, build, speed, begun_s]).map(drop)
}

fn keep(db: &Connection, usual: &mut Usual<'_>, batch: &Batch) -> rusqlite::Result<()> {
    let Batch { run, at, speed, paused, inputs, key } = batch;
    if let Some(key) = key {
        keep_key(db, *run, key, inputs.len())?;
    }
    let count = inputs.len() as u64;
    usual.stand.execute(params![run.0, at.micros().cast_signed(), speed, paused, count.cast_signed()])?;
    if inputs.is_empty() {
        return Ok(());
    }
    let mut lines = Vec::new();
    inputs.iter().for_each(|(at, input)| write_input(&mut lines, *at, input));
    usual.inputs.execute(params![run.0, lines, sum(&lines).cast_signed()]).map(drop)
}

/// Before its inputs are counted: the run has as many as come before the first of them.
fn keep_key(db: &Connection, run: RunId, keyed: &Keyed, count: usize) -> rusqlite::Result<()> {
    let Keyed { key, body, since } = keyed;
    let insert = "INSERT OR REPLACE INTO keys (run, key, body, since, first, count, at_s) \
                  SELECT id, ?2, ?3, ?4, inputs, ?5, ?6 FROM runs WHERE id = ?1";
    let (count, at_s) = (i64::try_from(count).unwrap_or(i64::MAX), Timestamp::now().as_second());
    db.execute(insert, params![run.0, key, body.cast_signed(), since.cast_signed(), count, at_s]).map(drop)
}

fn failure(error: &rusqlite::Error, opened: &Opened) -> KeepError {
    let message = format!("cannot write {}: {error}", opened.path.display());
    match error.sqlite_error_code() {
        // Found before anything was synced, and undone.
        Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => KeepError::Full(message),
        Some(ErrorCode::SystemIoFailure) if was_write(error) && is_short(&opened.data) => KeepError::Full(message),
        _ => KeepError::Broken(message),
    }
}

/// Whether it was a write that failed, and no sync: what was synced before is there, and nothing else.
fn was_write(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_IOERR_WRITE)
}
