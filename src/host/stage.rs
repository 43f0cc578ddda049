//! The stage: where a run gets its drive, its sockets, its folder and its board, and is judged when it is over.
//!
//! What a scenario's text means, and what a verdict looks like, come from outside through [`Shelf`]; so this knows no
//! library of scenarios and no report format.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet, spawn_blocking};
use tokio::time::{Instant, interval};

use crate::host::control::keep::KeepError;
use crate::host::control::pace::Pace;
use crate::host::control::run::{Opening, Outcome, Run, RunId, RunWriter};
use crate::host::control::runs::{Claim, DeleteError, Earlier, Listing, Located, Outage, OutageListing, RecallError};
use crate::host::control::runs::{Replayed, Room, RunFile, Stage, Start, StartError, Task, Told};
use crate::host::control::{Ordered, RecordError, Recorder, Tee};
use crate::host::drive::live::{self, Live};
use crate::host::drive::ordered::Orders;
use crate::host::drive::virtual_time;
use crate::host::gateway::Gateway;
use crate::host::journal::JournalError;
use crate::host::journal::meta::{Meta, build};
use crate::host::journal::store::row::NewRun;
use crate::host::journal::writer::{Writer, is_full};
use crate::host::link::{Board, EngineEnd, Past, seam};
use crate::host::shutdown::Shutdown;
use crate::host::stage::apart::RunFolder;
use crate::host::stage::archive::{Archive, now_s};
use crate::host::stage::recall::Recalled;
use crate::report::names::Names;
use crate::sim::engine::input::Input;
use crate::sim::fault::Fault;
use crate::sim::plan::Plan;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

pub mod archive;
pub mod apart;
pub mod resume;
pub mod recall;
pub mod again;
pub mod keeping;

/// What the host needs to be told about texts and judgements.
pub trait Shelf: Send + Sync {
    /// The scenario that is asked for, with everything that is to be changed in it.
    fn read(&self, start: &Start) -> Result<Scenario, StartError>;

    /// The scenario of a run of an earlier process, from its resolved text.
    fn read_resolved(&self, text: &[u8]) -> Result<Scenario, StartError>;

    /// One fault in the words of a scenario file, as of that instant.
    fn read_fault(&self, plan: &Plan, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>>;

    /// The faults of an outage pack that begins at that instant of the run.
    fn read_outage(&self, run: &Run, outage: &Outage, at: SimTime) -> Result<Vec<Fault>, Vec<Located>>;

    /// The outage packs that can be asked for by name.
    fn outages(&self) -> Vec<OutageListing>;

    /// The scenario of a run as it was played.
    fn as_played(&self, run: &Run) -> Result<String, Vec<Located>>;

    /// The scenarios that can be asked for by name.
    fn scenarios(&self) -> Vec<Listing>;

    /// The file of one of them, as it was written.
    fn scenario_text(&self, name: &str) -> Result<String, StartError>;

    /// Judges a run that is over, and puts the reports into its folder, if it has one.
    fn judge(&self, over: Over<'_>) -> Judgement;
}

/// A run that is over.
pub struct Over<'a> {
    /// The run.
    pub rehearsal: Rehearsal,
    /// Simulated seconds a real second; `None` for virtual time.
    pub speed: Option<u32>,
    /// The run's folder, with its journal.
    pub folder: Option<&'a Path>,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict in one word.
    pub verdict: &'static str,
    /// The exit code that goes with it.
    pub exit: u8,
    /// The whole of it, as `verdict.json`.
    pub document: String,
    /// The same for eyes, as `report.html`, of a run without a folder.
    pub report: Option<String>,
    /// Why the reports could not be written, if they could not: a lowercase fragment.
    pub unwritten: Option<String>,
}

/// The stage of `serve`: many runs, one gateway.
#[derive(Clone)]
pub struct House {
    shelf: Arc<dyn Shelf>,
    gateway: Gateway,
    archive: Option<Arc<Archive>>,
    shutdown: Shutdown,
    going: Arc<Mutex<JoinSet<()>>>,
    recalled: Arc<Recalled>,
    /// One replay at a time: each takes a processor and the memory of a run.
    again: Arc<tokio::sync::Semaphore>,
}

/// A run that is ready to be driven, from its beginning or from where an earlier process left it.
struct Ready {
    claim: Claim,
    rehearsal: Rehearsal,
    at: SimTime,
    first: Vec<Input>,
    past: Past,
    run: Arc<Run>,
    orders: mpsc::Receiver<Ordered>,
    writer: Option<RunFolder>,
    folder: Option<PathBuf>,
    pace: Option<Pace>,
}

/// A run's networks, open from before anybody hears of it.
struct Doors {
    /// The engine's end of the line to the gateway.
    link: EngineEnd,
    /// The task that obeys the run's orders.
    playing: JoinHandle<()>,
}

impl House {
    /// A stage that keeps its runs in a data folder, if there is one. The switch stops every run.
    pub fn new(shelf: Arc<dyn Shelf>, gateway: Gateway, archive: Option<Arc<Archive>>, shutdown: Shutdown) -> House {
        let again = Arc::new(tokio::sync::Semaphore::new(1));
        House { shelf, gateway, archive, shutdown, going: Arc::default(), recalled: Arc::default(), again }
    }

