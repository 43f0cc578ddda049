//! A run as a script that reads without Rust: one line an event, a mark for each kind of thing that happens.
//!
//! ```text
//! 00:05:12.345 n3/0 -> alimtalk 010-0000-0003
//! 00:05:12.800 n3/0 ⇥ held by fault (silence-10m)
//! 00:06:12.345 n3 ↘ fallback lms, no_receipt (silence-10m)
//! 00:06:15.020 n3/1 ✓ shown
//! 00:06:17.400 n3/1 ☎ reported shown 0000
//! ```

use std::fmt::Write as _;

use bongsu::sim::model::event::{Event, EventKind};
use bongsu::sim::model::ids::{AttemptId, FaultId, NoticeId, PersonId};
use bongsu::sim::model::person::PhoneState;
use bongsu::sim::model::service::{Named, ServiceEvent, Sink, Table};
use bongsu::sim::plan::Plan;
use bongsu::sim::plan::numbers::Numbers;
use bongsu::sim::plan::population::Population;
use bongsu::sim::time::SimTime;

/// The whole script.
pub fn trace(plan: &Plan, events: &[Event]) -> String {
    let people = Population::of(plan);
    let mut out = format!("{} · seed {} · {} people\n", plan.name, plan.seed.0, plan.people());
    for (index, who) in people.all().iter().enumerate() {
        let dark = if who.phone == PhoneState::Dark { ", dark" } else { "" };
        let number = Numbers::of(plan).number(PersonId(index as u32));
        // Writing to a String cannot fail.
        let _ = writeln!(out, "  {number} kakao {}{dark}", who.kakao.name());
    }
    out.push('\n');
    for event in events {
        let _ = writeln!(out, "{} {}", clock(event.at), line(plan, event.kind));
    }
    out
}

/// An event of a service: its word and its fields, as its table has them.
fn service(plan: &Plan, event: ServiceEvent) -> String {
    let mut line = ServiceLine { plan, text: event.name().replace('_', " ") };
    event.write(&mut line);
    line.text
}

struct ServiceLine<'a> {
    plan: &'a Plan,
    text: String,
}

impl ServiceLine<'_> {
    fn add(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = write!(self.text, " {key}={value}");
    }
}

impl Sink for ServiceLine<'_> {
    fn number(&mut self, key: &str, value: u64) {
        self.add(key, value);
    }

    fn truth(&mut self, key: &str, value: bool) {
        self.add(key, value);
    }

    fn word(&mut self, key: &str, word: &'static str) {
        self.add(key, word);
    }

    fn person(&mut self, key: &str, person: PersonId) {
        self.add(key, Numbers::of(self.plan).number(person));
    }

    fn notice(&mut self, key: &str, notice: NoticeId) {
        self.add(key, notice);
    }

    fn attempt(&mut self, key: &str, attempt: AttemptId) {
        self.add(key, attempt);
    }

    fn name(&mut self, key: &str, named: Named) {
        let plan = self.plan;
        let name = match named.table {
            Table::Channel => plan.channels.get(named.place).map(|channel| &channel.key),
            Table::Kind => plan.kinds.get(named.place).map(|kind| &kind.key),
            Table::Counter => plan.counters.get(named.place),
            Table::Stock => plan.services.stocks.get(named.place).map(|stock| &stock.key),
            Table::State => plan.services.talk.states.get(named.place),
            Table::Fault => plan.faults.get(named.place).map(|fault| &fault.name),
        };
        self.add(key, name.map_or("?", String::as_str));
    }
}

fn clock(at: SimTime) -> String {
    let ms = at.micros() / 1_000;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}

