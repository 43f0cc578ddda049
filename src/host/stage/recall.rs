//! Runs that are over and that this process does not have in memory: what the journal says of them, and one of them in
//! full when somebody asks for it, rebuilt from its inputs as a run that goes on would be.
//!
//! Nothing is played here: no clock, no sockets, no writing. A few stay in memory; the longest there makes room.

use std::collections::VecDeque;
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::host::control::pace::Pace;
use crate::host::control::run::{Opening, Outcome, Run, RunId, RunWriter};
use crate::host::control::runs::{EVENTS_KEPT_RUNS_MAX, Earlier, RecallError, Told};
use crate::host::drive::rebuild;
use crate::host::journal::meta::build;
use crate::host::journal::store::row::{Ended, NewRun, StoredRun};
use crate::host::journal::store::{StoreError, open, read};
use crate::host::stage::{SIMULATOR_ERROR, Shelf};
use crate::sim::rehearsal::Rehearsal;

/// The verdict in a run's folder.
const VERDICT_FILE: &str = "verdict.json";
/// The report there.
const REPORT_FILE: &str = "report.html";
/// Longest of them that is read, in bytes.
const DOCUMENT_MAX: u64 = 64 << 20;
/// The words that a run can come to.
const VERDICTS: [&str; 4] = ["PASS", "FAIL", "INCONCLUSIVE", "STOPPED"];

/// Recalled runs of a server.
pub struct Recalled {
    kept: Mutex<VecDeque<Arc<Run>>>,
    /// One rebuild at a time: each takes a processor and the memory of a run.
    turn: Semaphore,
}

impl Default for Recalled {
    fn default() -> Recalled {
        Recalled { kept: Mutex::default(), turn: Semaphore::new(1) }
    }
}

impl Recalled {
    /// The run of that number; `None` if the journal has none that is over.
    pub async fn get(&self, shelf: Arc<dyn Shelf>, data: &Path, id: RunId) -> Result<Option<Arc<Run>>, RecallError> {
        let _turn = self.turn.acquire().await.expect("the semaphore is never closed");
        if let Some(run) = self.kept(id) {
            return Ok(Some(run));
        }
        let data = data.to_owned();
        let work = spawn_blocking(move || recall(shelf.as_ref(), &data, id));
        let run = work.await.map_err(|error| RecallError::Failed(format!("it broke: {error}")))??;
        if let Some(run) = &run {
            self.keep(run.clone());
        }
        Ok(run)
    }

    /// The run is gone from the journal.
    pub fn forget(&self, id: RunId) {
        self.lock().retain(|run| run.id != id);
    }

    fn kept(&self, id: RunId) -> Option<Arc<Run>> {
        self.lock().iter().find(|run| run.id == id).cloned()
    }