    /// Lets go of old runs now and then, also while nothing happens.
    pub async fn tidy(self) {
        let Some(archive) = self.archive.clone() else { return };
        let (mut ticks, mut shutdown) = (interval(TIDY_EVERY), self.shutdown.clone());
        loop {
            tokio::select! {
                () = shutdown.asked() => return,
                _ = ticks.tick() => archive.purge().await,
            }
        }
    }

    /// Waits until every run that goes on is judged and written. Throw the switch first.
    pub async fn finish(&self) {
        let mut going = std::mem::take(&mut *self.going.lock().unwrap_or_else(PoisonError::into_inner));
        while going.join_next().await.is_some() {}
    }

    async fn begin(self, claim: Claim, start: Start) -> Result<Arc<Run>, StartError> {
        let house = self.clone();
        let speed = start.speed;
        let ready = spawn_blocking(move || house.prepare(claim, &start)).await;
        let ready = ready.map_err(|error| StartError::Failed(format!("reading the scenario broke off: {error}")))??;
        self.keep_begin(&ready, speed).await?;
        Ok(self.set_going(ready))
    }

    /// The run is on disk before anybody hears of it.
    async fn keep_begin(&self, ready: &Ready, speed: Option<u32>) -> Result<(), StartError> {
        let (Some(archive), Some(folder)) = (&self.archive, &ready.folder) else { return Ok(()) };
        let run = &ready.run;
        let row = NewRun {
            id: run.id,
            name: run.plan.name.clone(),
            folder: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            scenario: run.resolved.clone(),
            seed: run.plan.seed.0,
            phones: run.phones,
            build: build().to_owned(),
            speed,
            begun_s: run.begun_s,
        };
        let begun = archive.begin(row).await;
        if begun.is_err() {
            // A folder that stays all the same is in nobody's way: its name is its own.
            let _ = std::fs::remove_dir_all(folder);
        }
        begun
    }

    fn set_going(&self, mut ready: Ready) -> Arc<Run> {
        let run = ready.run.clone();
        // The doors first: whoever hears of a live run finds its networks open.
        let doors = ready.pace.map(|pace| (pace, self.open_networks(&run, std::mem::take(&mut ready.past))));
        ready.claim.show(run.clone());
        let mut going = self.going.lock().unwrap_or_else(PoisonError::into_inner);
        while going.try_join_next().is_some() {}
        let house = self.clone();
        going.spawn(async move {
            match doors {
                Some((pace, doors)) => house.live(ready, pace, doors).await,
                None => house.unpaced(ready).await,
            }
        });
        run
    }

