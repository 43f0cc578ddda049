//! A run as a scenario: its file as resolved, with the faults that were posted and lifted by hand as lines of the timeline,
//! at their instants. Played, it has the same faults at the same instants.
//!
//! What else came from outside (presses, words, notices) is no part of a scenario; the run's journal has it. A promise
//! judges the lines as planned: a fault that never bit makes the verdict INCONCLUSIVE, which a posted one does not.

use crate::sim::fault::Fault;
use crate::sim::plan::Plan;
use crate::sim::scenario::problem::Problems;
use crate::sim::scenario::yaml::{self, Entry, Node, Value};
use crate::sim::scenario::{LIST_BYTES_MAX, emit, include, line};
use crate::sim::time::{SimTime, Span};

/// A fault of a run, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// As planned or posted.
    pub fault: Fault,
    /// Whether somebody posted it.
    pub posted: bool,
    /// When it began; `None`: not before the run ended, or it was lifted.
    pub began: Option<SimTime>,
    /// When somebody lifted it by hand.
    pub lifted: Option<SimTime>,
}

/// The shortest that a fault can have been: a line that lifts it at its first instant is none.
const LEAST: Span = Span::from_micros(1);

/// The text of the scenario as it was played. The plan is that of `resolved`.
pub fn as_played(resolved: &[u8], plan: &Plan, faults: &[Happened]) -> Result<String, Problems> {
    let mut problems = Problems::default();
    let taken = include::take("scenario.yaml", resolved, LIST_BYTES_MAX, &mut problems);
    let root = taken.and_then(|(source, text)| yaml::parse(source, 0, &text, &mut problems));
    let Some(mut root) = root else { return Err(problems) };
    keep_stop(&mut root, plan);
    let timeline = timeline(&mut root);
    for happened in faults {
        write(happened, timeline, plan);
    }
    Ok(emit::emit(&root))
}

/// A file that does not say when it stops, stops after its last line; more lines must not move that.
fn keep_stop(root: &mut Node, plan: &Plan) {
    if root.get("clock").is_none() {
        root.set("clock", Node { at: line::NOWHERE, end: 0, value: Value::Map(Vec::new()) });
    }
    let stop = Node::plain(line::NOWHERE, plan.clock.stop.since(SimTime::ZERO).to_string());
    if let Some(clock) = root.get_mut("clock").filter(|clock| clock.get("stop").is_none()) {
        clock.set("stop", stop);
    }
}

fn timeline(root: &mut Node) -> &mut Vec<Node> {
    let empty = || Node { at: line::NOWHERE, end: 0, value: Value::List(Vec::new()) };
    let Value::Map(entries) = &mut root.value else { unreachable!("a scenario that was resolved is a mapping") };
    let place = entries.iter().position(|entry| entry.key == "timeline").unwrap_or_else(|| {
        entries.push(Entry { key: "timeline".to_owned(), key_at: line::NOWHERE, node: empty() });
        entries.len() - 1
    });
    match &mut entries[place].node.value {
        Value::List(lines) => lines,
        Value::Map(_) | Value::Scalar { .. } => unreachable!("the timeline of a scenario that was resolved is a list"),
    }
}

fn write(happened: &Happened, timeline: &mut Vec<Node>, plan: &Plan) {
    let Happened { fault, posted, began, lifted } = happened;
    if *posted && began.is_none() && lifted.is_some() {
        // It was posted for later and lifted before: nothing happened.
        return;
    }
    if *posted {
        timeline.push(line::line(fault, began.unwrap_or(fault.begins), plan));
    }
    let Some(lifted) = *lifted else { return };
    timeline.retain(|line| line.get("lift").and_then(Node::text) != Some(&fault.name));
    timeline.push(match began {
        Some(began) => line::lift(&fault.name, lifted.max(*began + LEAST), false),
        None => line::lift(&fault.name, lifted, true),
    });
}
