//! `/openapi.json`: the table of operations as OpenAPI 3.1, with the schemas of the types that are really read and
//! written. What the gateway answers on the same address (`/v1/inbox`) is described here too; its sockets are in
//! `asyncapi`.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::host::api::Api;
use crate::host::api::operations;
use crate::host::api::problem::Kind;
use crate::host::api::routes::{Content, Operation};
use crate::sim::scenario;

/// What other parts answer on the same address: their paths, and the schemas that these name.
pub type Parts = (Map<String, Value>, Map<String, Value>);

/// The documents that were asked for: there is one, and one without the other parts in tests.
static DOCUMENTS: LazyLock<Mutex<BTreeMap<bool, Arc<str>>>> = LazyLock::new(Mutex::default);

/// `GET /openapi.json`.
pub async fn get(State(api): State<Arc<Api>>) -> Response {
    let mut documents = DOCUMENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let whole = documents.entry(api.parts.is_some());
    let whole = whole.or_insert_with(|| document(api.parts.map(|parts| parts())).to_string().into());
    ([(header::CONTENT_TYPE, "application/json")], whole.to_string()).into_response()
}

/// `GET /schema/scenario.v1.json`.
pub async fn scenario_schema() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], scenario::schema()).into_response()
}

/// The document.
pub fn document(parts: Option<Parts>) -> Value {
    let settings = || {
        SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
    };
    // What is read and what is written differ: an answer always has all its members.
    let mut read = settings().for_deserialize().into_generator();
    let mut written = settings().for_serialize().into_generator();
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for operation in operations::all() {
        let described = described(operation, &mut read, &mut written);
        paths.entry(operation.template()).or_default().insert(operation.verb.name().to_owned(), described);
    }
    paths.entry("/v1/inbox".to_owned()).or_default().insert("get".to_owned(), inbox());
    let mut schemas = written.take_definitions(true);
    schemas.extend(read.take_definitions(true));
    schemas.insert("Problem".to_owned(), problem());
    let (also, named) = parts.unwrap_or_default();
    schemas.extend(named);
    let mut paths: Map<String, Value> = paths.into_iter().map(|(path, methods)| (path, methods.into())).collect();
    paths.extend(also.into_iter().map(|(path, methods)| (path, gated(methods))));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "bongsu",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "봉수: 카카오 채널식 공공 알림의 모의 실험. Simulated public notifications over channels that fail.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "/" }],
        "security": [{}, { "bearer": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn described(operation: &Operation, read: &mut SchemaGenerator, written: &mut SchemaGenerator) -> Value {
    let mut out = Map::new();
    out.insert("operationId".to_owned(), operation.id.into());
    out.insert("summary".to_owned(), operation.en.into());
    out.insert("description".to_owned(), operation.ko.into());
    out.insert("parameters".to_owned(), parameters(operation).into());
    if let Some(shape) = operation.body {
        let schema = shape(read);
        let content = json!({ "application/json": { "schema": schema } });
        out.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    let mut responses = Map::new();
    let (status, content) = &operation.answer;
    let content = match content {
        Content::Json(shape) => json!({ "application/json": { "schema": shape(written) } }),
        // A reader of YAML sees a mapping, a reader of text a text.
        Content::Text(media @ "application/yaml") => json!({ *media: {} }),
        Content::Text(media) => json!({ *media: { "schema": { "type": "string" } } }),
    };
    responses.insert(status.to_string(), json!({ "description": operation.en, "content": content }));
    responses.extend(problems(&operation.all_problems()));
    out.insert("responses".to_owned(), responses.into());
    Value::Object(out)
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let names = operation.names().into_iter().map(|name| {
        let schema = json!({ "type": "string", "minLength": 1 });
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    });
    let query = operation.query.iter().map(|parameter| {
        let schema = (parameter.schema)();
        json!({ "name": parameter.name, "in": "query", "description": parameter.en, "schema": schema })
    });
    let mut all: Vec<Value> = names.chain(query).collect();
    if operation.id == "submitNotices" {
        let schema = json!({ "type": "string", "pattern": "^[!-~]{1,255}$" });
        all.push(json!({ "name": "Idempotency-Key", "in": "header", "schema": schema }));
    }
    if operation.id == "followEvents" {
        let en = "The number of the last event that a client has: it goes on after it. One that this run has not come to is of another run: all events.";
        let schema = json!({ "type": "integer", "minimum": 0 });
        all.push(json!({ "name": "Last-Event-ID", "in": "header", "description": en, "schema": schema }));
    }
    all
}

/// Operations of another part, with what the doors before every part answer.
fn gated(mut methods: Value) -> Value {
    for (verb, operation) in methods.as_object_mut().into_iter().flatten() {
        let mut doors = vec![Kind::Unauthorized, Kind::HostNotAllowed, Kind::OriginNotAllowed];
        if verb != "get" {
            doors.push(Kind::TooManyRequests);
        }
        let Some(responses) = operation["responses"].as_object_mut() else { continue };
        for (status, answer) in problems(&doors) {
            responses.entry(status).or_insert(answer);
        }
    }
    methods
}

/// Answers for what went wrong, by status: which kinds come with it.
fn problems(kinds: &[Kind]) -> Map<String, Value> {
    let mut by_status: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for kind in kinds {
        let (slug, status, _, en) = kind.row();
        let line = format!("`/problems/{slug}`: {en}");
        let lines = by_status.entry(status).or_default();
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

/// The problem document (RFC 9457).
fn problem() -> Value {
    let types: Vec<String> = Kind::ALL.iter().map(|kind| format!("/problems/{}", kind.row().0)).collect();
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "description": "RFC 9457. `type` is stable, and can be fetched; further members depend on it.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "enum": types }, "title": text, "title_ko": text, "detail": text,
            "status": { "type": "integer", "minimum": 400, "maximum": 599 },
        },
    })
}

/// `GET /v1/inbox`, which the gateway answers.
fn inbox() -> Value {
    let number = json!({ "type": "integer", "minimum": 0 });
    let parameter = |name: &str, required: bool, schema: Value| json!({ "name": name, "in": "query", "required": required, "schema": schema });
    let mut responses = problems(&[
        Kind::InvalidQuery,
        Kind::UnknownPhone,
        Kind::UnknownNetwork,
        Kind::NetworkDown,
        Kind::Unauthorized,
        Kind::HostNotAllowed,
        Kind::OriginNotAllowed,
    ]);
    let frames = json!({ "type": "array", "items": { "type": "object" } });
    let page = json!({ "type": "object", "required": ["frames", "next"],
        "properties": { "frames": frames, "next": number } });
    let content = json!({ "application/json": { "schema": page } });
    responses.insert("200".to_owned(), json!({ "description": "Notices of a phone.", "content": content }));
    json!({
        "operationId": "readInbox",
        "summary": "A phone's messages over plain HTTP.",
        "description": "단말이 받은 알림",
        "parameters": [
            parameter("phone", true, json!({ "type": "string", "pattern": "^010-[01][0-9]{3}-[0-9]{4}$" })),
            parameter("since", false, number),
            parameter("limit", false, json!({ "type": "integer", "minimum": 1, "maximum": 256 })),
            parameter("network", false, json!({ "enum": ["kakao", "mobile", "mail"] })),
        ],
        "responses": responses,
    })
}
