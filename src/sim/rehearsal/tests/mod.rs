//! Services at work: short files, played to their end, told as the events of their services and judged by their metrics.

use super::Rehearsal;
use crate::sim::engine::Phones;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::expect::verdict::Verdict;
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::words::{Lang, Words};
use crate::sim::scenario::{self, Library, Loaded, Options, Scenario};
use crate::sim::time::SimTime;

mod books;
mod credits;
mod intakes;
mod letters;
mod payments;

struct NoFiles;

impl Library for NoFiles {
    fn load(&self, _from: &str, _name: &str) -> Result<Loaded, Words> {
        Err(Words::same("no such file"))
    }
}

/// A file, and what is changed in its text before it is read.
fn file(text: &str, changes: &[(&str, &str)]) -> Scenario {
    let changed = changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let read = scenario::read("s.yaml", changed.as_bytes(), &NoFiles, &Options::default());
    read.unwrap_or_else(|problems| panic!("{}", problems.render(Lang::En, false)))
}

/// The English problems of a file, one line each: `line:column message (expected) nearest`.
fn problems(text: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let changed = changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let read = scenario::read("s.yaml", changed.as_bytes(), &NoFiles, &Options::default());
    let problems = read.map(|scenario| scenario.plan).expect_err("the file has problems");
    problems.list().iter().map(|p| format!("{}:{} {}", p.line, p.column, p.message.en)).collect()
}

/// Plays a file to its end, with inputs at their seconds.
fn play(scenario: &Scenario, phones: Phones, inputs: &[(u64, Input)]) -> (Vec<Event>, Verdict) {
    let mut run = Rehearsal::new(scenario, phones);
    let mut effects = Vec::new();
    for (at_s, input) in inputs {
        run.step(SimTime::from_micros(at_s * 1_000_000), Some(input.clone()), &mut effects);
    }
    while !run.ended() {
        let at = run.next_wakeup().unwrap_or(SimTime::NEVER);
        run.step(at, None, &mut effects);
    }
    let events = effects.into_iter().filter_map(|effect| match effect {
        Effect::Event(event) => Some(event),
        _orders_for_sockets => None,
    });
    (events.collect(), run.into_watch().finish())
}

/// What happened in services: `71s payment_asked`, one line an event.
fn story(events: &[Event]) -> Vec<String> {
    let told = events.iter().filter_map(|event| match event.kind {
        EventKind::Service(service) => Some(format!("{}s {}", event.at.micros() / 1_000_000, service.name())),
        _no_service => None,
    });
    told.collect()
}

/// What became of each clause, in the verdict's own words.
fn reasons(verdict: &Verdict) -> Vec<String> {
    let clauses = verdict.clauses.iter();
    clauses.map(|clause| format!("{}: {:?}, {}", clause.source, clause.outcome, clause.reason.en)).collect()
}
