//! Laws of safety: what never happens.

use std::collections::{BTreeMap, BTreeSet};

use bongsu::sim::fault::{FaultKind, Recover};
use bongsu::sim::model::code::Family;
use bongsu::sim::model::event::{Claim, Event, EventKind, Hold, Leg};
use bongsu::sim::model::ids::{FaultId, NoticeId, PersonId};
use bongsu::sim::model::medium::Network;
use bongsu::sim::model::person::PhoneState;
use bongsu::sim::plan::Policy;
use bongsu::sim::plan::check::{Fits, fits};

use super::Law;
use super::services;
use super::trace::{Trace, attempt, cause, word};

/// The laws, by name.
pub const LAWS: [(&str, Law); 13] = [
    ("a run begins once, ends once, and time never goes back", frame),
    ("ids are new when they are made, and nothing is said of what is not there yet", ids),
    ("what happens once happens once, and in its order", once),
    ("nothing comes of a message that nobody took", taken),
    ("what cannot be carried is not carried", content),
    ("what the sender is told of phones and people is true", honest),
    ("a phone without a session shows nothing", connected),
    ("while a network is down for everybody, nothing shows and nobody connects", down),
    ("a fault is blamed only after it began", blame),
    ("a fault touches only whom and what it is about", scope),
    ("a sender follows its route, and stops when it is done", route),
    ("the desk counts what it answered, once where it says so", desk),
    ("stocks, friends, marks and contacts add up", services::law),
];

fn frame(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    let count = |wanted| trace.events.iter().filter(|event| word(&event.kind) == wanted).count();
    let ends = [trace.events.first(), trace.events.last()].map(|event| event.map(|event| word(&event.kind)));
    if ends != [Some("run_started"), Some("run_ended")] || count("run_started") + count("run_ended") != 2 {
        findings.push(format!("it goes from {ends:?}"));
    }
    for pair in trace.events.windows(2).filter(|pair| pair[1].at < pair[0].at) {
        findings.push(format!("{:?} comes after {:?}", pair[1], pair[0]));
    }
    if trace.end() > trace.plan.clock.stop {
        findings.push(format!("it ends at {} and should stop at {}", trace.end(), trace.plan.clock.stop));
    }
    findings
}

fn ids(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    let mut attempts: BTreeMap<NoticeId, (PersonId, u8)> = BTreeMap::new();
    for event in &trace.events {
        match event.kind {
            EventKind::Created { notice, person, .. } => {
                let next = notice.index() == attempts.len();
                let new = attempts.insert(notice, (person, 0)).is_none();
                if !(next && new) {
                    findings.push(format!("{event:?} is not the next notice"));
                }
            }
            EventKind::Submitted { attempt, person, .. } => match attempts.get_mut(&attempt.notice) {
                Some((owner, next)) if *owner == person && *next == attempt.ordinal => *next += 1,
                owner => findings.push(format!("{event:?} is not the next attempt of {owner:?}")),
            },
            EventKind::Shown { attempt, person, .. }
            | EventKind::Opened { attempt, person }
            | EventKind::Pressed { attempt, person, .. }
                if attempts.get(&attempt.notice).is_none_or(|owner| owner.0 != person) =>
            {
                findings.push(format!("{event:?} is about somebody else's notice"));
            }
            _ => {}
        }
        let known =
            attempt(&event.kind).is_none_or(|id| attempts.get(&id.notice).is_some_and(|(_, next)| id.ordinal < *next));
        if !known && !at_home(&event.kind) {
            findings.push(format!("{event:?} is about an attempt that was not submitted"));
        }
    }
    findings
}

/// Whether something is said of a call that a sender whose systems are gone could not make: that it waits at home, or
/// never will be made. It is the only thing to be said before a call.
fn at_home(kind: &EventKind) -> bool {
    matches!(kind, EventKind::Held { why: Hold::Sender, .. } | EventKind::Lost { leg: Leg::Submit, .. })
}

fn once(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    for life in trace.lives() {
        let mut copies = 0;
        for event in &life.events {
            match event.kind {
                EventKind::Shown { copy, .. } if copy == copies => copies += 1,
                EventKind::Shown { .. } => findings.push(format!("{event:?} after {copies} copies")),
                EventKind::Opened { .. } if copies == 0 => findings.push(format!("{event:?} before it showed")),
                _ => {}
            }
        }
        for wanted in ["opened", "charged", "returned", "submitted"] {
            let count = life.count(|kind| word(kind) == wanted);
            if count > 1 {
                findings.push(format!("{} {wanted} {count} times", life.id));
            }
        }
        let opened = life.first(|kind| matches!(kind, EventKind::Opened { .. }));
        let pressed = life.first(|kind| matches!(kind, EventKind::Pressed { .. }));
        if !trace.outside && pressed.is_some_and(|pressed| opened.is_none_or(|opened| opened > pressed)) {
            findings.push(format!("{} was pressed before it was opened", life.id));
        }
    }
    findings
}

