//! Comparison: the same fields, the same types, the same values, but those that differ with every call.

use std::mem::discriminant;

use serde_json::{Map, Value};

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// In which pair.
    pub pair: String,
    /// Where in the answer.
    pub at: String,
    /// What was recorded.
    pub expected: String,
    /// What is there now.
    pub found: String,
}

/// Longest value that is shown.
const SHOWN_MAX: usize = 120;

impl Drift {
    /// A difference.
    pub fn new(pair: &str, at: &str, expected: String, found: String) -> Drift {
        Drift { pair: pair.to_owned(), at: at.to_owned(), expected, found }
    }
}

/// All differences between a recorded answer and one that was heard.
pub fn differences(pair: &str, recorded: &Value, heard: &Value, volatile: &[&str]) -> Vec<Drift> {
    let mut drift = Vec::new();
    compare(pair, "/body", recorded, heard, volatile, &mut drift);
    drift
}

fn compare(pair: &str, at: &str, recorded: &Value, heard: &Value, volatile: &[&str], drift: &mut Vec<Drift>) {
    match (recorded, heard) {
        (Value::Object(one), Value::Object(other)) => {
            if is_list_by_id(recorded) && is_list_by_id(heard) {
                // The ids differ with every call, their order does not.
                let rows = |fields: &Map<String, Value>| Value::Array(fields.values().cloned().collect());
                return compare(pair, at, &rows(one), &rows(other), volatile, drift);
            }
            for (name, row) in one {
                let at = format!("{at}/{name}");
                match other.get(name) {
                    Some(now) if volatile.contains(&name.as_str()) => same_type(pair, &at, row, now, drift),
                    Some(now) => compare(pair, &at, row, now, volatile, drift),
                    None => drift.push(Drift::new(pair, &at, shown(row), "nothing".to_owned())),
                }
            }
            for (name, now) in other.iter().filter(|(name, _)| !one.contains_key(*name)) {
                drift.push(Drift::new(pair, &format!("{at}/{name}"), "nothing".to_owned(), shown(now)));
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            if one.len() != other.len() {
                let rows = |count: usize| format!("{count} rows");
                drift.push(Drift::new(pair, at, rows(one.len()), rows(other.len())));
            }
            for (place, (row, now)) in one.iter().zip(other).enumerate() {
                compare(pair, &format!("{at}/{place}"), row, now, volatile, drift);
            }
        }
        (one, other) if one != other => drift.push(Drift::new(pair, at, shown(one), shown(other))),
        (_, _) => {}
    }
}

/// Whether the fields of an object are ids of messages or groups, and no names.
fn is_list_by_id(value: &Value) -> bool {
    let id = |name: &String| name.len() > 12 && (name.starts_with("M4V") || name.starts_with("G4V"));
    value.as_object().is_some_and(|fields| !fields.is_empty() && fields.keys().all(id))
}

fn same_type(pair: &str, at: &str, recorded: &Value, heard: &Value, drift: &mut Vec<Drift>) {
    if discriminant(recorded) != discriminant(heard) {
        drift.push(Drift::new(pair, at, shown(recorded), shown(heard)));
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    let cut: String = text.chars().take(SHOWN_MAX).collect();
    if cut.len() < text.len() { format!("{cut}...") } else { cut }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Drift, differences};

    fn drift(recorded: &Value, heard: &Value) -> Vec<(String, String, String)> {
        let drift = differences("p", recorded, heard, &["id"]);
        drift.into_iter().map(|Drift { at, expected, found, .. }| (at, expected, found)).collect()
    }

    #[test]
    fn what_differs_is_named_with_its_place() {
        let recorded = json!({ "id": "x", "code": "2000", "list": [{ "n": 1 }], "gone": true });
        assert_eq!(drift(&recorded, &recorded), []);
        let heard = json!({ "id": "y", "code": "3000", "list": [], "new": null });
        let row = |at: &str, expected: &str, found: &str| (at.to_owned(), expected.to_owned(), found.to_owned());
        let expected = [
            row("/body/code", "\"2000\"", "\"3000\""),
            row("/body/gone", "true", "nothing"),
            row("/body/list", "1 rows", "0 rows"),
            row("/body/new", "nothing", "null"),
        ];
        let mut found = drift(&recorded, &heard);
        found.sort();
        assert_eq!(found, expected);
        assert_eq!(drift(&json!({ "id": "x" }), &json!({ "id": 7 })), [row("/body/id", "\"x\"", "7")]);
        let (one, other) = (json!({ "M4V2026030310": { "to": "1" } }), json!({ "M4V2026030311": { "to": "2" } }));
        assert_eq!(drift(&one, &other), [row("/body/0/to", "\"1\"", "\"2\"")], "rows by id are rows");
        assert_eq!(drift(&json!({ "n": 1 }), &json!({ "n": "1" })), [row("/body/n", "1", "\"1\"")]);
    }
}