    fn keep(&self, run: Arc<Run>) {
        let mut kept = self.lock();
        while kept.len() >= EVENTS_KEPT_RUNS_MAX {
            kept.pop_front();
        }
        kept.push_back(run);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Run>>> {
        // A list of whole runs: nobody can leave it half changed.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs of the journal that are over, the newest so many before that number, newest first.
pub fn earlier(data: &Path, before: Option<RunId>, most: usize) -> Result<Vec<Earlier>, RecallError> {
    let opened = open::beside(data, false).map_err(|error| failed(&error))?;
    let stored = read::ended(&opened, before, most).map_err(|error| failed(&error))?;
    Ok(stored.into_iter().map(|run| earlier_of(data, run)).collect())
}

/// The report of a run that is over, as it stands in its folder.
pub fn report(data: &Path, id: RunId) -> Result<Option<Vec<u8>>, RecallError> {
    let opened = open::beside(data, false).map_err(|error| failed(&error))?;
    let stored = read::run(&opened, id).map_err(|error| failed(&error))?;
    let Some(StoredRun { new, ended: Some(_), .. }) = stored else { return Ok(None) };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(data.join(&new.folder).join(REPORT_FILE));
    match file.and_then(|file| file.take(DOCUMENT_MAX).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) => {
            let why = format!("cannot read {REPORT_FILE} of its folder: {error}");
            Err(RecallError::Unreadable { why, folder: new.folder })
        }
    }
}

fn earlier_of(data: &Path, stored: StoredRun) -> Earlier {
    let StoredRun { new, at, ended, .. } = stored;
    let told = told(&data.join(&new.folder).join(VERDICT_FILE));
    let ended_s = ended.as_ref().map(|ended| ended.at_s);
    let (verdict, exit) = ended.map_or((None, None), |ended| (ended.verdict, ended.exit));
    let NewRun { id, name, seed, phones, speed, begun_s, .. } = new;
    Earlier { id, name, seed, phones, speed, at, verdict, exit, begun_s, ended_s, told }
}

/// Longest `verdict.json` that is looked into for a list.
const LISTED_MAX: u64 = 1 << 20;

/// What a list shows of a verdict; nothing of one that is not there, or too long for a list.
fn told(path: &Path) -> Option<Told> {
    let mut text = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(LISTED_MAX + 1).read_to_end(&mut text)).ok()?;
    if text.len() as u64 > LISTED_MAX {
        return None;
    }
    Told::read(&text)
}

fn recall(shelf: &dyn Shelf, data: &Path, id: RunId) -> Result<Option<Arc<Run>>, RecallError> {
    let opened = open::beside(data, false).map_err(|error| failed(&error))?;
    let Some(StoredRun { new, at, ended: Some(ended), .. }) = read::run(&opened, id).map_err(|error| failed(&error))?
    else {
        return Ok(None);
    };
    let folder = new.folder;
    let unreadable = |why: String| RecallError::Unreadable { why, folder: folder.clone() };
    if new.build != build() {
        return Err(unreadable(format!("build {} recorded it, this is {}", new.build, build())));
    }
    let scenario = shelf.read_resolved(new.scenario.as_bytes()).map_err(|error| unreadable(format!("{error:?}")))?;
    let rehearsal = Rehearsal::new(&scenario, new.phones);
    let (plan, people) = (rehearsal.plan().clone(), rehearsal.people().clone());
    let (phones, resolved, speed, begun_s) = (new.phones, new.scenario, new.speed, new.begun_s);
    let pace = speed.map(|speed| Pace::starting(Instant::now(), speed));
    let promise = rehearsal.watch().promise().clone();
    let (run, _) = Run::open(Opening { id, plan, people, promise, resolved, phones, pace, begun_s });
    let inputs = read::inputs(data, id).map_err(|error| failed(&error))?;
    let rebuilt = rebuild::run(rehearsal, inputs, at, &mut RunWriter::new(run.clone()));
    let rebuilt = rebuilt.map_err(|error| unreadable(error.to_string()))?;
    let document = document(&data.join(&folder).join(VERDICT_FILE));
    run.close(outcome(&run, ended, rebuilt.rehearsal.ended(), document));
    Ok(Some(run))
}

fn outcome(run: &Run, ended: Ended, complete: bool, document: Result<String, String>) -> Outcome {
    let verdict = VERDICTS.into_iter().find(|word| ended.verdict.as_deref() == Some(word));
    let unrecorded = match (&verdict, &document) {
        (None, _) => Some("it was broken off and could not be gone on with".to_owned()),
        (Some(_), Err(why)) => Some(why.clone()),
        (Some(_), Ok(_)) if !complete => Some("its inputs do not reach its end".to_owned()),
        (Some(_), Ok(_)) => None,
    };
    Outcome {
        end: run.end(),
        at: run.status().at,
        verdict: verdict.unwrap_or("INCONCLUSIVE"),
        exit: ended.exit.unwrap_or(SIMULATOR_ERROR),
        told: document.as_ref().ok().and_then(|text| Told::read(text.as_bytes())),
        document: document.unwrap_or_else(|_| "{}".to_owned()),
        report: None,
        unrecorded,
        ended_s: ended.at_s,
    }
}

fn document(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(DOCUMENT_MAX).read_to_string(&mut text));
    read.map(|_| text).map_err(|error| format!("cannot read {VERDICT_FILE} of its folder: {error}"))
}

/// What the journal said, for whoever asked.
pub(super) fn failed(error: &StoreError) -> RecallError {
    RecallError::Failed(error.to_string())
}
