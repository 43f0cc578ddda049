//! `Engine::step`: a small drawn plan, and any inputs at any times, backwards too.
//!
//! The plan comes from the swarm's drawing and the laws are the swarm's own, so that what holds for its dice holds for
//! the fuzzer's bytes. On top: a host that wakes late sees the same bytes, time never goes back, and the ledger's totals
//! are what the events say.

use std::sync::{Arc, LazyLock};

use bongsu::report::names::Names;
use bongsu::report::ndjson::write_event;
use bongsu::report::ndjson_read::Reader;
use bongsu::sim::engine::effect::Effect;
use bongsu::sim::engine::input::Input;
use bongsu::sim::engine::{Engine, Phones};
use bongsu::sim::expect::{Promise, Watch};
use bongsu::sim::model::event::{Event, EventKind};
use bongsu::sim::model::ids::{AttemptId, ButtonId, ChannelId, FaultId, KindId, NoticeId, PersonId, SessionId};
use bongsu::sim::model::medium::Network;
use bongsu::sim::plan::Plan;
use bongsu::sim::plan::population::Population;
use bongsu::sim::time::{SimTime, Span};

use crate::bytes::Bytes;
use dice::Dice;
use trace::Trace;

#[path = "../../swarm/dice.rs"]
mod dice;
#[path = "../../swarm/draw.rs"]
mod draw;
#[path = "../../swarm/faults.rs"]
mod faults;
#[path = "../../swarm/liveness.rs"]
mod liveness;
#[path = "../../swarm/safety.rs"]
mod safety;
#[path = "../../swarm/services.rs"]
mod services;
#[path = "../../swarm/trace.rs"]
#[allow(dead_code, reason = "the swarm also asks whether every kind of event was seen")]
mod trace;

/// A law: what of a trace breaks it.
type Law = fn(&Trace) -> Vec<String>;

/// Plans to choose from: as many as a byte can name.
const SEEDS: usize = 256;
/// Most people of a small plan.
const PEOPLE_MAX: u32 = 16;
/// The longest small plan.
const STOP_MAX: Span = Span::from_hours(6);
/// Most inputs of a run.
const INPUTS_MAX: usize = 400;
/// Most steps after the last input.
const STEPS_MAX: usize = 2_000_000;
/// Most posted faults.
const POSTED_MAX: usize = 20;

/// Seeds of small plans: few people and a quarter of a day, so that there is time for many of them.
static SMALL: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let small = |seed: &u64| {
        let plan = draw::plan(*seed);
        plan.people() <= PEOPLE_MAX && plan.clock.stop <= SimTime::ZERO + STOP_MAX
    };
    (0..u64::MAX).filter(small).take(SEEDS).collect()
});

/// One input: the plan's seed, who plays the phones, then inputs with the time between them.
pub fn run(data: &[u8]) {
    let bytes = &mut Bytes::new(data);
    let plan = Arc::new(draw::plan(SMALL[usize::from(bytes.byte()) % SMALL.len()]));
    let phones = if bytes.byte().is_multiple_of(2) { Phones::Simulated } else { Phones::Outside };
    let (trace, posted) = play(&plan, phones, bytes);
    let late = replay(&trace, phones);
    assert!(trace.events == late.events, "{}", trace.first_difference(&late));
    reads_back(&trace, &posted);
    let broken: Vec<String> = safety::LAWS
        .iter()
        .chain(&liveness::LAWS)
        .flat_map(|(name, law)| law(&trace).into_iter().take(3).map(move |what| format!("{name}: {what}")))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    adds_up(&trace);
}

