//! Laws of liveness: what always happens, given the time.

use std::collections::{BTreeMap, BTreeSet};

use bongsu::sim::dice::Share;
use bongsu::sim::fault::{Fault, FaultKind};
use bongsu::sim::medium::{Answer, MediumRules, Needs};
use bongsu::sim::model::event::{EventKind, Leg};
use bongsu::sim::model::ids::{ChannelId, FaultId, PersonId, SendId};
use bongsu::sim::model::medium::Network;
use bongsu::sim::model::person::{KakaoState, PhoneState};
use bongsu::sim::model::service::ServiceEvent;
use bongsu::sim::plan::message::{RouteLeg, Until};
use bongsu::sim::plan::{Audience, Pace, Policy};
use bongsu::sim::time::{SimTime, Span};

use super::Law;
use super::safety::at_first;
use super::trace::{Life, Trace, word};

/// The laws, by name.
pub const LAWS: [(&str, Law); 8] = [
    ("a line makes a notice for everybody it addresses", everybody),
    ("faults begin and end on time", windows),
    ("a call is answered, or given up, within the sender's patience", answered),
    ("on a calm day whoever can be reached is reached", arrives),
    ("on a calm day a platform that answers, answers in its time", told),
    ("no message vanishes without a word", fate),
    ("a sender that watches the clock moves on when a leg's time is up", progress),
    ("after the trouble every phone comes back", back),
];

fn everybody(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    for (number, send) in (0..).zip(&trace.plan.sends) {
        let Pace::Over(over) = send.pace else { continue };
        let mut waiting = addressed(trace, &send.to, send.at);
        for event in &trace.events {
            if let EventKind::Created { send: Some(SendId(line)), person, kind, .. } = event.kind
                && line == number
                && !(kind == send.kind && waiting.remove(&person) && send.at <= event.at && event.at <= send.at + over)
            {
                findings.push(format!("{event:?} is not for whom or when the line is"));
            }
        }
        if send.at + over < trace.end() && !waiting.is_empty() {
            findings.push(format!("line {number} left out {waiting:?}"));
        }
    }
    findings
}

/// Whom a line addresses that begins at this instant: friends of a channel are those of then.
fn addressed(trace: &Trace, to: &Audience, at: SimTime) -> BTreeSet<PersonId> {
    let changed = to.friends_of.map_or_else(BTreeMap::new, |channel| friends_before(trace, channel, at));
    let range = (to.first.0..to.first.0 + to.count).map(PersonId);
    let belongs = |person: &PersonId| {
        trace.people.get(*person).is_some_and(|who| {
            (to.groups.0 == 0 || to.groups.0 & who.groups.0 != 0)
                && to
                    .friends_of
                    .is_none_or(|channel| changed.get(person).copied().unwrap_or_else(|| who.friends.has(channel)))
                && (to.regions.is_empty() || who.region.is_some_and(|region| to.regions.contains(&region)))
        })
    };
    range.filter(belongs).collect()
}

/// Who has become a friend of a channel, or is one no longer, before an instant.
fn friends_before(trace: &Trace, wanted: ChannelId, at: SimTime) -> BTreeMap<PersonId, bool> {
    let mut friends = BTreeMap::new();
    for event in trace.events.iter().take_while(|event| event.at < at) {
        match event.kind {
            EventKind::Service(ServiceEvent::FriendAdded { person, channel }) if channel == wanted => {
                friends.insert(person, true);
            }
            EventKind::Service(ServiceEvent::FriendLeft { person, channel, .. }) if channel == wanted => {
                friends.insert(person, false);
            }
            _ => {}
        }
    }
    friends
}

fn windows(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    if trace.outside {
        return findings;
    }
    let end = trace.end();
    for (id, fault) in (0..).map(FaultId).zip(&trace.plan.faults) {
        let at = |wanted: &EventKind| trace.events.iter().find(|event| event.kind == *wanted).map(|event| event.at);
        let began = at(&EventKind::FaultBegan { fault: id });
        let ended = at(&EventKind::FaultEnded { fault: id, lifted: false });
        if fault.begins < end && began != Some(fault.begins) {
            findings.push(format!("{} should begin at {} and began at {began:?}", fault.name, fault.begins));
        }
        if fault.ends.is_some_and(|ends| ends < end) && ended != fault.ends {
            findings.push(format!("{} should end at {:?} and ended at {ended:?}", fault.name, fault.ends));
        }
    }
    findings
}

