//! Mock phones against a gateway on real sockets.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::host::link::{EngineEnd, ToEngine, ToGateway};
use crate::host::phones::counters::{Counters, PhonesSummary};
use crate::host::phones::{PhonesOptions, networks_of, run};
use crate::host::testbed::{LONG, Stage};
use crate::sim::dice::{Share, Spread};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::engine::{Engine, Phones};
use crate::sim::fault::{DownHow, Fault, FaultKind, Recover, Scope};
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::ids::{ButtonId, FaultId, PersonId, SessionId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::{Pace, Plan, sample};
use crate::sim::time::{SimTime, Span};

/// Tenants who read after a minute and pay at once.
fn plan() -> Plan {
    let mut plan = sample::rent();
    let habits = &mut plan.cohorts[0].habits;
    habits.reads_after = Spread::Fixed(Span::from_secs(60));
    habits.presses = vec![(ButtonId(0), Share::ALL)];
    plan
}

fn options(stage: &Stage, count: u32, per_socket: u32) -> PhonesOptions {
    PhonesOptions {
        url: format!("ws://{}", stage.address),
        plan: Arc::clone(&stage.board.plan),
        people: Arc::clone(&stage.board.people),
        which: PersonId(0)..PersonId(count),
        per_socket,
        speed: 600,
        networks: networks_of(&stage.board.plan),
        sources: Vec::new(),
        token: None,
        counters: Arc::default(),
    }
}

async fn until(counters: &Counters, done: impl Fn(PhonesSummary) -> bool) {
    let mut looks = tokio::time::interval(Duration::from_millis(1));
    let wait = async {
        while !done(counters.summary()) {
            looks.tick().await;
        }
    };
    tokio::time::timeout(LONG, wait).await.unwrap_or_else(|_| panic!("stuck at {:?}", counters.summary()));
}

/// The sessions of so many hellos on a network, by person.
async fn hellos(stage: &mut Stage, network: Network, phones: usize) -> Vec<(PersonId, SessionId)> {
    let mut all = Vec::new();
    while all.len() < phones {
        let hello = |input: &Input| matches!(input, Input::Hello { network: on, .. } if *on == network);
        let Input::Hello { session, people, .. } = stage.hear(hello).await else { unreachable!("it was asked for") };
        all.extend(people.into_iter().map(|person| (person, session)));
    }
    all
}

#[tokio::test]
async fn phones_show_and_people_read_and_pay() {
    let mut stage = Stage::play(plan(), Vec::new()).await;
    let options = options(&stage, 20, 1);
    assert_eq!(options.networks, [Network::Kakao, Network::Mobile]);
    let counters = Arc::clone(&options.counters);
    let phones = tokio::spawn(run(options, stage.shutdown.clone()));
    let sessions = hellos(&mut stage, Network::Kakao, 20).await;
    until(&counters, |counted| counted.open == 40).await;
    for (seq, (person, session)) in sessions.iter().enumerate() {
        stage.transmit(*session, Network::Kakao, seq as u64 + 1, person.0).await;
    }
    until(&counters, |counted| counted.pressed == 20).await;
    let (mut delivered, mut read, mut pressed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    while pressed.len() < 20 {
        match stage.hear(|_| true).await {
            Input::Delivered { person, .. } => assert!(delivered.insert(person)),
            Input::Read { person, .. } => assert!(delivered.contains(&person) && read.insert(person)),
            Input::Press { person, .. } => assert!(read.contains(&person) && pressed.insert(person)),
            _ => {}
        }
    }
    stage.trigger.throw();
    let summary = phones.await.unwrap().unwrap();
    let wanted = PhonesSummary { opened: 40, shown: 20, read: 20, pressed: 20, ..PhonesSummary::default() };
    assert_eq!(summary, wanted);
}

#[tokio::test]
async fn severed_phones_come_back_and_get_what_they_missed() {
    let mut stage = Stage::play(plan(), Vec::new()).await;
    let mut options = options(&stage, 5, 1);
    options.networks = vec![Network::Kakao];
    let counters = Arc::clone(&options.counters);
    let phones = tokio::spawn(run(options, stage.shutdown.clone()));
    let sessions = hellos(&mut stage, Network::Kakao, 5).await;
    until(&counters, |counted| counted.open == 5).await;
    let shut = Some((DownHow::Reset, FaultId(0)));
    stage.order(ToGateway::Gate { network: Network::Kakao, shut }).await;
    for (person, session) in &sessions {
        stage.order(ToGateway::Sever { session: *session, people: vec![*person], fault: FaultId(0) }).await;
    }
    until(&counters, |counted| counted.lost == 5 && counted.refused >= 5).await;
    // The engine let these go just before the line broke.
    for (seq, (person, session)) in sessions.iter().enumerate() {
        stage.transmit(*session, Network::Kakao, seq as u64 + 1, person.0).await;
    }
    stage.order(ToGateway::Gate { network: Network::Kakao, shut: None }).await;
    until(&counters, |counted| counted.shown == 5 && counted.open == 5).await;
    let mut delivered = BTreeSet::new();
    while delivered.len() < 5 {
        let receipt = stage.hear(|input| matches!(input, Input::Delivered { .. })).await;
        let Input::Delivered { person, .. } = receipt else { unreachable!("it was asked for") };
        delivered.insert(person);
    }
    stage.trigger.throw();
    phones.await.unwrap().unwrap();
}

#[tokio::test]
async fn receipts_that_a_line_took_before_it_broke_are_sent_again_and_presses_are_not() {
    let mut stage = Stage::play(plan(), Vec::new()).await;
    let mut options = options(&stage, 1, 1);
    options.networks = vec![Network::Kakao];
    let counters = Arc::clone(&options.counters);
    let phones = tokio::spawn(run(options, stage.shutdown.clone()));
    let (person, session) = hellos(&mut stage, Network::Kakao, 1).await[0];
    stage.transmit(session, Network::Kakao, 1, person.0).await;
    stage.hear(|input| matches!(input, Input::Press { .. })).await;
    // As a server that is killed leaves its phones: it has heard all of it, and perhaps kept none.
    stage.order(ToGateway::Sever { session, people: vec![person], fault: FaultId(0) }).await;
    until(&counters, |counted| counted.lost == 1 && counted.open == 1).await;
    let mut heard = Vec::new();
    while heard.len() < 2 {
        match stage.hear(|_| true).await {
            Input::Delivered { .. } => heard.push("delivered"),
            Input::Read { .. } => heard.push("read"),
            Input::Press { .. } => heard.push("press"),
            _ => {}
        }
    }
    assert_eq!(heard, ["delivered", "read"]);
    stage.trigger.throw();
    let summary = phones.await.unwrap().unwrap();
    assert_eq!((summary.shown, summary.read, summary.pressed), (1, 1, 1), "nobody does anything twice");
}

#[tokio::test]
async fn phones_on_a_shared_socket_go_on_by_themselves_when_they_are_dropped() {
    let mut stage = Stage::play(plan(), Vec::new()).await;
    let mut options = options(&stage, 10, 10);
    options.networks = vec![Network::Kakao];
    let counters = Arc::clone(&options.counters);
    let phones = tokio::spawn(run(options, stage.shutdown.clone()));
    let (_, session) = hellos(&mut stage, Network::Kakao, 10).await[0];
    until(&counters, |counted| counted.open == 1).await;
    let people = vec![PersonId(3), PersonId(4)];
    stage.order(ToGateway::Sever { session, people, fault: FaultId(0) }).await;
    let back = hellos(&mut stage, Network::Kakao, 2).await;
    assert_eq!(back.iter().map(|(person, _)| person.0).collect::<Vec<_>>(), [3, 4]);
    until(&counters, |counted| counted.open == 2 && counted.lost == 0).await;
    stage.transmit(back[0].1, Network::Kakao, 1, 3).await;
    stage.transmit(session, Network::Kakao, 2, 5).await;
    until(&counters, |counted| counted.shown == 2).await;
    stage.order(ToGateway::RunEnded).await;
    // Nobody throws the switch: a run that is over leaves nothing to play.
    phones.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_address_that_is_none_is_an_error() {
    let stage = Stage::open().await;
    let mut options = options(&stage, 1, 1);
    options.url = "http://localhost".to_owned();
    let error = run(options, stage.shutdown.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "expected ws://host:port, found \"http://localhost\"");
}

/// A little driver: the real engine, faster than the wall clock, until the run is over. The clock stands still until so
/// many phones have said hello, so that a busy machine changes nothing.
async fn drive(mut engine: Engine, mut end: EngineEnd, speed: u64, phones: usize) -> Vec<Event> {
    let (mut effects, mut events, mut greeted) = (Vec::new(), Vec::new(), 0);
    while greeted < phones {
        let ToEngine(input) = end.inputs.recv().await.unwrap();
        greeted += usize::from(matches!(input, Input::Hello { .. }));
        engine.step(SimTime::ZERO, Some(input), &mut effects);
        carry_out(&mut effects, &mut events, &end).await;
    }
    let begun = Instant::now();
    let now = || SimTime::from_micros(begun.elapsed().as_micros() as u64 * speed);
    while let Some(due) = engine.next_wakeup() {
        let wakes = begun + Duration::from_micros(due.micros() / speed);
        let input = tokio::select! {
            input = end.inputs.recv() => input.map(|ToEngine(input)| input),
            () = tokio::time::sleep_until(wakes) => None,
        };
        engine.step(now().max(if input.is_none() { due } else { SimTime::ZERO }), input, &mut effects);
        carry_out(&mut effects, &mut events, &end).await;
    }
    end.orders.send(vec![ToGateway::RunEnded]).await.unwrap();
    events
}

async fn carry_out(effects: &mut Vec<Effect>, events: &mut Vec<Event>, end: &EngineEnd) {
    for effect in effects.drain(..) {
        match effect {
            Effect::Event(event) => events.push(event),
            order => end.orders.send(vec![ToGateway::of(order).unwrap()]).await.unwrap(),
        }
    }
}

/// A hundred tenants with talk, ten minutes of an outage that breaks every line, in six seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_the_real_engine_is_an_outage_for_real_phones() {
    let mut plan = plan();
    plan.cohorts[0].count = 100;
    plan.sends[0].to.count = 100;
    plan.sends[0].at = SimTime::ZERO + Span::from_secs(120);
    plan.sends[0].pace = Pace::Over(Span::from_secs(600));
    plan.clock.stop = SimTime::ZERO + Span::from_secs(1_500);
    let kind = FaultKind::Down { how: DownHow::Reset };
    let legs = kind.own_legs().to_vec();
    plan.faults.push(Fault {
        name: "blackout".into(),
        kind,
        scope: Scope { networks: vec![Network::Kakao], legs, ..Scope::default() },
        begins: SimTime::ZERO + Span::from_secs(300),
        ends: Some(SimTime::ZERO + Span::from_secs(900)),
        recover: Recover::Flush { per_second: None, newest_first: false },
        lifted: false,
        pack: None,
    });
    let (end, stage) = Stage::bare(plan).await;
    let mut options = options(&stage, 100, 1);
    options.speed = 240;
    let counters = Arc::clone(&options.counters);
    let engine = Engine::new(Arc::clone(&stage.board.plan), Arc::clone(&stage.board.people), Phones::Outside);
    let (phones, events) = tokio::join!(run(options, stage.shutdown.clone()), drive(engine, end, 240, 200));
    let summary = phones.unwrap();
    let count = |wanted: fn(&EventKind) -> bool| events.iter().filter(|event| wanted(&event.kind)).count();
    let cut =
        |kind: &EventKind| matches!(kind, EventKind::SessionClosed { network: Network::Kakao, fault: Some(_), .. });
    assert_eq!(count(cut), 100, "every line was cut");
    assert!(summary.lost >= 100 && summary.refused > 0, "and the phones noticed: {summary:?}");
    let turned_away: u32 = events
        .iter()
        .map(|event| match event.kind {
            EventKind::HandshakesRefused { count, .. } => count,
            _ => 0,
        })
        .sum();
    assert!(turned_away > 0, "the gate counted them");
    let fell_back = count(|kind| matches!(kind, EventKind::FellBack { to: Medium::Lms, .. }));
    assert!(fell_back >= 50, "bills of the outage went by LMS: {fell_back}");
    let reached: BTreeSet<PersonId> = events
        .iter()
        .filter_map(|event| match event.kind {
            EventKind::Shown { person, .. } => Some(person),
            _ => None,
        })
        .collect();
    assert_eq!(reached.len(), 100, "nobody is lost to the outage");
    assert_eq!(
        count(|kind| matches!(kind, EventKind::InputRejected { .. })),
        0,
        "phones and engine agree on everything"
    );
    assert_eq!(counters.summary().open, 0);
}
