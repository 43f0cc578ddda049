//! The JSON Schema of the file (`scenario.v1.json`), made from the same tables that the reader holds keys against.
//!
//! Draft 2020-12. It says which keys there are and what their values look like; what only the whole file can tell
//! (references, sums of shares, names that clash) is for `bongsu check`.

use std::collections::BTreeMap;

use crate::sim::model::medium::{Medium, Network};
use crate::sim::scenario::lower::ROOT;
use crate::sim::scenario::reader::ASSUMED;
use crate::sim::scenario::table::{Shape, Table};
use crate::sim::scenario::timeline::PACK;

const SPAN: &str = "^([0-9]+(d|h|m|s|ms|us))+$";
const INSTANT: &str = "^(([0-9]+(d|h|m|s|ms|us))+|[0-9]{4}-[0-9]{2}-[0-9]{2}T.+)$";
const SPREAD: &str = "^(([0-9]+(d|h|m|s|ms|us))+|uniform\\\\(.+,.+\\\\)|lognormal\\\\(.+,.+\\\\))$";
const SHARE: &str = "^[0-9]+(\\\\.[0-9]{1,4})?%$";

/// The schema as JSON text.
pub fn schema() -> String {
    let mut tables = BTreeMap::new();
    collect(&ROOT, &mut tables);
    collect(&PACK, &mut tables);
    let definitions: Vec<String> = tables
        .values()
        .filter(|table| table.name != ROOT.name)
        .map(|table| format!("    {}: {}", json(table.name), object(table, 4)))
        .collect();
    let root = object(&ROOT, 2);
    let body = root.strip_prefix('{').expect("an object begins with its brace");
    format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"bongsu scenario, version 1\",\n  \"$defs\": {{\n{}\n  }},{body}\n",
        definitions.join(",\n"),
    )
}

fn collect(table: &'static Table, tables: &mut BTreeMap<&'static str, &'static Table>) {
    if tables.insert(table.name, table).is_none() {
        table.rows.iter().for_each(|row| collect_shape(&row.1, tables));
    }
}

fn collect_shape(shape: &Shape, tables: &mut BTreeMap<&'static str, &'static Table>) {
    match shape {
        Shape::Table(table) => collect(table, tables),
        Shape::Named(inner) | Shape::List(inner) => collect_shape(inner, tables),
        Shape::Either(shapes) => shapes.iter().for_each(|shape| collect_shape(shape, tables)),
        Shape::Text
        | Shape::Words
        | Shape::Flag
        | Shape::Number
        | Shape::Span
        | Shape::Instant
        | Shape::Moment
        | Shape::Spread
        | Shape::Share
        | Shape::Rate
        | Shape::Price
        | Shape::Speed
        | Shape::OneOf(_)
        | Shape::Medium
        | Shape::Network => {}
    }
}

fn object(table: &Table, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let rows = table.rows.iter().map(|row| {
        let value = shape(&row.1);
        let inner = value.strip_prefix('{').expect("a schema begins with its brace");
        format!("{pad}    {}: {{\"description\": {}, {inner}", json(row.0), json(row.2))
    });
    let assumed = format!(
        "{pad}    {}: {{\"description\": \"가정 / why a figure without a source stands here\"}}",
        json(ASSUMED)
    );
    let rows: Vec<String> = rows.chain([assumed]).collect();
    let needs: Vec<String> = table.needs.iter().map(|key| json(key)).collect();
    // A button is named by a key of its own, so its table cannot be closed.
    let closed = if table.name == "button" { shape(&Shape::Text) } else { "false".to_owned() };
    format!(
        "{{\n{pad}  \"type\": \"object\",\n{pad}  \"required\": [{}],\n{pad}  \"additionalProperties\": {closed},\n{pad}  \"properties\": {{\n{}\n{pad}  }}\n{pad}}}",
        needs.join(", "),
        rows.join(",\n"),
    )
}

fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Text => "{\"type\": [\"string\", \"number\"]}".to_owned(),
        Shape::Words => {
            let text = "{\"type\": \"string\"}";
            format!(
                "{{\"anyOf\": [{text}, {{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {{\"ko\": {text}, \"en\": {text}, \"assumed\": {{}}}}}}]}}"
            )
        }
        Shape::Flag => "{\"type\": \"boolean\"}".to_owned(),
        Shape::Number => "{\"type\": \"integer\", \"minimum\": 0}".to_owned(),
        Shape::Span => pattern(SPAN),
        Shape::Instant => pattern(INSTANT),
        Shape::Moment => "{\"type\": \"string\", \"format\": \"date-time\"}".to_owned(),
        Shape::Spread => pattern(SPREAD),
        Shape::Share => pattern(SHARE),
        Shape::Rate => pattern("^[0-9]+/s$"),
        Shape::Price => "{\"type\": \"number\", \"minimum\": 0}".to_owned(),
        Shape::Speed => pattern("^x[0-9]+$"),
        Shape::OneOf(words) => one_of(words),
        Shape::Medium => one_of(&Medium::ALL.map(Medium::name)),
        Shape::Network => one_of(&Network::ALL.map(Network::name)),
        Shape::Table(table) => format!("{{\"$ref\": \"#/$defs/{}\"}}", table.name),
        Shape::Named(inner) => format!("{{\"type\": \"object\", \"additionalProperties\": {}}}", self::shape(inner)),
        Shape::List(inner) => {
            let one = self::shape(inner);
            let list = format!("{{\"type\": \"array\", \"items\": {one}}}");
            let word = matches!(inner, Shape::Text | Shape::OneOf(_) | Shape::Medium | Shape::Network);
            // A list of words may be a single one: `groups: senior`.
            if word { format!("{{\"anyOf\": [{one}, {list}]}}") } else { list }
        }
        Shape::Either(shapes) => {
            let all: Vec<String> = shapes.iter().map(self::shape).collect();
            format!("{{\"anyOf\": [{}]}}", all.join(", "))
        }
    }
}

fn pattern(pattern: &str) -> String {
    format!("{{\"type\": \"string\", \"pattern\": \"{pattern}\"}}")
}

fn one_of(words: &[&str]) -> String {
    // `429` is a word of ours that YAML editors take for a number.
    let numbers = words.iter().filter(|word| word.bytes().all(|b| b.is_ascii_digit())).map(|word| (*word).to_owned());
    let words: Vec<String> = words.iter().map(|word| json(word)).chain(numbers).collect();
    format!("{{\"enum\": [{}]}}", words.join(", "))
}

fn json(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
