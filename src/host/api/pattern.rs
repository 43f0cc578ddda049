//! What somebody waits for: facts of an event, each with the value it must have.
//!
//! `event=shown&person=010-0000-0012&medium=lms`. All must hold. A fact that no event has, or a word that is none, is
//! a mistake and told at once, with the nearest word: nobody should wait two minutes for a misspelling.

use serde_json::{Map, Value};

use crate::host::api::facts::{self, FIELDS};
use crate::host::api::problem::{Kind, Problem, cut, nearest};
use crate::host::control::run::Run;
use crate::report::ndjson::{EVENTS, name};
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::AttemptId;
use crate::sim::model::medium::{Medium, Network};

/// A pattern over the facts of one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<(&'static str, String)>);

/// How far an event is from a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Facts that are as they must be.
    pub matched: Vec<&'static str>,
    /// Facts that are not: name, expected, found (`None` where the event has no such fact).
    pub differed: Vec<(&'static str, String, Option<String>)>,
}

impl Pattern {
    /// A pattern over a run, from names and values.
    pub fn read(run: &Run, asked: &[(String, String)]) -> Result<Pattern, Problem> {
        if asked.is_empty() {
            return Err(invalid("expected a fact to wait for, like event=shown"));
        }
        let mut rows: Vec<(&'static str, String)> = Vec::new();
        for (field, wanted) in asked {
            let Some(known) = FIELDS.into_iter().find(|known| known == field) else {
                let near = nearest(field, FIELDS);
                return Err(invalid(&format!("no event has a '{}'", cut(field))).with("nearest", near));
            };
            if rows.iter().any(|row| row.0 == known) {
                return Err(invalid(&format!("{known}: expected once")));
            }
            rows.push((known, value(run, known, wanted)?));
        }
        Ok(Pattern(rows))
    }

    /// Whether an event of that kind could fit, by its name alone.
    pub fn may_fit(&self, kind: &EventKind) -> bool {
        self.0.iter().all(|(field, wanted)| *field != "event" || wanted == name(kind))
    }

    /// Holds the facts of an event against the pattern.
    pub fn compare(&self, facts: &Map<String, Value>) -> Comparison {
        let mut comparison = Comparison { matched: Vec::new(), differed: Vec::new() };
        for (field, wanted) in &self.0 {
            match facts.get(*field).map(facts::word) {
                Some(found) if found == *wanted => comparison.matched.push(field),
                found => comparison.differed.push((field, wanted.clone(), found)),
            }
        }
        comparison
    }
}

/// A wanted value as events write it.
fn value(run: &Run, field: &str, wanted: &str) -> Result<String, Problem> {
    let word = |known: &[&'static str]| {
        if known.contains(&wanted) {
            return Ok(wanted.to_owned());
        }
        let near = nearest(wanted, known.iter().copied());
        Err(invalid(&format!("{field}: no such word as '{}'", cut(wanted))).with("nearest", near))
    };
    match field {
        "event" => word(&EVENTS),
        "medium" | "from" | "to" => word(&Medium::ALL.map(Medium::name)),
        "network" => word(&Network::ALL.map(Network::name)),
        "person" => match run.people.by_number(wanted) {
            Some(person) => Ok(run.people.numbers().number(person)),
            None => {
                Err(invalid(&format!("person: expected the number of a person of this run, found '{}'", cut(wanted))))
            }
        },
        "attempt" if AttemptId::parse(wanted).is_none() => {
            Err(invalid(&format!("attempt: expected one like n17/0, found '{}'", cut(wanted))))
        }
        "kind" if !run.plan.kinds.iter().any(|kind| kind.key == wanted) => {
            let near = nearest(wanted, run.plan.kinds.iter().map(|kind| kind.key.as_str()));
            Err(invalid(&format!("kind: no kind of notice is called '{}'", cut(wanted))).with("nearest", near))
        }
        _ => Ok(wanted.to_owned()),
    }
}

fn invalid(detail: &str) -> Problem {
    Problem::new(Kind::InvalidQuery, detail)
}