fn answered(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    let patience = trace.plan.sender.patience;
    for life in trace.lives() {
        if sender_rests(trace, &life) {
            continue;
        }
        for (place, call) in life.events.iter().enumerate() {
            if !matches!(call.kind, EventKind::Submitted { .. } | EventKind::Retried { .. }) {
                continue;
            }
            let mut after = life.events[place + 1..].iter();
            let answer = after.find(|event| ["accepted", "refused", "unanswered"].contains(&word(&event.kind)));
            let due = call.at + patience;
            if due < trace.end() && answer.is_none_or(|answer| answer.at > due) {
                findings.push(format!("{call:?} is followed by {answer:?}"));
            }
        }
    }
    findings
}

fn arrives(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    if trace.outside || !trace.plan.faults.is_empty() {
        return findings;
    }
    for life in trace.lives() {
        let rules = trace.plan.medium(life.medium);
        let Some(taken) = life.taken() else { continue };
        let due = taken + rules.shows.longest() + weekend(rules);
        let sure = rules.returned == Share::NONE && rules.astray == Share::NONE;
        let shown = life.first(|kind| matches!(kind, EventKind::Shown { .. }));
        if sure && reachable(trace, &life) && due < trace.end() && shown.is_none_or(|shown| shown > due) {
            findings.push(format!("{} should have shown by {due}: {:?}", life.id, life.events));
        }
        if life.count(|kind| matches!(kind, EventKind::Shown { .. })) > 1 {
            findings.push(format!("{} showed more than once", life.id));
        }
    }
    findings
}

fn reachable(trace: &Trace, life: &Life) -> bool {
    let Some(who) = trace.people.get(life.person) else { return false };
    let rules = trace.plan.medium(life.medium);
    let channel = trace.plan.kinds[life.kind.index()].channel;
    let account = who.kakao == KakaoState::Active;
    // Whoever leaves a channel may block it, and is not looked at any more.
    let left = |kind: &EventKind| {
        matches!(*kind, EventKind::Service(ServiceEvent::FriendLeft { person, channel: of, .. })
            if person == life.person && of == channel)
    };
    let stays = !trace.events.iter().any(|event| left(&event.kind));
    let allowed = match rules.needs {
        Needs::KakaoAccount | Needs::KakaoHolder => account && stays,
        Needs::KakaoFriend => account && stays && who.friends.has(channel),
        Needs::Member => trace.plan.networks[rules.network.index()].members.has(who.groups),
        Needs::Phone | Needs::Address => true,
    };
    allowed && who.phone == PhoneState::Powered
}

fn told(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    if trace.outside || !trace.plan.faults.is_empty() {
        return findings;
    }
    for life in trace.lives() {
        let Some(taken) = life.taken() else { continue };
        let due = match trace.plan.medium(life.medium).answer {
            Answer::Push => taken,
            Answer::Polling(patience) => taken + patience,
            Answer::Silent => continue,
        };
        let told = life.first(|kind| matches!(kind, EventKind::Reported { .. }));
        let rules = trace.plan.medium(life.medium);
        let longest = rules.shows.longest() + weekend(rules) + rules.receipt.longest();
        // A polling platform that hears of a failure only after its patience has said "uncertain" by then; one that
        // cannot lose anything on a calm day says so as late as the way takes.
        let late = due.max(taken + longest);
        if late < trace.end() && told.is_none_or(|told| told > late) {
            findings.push(format!("{} should have been reported by {late}: {:?}", life.id, life.events));
        }
    }
    findings
}

fn fate(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    let Some(calm) = calm_from(trace) else { return findings };
    let online = online_at_end(trace);
    for life in trace.lives() {
        let rules = trace.plan.medium(life.medium);
        let Some(taken) = life.taken() else { continue };
        // The way there and back, twice: once more after a fault let it go.
        let way = (rules.shows.longest() + weekend(rules) + rules.receipt.longest()).times(2);
        if taken.max(calm) + way + SLACK >= trace.end() || rules.answer == Answer::Silent {
            continue;
        }
        let network = rules.network;
        let sessions = trace.plan.networks[network.index()].sessions;
        let waits = sessions && !online.contains(&(life.person, network));
        let known = life.events.iter().any(|event| {
            matches!(
                event.kind,
                EventKind::Shown { .. }
                    | EventKind::Returned { .. }
                    | EventKind::Lost { leg: Leg::Deliver | Leg::Report, .. }
                    | EventKind::Reported { claim: bongsu::sim::model::event::Claim::Failed, .. }
            )
        });
        if !known && !waits {
            findings.push(format!("{} vanished: {:?}", life.id, life.events));
        }
    }
    findings
}

