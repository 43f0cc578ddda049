//! An event as facts by name: those of its line in `events.ndjson`, and those of its notice that the line leaves out.
//!
//! A line says `attempt` where a reader wants to ask for a person or a medium; the run's ledger knows both.

use serde_json::{Map, Value};

use crate::host::control::ledger::notice_of;
use crate::host::control::run::Run;
use crate::report::names::Names;
use crate::report::ndjson::write_event;
use crate::sim::model::event::Event;

/// Names of the facts of an event that can be asked for, besides `at` and `t`.
pub const FIELDS: [&str; 31] = [
    "event", "person", "medium", "kind", "notice", "attempt", "fault", "network", "code", "by", "why", "claim", "leg",
    "cause", "from", "to", "outcome", "button", "counter", "counted", "rule", "amount", "price", "round", "copy",
    "taken", "lifted", "stage", "weight", "send", "end",
];

/// Names for the events of a run, faults posted so far included.
pub fn names(run: &Run) -> Names {
    let mut names = Names::of(&run.plan);
    run.faults().iter().filter(|fault| fault.posted).for_each(|fault| names.add_fault(&fault.name));
    names
}

/// The line of an event, as in `events.ndjson`, line feed included.
pub fn line(names: &Names, event: &Event) -> Vec<u8> {
    let mut line = Vec::new();
    write_event(&mut line, names, event);
    line
}

/// The line of an event as JSON.
pub fn value(names: &Names, event: &Event) -> Value {
    serde_json::from_slice(&line(names, event)).expect("a line of events.ndjson is JSON")
}

/// All facts of an event.
pub fn of(run: &Run, names: &Names, event: &Event) -> Map<String, Value> {
    let Value::Object(mut facts) = value(names, event) else { unreachable!("a line of events.ndjson is an object") };
    let Some((notice, ordinal)) = notice_of(&event.kind) else { return facts };
    let mut add = |name: &str, value: Value| {
        if !facts.contains_key(name) {
            facts.insert(name.to_owned(), value);
        }
    };
    add("notice", notice.to_string().into());
    let Some(row) = run.ledger(|ledger| ledger.get(notice).cloned()) else { return facts };
    add("person", run.people.numbers().number(row.person).into());
    add("kind", run.plan.kinds[row.kind.index()].key.clone().into());
    // Of the notice as a whole there is no medium.
    if facts.contains_key("attempt")
        && let Some(medium) = row.medium(ordinal)
    {
        facts.insert("medium".to_owned(), medium.name().into());
        facts.insert("network".to_owned(), run.plan.medium(medium).network.name().into());
    }
    facts
}

/// A fact as a word of a question.
pub fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
