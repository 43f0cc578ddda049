//! The runs of this process: at most one that follows the real clock, a few in virtual time, and the newest that ended.

use std::collections::VecDeque;
use std::fs::File;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::watch;

use crate::host::control::refusals::Refusals;
use crate::host::control::run::{Run, RunId};
use crate::sim::engine::Phones;
use crate::sim::fault::Fault;
use crate::sim::model::words::Words;
use crate::sim::plan::Lesson;
use crate::sim::scenario::Pack;
use crate::sim::time::SimTime;

/// Runs that are kept, ended ones included; the oldest ended one makes room.
pub const RUNS_MAX: usize = 64;
/// Ended runs whose events stay in memory; older ones keep counts and verdict only.
pub const EVENTS_KEPT_RUNS_MAX: usize = 4;
/// Runs in virtual time that go on at once.
pub const VIRTUAL_MAX: usize = 2;

/// What somebody wants to run.
#[derive(Clone, Debug)]
pub struct Start {
    /// Which scenario.
    pub scenario: Source,
    /// Simulated seconds a real second; `None` for virtual time.
    pub speed: Option<u32>,
    /// Another seed than the file's.
    pub seed: Option<u64>,
    /// Outage packs to lay over it, `NAME` or `NAME@AT`.
    pub outages: Vec<String>,
    /// Changes to the scenario, by path.
    pub settings: Vec<(String, String)>,
    /// Who plays the phones that no session has claimed.
    pub phones: Phones,
}

/// Where a scenario comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// One of the library, by name.
    Name(String),
    /// The text itself.
    Text(String),
}

/// Why a run could not be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartError {
    /// No scenario of that name; the nearest that there is.
    UnknownScenario {
        /// The name as asked.
        name: String,
        /// The nearest known name.
        nearest: Option<String>,
    },
    /// The scenario, or what was to be changed in it, is wrong: all problems.
    Unreadable(Vec<Located>),
    /// Another run is going on, and this one would be too many.
    Busy(Option<RunId>),
    /// The disk is full: a lowercase fragment. The same may be asked again later.
    Full(String),
    /// The run's folder could not be made, or something else of this machine failed: a lowercase fragment.
    Failed(String),
}

/// A run that is over and not in memory, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub id: RunId,
    /// The scenario's name.
    pub name: String,
    /// The seed of all luck.
    pub seed: u64,
    /// Who played the phones that no session had claimed.
    pub phones: Phones,
    /// Simulated seconds a real second; `None` for virtual time.
    pub speed: Option<u32>,
    /// How far it came.
    pub at: SimTime,
    /// The verdict in one word; `None` for a run that could not be gone on with.
    pub verdict: Option<String>,
    /// The exit code that goes with it.
    pub exit: Option<u8>,
    /// When it began and when it was over: seconds since 1970 by the real clock.
    pub begun_s: i64,
    /// See `begun_s`.
    pub ended_s: Option<i64>,
    /// What its `verdict.json` says of it, where that can be read.
    pub told: Option<Told>,
}

/// What a list shows of a run that is over and not in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Title for people.
    pub title: Words,
    /// Notices, those that some phone has shown, and those that somebody has opened.
    pub notices: u64,
    /// See `notices`.
    pub reached: u64,
    /// See `notices`.
    pub opened: u64,
    /// In hundredths of a won.
    pub cost: u64,
}

impl Told {
    /// Reads it from a `verdict.json`; nothing of what is none.
    pub fn read(document: &[u8]) -> Option<Told> {
        let document: Value = serde_json::from_slice(document).ok()?;
        let words = |key: &str| document["title"][key].as_str().unwrap_or_default().to_owned();
        let figure = |key: &str| document["figures"][key].as_u64();
        Some(Told {
            title: Words { ko: words("ko"), en: words("en") },
            notices: figure("notices")?,
            reached: figure("reached")?,
            opened: figure("opened")?,
            cost: figure("cost_won_cents")?,
        })
    }
}

/// A file of the folder of a run that is over, open.
#[derive(Debug)]
pub struct RunFile {
    /// Its name.
    pub name: &'static str,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// When it was last written: seconds since 1970 by the real clock.
    pub written_s: u64,
    /// The file itself.
    pub file: File,
}

/// What playing a recorded run again came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// Events that were the same, byte for byte: all, or those before the first difference.
    pub events: u64,
    /// The first place where they differ.
    pub difference: Option<Difference>,
    /// The build that recorded the run.
    pub recorded_by: String,
    /// This build.
    pub replayed_by: &'static str,
}

