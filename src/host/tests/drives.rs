//! The three drives give the same run.

use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::host::control::pace::Pace;
use crate::host::control::run::{Opening, Run, RunId, RunWriter, State};
use crate::host::control::{Order, RecordError, Recorder, Refusal, Tee};
use crate::host::drive::live::{self, Live};
use crate::host::drive::replay::{self, ReplayError};
use crate::host::drive::virtual_time::{self, Between, Undisturbed};
use crate::host::journal::compare::{Compare, Difference};
use crate::host::journal::meta::Meta;
use crate::host::journal::writer::Writer;
use crate::host::journal::{EVENTS_FILE, INPUTS_FILE, JournalError, reader};
use crate::host::link::{EngineEnd, GatewayEnd, ToEngine, ToGateway, seam};
use crate::host::shutdown::shutdown;
use crate::host::tests::{blackout, down};
use crate::report::names::Names;
use crate::sim::engine::Phones;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::model::event::{End, Event, EventKind, Rejection};
use crate::sim::model::ids::{PersonId, SessionId};
use crate::sim::model::medium::Network;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;
use crate::sim::time::{SimTime, Span};

fn rehearsal(phones: Phones) -> Rehearsal {
    Rehearsal::new(&blackout(), phones)
}

fn writer(folder: &Path, phones: Phones) -> Writer {
    let scenario = blackout();
    let meta = Meta::of("rent", scenario.plan.seed.0, phones, None);
    Writer::create(folder, &meta, &scenario.resolved, Names::of(&scenario.plan)).expect("a fresh folder")
}

pub(super) fn events(folder: &Path) -> String {
    std::fs::read_to_string(folder.join(EVENTS_FILE)).expect("the events of a run")
}

/// How many lines a replay had in common with the recording, or where it differs.
pub(super) fn replayed(folder: &Path) -> Result<u64, Difference> {
    let phones = reader::meta(folder).expect("run.json").phones.into();
    let mut compare = Compare::open(folder, Names::of(&blackout().plan)).expect("events");
    match replay::run(rehearsal(phones), reader::inputs(folder).expect("inputs"), &mut compare) {
        Ok(_) | Err(ReplayError::Record(_)) => compare.finish().expect("readable"),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn virtual_time_gives_the_same_bytes_twice_and_a_replay_gives_them_again() {
    let (first, second) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    for folder in [&first, &second] {
        let mut writer = writer(folder.path(), Phones::Simulated);
        let (rehearsal, recorded) = virtual_time::run(rehearsal(Phones::Simulated), &mut writer, &mut Undisturbed);
        assert_eq!(recorded, Ok(()));
        assert!(rehearsal.ended());
    }
    let events = events(first.path());
    assert_eq!(events, self::events(second.path()));
    assert!(events.contains("\"event\":\"fell_back\""), "the fallback ran");
    assert_eq!(replayed(first.path()), Ok(events.lines().count() as u64));
}

/// Hands in what is due at some instants.
struct Script {
    inputs: Vec<(SimTime, Input)>,
    rejections: Vec<Option<Rejection>>,
}

impl Between for Script {
    fn next(&mut self, at: SimTime) -> Option<Input> {
        let due = self.inputs.first().is_some_and(|(when, _)| *when <= at);
        due.then(|| self.inputs.remove(0).1)
    }

    fn taken(&mut self, rejected: Option<Rejection>) {
        self.rejections.push(rejected);
    }
}

#[test]
fn a_posted_fault_is_recorded_by_name_and_replayed() {
    let folder = tempfile::tempdir().expect("a folder");
    let post = |name: &str| Input::PostFault(Box::new(down(name, 0, Some(2_000))));
    let at = SimTime::ZERO + Span::from_secs(1);
    // The second has a name that is taken: it must not shift the numbers of later ones.
    let inputs = vec![(at, post("by hand")), (at, post("by hand")), (at, post("again"))];
    let mut script = Script { inputs, rejections: Vec::new() };
    let mut writer = writer(folder.path(), Phones::Simulated);
    let (_, recorded) = virtual_time::run(rehearsal(Phones::Simulated), &mut writer, &mut script);
    assert_eq!(recorded, Ok(()));
    assert_eq!(script.rejections, vec![None, Some(Rejection::FaultNameTaken), None]);
    let events = events(folder.path());
    let began: Vec<&str> = events.lines().filter(|line| line.contains("fault_began")).collect();
    let names = ["\"blackout\"", "\"by hand\"", "\"again\""];
    assert!(began.len() == 3 && names.iter().zip(&began).all(|(name, line)| line.contains(name)), "{began:?}");
    assert!(replayed(folder.path()).is_ok());
}

#[test]
fn a_changed_line_is_found_where_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut writer = writer(folder.path(), Phones::Simulated);
    virtual_time::run(rehearsal(Phones::Simulated), &mut writer, &mut Undisturbed).1.expect("recorded");
    let lines: Vec<String> = events(folder.path()).lines().map(str::to_owned).collect();
    let put = |lines: &[String]| {
        std::fs::write(folder.path().join(EVENTS_FILE), lines.join("\n") + "\n").expect("writable");
    };

    let mut changed = lines.clone();
    changed[6] = "{\"at\":\"forged\"}".to_owned();
    put(&changed);
    let found = Difference { line: 7, recorded: Some(changed[6].clone()), replayed: Some(lines[6].clone()) };
    assert_eq!(replayed(folder.path()), Err(found));

    put(&lines[..6]);
    assert_eq!(replayed(folder.path()), Err(Difference { line: 7, recorded: None, replayed: Some(lines[6].clone()) }));

    let longer: Vec<String> = lines.iter().cloned().chain(["more".to_owned()]).collect();
    put(&longer);
    let line = longer.len() as u64;
    assert_eq!(replayed(folder.path()), Err(Difference { line, recorded: Some("more".to_owned()), replayed: None }));
}

#[test]
fn a_cut_last_line_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(writer(folder.path(), Phones::Simulated));
    let path = folder.path().join(INPUTS_FILE);
    std::fs::write(&path, "{\"t\":1,\"in\":{\"stop\":{}}}\n{\"t\":2,\"in\":{\"st").expect("writable");
    let read: Vec<_> = reader::inputs(folder.path()).expect("there").take(2).collect();
    assert_eq!(read[0].as_ref().expect("whole"), &(SimTime::from_micros(1), Input::Stop));
    let error = read[1].as_ref().expect_err("cut");
    assert!(matches!(error, JournalError::Truncated { line: 2, .. }), "{error}");
    let expected = format!("{}:2: the last line has no end, its writer was killed", path.display());
    assert_eq!(error.to_string(), expected);
}