    /// Reads, draws the people, opens the folder: all that takes time before the clock may start.
    fn prepare(&self, claim: Claim, start: &Start) -> Result<Ready, StartError> {
        let scenario = self.shelf.read(start)?;
        let rehearsal = Rehearsal::new(&scenario, start.phones);
        let plan = rehearsal.plan().clone();
        let named = |archive: &Arc<Archive>| archive.make_folder(&folder_name(claim.id, &plan.name));
        let folder = self.archive.as_ref().map(named).transpose();
        let folder = folder.map_err(|error| unmade(&JournalError::Io { path: "the data folder".into(), error }))?;
        let writer = match &folder {
            Some(folder) => {
                let meta = Meta::of(&plan.name, plan.seed.0, start.phones, start.speed);
                let writer = Writer::create(folder, &meta, &scenario.resolved, Names::of(&plan));
                Some(RunFolder::new(writer.map_err(|error| unmade(&error))?))
            }
            None => None,
        };
        let pace = start.speed.map(|speed| Pace::starting(Instant::now(), speed));
        let (run, orders) = Run::open(Opening {
            id: claim.id,
            plan,
            people: rehearsal.people().clone(),
            promise: rehearsal.watch().promise().clone(),
            resolved: scenario.resolved,
            phones: start.phones,
            pace,
            begun_s: now_s(),
        });
        let (at, first, past) = (SimTime::ZERO, Vec::new(), Past::default());
        Ok(Ready { claim, rehearsal, at, first, past, run, orders, writer, folder, pace })
    }

    fn open_networks(&self, run: &Arc<Run>, past: Past) -> Doors {
        let (link, gateway_end) = seam();
        run.connect(gateway_end.inputs.clone());
        let board = Board {
            run: run.id.to_string(),
            plan: run.plan.clone(),
            people: run.people.clone(),
            words: run.words.clone(),
        };
        let playing = tokio::spawn(self.gateway.resume(Arc::new(board), gateway_end, past));
        Doors { link, playing }
    }

    async fn live(self, ready: Ready, pace: Pace, doors: Doors) {
        let Ready { claim, rehearsal, at, first, run, orders, mut writer, folder, .. } = ready;
        let Doors { link, playing } = doors;
        let mut shown = RunWriter::new(run.clone());
        let shutdown = self.shutdown.clone();
        let keep = self.archive.as_ref().map(|archive| archive.keep());
        let live = Live { rehearsal, at, first, keep, run: run.clone(), pace, orders, link, shutdown };
        let (rehearsal, recorded) = {
            let mut recorder = tee(&mut writer, &mut shown);
            live::run(live, &mut recorder).await
        };
        let recorded = recorded.and(finished(&mut writer));
        // A gateway that broke is no reason not to judge the run.
        let _ = playing.await;
        self.judged(claim, run, rehearsal, recorded, folder).await;
    }

    async fn unpaced(self, ready: Ready) {
        let Ready { claim, rehearsal, at, run, orders, mut writer, folder, .. } = ready;
        let mut kept = self.archive.as_ref().map(|archive| archive.keep_inputs(run.id));
        let mut orders = Orders::new(run.clone(), orders, self.shutdown.clone());
        let shown = run.clone();
        let driven = spawn_blocking(move || {
            let mut shown = RunWriter::new(shown);
            let mut recorder = tee(&mut writer, &mut shown);
            if let Some(kept) = &mut kept {
                recorder.0.insert(0, kept);
            }
            let (rehearsal, recorded) = virtual_time::go_on(rehearsal, at, &mut recorder, &mut orders);
            drop(recorder);
            (rehearsal, recorded.and(finished(&mut writer)))
        });
        match driven.await {
            Ok((rehearsal, recorded)) => self.judged(claim, run, rehearsal, recorded, folder).await,
            Err(error) => {
                drop(claim);
                run.close(broken(&run, &error.to_string()));
            }
        }
    }