/// Plays the inputs as a host that is always on time, then on to the end; answers also the names of posted faults.
fn play(plan: &Arc<Plan>, phones: Phones, bytes: &mut Bytes<'_>) -> (Trace, Vec<String>) {
    let (mut engine, mut trace) = begin(plan.clone(), phones);
    let (mut at, mut posted) = (SimTime::ZERO, 0);
    while bytes.any() && trace.inputs.len() < INPUTS_MAX && !engine.ended() {
        let asked = moved(at, bytes);
        while let Some(due) = engine.next_wakeup().filter(|due| *due <= asked && !engine.ended()) {
            step(&mut engine, due, None, &mut trace);
        }
        // What the engine takes for the time: one that went back counts as the last one.
        at = at.max(asked);
        let input = input(bytes, plan, &mut posted);
        if !engine.ended() {
            trace.inputs.push((at, input.clone()));
        }
        step(&mut engine, asked, Some(input), &mut trace);
    }
    for _ in 0..STEPS_MAX {
        let Some(due) = engine.next_wakeup() else { break };
        step(&mut engine, due, None, &mut trace);
    }
    assert!(engine.ended(), "nothing is due at {}, or far too much, and the run has not ended", engine.now());
    let mut after = Vec::new();
    engine.step(SimTime::NEVER, Some(Input::Stop), &mut after);
    assert!(after.is_empty(), "something happened after the end");
    let posted = engine.faults().all().iter().skip(plan.faults.len());
    let names = posted.map(|live| live.fault.name.clone()).collect();
    (trace, names)
}

/// Plays the same inputs with a host that looks at the clock only when an input comes.
fn replay(first: &Trace, phones: Phones) -> Trace {
    let (mut engine, mut trace) = begin(first.plan.clone(), phones);
    for (at, input) in &first.inputs {
        step(&mut engine, *at, Some(input.clone()), &mut trace);
    }
    step(&mut engine, SimTime::NEVER, None, &mut trace);
    trace
}

fn begin(plan: Arc<Plan>, phones: Phones) -> (Engine, Trace) {
    let people = Arc::new(Population::of(&plan));
    let engine = Engine::new(plan.clone(), people.clone(), phones);
    (engine, Trace { plan, people, outside: true, inputs: Vec::new(), events: Vec::new() })
}

fn step(engine: &mut Engine, at: SimTime, input: Option<Input>, trace: &mut Trace) {
    let (before, mut effects) = (engine.now(), Vec::new());
    engine.step(at, input, &mut effects);
    assert!(engine.now() >= before, "time went back from {before} to {}", engine.now());
    trace.events.extend(effects.into_iter().filter_map(|effect| match effect {
        Effect::Event(event) => Some(event),
        Effect::Transmit { .. }
        | Effect::Admit { .. }
        | Effect::Sever { .. }
        | Effect::Gate { .. }
        | Effect::Handed(_)
        | Effect::CallAnswered(_)
        | Effect::Word(_) => None,
    }));
}

/// The next instant: mostly a little later, sometimes hours, sometimes back.
fn moved(at: SimTime, bytes: &mut Bytes<'_>) -> SimTime {
    let (way, much) = (bytes.byte(), u64::from(bytes.byte()));
    match way % 8 {
        0 | 1 => at,
        2 => at + Span::from_millis(much),
        3 | 4 => at + Span::from_secs(much),
        5 => at + Span::from_secs(much * 60),
        6 => at + Span::from_hours(much % 50),
        _ => SimTime::from_micros(at.micros().saturating_sub(much * 1_000_000)),
    }
}