fn taken(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    for life in trace.lives() {
        let calls = life.count(|kind| matches!(kind, EventKind::Submitted { .. } | EventKind::Retried { .. }));
        let refusals =
            life.count(|kind| matches!(kind, EventKind::Refused { .. } | EventKind::Unanswered { taken: false, .. }));
        let fruits = ["held", "charged", "shown", "opened", "returned", "accepted"];
        // Waiting in the sender's own line is before the call, not a fruit of it.
        let own_line = |kind: &EventKind| matches!(kind, EventKind::Held { why: Hold::Capacity, fault: None, .. });
        let before = |kind: &EventKind| own_line(kind) || at_home(kind);
        let fruit = |event: &Event| fruits.contains(&word(&event.kind)) && !before(&event.kind);
        if calls == refusals && life.events.iter().any(fruit) {
            findings.push(format!("{} was refused {refusals} times, and yet: {:?}", life.id, life.events));
        }
    }
    findings
}

fn content(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    for life in trace.lives() {
        // What a provider did not take is judged by what its request said, not by the scenario.
        if life.count(|kind| matches!(kind, EventKind::Refused { said: Some(_), .. })) > 0 {
            continue;
        }
        let kind = &trace.plan.kinds[life.kind.index()];
        let Some(content) = kind.content(life.medium) else {
            findings.push(format!("{} went out on {} without content", life.id, life.medium.name()));
            continue;
        };
        let fits = fits(&trace.plan, kind, content);
        if matches!(fits, Fits::Never(_)) && life.taken().is_some() {
            findings.push(format!("{} was taken, and {fits:?}", life.id));
        }
        for event in &life.events {
            if let EventKind::Refused { code, fault: None, .. } = event.kind {
                let why = matches!(code.family(), Family::Content | Family::Night);
                let sure = fits != Fits::Always || code.family() == Family::Night;
                if !(why && sure && (fits == Fits::Never(code) || !matches!(fits, Fits::Never(_)))) {
                    findings.push(format!("{event:?}, and {fits:?}"));
                }
            }
        }
    }
    findings
}

fn honest(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    for life in trace.lives() {
        let (mut shown, mut opened) = (false, false);
        for event in &life.events {
            match event.kind {
                EventKind::Shown { .. } => shown = true,
                EventKind::Opened { .. } => opened = true,
                EventKind::Reported { claim: Claim::Shown, .. } if !shown => findings.push(format!("{event:?}")),
                EventKind::Reported { claim: Claim::Opened, .. } if !opened => findings.push(format!("{event:?}")),
                _ => {}
            }
        }
    }
    findings
}

fn connected(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    if trace.outside {
        return findings;
    }
    let mut online: BTreeSet<(PersonId, Network)> = at_first(trace).collect();
    let media: BTreeMap<_, _> = trace.lives().into_iter().map(|life| (life.id, life.medium)).collect();
    for event in &trace.events {
        match event.kind {
            EventKind::SessionOpened { person, network } if !online.insert((person, network)) => {
                findings.push(format!("{event:?}, and it was open"));
            }
            EventKind::SessionClosed { person, network, .. } if !online.remove(&(person, network)) => {
                findings.push(format!("{event:?}, and it was closed"));
            }
            EventKind::Shown { attempt, person, .. } => {
                let network = media.get(&attempt).map(|medium| trace.plan.medium(*medium).network);
                let needs = network.filter(|network| trace.plan.networks[network.index()].sessions);
                if needs.is_some_and(|network| !online.contains(&(person, network))) {
                    findings.push(format!("{event:?} without a session"));
                }
            }
            _ => {}
        }
    }
    findings
}

/// Who is connected to what when a run of played phones begins.
pub fn at_first(trace: &Trace) -> impl Iterator<Item = (PersonId, Network)> + '_ {
    let people = (0..).map(PersonId).zip(trace.people.all());
    people.filter(|(_, who)| who.phone == PhoneState::Powered).flat_map(|(person, _)| {
        let sessions = Network::ALL.into_iter().filter(|network| trace.plan.networks[network.index()].sessions);
        sessions.map(move |network| (person, network))
    })
}