fn line(plan: &Plan, kind: EventKind) -> String {
    let by = |fault: Option<FaultId>| fault.map_or(String::new(), |fault| format!(" ({})", name(plan, fault)));
    let who = |person| Numbers::of(plan).number(person);
    match kind {
        EventKind::RunStarted => "run starts".into(),
        EventKind::Service(event) => service(plan, event),
        EventKind::RunEnded { end } => format!("run ends: {end}"),
        EventKind::FaultBegan { fault } => format!("=== {} begins", name(plan, fault)),
        EventKind::FaultStaged { fault, stage } => format!("=== {} gives back stage {stage}", name(plan, fault)),
        EventKind::FaultEnded { fault, lifted } => {
            format!("=== {} ends{}", name(plan, fault), if lifted { ", lifted" } else { "" })
        }
        EventKind::Created { notice, person, kind, .. } => {
            format!("{notice} + {} for {}", plan.kinds[kind.index()].key, who(person))
        }
        EventKind::Submitted { attempt, medium, person } => format!("{attempt} -> {} {}", medium.name(), who(person)),
        EventKind::Accepted { attempt } => format!("{attempt} … accepted"),
        EventKind::Refused { attempt, said: Some(said), .. } => format!("{attempt} ✗ not taken {said}"),
        EventKind::RequestsRefused { said, count } => format!("{count} requests refused {said}"),
        EventKind::Refused { attempt, code, said: None, fault } => format!("{attempt} ✗ refused {code}{}", by(fault)),
        EventKind::Unanswered { attempt, taken, fault } => {
            format!("{attempt} ? no answer{}{}", if taken { ", taken" } else { "" }, by(fault))
        }
        EventKind::Held { attempt, why, fault } => format!("{attempt} ⇥ held by {why}{}", by(fault)),
        EventKind::Lost { attempt, leg, why, fault } => format!("{attempt} ⇥ lost on {leg}, {why}{}", by(fault)),
        EventKind::Charged { attempt, price } => format!("{attempt} ₩ {}.{:02}", price / 100, price % 100),
        EventKind::Shown { attempt, copy, fault, .. } => {
            let again = if copy > 0 { format!(" again, copy {copy}") } else { String::new() };
            format!("{attempt} ✓ shown{again}{}", by(fault))
        }
        EventKind::Reported { attempt, claim, code, fault, .. } => {
            format!("{attempt} ☎ reported {claim} {code}{}", by(fault))
        }
        EventKind::HookGivenUp { attempt, tries } => {
            let whose = attempt.map_or_else(|| "a group".to_owned(), |attempt| attempt.to_string());
            format!("{whose} ☎ webhook given up after {tries} tries")
        }
        EventKind::Opened { attempt, .. } => format!("{attempt} ◉ opened"),
        EventKind::Returned { attempt } => format!("{attempt} ↩ returned"),
        EventKind::FellBack { notice, to, cause, fault, .. } => {
            format!("{notice} ↘ fallback {}, {cause}{}", to.name(), by(fault))
        }
        EventKind::Retried { attempt, round } => format!("{attempt} ↻ retry {round}"),
        EventKind::RouteEnded { notice, outcome } => format!("{notice} ■ {outcome}"),
        EventKind::WeightsMoved { medium, weight } => format!("weights: {} {weight}", medium.name()),
        EventKind::Pressed { attempt, button, .. } => format!("{attempt} ● pressed {}", plan.buttons[button.index()]),
        EventKind::Answered { rule, person, counted } => {
            let counted = if counted { "counted" } else { "a repeat" };
            format!("desk answers {} by rule {}, {counted}", who(person), rule.0 + 1)
        }
        EventKind::Counted { counter, person, amount } => {
            format!("desk counts {} for {}, {amount} won", plan.counters[counter.index()], who(person))
        }
        EventKind::SessionOpened { person, network } => format!("{} on {}", who(person), network.name()),
        EventKind::SessionClosed { person, network, fault } => {
            format!("{} off {}{}", who(person), network.name(), by(fault))
        }
        EventKind::SessionRefused { person, network, fault } => {
            format!("{} turned away by {}{}", who(person), network.name(), by(fault))
        }
        EventKind::HandshakesRefused { network, count, fault } => {
            format!("{count} handshakes turned away by {}{}", network.name(), by(fault))
        }
        EventKind::SlowSessionCut { session, network } => format!("session {} cut on {}", session.0, network.name()),
        EventKind::InputRejected { why } => format!("input rejected: {why}"),
    }
}

fn name(plan: &Plan, fault: FaultId) -> &str {
    &plan.faults[fault.index()].name
}
