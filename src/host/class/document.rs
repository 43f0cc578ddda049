//! The class's addresses as parts of the OpenAPI document: whoever puts the document together adds them to its own.

use std::collections::BTreeMap;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::host::class::problem::Kind;
use crate::host::class::routes::{OPERATIONS, Operation};

/// `paths` and `schemas`, as they stand in a document.
pub fn parts() -> (Map<String, Value>, Map<String, Value>) {
    let settings = || {
        SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
    };
    let mut read = settings().for_deserialize().into_generator();
    let mut written = settings().for_serialize().into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for operation in OPERATIONS {
        let methods = paths.entry(operation.path).or_insert_with(|| json!({}));
        methods[operation.verb] = described(operation, &mut read, &mut written);
    }
    let mut schemas = written.take_definitions(true);
    schemas.extend(read.take_definitions(true));
    (paths, schemas)
}

fn described(operation: &Operation, read: &mut SchemaGenerator, written: &mut SchemaGenerator) -> Value {
    let mut out = Map::new();
    out.insert("operationId".to_owned(), operation.id.into());
    out.insert("summary".to_owned(), operation.en.into());
    out.insert("description".to_owned(), operation.ko.into());
    out.insert("tags".to_owned(), json!(["class"]));
    let mut parameters = Vec::new();
    if operation.path.contains("{number}") {
        let schema = json!({ "type": "integer", "minimum": 1, "maximum": u32::MAX });
        parameters.push(json!({ "name": "number", "in": "path", "required": true, "schema": schema }));
    }
    if operation.path.ends_with("/debrief") {
        let schema = json!({ "type": "integer", "minimum": 0 });
        parameters.push(json!({ "name": "at_us", "in": "query", "required": true, "schema": schema }));
    }
    out.insert("parameters".to_owned(), parameters.into());
    if let Some(shape) = operation.body {
        let content = json!({ "application/json": { "schema": shape(read) } });
        out.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    let (status, shape) = operation.answer;
    let mut answer = json!({ "description": operation.en });
    match (status, shape) {
        (_, Some(shape)) => answer["content"] = json!({ "application/json": { "schema": shape(written) } }),
        (200, None) => answer["content"] = json!({ "text/event-stream": { "schema": { "type": "string" } } }),
        (_, None) => {}
    }
    let mut responses = Map::new();
    responses.insert(status.to_string(), answer);
    responses.extend(problems(&operation.all_problems()));
    out.insert("responses".to_owned(), responses.into());
    Value::Object(out)
}

fn problems(kinds: &[Kind]) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for kind in kinds {
        let line = format!("`/problems/{}`: {}", kind.slug, kind.en);
        let lines = by_status.entry(kind.status).or_default();
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let content = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let answer = |(status, lines): (u16, Vec<String>)| {
        (status.to_string(), json!({ "description": lines.join("; "), "content": content }))
    };
    by_status.into_iter().map(answer).collect()
}