/// The first place where a replay and its recording differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Line of `events.ndjson`, from 1.
    pub line: u64,
    /// The recorded line; `None` when the recording is over.
    pub recorded: Option<String>,
    /// The replayed line; `None` when the replay is over.
    pub replayed: Option<String>,
}

/// Why a run could not be let go of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeleteError {
    /// The disk is full, or the journal has too much to do: the same may be asked again later.
    Full(String),
    /// Something of this machine failed: a lowercase fragment.
    Failed(String),
}

/// Why an earlier run cannot be had in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecallError {
    /// This build cannot rebuild it: why, and the folder that still has its files.
    Unreadable {
        /// A lowercase fragment.
        why: String,
        /// Its name in the data folder.
        folder: String,
    },
    /// Another one is being played again.
    Busy,
    /// Something of this machine failed: a lowercase fragment.
    Failed(String),
}

/// One problem of a text, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The file's name.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: Words,
    /// The nearest known word.
    pub nearest: Option<String>,
}

/// A scenario that can be started by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// What [`Source::Name`] takes.
    pub name: String,
    /// Title for people.
    pub title: Words,
    /// Who sends: the name of the first channel.
    pub agency: Words,
    /// What a class does with it, if it is a lesson.
    pub lesson: Option<Lesson>,
    /// Rows of the source articles that it replays.
    pub sources: Vec<String>,
    /// How many people it has.
    pub people: u32,
    /// When it stops.
    pub stop: SimTime,
    /// Names of the faults that it brings by itself.
    pub faults: Vec<String>,
    /// What it promises, in the words of its file: `must`, `should` and `sometimes`, in their order.
    pub promises: Vec<Words>,
}

/// An outage pack that can be posted by name.
#[derive(Clone, Debug, PartialEq)]
pub struct OutageListing {
    /// What [`Outage::name`] takes.
    pub name: String,
    /// The pack.
    pub pack: Pack,
}

/// An outage pack that is to begin now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// One of the library, by name.
    pub name: String,
    /// How many times faster than it happened.
    pub speed: u32,
}

/// What a stage is made of, for its operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Whether runs outlive the process.
    pub durable: bool,
    /// Bytes of the journal's database, its log included.
    pub journal_bytes: Option<u64>,
    /// Why nothing can be kept any more, once the disk has failed.
    pub broken: Option<String>,
}

/// A future that owns all it needs.
pub type Task<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Who can really start a run: implemented where the parts of the host are put together.
pub trait Stage: Send + Sync {
    /// Reads the scenario and sets the run going. The run that is answered has begun.
    fn start(&self, claim: Claim, start: Start) -> Task<Result<Arc<Run>, StartError>>;

    /// Reads a fault in the words of a scenario file (JSON is YAML), as of that instant.
    fn read_fault(&self, run: &Run, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>>;

    /// The faults of an outage pack that begins at that instant of the run.
    fn read_outage(&self, run: &Run, outage: &Outage, at: SimTime) -> Result<Vec<Fault>, Vec<Located>>;

    /// The outage packs that can be posted by name. May read files.
    fn outages(&self) -> Vec<OutageListing>;

    /// The run's scenario with the faults that were posted and lifted by hand as lines of its timeline.
    fn as_played(&self, run: &Run) -> Result<String, Vec<Located>>;

    /// The scenarios that can be started by name. May read files.
    fn scenarios(&self) -> Vec<Listing>;

    /// The file of one of them, as it was written. May read files.
    fn scenario_text(&self, name: &str) -> Result<String, StartError>;

    /// Runs that are over, from the journal: the newest so many before that number, newest first. Some may be in memory
    /// too.
    fn earlier(&self, before: Option<RunId>, most: usize) -> Task<Result<Vec<Earlier>, RecallError>>;

    /// The `report.html` of a run that is over; `None` if the journal has none of that number.
    fn report(&self, id: RunId) -> Task<Result<Option<Vec<u8>>, RecallError>>;

    /// The files of a run that is over; `None` if the journal has none of that number.
    fn files(&self, id: RunId) -> Task<Result<Option<Vec<RunFile>>, RecallError>>;

    /// Plays a run that is over again, and compares; `None` if the journal has none of that number.
    fn replay(&self, id: RunId) -> Task<Result<Option<Replayed>, RecallError>>;

    /// Lets go of a run that is over, its folder too; whether there was one.
    fn delete(&self, id: RunId) -> Task<Result<bool, DeleteError>>;

    /// What there is room for.
    fn room(&self) -> Room;

    /// A run that is over in full, rebuilt from the journal; `None` if it has none of that number.
    fn recall(&self, id: RunId) -> Task<Result<Option<Arc<Run>>, RecallError>>;
}

/// All runs of this process.
#[derive(Clone, Default)]
pub struct Runs {
    inner: Arc<Mutex<Inner>>,
    /// Wakes when a run has begun.
    begun: Arc<watch::Sender<u32>>,
    /// Requests that providers refused since the process began.
    refusals: Arc<Refusals>,
}

#[derive(Default)]
struct Inner {
    last: u32,
    paced: usize,
    unpaced: usize,
    kept: VecDeque<Arc<Run>>,
}

/// The right to have one run going; given back when dropped.
pub struct Claim {
    /// The number of the run to be.
    pub id: RunId,
    paced: bool,
    runs: Runs,
}

impl Runs {
    /// Requests that providers refused since the process began.
    pub fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// Claims room for one more run.
    pub fn claim(&self, paced: bool) -> Result<Claim, StartError> {
        self.claimed(paced, None)
    }