/// Takes so many effects, then the disk is full.
struct SmallDisk(usize);

impl Recorder for SmallDisk {
    fn input(&mut self, _at: SimTime, _input: &Input) -> Result<(), RecordError> {
        Ok(())
    }

    fn fault_named(&mut self, _name: &str) -> Result<(), RecordError> {
        Ok(())
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        let full = || RecordError { message: "no space left on device".to_owned(), full: true };
        self.0 = self.0.checked_sub(effects.len()).ok_or_else(full)?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}

#[test]
fn a_full_disk_ends_the_run_with_its_reason() {
    let (rehearsal, recorded) =
        virtual_time::run(rehearsal(Phones::Simulated), &mut SmallDisk(2_000), &mut Undisturbed);
    assert_eq!(recorded, Err(RecordError { message: "no space left on device".to_owned(), full: true }));
    assert!(!rehearsal.ended(), "nothing happens that nobody writes down");
}

/// A live run with its board, its end of the seam, and a task that plays it.
pub(super) struct Stagehand {
    pub(super) run: std::sync::Arc<Run>,
    pub(super) inputs: mpsc::Sender<ToEngine>,
    pub(super) orders: mpsc::Receiver<Vec<ToGateway>>,
    pub(super) trigger: crate::host::shutdown::Trigger,
    pub(super) playing: tokio::task::JoinHandle<Rehearsal>,
}

pub(super) fn play(folder: &Path, phones: Phones, speed: u32) -> Stagehand {
    staged(folder, &blackout(), phones, speed)
}

/// The same of another scenario with the same people and names.
pub(super) fn staged(folder: &Path, scenario: &Scenario, phones: Phones, speed: u32) -> Stagehand {
    let rehearsal = Rehearsal::new(scenario, phones);
    let pace = Pace::starting(Instant::now(), speed);
    let (run, ordered) = Run::open(Opening {
        id: RunId(1),
        plan: rehearsal.plan().clone(),
        people: rehearsal.people().clone(),
        promise: rehearsal.watch().promise().clone(),
        resolved: String::new(),
        phones,
        pace: Some(pace),
        begun_s: 0,
    });
    let (EngineEnd { inputs: taken, orders: given }, GatewayEnd { inputs, orders }) = seam();
    let (trigger, shutdown) = shutdown();
    let link = EngineEnd { inputs: taken, orders: given };
    let live = Live {
        rehearsal,
        at: SimTime::ZERO,
        first: Vec::new(),
        keep: None,
        run: run.clone(),
        pace,
        orders: ordered,
        link,
        shutdown,
    };
    let (mut writer, shown) = (writer(folder, phones), run.clone());
    let playing = tokio::spawn(async move {
        let mut shown = RunWriter::new(shown);
        let mut recorder = Tee(vec![&mut writer, &mut shown]);
        let (rehearsal, recorded) = live::run(live, &mut recorder).await;
        assert_eq!(recorded, Ok(()));
        rehearsal
    });
    Stagehand { run, inputs, orders, trigger, playing }
}

#[tokio::test(start_paused = true)]
async fn live_and_virtual_give_the_same_bytes_when_nobody_interferes() {
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut hand = play(one.path(), Phones::Simulated, 60);
    let drain = tokio::spawn(async move { while hand.orders.recv().await.is_some() {} });
    hand.playing.await.expect("no panic");
    drain.await.expect("no panic");
    let mut writer = writer(other.path(), Phones::Simulated);
    virtual_time::run(rehearsal(Phones::Simulated), &mut writer, &mut Undisturbed).1.expect("recorded");
    assert_eq!(events(one.path()), events(other.path()));
}

#[tokio::test(start_paused = true)]
async fn pausing_freezes_simulated_time_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let hand = play(folder.path(), Phones::Outside, 10);
    tokio::time::advance(Duration::from_secs(6)).await;
    hand.run.ask(Order::Pause).await.expect("paused");
    let frozen = hand.run.status();
    assert_eq!((frozen.state, frozen.at), (State::Paused, SimTime::ZERO + Span::from_secs(60)));