    /// Judges a run. Its claim is given back before anybody hears that it is over, so that they may start the next.
    async fn judged(
        &self,
        claim: Claim,
        run: Arc<Run>,
        mut rehearsal: Rehearsal,
        recorded: Result<(), RecordError>,
        folder: Option<PathBuf>,
    ) {
        // A run that could not be written down was left in the middle; it is judged as stopped there.
        if !rehearsal.ended() {
            rehearsal.step(run.status().at, Some(Input::Stop), &mut Vec::new());
        }
        let broken_off = recorded.is_err();
        let (shelf, speed) = (self.shelf.clone(), run.status().speed);
        let judgement = spawn_blocking(move || shelf.judge(Over { rehearsal, speed, folder: folder.as_deref() })).await;
        let outcome = match judgement {
            Ok(judgement) => outcome(&run, judgement, recorded),
            Err(error) => broken(&run, &error.to_string()),
        };
        // A run that could not be written down to its end goes on where it is on disk, when a server starts again.
        if !broken_off {
            self.keep_end(&run, &outcome).await;
        }
        drop(claim);
        run.close(outcome);
    }

    /// That the run is over is on disk before anybody hears of it. If it cannot be, the next server rebuilds the run and
    /// comes to the same.
    async fn keep_end(&self, run: &Run, outcome: &Outcome) {
        let Some(archive) = &self.archive else { return };
        let (mut tries, mut told) = (interval(END_TRIES), false);
        let shutdown = self.shutdown.clone();
        loop {
            tries.tick().await;
            match archive.end(run.id, outcome).await {
                Ok(()) => break,
                Err(KeepError::Full(why)) if !shutdown.is_asked() => {
                    if !std::mem::replace(&mut told, true) {
                        tracing::warn!(run = %run.id, why, "the disk is full: the end of a run waits until there is room");
                    }
                    run.set_held(true);
                }
                Err(error) => {
                    tracing::warn!(run = %run.id, %error, "the end of a run is not on disk");
                    break;
                }
            }
        }
        archive.purge().await;
    }
}

impl Stage for House {
    fn start(&self, claim: Claim, start: Start) -> Task<Result<Arc<Run>, StartError>> {
        Box::pin(self.clone().begin(claim, start))
    }

