//! Each law shown to bite: a violation is planted into real traces, and the law has to find it.

use std::sync::Arc;

use bongsu::sim::fault::{DownHow, FaultKind, Recover, Scope};
use bongsu::sim::model::code::Code;
use bongsu::sim::model::event::{Claim, Event, EventKind, Leg};
use bongsu::sim::model::ids::FaultId;
use bongsu::sim::model::medium::Network;

use super::play::play;
use super::trace::{Trace, word};
use super::{SEEDS, liveness, safety, usual};

/// Plants a violation; `false` if the trace has no place for it.
type Plant = fn(&mut Trace) -> bool;

/// A violation for each law, in the order of the laws.
const SAFETY: [Plant; 13] = [
    |trace| repeat(trace, "run_started"),
    |trace| repeat(trace, "created"),
    |trace| repeat(trace, "shown"),
    |trace| {
        turn(trace, |kind| match *kind {
            EventKind::Accepted { attempt } => {
                Some(EventKind::Refused { attempt, code: Code::INTERNAL, said: None, fault: None })
            }
            _ => None,
        })
    },
    |trace| {
        turn(trace, |kind| match *kind {
            EventKind::Accepted { attempt } => {
                Some(EventKind::Refused { attempt, code: Code::TEMPLATE_NOT_APPROVED, said: None, fault: None })
            }
            _ => None,
        })
    },
    |trace| remove_all(trace, "shown"),
    |trace| repeat(trace, "session_closed"),
    connect_while_down,
    |trace| {
        turn(trace, |kind| match *kind {
            EventKind::Shown { attempt, person, copy, .. } => {
                Some(EventKind::Shown { attempt, person, copy, fault: Some(FaultId(u16::MAX)) })
            }
            _ => None,
        })
    },
    |trace| {
        // Everybody's faults are said to be about networks that nothing here travels on.
        let plan = Arc::make_mut(&mut trace.plan);
        plan.faults.iter_mut().for_each(|fault| fault.scope.networks.clear());
        !plan.faults.is_empty()
    },
    |trace| repeat(trace, "route_ended"),
    |trace| repeat(trace, "counted"),
    |trace| repeat(trace, "granted"),
];

/// A violation for each law, in the order of the laws.
const LIVENESS: [Plant; 8] = [
    |trace| remove_all(trace, "created"),
    |trace| remove_all(trace, "fault_began"),
    |trace| remove_all(trace, "accepted") | remove_all(trace, "refused") | remove_all(trace, "unanswered"),
    |trace| remove_all(trace, "shown"),
    |trace| remove_all(trace, "reported"),
    |trace| {
        let kinds = ["shown", "lost", "returned"];
        let gone = kinds.iter().fold(false, |gone, kind| remove_all(trace, kind) | gone);
        turn(trace, |kind| match *kind {
            EventKind::Reported { attempt, claim: Claim::Failed, ear, code, fault } => {
                Some(EventKind::Reported { attempt, claim: Claim::Uncertain, ear, code, fault })
            }
            _ => None,
        }) | gone
    },
    |trace| remove_all(trace, "fell_back") | remove_all(trace, "route_ended"),
    |trace| remove_all(trace, "session_opened"),
];

/// The first fault is said to have been a total one, and somebody connects as soon as it has begun.
fn connect_while_down(trace: &mut Trace) -> bool {
    let began = trace.events.iter().position(|event| word(&event.kind) == "fault_began");
    let opened = trace.events.iter().find(|event| word(&event.kind) == "session_opened").copied();
    let (Some(place), Some(opened)) = (began, opened) else { return false };
    let EventKind::FaultBegan { fault } = trace.events[place].kind else { return false };
    let Some(fault) = Arc::make_mut(&mut trace.plan).faults.get_mut(fault.index()) else { return false };
    fault.kind = FaultKind::Down { how: DownHow::Reject };
    fault.recover = Recover::Drop;
    fault.scope = Scope { networks: Network::ALL.into(), legs: Leg::ALL.into(), ..Scope::default() };
    trace.events.insert(place + 1, Event { at: trace.events[place].at, ..opened });
    true
}

/// Says one thing twice.
fn repeat(trace: &mut Trace, wanted: &str) -> bool {
    let Some(place) = trace.events.iter().position(|event| word(&event.kind) == wanted) else { return false };
    trace.events.insert(place + 1, trace.events[place]);
    true
}

/// Says something else instead, everywhere.
fn turn(trace: &mut Trace, into: fn(&EventKind) -> Option<EventKind>) -> bool {
    let mut turned = false;
    for event in &mut trace.events {
        if let Some(kind) = into(&event.kind) {
            event.kind = kind;
            turned = true;
        }
    }
    turned
}

/// Is silent about something.
fn remove_all(trace: &mut Trace, wanted: &str) -> bool {
    let before = trace.events.len();
    trace.events.retain(|event| word(&event.kind) != wanted);
    trace.events.len() < before
}

#[test]
fn every_law_finds_what_is_planted() {
    let laws = safety::LAWS.iter().chain(&liveness::LAWS);
    let mut toothless = Vec::new();
    for ((name, law), plant) in laws.zip(SAFETY.iter().chain(&LIVENESS)) {
        let bites = usual().iter().any(|clean| {
            let mut trace = clean.clone();
            plant(&mut trace) && law(&trace).len() > law(clean).len()
        });
        if !bites {
            toothless.push(*name);
        }
    }
    assert_eq!(toothless, Vec::<&str>::new());
}

/// The other half of the contract: nothing but the seed decides.
#[test]
fn a_seed_plays_the_same_run_every_time() {
    for (seed, one) in SEEDS.zip(usual()).step_by(10) {
        let two = play(seed);
        assert!(one.events == two.events, "seed {seed}: {}", one.first_difference(&two));
    }
}