    tokio::time::advance(Duration::from_secs(600)).await;
    assert_eq!(hand.run.status().at, frozen.at);
    let hello = Input::Hello { session: SessionId(1), network: Network::Mobile, people: vec![PersonId(0)] };
    hand.inputs.send(ToEngine(hello)).await.expect("the run goes on");
    let mut changes = hand.run.changes();
    while hand.run.status().counts.sessions[Network::Mobile.index()] == 0 {
        changes.changed().await.expect("the run goes on");
    }
    assert_eq!(hand.run.status().at, frozen.at, "a hello at the frozen instant");

    hand.run.ask(Order::Resume).await.expect("resumed");
    hand.run.ask(Order::Speed(100)).await.expect("faster");
    tokio::time::advance(Duration::from_secs(1)).await;
    let status = hand.run.status();
    assert_eq!((status.state, status.at), (State::Running, SimTime::ZERO + Span::from_secs(160)));

    hand.run.ask(Order::Stop).await.expect("stopped");
    hand.playing.await.expect("no panic");
    assert_eq!(hand.run.end(), Some(End::Asked));
    assert_eq!(hand.run.ask(Order::Pause).await, Err(Refusal::Ended));
    assert!(replayed(folder.path()).is_ok());
}

#[tokio::test(start_paused = true)]
async fn faults_are_posted_and_lifted_while_the_run_goes_on_and_replayed() {
    let folder = tempfile::tempdir().expect("a folder");
    let hand = play(folder.path(), Phones::Simulated, 60);
    tokio::time::advance(Duration::from_secs(2)).await;
    let post = || Order::PostFault(Box::new(down("by hand", 0, None)));
    hand.run.ask(post()).await.expect("posted");
    assert_eq!(hand.run.ask(post()).await, Err(Refusal::Rejected(Rejection::FaultNameTaken)));
    assert_eq!(hand.run.faults_on().len(), 1);
    let lift = |name: &str| Order::LiftFault(name.to_owned());
    assert_eq!(hand.run.ask(lift("nothing")).await, Err(Refusal::Rejected(Rejection::UnknownFault)));
    hand.run.ask(lift("by hand")).await.expect("lifted");
    assert_eq!(hand.run.ask(lift("by hand")).await, Err(Refusal::Rejected(Rejection::UnknownFault)));
    assert!(hand.run.faults_on().is_empty());
    drop(hand.orders);
    hand.playing.await.expect("no panic");
    assert!(events(folder.path()).contains("\"lifted\":true,\"fault\":\"by hand\""));
    assert!(replayed(folder.path()).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_thrown_switch_stops_the_run_and_tells_the_gateway() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut hand = play(folder.path(), Phones::Simulated, 1);
    tokio::time::advance(Duration::from_secs(5)).await;
    hand.trigger.throw();
    let mut last = None;
    while let Some(orders) = hand.orders.recv().await {
        last = orders.last().cloned().or(last);
    }
    assert_eq!(last, Some(ToGateway::Shutdown));
    hand.playing.await.expect("no panic");
    let page = hand.run.events(hand.run.status().counts.events - 1, 1);
    let ended = Event { at: SimTime::ZERO + Span::from_secs(5), kind: EventKind::RunEnded { end: End::Asked } };
    assert_eq!(page.events, vec![ended]);
    assert!(replayed(folder.path()).is_ok());
}