    fn read_fault(&self, run: &Run, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>> {
        self.shelf.read_fault(&run.plan, text, at)
    }

    fn read_outage(&self, run: &Run, outage: &Outage, at: SimTime) -> Result<Vec<Fault>, Vec<Located>> {
        self.shelf.read_outage(run, outage, at)
    }

    fn outages(&self) -> Vec<OutageListing> {
        self.shelf.outages()
    }

    fn as_played(&self, run: &Run) -> Result<String, Vec<Located>> {
        self.shelf.as_played(run)
    }

    fn scenarios(&self) -> Vec<Listing> {
        self.shelf.scenarios()
    }

    fn scenario_text(&self, name: &str) -> Result<String, StartError> {
        self.shelf.scenario_text(name)
    }

    fn earlier(&self, before: Option<RunId>, most: usize) -> Task<Result<Vec<Earlier>, RecallError>> {
        let Some(archive) = self.archive.clone() else { return Box::pin(async { Ok(Vec::new()) }) };
        let work = spawn_blocking(move || recall::earlier(archive.data(), before, most));
        Box::pin(async move { work.await.unwrap_or_else(|error| Err(RecallError::Failed(error.to_string()))) })
    }

    fn report(&self, id: RunId) -> Task<Result<Option<Vec<u8>>, RecallError>> {
        let Some(archive) = self.archive.clone() else { return Box::pin(async { Ok(None) }) };
        let work = spawn_blocking(move || recall::report(archive.data(), id));
        Box::pin(async move { work.await.unwrap_or_else(|error| Err(RecallError::Failed(error.to_string()))) })
    }

    fn files(&self, id: RunId) -> Task<Result<Option<Vec<RunFile>>, RecallError>> {
        let Some(archive) = self.archive.clone() else { return Box::pin(async { Ok(None) }) };
        let work = spawn_blocking(move || keeping::files(archive.data(), id));
        Box::pin(async move { work.await.unwrap_or_else(|error| Err(RecallError::Failed(error.to_string()))) })
    }

    fn replay(&self, id: RunId) -> Task<Result<Option<Replayed>, RecallError>> {
        let Some(archive) = self.archive.clone() else { return Box::pin(async { Ok(None) }) };
        let (shelf, again) = (self.shelf.clone(), self.again.clone());
        Box::pin(async move {
            let turn = again.try_acquire_owned().map_err(|_| RecallError::Busy)?;
            let work = spawn_blocking(move || {
                let replayed = keeping::replay(shelf.as_ref(), archive.data(), id);
                drop(turn);
                replayed
            });
            work.await.unwrap_or_else(|error| Err(RecallError::Failed(error.to_string())))
        })
    }

    fn delete(&self, id: RunId) -> Task<Result<bool, DeleteError>> {
        let Some(archive) = self.archive.clone() else { return Box::pin(async { Ok(false) }) };
        let recalled = self.recalled.clone();
        Box::pin(async move {
            let gone = archive.delete(id).await?;
            recalled.forget(id);
            Ok(gone)
        })
    }

    fn room(&self) -> Room {
        let journal_bytes = self.archive.as_ref().map(|archive| keeping::journal_bytes(archive.data()));
        let broken = self.archive.as_ref().and_then(|archive| archive.broken());
        Room { durable: journal_bytes.is_some() && broken.is_none(), journal_bytes, broken }
    }

    fn recall(&self, id: RunId) -> Task<Result<Option<Arc<Run>>, RecallError>> {
        let Some(archive) = self.archive.clone() else { return Box::pin(async { Ok(None) }) };
        let (recalled, shelf) = (self.recalled.clone(), self.shelf.clone());
        Box::pin(async move { recalled.get(shelf, archive.data(), id).await })
    }
}

/// How often runs that have outgrown their stay are looked for.
const TIDY_EVERY: Duration = Duration::from_secs(10);
/// How often the end of a run is tried again on a full disk.
const END_TRIES: Duration = Duration::from_secs(1);

fn unmade(error: &JournalError) -> StartError {
    match error {
        JournalError::Io { error: why, .. } if is_full(why) => StartError::Full(error.to_string()),
        JournalError::Io { .. } | JournalError::Line { .. } | JournalError::Truncated { .. } => {
            StartError::Failed(error.to_string())
        }
    }
}

/// The exit code of a run that the simulator could not do properly.
const SIMULATOR_ERROR: u8 = 4;

fn outcome(run: &Run, judgement: Judgement, recorded: Result<(), RecordError>) -> Outcome {
    let Judgement { verdict, exit, document, report, unwritten } = judgement;
    let unrecorded = recorded.err().map(|error| error.message).or(unwritten);
    let exit = if unrecorded.is_some() { SIMULATOR_ERROR } else { exit };
    let (end, at) = (run.end(), run.status().at);
    let told = Told::read(document.as_bytes());
    Outcome { end, at, verdict, exit, document, told, report, unrecorded, ended_s: now_s() }
}

/// The outcome of a run whose drive or judge broke: a bug, but the others go on.
fn broken(run: &Run, message: &str) -> Outcome {
    let unrecorded = Some(format!("the run broke: {message}"));
    let (end, at, document) = (run.end(), run.status().at, "{}".to_owned());
    let (verdict, exit, report, told) = ("INCONCLUSIVE", SIMULATOR_ERROR, None, None);
    Outcome { end, at, verdict, exit, document, told, report, unrecorded, ended_s: now_s() }
}

fn tee<'a>(writer: &'a mut Option<RunFolder>, shown: &'a mut RunWriter) -> Tee<'a> {
    let mut recorders: Vec<&mut dyn Recorder> = Vec::new();
    if let Some(writer) = writer {
        recorders.push(writer);
    }
    recorders.push(shown);
    Tee(recorders)
}

fn finished(writer: &mut Option<RunFolder>) -> Result<(), RecordError> {
    writer.as_mut().map_or(Ok(()), RunFolder::finish)
}

/// `20260131T120000Z-r1-first-minute`: sorts by time, and two processes do not meet.
fn folder_name(id: RunId, scenario: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = scenario.chars().take(60).map(plain).collect();
    format!("{}-{id}-{name}", Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ"))
}
