//! The stage: where a run gets its drive, its sockets, its folder and its board, and is judged when it is over.
//!
//! What a scenario's text means, and what a verdict looks like, come from outside through [`Shelf`]; so this knows no
//! library of scenarios and no report format.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::Instant;

use crate::host::control::pace::Pace;
use crate::host::control::run::{Opening, Outcome, Run, RunId, RunWriter};
use crate::host::control::runs::{Claim, Listing, Located, Stage, Start, StartError, Task};
use crate::host::control::{Ordered, RecordError, Recorder, Tee};
use crate::host::drive::live::{self, Live};
use crate::host::drive::ordered::Orders;
use crate::host::drive::virtual_time;
use crate::host::gateway::Gateway;
use crate::host::journal::meta::Meta;
use crate::host::journal::writer::Writer;
use crate::host::link::{Board, seam};
use crate::host::shutdown::Shutdown;
use crate::report::names::Names;
use crate::sim::engine::input::Input;
use crate::sim::fault::Fault;
use crate::sim::plan::Plan;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

/// What the host needs to be told about texts and judgements.
pub trait Shelf: Send + Sync {
    /// The scenario that is asked for, with everything that is to be changed in it.
    fn read(&self, start: &Start) -> Result<Scenario, StartError>;

    /// One fault in the words of a scenario file, as of that instant.
    fn read_fault(&self, plan: &Plan, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>>;

    /// The scenarios that can be asked for by name.
    fn scenarios(&self) -> Vec<Listing>;

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
    /// Why the reports could not be written, if they could not: a lowercase fragment.
    pub unwritten: Option<String>,
}

/// The stage of `serve`: many runs, one gateway.
#[derive(Clone)]
pub struct House {
    shelf: Arc<dyn Shelf>,
    gateway: Gateway,
    data: Option<PathBuf>,
    shutdown: Shutdown,
    going: Arc<Mutex<JoinSet<()>>>,
}

/// A run that is ready to be driven.
struct Ready {
    claim: Claim,
    rehearsal: Rehearsal,
    run: Arc<Run>,
    orders: mpsc::Receiver<Ordered>,
    writer: Option<Writer>,
    folder: Option<PathBuf>,
    pace: Option<Pace>,
}

impl House {
    /// A stage that puts run folders under `data`, if there is one. The switch stops every run.
    pub fn new(shelf: Arc<dyn Shelf>, gateway: Gateway, data: Option<PathBuf>, shutdown: Shutdown) -> House {
        House { shelf, gateway, data, shutdown, going: Arc::default() }
    }

    /// Waits until every run that goes on is judged and written. Throw the switch first.
    pub async fn finish(&self) {
        let mut going = std::mem::take(&mut *self.going.lock().unwrap_or_else(PoisonError::into_inner));
        while going.join_next().await.is_some() {}
    }

    async fn begin(self, claim: Claim, start: Start) -> Result<Arc<Run>, StartError> {
        let house = self.clone();
        let ready = spawn_blocking(move || house.prepare(claim, &start)).await;
        let ready = ready.map_err(|error| StartError::Failed(format!("reading the scenario broke off: {error}")))??;
        let run = ready.run.clone();
        ready.claim.show(run.clone());
        let mut going = self.going.lock().unwrap_or_else(PoisonError::into_inner);
        while going.try_join_next().is_some() {}
        let house = self.clone();
        going.spawn(async move {
            match ready.pace {
                Some(pace) => house.live(ready, pace).await,
                None => house.unpaced(ready).await,
            }
        });
        Ok(run)
    }

    /// Reads, draws the people, opens the folder: all that takes time before the clock may start.
    fn prepare(&self, claim: Claim, start: &Start) -> Result<Ready, StartError> {
        let scenario = self.shelf.read(start)?;
        let rehearsal = Rehearsal::new(&scenario, start.phones);
        let plan = rehearsal.plan().clone();
        let folder = self.data.as_ref().map(|data| data.join(folder_name(claim.id, &plan.name)));
        let writer = match &folder {
            Some(folder) => {
                let meta = Meta::of(&plan.name, plan.seed.0, start.phones, start.speed);
                let writer = Writer::create(folder, &meta, &scenario.resolved, Names::of(&plan));
                Some(writer.map_err(|error| StartError::Failed(error.to_string()))?)
            }
            None => None,
        };
        let pace = start.speed.map(|speed| Pace::starting(Instant::now(), speed));
        let (run, orders) = Run::open(Opening {
            id: claim.id,
            plan,
            people: rehearsal.people().clone(),
            resolved: scenario.resolved,
            phones: start.phones,
            pace,
        });
        Ok(Ready { claim, rehearsal, run, orders, writer, folder, pace })
    }