/// How much longer a weekend makes a way that ends on working days only.
fn weekend(rules: &MediumRules) -> Span {
    if rules.weekdays { Span::from_days(2) } else { Span::ZERO }
}

/// Whether the sender's own systems were gone while this life lasted, so that it could neither call nor mind the time.
fn sender_rests(trace: &Trace, life: &Life) -> bool {
    let Some(first) = life.events.first().map(|event| event.at) else { return false };
    trace
        .plan
        .faults
        .iter()
        .any(|fault| fault.kind == FaultKind::SenderDown && fault.ends.is_none_or(|ends| ends + SLACK > first))
}

/// Time for what is let go one by one, and for phones that come back at their own pace.
const SLACK: Span = Span::from_secs(600);

fn progress(trace: &Trace) -> Vec<String> {
    let mut findings = Vec::new();
    for life in trace.lives() {
        let route = &trace.plan.kinds[life.kind.index()].route;
        let Some(within) = time_of(trace, route, &life).filter(|_| !sender_rests(trace, &life)) else { continue };
        let Some(submitted) = life.events.first().map(|event| event.at) else { continue };
        let due = submitted + within;
        let moved = trace.events.iter().filter(|event| event.at <= due).filter(|event| match event.kind {
            EventKind::FellBack { notice, .. } | EventKind::RouteEnded { notice, .. } => notice == life.id.notice,
            _ => false,
        });
        if due < trace.end() && moved.count() <= usize::from(life.id.ordinal) {
            findings.push(format!("{} should have moved on by {due}: {:?}", life.id, life.events));
        }
    }
    findings
}

/// How long the sender waits with an attempt's leg, if its policy has an eye on the clock. Where a route names a medium
/// twice the longer time counts.
fn time_of(trace: &Trace, route: &[RouteLeg], life: &Life) -> Option<Span> {
    match trace.plan.sender.policy {
        Policy::None | Policy::VendorOnly => None,
        Policy::Timer(timer) => longest(route, life, timer),
        Policy::GovukWeights => longest(route, life, None),
    }
}

/// The longest time of the legs on this medium; a policy's timer takes none from readers.
fn longest(route: &[RouteLeg], life: &Life, timer: Option<Span>) -> Option<Span> {
    let legs = route.iter().filter(|leg| leg.medium == life.medium);
    let time = |leg: &RouteLeg| if leg.until == Until::Opened { leg.within } else { timer.or(leg.within) };
    let times: Option<Vec<Span>> = legs.map(time).collect();
    times?.into_iter().max()
}

fn back(trace: &Trace) -> Vec<String> {
    let Some(calm) = calm_from(trace).filter(|calm| *calm + SLACK < trace.end()) else { return Vec::new() };
    let online = online_at_end(trace);
    let gone = at_first(trace).filter(|session| !online.contains(session));
    gone.map(|(person, network)| format!("{person:?} is not back on {} since {calm}", network.name())).collect()
}

fn online_at_end(trace: &Trace) -> BTreeSet<(PersonId, Network)> {
    let mut online: BTreeSet<(PersonId, Network)> = at_first(trace).collect();
    for event in &trace.events {
        match event.kind {
            EventKind::SessionOpened { person, network } => drop(online.insert((person, network))),
            EventKind::SessionClosed { person, network, .. } => drop(online.remove(&(person, network))),
            _ => {}
        }
    }
    online
}

fn lasts(fault: &Fault) -> Option<Span> {
    fault.ends.map(|ends| ends.since(fault.begins))
}

/// When the last fault is over and what it held is let go; `None` if one never ends or the outside has its hands in it.
fn calm_from(trace: &Trace) -> Option<SimTime> {
    if trace.outside {
        return None;
    }
    let over = |fault: &Fault| {
        let tail = match &fault.kind {
            FaultKind::LateFailure { after, .. } | FaultKind::Duplicate { after, .. } => after.longest().times(3),
            FaultKind::Latency { add } => add.longest(),
            FaultKind::Reorder { window } => *window,
            FaultKind::Throttle { .. } | FaultKind::SenderDown => SLACK,
            FaultKind::Freeze { release: Some(release) } => return Some(fault.begins + (*release).max(lasts(fault)?)),
            _ => Span::ZERO,
        };
        fault.ends.map(|ends| ends + tail)
    };
    let ends: Option<Vec<SimTime>> = trace.plan.faults.iter().map(over).collect();
    Some(ends?.into_iter().max().unwrap_or(SimTime::ZERO))
}