fn input(bytes: &mut Bytes<'_>, plan: &Plan, posted: &mut usize) -> Input {
    let kind = bytes.byte();
    let person = PersonId(u32::from(bytes.byte()));
    let attempt =
        |bytes: &mut Bytes<'_>| AttemptId { notice: NoticeId(u32::from(bytes.byte())), ordinal: bytes.byte() % 4 };
    let channel = |bytes: &mut Bytes<'_>| ChannelId(u16::from(bytes.byte() % 4));
    match kind % 20 {
        0..=3 => Input::Hello {
            session: SessionId(u32::from(bytes.byte())),
            network: bytes.one(&Network::ALL),
            people: (0..bytes.byte() % 12).map(|_| PersonId(u32::from(bytes.byte()))).collect(),
        },
        4 => Input::Bye { session: SessionId(u32::from(bytes.byte())) },
        5..=7 => Input::Delivered { person, attempt: attempt(bytes) },
        8 => Input::Read { person, attempt: attempt(bytes) },
        9 => Input::Press { person, attempt: attempt(bytes), button: ButtonId(u16::from(bytes.byte() % 4)) },
        10 => Input::Say { person, channel: channel(bytes), text: bytes.one(&["안녕하세요", "", "?"]).into() },
        11 => Input::Follow { person, channel: channel(bytes) },
        12 => Input::Unfollow { person, channel: channel(bytes) },
        13 => Input::Block { person, channel: channel(bytes) },
        14 if *posted < POSTED_MAX => {
            *posted += 1;
            let dice = &mut Dice::new(u64::from(bytes.word()), 3);
            Input::PostFault(Box::new(faults::one(dice, *posted as u64, plan.clock.stop.micros() / 1_000_000)))
        }
        14 | 15 => Input::LiftFault(FaultId(u16::from(bytes.byte() % 30))),
        16 => Input::Submit { kind: KindId(u16::from(bytes.byte() % 8)), person },
        17 => Input::HandshakesRefused { network: bytes.one(&Network::ALL), count: u32::from(bytes.word()) },
        18 => Input::SlowSessionCut { session: SessionId(u32::from(bytes.byte())) },
        _ if bytes.byte() == 0xff => Input::Stop,
        _ => Input::StopCondition(bytes.byte()),
    }
}

/// What is written of a run is read as what it was: written once more, it is the same bytes.
fn reads_back(trace: &Trace, posted: &[String]) {
    let first = written(trace, posted, &trace.events);
    let mut reader = Reader::of(&trace.plan);
    let lines = first.split_inclusive(|byte| *byte == b'\n');
    let read: Result<Vec<Event>, String> = lines.map(|line| reader.read_event(line)).collect();
    let read = read.unwrap_or_else(|why| panic!("{why}"));
    // A reader counts posted faults as it meets them, so their numbers may be others; their names are not.
    let met = &reader.faults()[trace.plan.faults.len()..];
    assert!(written(trace, met, &read) == first, "what is read back is something else");
}

fn written(trace: &Trace, posted: &[String], events: &[Event]) -> Vec<u8> {
    let (mut names, mut out) = (Names::of(&trace.plan), Vec::new());
    posted.iter().for_each(|name| names.add_fault(name));
    events.iter().for_each(|event| write_event(&mut out, &names, event));
    out
}

/// The ledger that verdicts are made of says what the events say.
fn adds_up(trace: &Trace) {
    let mut watch = Watch::new(trace.plan.clone(), trace.people.clone(), Promise::default());
    trace.events.iter().for_each(|event| watch.observe(event));
    let figures = watch.finish().figures;
    let count = |is: fn(&EventKind) -> bool| trace.events.iter().filter(|event| is(&event.kind)).count() as u64;
    let notices = count(|kind| matches!(kind, EventKind::Created { .. }));
    assert_eq!(figures.notices + figures.replies, notices, "notices");
    let attempts = count(|kind| matches!(kind, EventKind::Submitted { .. }));
    assert_eq!(figures.attempts.iter().sum::<u64>(), attempts, "attempts");
    let charged = trace.events.iter().map(|event| match event.kind {
        EventKind::Charged { price, .. } => u64::from(price),
        _ => 0,
    });
    assert_eq!(figures.cost.iter().sum::<u64>(), charged.sum::<u64>(), "cost");
    assert_eq!(figures.first_medium.iter().sum::<u64>(), figures.reached, "reached by medium");
    assert_eq!(figures.belief.iter().flatten().sum::<u64>(), figures.notices, "belief against truth");
    assert_eq!(figures.series.created.iter().sum::<u64>(), figures.notices, "created over time");
    assert_eq!(figures.series.reached.iter().flatten().sum::<u64>(), figures.reached, "reached over time");
    for group in &figures.groups {
        assert!(group.reached <= group.notices && group.notices <= figures.notices, "{group:?}");
    }
    assert!(figures.reached <= figures.notices && figures.twice <= figures.notices, "{figures:?}");
}