fn down(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    let media: BTreeMap<_, _> = trace.lives().into_iter().map(|life| (life.id, life.medium)).collect();
    let mut shut: BTreeMap<FaultId, &[Network]> = BTreeMap::new();
    for event in &trace.events {
        let network = match event.kind {
            EventKind::FaultBegan { fault } => {
                shut.extend(total(trace, fault).map(|networks| (fault, networks)));
                None
            }
            EventKind::FaultEnded { fault, .. } => {
                shut.remove(&fault);
                None
            }
            EventKind::SessionOpened { network, .. } => Some(network),
            EventKind::Shown { attempt, .. } => media.get(&attempt).map(|medium| trace.plan.medium(*medium).network),
            _ => None,
        };
        let sessions = network.filter(|network| trace.plan.networks[network.index()].sessions);
        if let Some(network) = sessions
            && !trace.outside
            && let Some((fault, _)) = shut.iter().find(|(_, networks)| networks.contains(&network))
        {
            findings.push(format!("{event:?} during {fault:?}"));
        }
    }
    findings
}

/// The networks that a planned fault takes down for everybody and everything.
fn total(trace: &Trace, id: FaultId) -> Option<&[Network]> {
    let fault = trace.plan.faults.get(id.index())?;
    let scope = &fault.scope;
    let everything = matches!(fault.kind, FaultKind::Down { .. })
        && !matches!(fault.recover, Recover::Staged(_))
        && scope.legs == Leg::ALL
        && scope.media.is_empty();
    let everybody = scope.share.is_none() && scope.groups.0 == 0 && scope.regions.is_empty();
    (everything && everybody).then_some(&scope.networks)
}

fn blame(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    let (mut began, mut ended) = (BTreeSet::new(), BTreeSet::new());
    for event in &trace.events {
        let fine = match event.kind {
            EventKind::FaultBegan { fault } => !ended.contains(&fault) && began.insert(fault),
            EventKind::FaultEnded { fault, lifted } => ended.insert(fault) && (began.contains(&fault) || lifted),
            EventKind::FaultStaged { fault, .. } => began.contains(&fault) && !ended.contains(&fault),
            kind => cause(&kind).is_none_or(|fault| began.contains(&fault)),
        };
        if !fine {
            findings.push(format!("{event:?}"));
        }
    }
    findings
}

fn scope(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    for life in trace.lives() {
        let Some(who) = trace.people.get(life.person) else { continue };
        for event in &life.events {
            // Faults that were posted during the run are not in the plan.
            let Some(fault) = cause(&event.kind).and_then(|id| trace.plan.faults.get(id.index())) else { continue };
            let (scope, network) = (&fault.scope, trace.plan.medium(life.medium).network);
            let about = scope.networks.contains(&network)
                && (scope.media.is_empty() || scope.media.contains(&life.medium))
                && (scope.groups.0 == 0 || scope.groups.0 & who.groups.0 != 0)
                && (scope.regions.is_empty() || who.region.is_some_and(|region| scope.regions.contains(&region)));
            if !about {
                findings.push(format!("{event:?} is blamed on {}", fault.name));
            }
        }
    }
    findings
}

fn route(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    let notices = trace.notices();
    let mut done = BTreeSet::new();
    let mut next = BTreeMap::new();
    for event in &trace.events {
        match event.kind {
            EventKind::RouteEnded { notice, .. } if !done.insert(notice) => {
                findings.push(format!("{event:?} a second time"));
            }
            EventKind::FellBack { notice, from, to, .. } => {
                let legs = notices.get(&notice).map_or(&[][..], |row| &trace.plan.kinds[row.0.index()].route);
                let named = legs.iter().any(|leg| leg.medium == from) && legs.iter().any(|leg| leg.medium == to);
                if !named || done.contains(&notice) || trace.plan.sender.policy == Policy::None {
                    findings.push(format!("{event:?}"));
                }
                next.insert(notice, to);
            }
            EventKind::Submitted { attempt, medium, .. } => {
                let expected = next.remove(&attempt.notice);
                let first = attempt.ordinal == 0;
                if first == expected.is_some() || expected.is_some_and(|expected| expected != medium) {
                    findings.push(format!("{event:?} after a fallback to {expected:?}"));
                }
                if done.contains(&attempt.notice) {
                    findings.push(format!("{event:?} after the route's end"));
                }
            }
            _ => {}
        }
    }
    findings
}

fn desk(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    let mut counted = BTreeSet::new();
    for (place, event) in trace.events.iter().enumerate() {
        match event.kind {
            EventKind::Answered { rule, person, counted: true } => {
                let again = !counted.insert((rule, person));
                if again && trace.plan.desk[rule.index()].once {
                    findings.push(format!("{event:?} a second time"));
                }
            }
            EventKind::Counted { person, .. } => {
                // What was granted with the answer may stand between.
                let plain = |event: &&Event| !matches!(event.kind, EventKind::Service(_));
                let before = trace.events[..place].iter().rev().find(plain).map(|event| event.kind);
                let why = matches!(before, Some(EventKind::Answered { person: p, counted: true, .. }) if p == person);
                if !why {
                    findings.push(format!("{event:?} after {before:?}"));
                }
            }
            _ => {}
        }
    }
    findings
}