    async fn live(self, ready: Ready, pace: Pace) {
        let Ready { claim, rehearsal, run, orders, mut writer, folder, .. } = ready;
        let (link, gateway_end) = seam();
        let board = Board { run: run.id.to_string(), plan: run.plan.clone(), people: run.people.clone() };
        let gateway = self.gateway.clone();
        let playing = tokio::spawn(async move { gateway.play(Arc::new(board), gateway_end).await });
        let mut shown = RunWriter::new(run.clone());
        let shutdown = self.shutdown.clone();
        let live = Live { rehearsal, run: run.clone(), pace, orders, link, shutdown };
        let (rehearsal, recorded) = {
            let mut recorder = tee(&mut writer, &mut shown);
            live::run(live, &mut recorder).await
        };
        // A gateway that broke is no reason not to judge the run.
        let _ = playing.await;
        self.judged(run, rehearsal, recorded, folder).await;
        drop(claim);
    }

    async fn unpaced(self, ready: Ready) {
        let Ready { claim, rehearsal, run, orders, mut writer, folder, .. } = ready;
        let mut orders = Orders::new(run.clone(), orders, self.shutdown.clone());
        let shown = run.clone();
        let driven = spawn_blocking(move || {
            let mut shown = RunWriter::new(shown);
            let mut recorder = tee(&mut writer, &mut shown);
            virtual_time::run(rehearsal, &mut recorder, &mut orders)
        });
        match driven.await {
            Ok((rehearsal, recorded)) => self.judged(run, rehearsal, recorded, folder).await,
            Err(error) => run.close(broken(&run, &error.to_string())),
        }
        drop(claim);
    }

    async fn judged(
        &self,
        run: Arc<Run>,
        mut rehearsal: Rehearsal,
        recorded: Result<(), RecordError>,
        folder: Option<PathBuf>,
    ) {
        // A run that could not be written down was left in the middle; it is judged as stopped there.
        if !rehearsal.ended() {
            rehearsal.step(run.status().at, Some(Input::Stop), &mut Vec::new());
        }
        let (shelf, speed) = (self.shelf.clone(), run.status().speed);
        let judgement = spawn_blocking(move || shelf.judge(Over { rehearsal, speed, folder: folder.as_deref() })).await;
        run.close(match judgement {
            Ok(judgement) => outcome(&run, judgement, recorded),
            Err(error) => broken(&run, &error.to_string()),
        });
    }
}

impl Stage for House {
    fn start(&self, claim: Claim, start: Start) -> Task<Result<Arc<Run>, StartError>> {
        Box::pin(self.clone().begin(claim, start))
    }

    fn read_fault(&self, run: &Run, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>> {
        self.shelf.read_fault(&run.plan, text, at)
    }

    fn scenarios(&self) -> Vec<Listing> {
        self.shelf.scenarios()
    }
}

/// The exit code of a run that the simulator could not do properly.
const SIMULATOR_ERROR: u8 = 4;

fn outcome(run: &Run, judgement: Judgement, recorded: Result<(), RecordError>) -> Outcome {
    let Judgement { verdict, exit, document, unwritten } = judgement;
    let unrecorded = recorded.err().map(|error| error.message).or(unwritten);
    let exit = if unrecorded.is_some() { SIMULATOR_ERROR } else { exit };
    Outcome { end: run.end(), at: run.status().at, verdict, exit, document, unrecorded }
}

/// The outcome of a run whose drive or judge broke: a bug, but the others go on.
fn broken(run: &Run, message: &str) -> Outcome {
    let unrecorded = Some(format!("the run broke: {message}"));
    let (at, document) = (run.status().at, "{}".to_owned());
    Outcome { end: run.end(), at, verdict: "INCONCLUSIVE", exit: SIMULATOR_ERROR, document, unrecorded }
}

fn tee<'a>(writer: &'a mut Option<Writer>, shown: &'a mut RunWriter) -> Tee<'a> {
    let mut recorders: Vec<&mut dyn Recorder> = Vec::new();
    if let Some(writer) = writer {
        recorders.push(writer);
    }
    recorders.push(shown);
    Tee(recorders)
}

/// `20260131T120000Z-r1-first-minute`: sorts by time, and two processes do not meet.
fn folder_name(id: RunId, scenario: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = scenario.chars().take(60).map(plain).collect();
    format!("{}-{id}-{name}", Timestamp::now().strftime("%Y%m%dT%H%M%S%3fZ"))
}
