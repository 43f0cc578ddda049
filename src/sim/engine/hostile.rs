//! The engine against plans that mean harm, and against the corners of its own clock. Five people, counted by hand.

use std::sync::Arc;

use crate::sim::dice::{Share, Spread};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::{Engine, Phones};
use crate::sim::fault::{DownHow, Fault, FaultKind, Recover, Scope};
use crate::sim::model::code::Code;
use crate::sim::model::event::{Claim, Event, EventKind, Leg, Outcome};
use crate::sim::model::ids::{ButtonId, KindId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::population::Population;
use crate::sim::plan::service::terms::Terms;
use crate::sim::plan::{DeskRule, Pace, Plan, Trigger, sample};
use crate::sim::time::{SimTime, Span};

const SECOND: Span = Span::from_secs(1);

/// Five homes; everything that takes time takes a second, and the bills go out at once.
pub(super) fn five() -> Plan {
    let mut plan = sample::rent();
    plan.cohorts[0].count = 5;
    plan.sends[0].to.count = 5;
    plan.cohorts[0].habits.reads_after = Spread::Fixed(SECOND);
    for rules in &mut plan.media {
        (rules.shows, rules.receipt) = (Spread::Fixed(SECOND), Spread::Fixed(SECOND));
    }
    for rules in &mut plan.networks {
        rules.connect = Spread::Fixed(SECOND);
    }
    plan
}

pub(super) fn fault(name: &str, kind: FaultKind, from_s: u64, to_s: u64) -> Fault {
    let legs = kind.own_legs().to_vec();
    let at = |s| SimTime::ZERO + Span::from_secs(s);
    Fault {
        name: name.into(),
        kind,
        scope: Scope { networks: vec![Network::Kakao], legs, ..Scope::default() },
        begins: at(from_s),
        ends: Some(at(to_s)),
        recover: Recover::Drop,
        lifted: false,
        pack: None,
    }
}

pub(super) fn run(plan: Plan) -> Vec<Event> {
    let people = Arc::new(Population::of(&plan));
    let mut engine = Engine::new(Arc::new(plan), people, Phones::Simulated);
    let mut effects = Vec::new();
    while let Some(due) = engine.next_wakeup() {
        engine.step(due, None, &mut effects);
    }
    let event = |effect| if let Effect::Event(event) = effect { Some(event) } else { None };
    effects.into_iter().filter_map(event).collect()
}

fn count(events: &[Event], wanted: impl Fn(&EventKind) -> bool) -> usize {
    events.iter().filter(|event| wanted(&event.kind)).count()
}

/// A reply that carries the button that asks for it, and people who read and press at once.
#[test]
fn replies_that_ask_for_replies_come_to_an_end() {
    let mut plan = five();
    for rules in &mut plan.media {
        (rules.shows, rules.receipt) = (Spread::Fixed(Span::ZERO), Spread::Fixed(Span::ZERO));
    }
    let habits = &mut plan.cohorts[0].habits;
    habits.reads_after = Spread::Fixed(Span::ZERO);
    habits.presses = vec![(ButtonId(0), Share::ALL)];
    plan.desk = vec![DeskRule {
        when: Trigger::Press(ButtonId(0)),
        from: None,
        once: false,
        count: None,
        reply: Some(KindId(0)),
        terms: Terms::default(),
    }];
    let events = run(plan);
    let at_once = |event: &&Event| event.at == SimTime::ZERO;
    let created = events.iter().filter(at_once).filter(|event| matches!(event.kind, EventKind::Created { .. }));
    assert_eq!(created.count(), 5 * (1 + 8), "a bill each, and eight replies that follow from each other");
    assert_eq!(count(&events, |kind| matches!(kind, EventKind::Pressed { .. })), 5 * 9, "the last press is a press");
}

#[test]
fn a_handshake_that_ends_while_the_network_is_shut_again_is_refused() {
    let mut plan = five();
    plan.networks[Network::Kakao.index()].backoff = Span::from_micros(1);
    plan.networks[Network::Kakao.index()].backoff_max = Span::from_micros(1);
    plan.networks[Network::Kakao.index()].connect = Spread::Fixed(Span::ZERO);
    // The second outage begins while those who came back after the first wait for their slow handshake.
    let mut slow = fault("slow", FaultKind::Latency { add: Spread::Fixed(Span::from_secs(4)) }, 0, 60);
    slow.scope.legs = vec![Leg::Connect];
    plan.faults = vec![
        slow,
        fault("first", FaultKind::Sever { every: None }, 10, 11),
        fault("second", FaultKind::Down { how: DownHow::Reject }, 12, 20),
    ];
    let events = run(plan);
    let second = |event: &&Event| (12..20).contains(&(event.at.micros() / 1_000_000));
    let opened = |event: &Event| matches!(event.kind, EventKind::SessionOpened { network: Network::Kakao, .. });
    let refused = |event: &Event| matches!(event.kind, EventKind::SessionRefused { network: Network::Kakao, .. });
    assert_eq!(events.iter().filter(second).filter(|event| opened(event)).count(), 0);
    assert_eq!(events.iter().filter(second).filter(|event| refused(event)).count(), 5);
    assert_eq!(events.iter().filter(|event| opened(event)).count(), 5, "and back they come");
}

/// One LMS a second leaves the sender's line, and alimtalk's good news comes meanwhile.
#[test]
fn what_waits_in_the_senders_own_line_stays_there_once_its_route_has_ended() {
    let mut plan = five();
    plan.media[Medium::Lms.index()].rate = Some(1);
    plan.kinds[0].route[0].within = Some(Span::from_millis(1_500));
    let events = run(plan);
    let submitted = |kind: &EventKind| matches!(kind, EventKind::Submitted { medium: Medium::Lms, .. });
    let satisfied = |kind: &EventKind| matches!(kind, EventKind::RouteEnded { outcome: Outcome::Satisfied, .. });
    assert_eq!(count(&events, satisfied), 5);
    // All five fall back at 1.5 s; alimtalk reports at 2 s; only the first LMS was out by then.
    assert_eq!(count(&events, submitted), 1);
}

#[test]
fn a_late_receipt_of_reading_is_no_more_than_a_punctual_one() {
    let mut plan = five();
    plan.media[Medium::Alimtalk.index()].tells_opened = false;
    let mut late = fault("late", FaultKind::Latency { add: Spread::Fixed(SECOND) }, 0, 60);
    late.scope.legs = vec![Leg::Receipt];
    plan.faults = vec![late];
    let events = run(plan);
    let told =
        |claim: Claim| count(&events, |kind| matches!(kind, EventKind::Reported { claim: c, .. } if *c == claim));
    assert_eq!((told(Claim::Shown), told(Claim::Opened)), (5, 0), "a platform that does not tell who has read");
}

#[test]
fn a_fault_that_a_line_lifts_says_so() {
    let mut plan = five();
    let lifted = Fault { lifted: true, ..fault("lifted", FaultKind::Loss, 1, 2) };
    plan.faults = vec![lifted, fault("over", FaultKind::Loss, 1, 3)];
    let ends: Vec<bool> = run(plan)
        .iter()
        .filter_map(|event| if let EventKind::FaultEnded { lifted, .. } = event.kind { Some(lifted) } else { None })
        .collect();
    assert_eq!(ends, [true, false]);
}

#[test]
fn a_hundred_and_twenty_faults_of_every_kind_at_once_leave_the_engine_standing() {
    let mut plan = five();
    plan.sends[0].pace = Pace::Over(Span::from_secs(60));
    let kinds = [
        FaultKind::Down { how: DownHow::Hang },
        FaultKind::Silence,
        FaultKind::Loss,
        FaultKind::Freeze { release: Some(Span::from_secs(90)) },
        FaultKind::Creep { code: Code::INTERNAL, from: Share::NONE, rises: SECOND },
        FaultKind::SenderDown,
        FaultKind::Login,
        FaultKind::Sever { every: Some(SECOND) },
        FaultKind::Flap { down: SECOND, up: SECOND },
        FaultKind::Latency { add: Spread::Fixed(Span::from_days(400)) },
        FaultKind::Reorder { window: Span::from_days(400) },
        FaultKind::Duplicate { copies: 10, after: Spread::Fixed(Span::ZERO) },
    ];
    for round in 0..10_u64 {
        for (place, kind) in kinds.iter().enumerate() {
            let mut one = fault(&format!("f{round}-{place}"), kind.clone(), round, round + 2 + round * place as u64);
            if round % 2 == 1 {
                one.scope.legs = Leg::ALL.to_vec();
            }
            plan.faults.push(one);
        }
    }
    let events = run(plan);
    assert_eq!(count(&events, |kind| matches!(kind, EventKind::FaultBegan { .. })), 120);
    assert_eq!(count(&events, |kind| matches!(kind, EventKind::FaultEnded { .. })), 120);
    assert!(matches!(events.last().map(|event| &event.kind), Some(EventKind::RunEnded { .. })));
}