    fn claimed(&self, paced: bool, again: Option<RunId>) -> Result<Claim, StartError> {
        let mut inner = self.lock();
        let (going, most) = if paced { (inner.paced, 1) } else { (inner.unpaced, VIRTUAL_MAX) };
        if going >= most {
            return Err(StartError::Busy(inner.going(paced).map(|run| run.id)));
        }
        *(if paced { &mut inner.paced } else { &mut inner.unpaced }) += 1;
        let id = again.unwrap_or(RunId(inner.last + 1));
        inner.last = inner.last.max(id.0);
        Ok(Claim { id, paced, runs: self.clone() })
    }

    /// Claims room for a run of an earlier process that goes on, by its own number.
    pub fn claim_again(&self, id: RunId, paced: bool) -> Result<Claim, StartError> {
        self.claimed(paced, Some(id))
    }

    /// Numbers up to this one belong to runs of earlier processes.
    pub fn count_from(&self, last: u32) {
        let mut inner = self.lock();
        inner.last = inner.last.max(last);
    }

    /// A run by number.
    pub fn get(&self, id: RunId) -> Option<Arc<Run>> {
        self.lock().kept.iter().find(|run| run.id == id).cloned()
    }

    /// All runs, oldest first.
    pub fn all(&self) -> Vec<Arc<Run>> {
        self.lock().kept.iter().cloned().collect()
    }

    /// Forgets every run that ended. Their numbers are not given again.
    pub fn forget_ended(&self) -> Vec<RunId> {
        let mut inner = self.lock();
        let (ended, going): (VecDeque<_>, VecDeque<_>) = inner.kept.drain(..).partition(|run| run.outcome().is_some());
        inner.kept = going;
        ended.into_iter().map(|run| run.id).collect()
    }

    /// Forgets a run that ended; whether there was one. Its number is not given again.
    pub fn forget(&self, id: RunId) -> bool {
        let mut inner = self.lock();
        let place = inner.kept.iter().position(|run| run.id == id && run.outcome().is_some());
        place.map(|place| inner.kept.remove(place)).is_some()
    }

    /// The run that faults are posted to and phones belong to: the one that follows the real clock, else the newest
    /// that goes on.
    pub fn current(&self) -> Option<Arc<Run>> {
        let inner = self.lock();
        inner.going(true).or_else(|| inner.going(false)).cloned()
    }

    /// Wakes when a run has begun.
    pub fn begun(&self) -> watch::Receiver<u32> {
        self.begun.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn going(&self, paced: bool) -> Option<&Arc<Run>> {
        self.kept.iter().rev().find(|run| run.paced == paced && run.outcome().is_none())
    }

    fn make_room(&mut self) {
        let ended = |run: &Arc<Run>| run.outcome().is_some();
        if self.kept.len() >= RUNS_MAX
            && let Some(oldest) = self.kept.iter().position(ended)
        {
            self.kept.remove(oldest);
        }
        self.kept.iter().rev().filter(|run| ended(run)).skip(EVENTS_KEPT_RUNS_MAX).for_each(|run| {
            run.forget_events();
        });
    }
}

impl Claim {
    /// The run has begun: from now on it is found by its number.
    pub fn show(&self, run: Arc<Run>) {
        let mut inner = self.runs.lock();
        inner.make_room();
        inner.kept.push_back(run);
        drop(inner);
        self.runs.begun.send_modify(|begun| *begun = self.id.0);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut inner = self.runs.lock();
        *(if self.paced { &mut inner.paced } else { &mut inner.unpaced }) -= 1;
    }
}
