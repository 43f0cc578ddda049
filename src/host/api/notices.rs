//! `POST /v1/notices`: somebody outside submits notices to the live run, one or many at one instant.
//!
//! All items are looked up before any is submitted: either every one is handed to the engine, or none is. What is
//! answered is on record. A client that leaves in between stops nothing, so that its retry with the same key hears
//! what became of the first try.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::api::idempotency::{self, Keys, Known, Ticket};
use crate::host::api::problem::{Kind, Problem, cut, nearest};
use crate::host::api::wire::OneOrMany;
use crate::host::api::{Api, body, runs};
use crate::host::control::Made;
use crate::host::control::keep::Answered;
use crate::host::control::run::Run;
use crate::sim::model::ids::{KindId, PersonId};

/// Most notices of one request.
pub const BATCH_MAX: usize = 10_000;

/// `POST /v1/notices`: either `kind` and `to`, or `items`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticesBody {
    /// A kind of notice of the scenario, for everybody in `to`.
    #[serde(default)]
    kind: Option<String>,
    /// One phone number or several, 10,000 at most.
    #[serde(default)]
    to: Option<OneOrMany>,
    /// One notice each, 10,000 at most.
    #[serde(default)]
    items: Option<Vec<ItemBody>>,
}

/// One notice to be.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemBody {
    /// A kind of notice of the scenario.
    kind: String,
    /// A phone number.
    to: String,
}

/// What was submitted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SubmittedBody {
    /// The run.
    run: String,
    /// Number of an event before the first of these notices: what `wait` and `events` take as `since`.
    since: u64,
    /// In the order of the request.
    notices: Vec<SubmittedItem>,
}

/// One notice that was submitted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SubmittedItem {
    /// Its number; absent if it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// Its kind.
    kind: String,
    /// For whom.
    to: String,
    /// Why it was rejected, if it was: `full` when the run has as many notices as it may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected: Option<&'static str>,
}

/// The schema of the body: one of the two ways.
pub fn shape(schemas: &mut SchemaGenerator) -> Schema {
    let text = json!({ "type": "string" });
    let to = json!({ "anyOf": [text, { "type": "array", "items": text, "minItems": 1, "maxItems": BATCH_MAX }] });
    let item = schemas.subschema_for::<ItemBody>();
    let items = json!({ "type": "array", "items": item, "minItems": 1, "maxItems": BATCH_MAX });
    let way = |needs: &[&str], properties: Value| json!({ "type": "object", "required": needs, "additionalProperties": false, "properties": properties });
    json_schema!({ "oneOf": [way(&["kind", "to"], json!({ "kind": text, "to": to })), way(&["items"], json!({ "items": items }))] })
}

/// The handler.
pub async fn create(State(api): State<Arc<Api>>, request: Request) -> Result<Response, Problem> {
    let key = idempotency::key(request.headers())?;
    let text = body::bytes(request, &["application/json"]).await?;
    let Some(run) = api.runs.current().or_else(|| key.as_ref().and_then(|_| api.runs.all().pop())) else {
        return Err(runs::no_run());
    };
    let ticket = match key {
        None => None,
        Some(key) => match api.keys.begin(run.id, key, &text)? {
            Known::Done(answer) => return Ok(created(answer, true)),
            Known::New(ticket) => Some(ticket),
        },
    };
    let items = items(&run, body::parsed(&text)?)?;
    let work = tokio::spawn(async move { submit(&run, items, ticket).await });
    let answer = work.await.map_err(|_| Problem::new(Kind::Failed, "the submission broke off"))?;
    Ok(created(answer?, false))
}

fn created(answer: Bytes, again: bool) -> Response {
    let mut response = (StatusCode::CREATED, [(header::CONTENT_TYPE, "application/json")], answer).into_response();
    if again {
        response.headers_mut().insert("idempotent-replayed", header::HeaderValue::from_static("true"));
    }
    response
}

/// Requests that a run took in an earlier process are done: their keys give the same answers again.
pub fn remember(keys: &Keys, run: &Run, answered: Vec<Answered>, now_s: i64) {
    for Answered { keyed, at_s, items } in answered {
        let age = Duration::from_secs(now_s.saturating_sub(at_s).max(0).unsigned_abs());
        let rows = items.into_iter().map(|(kind, person, made)| ((kind, person), made));
        keys.remember(run.id, keyed.key, keyed.body, answer(run, keyed.since, rows), age);
    }
}

async fn submit(run: &Run, items: Vec<(KindId, PersonId)>, ticket: Option<Ticket>) -> Result<Bytes, Problem> {
    let since = run.last_event();
    let key = ticket.as_ref().and_then(|ticket| ticket.keyed(since));
    let made = run.submit(items.clone(), key).await?;
    let answer = answer(run, since, items.into_iter().zip(made));
    if let Some(ticket) = ticket {
        ticket.done(&answer);
    }
    Ok(answer)
}

fn answer(run: &Run, since: u64, rows: impl Iterator<Item = ((KindId, PersonId), Made)>) -> Bytes {
    let notices = rows.map(|(item, made)| submitted(run, item, made)).collect();
    let answer = SubmittedBody { run: run.id.to_string(), since, notices };
    Bytes::from(serde_json::to_vec(&answer).expect("plain data becomes JSON in memory"))
}

fn submitted(run: &Run, (kind, person): (KindId, PersonId), made: Made) -> SubmittedItem {
    SubmittedItem {
        id: made.ok().map(|notice| notice.to_string()),
        kind: run.plan.kinds[kind.index()].key.clone(),
        to: run.people.numbers().number(person),
        rejected: made.err().map(|why| why.name()),
    }
}

/// What is asked for, in ids.
fn items(run: &Run, asked: NoticesBody) -> Result<Vec<(KindId, PersonId)>, Problem> {
    let wrong = |detail: &str| Err(Problem::new(Kind::InvalidRequest, detail));
    match asked {
        NoticesBody { kind: Some(kind), to: Some(to), items: None } => {
            let kind = kind_of(run, "kind", &kind)?;
            let to = bounded(to.into_vec(), "to")?.into_iter().enumerate();
            to.map(|(place, to)| Ok((kind, person_of(run, &format!("to[{place}]"), &to)?))).collect()
        }
        NoticesBody { kind: None, to: None, items: Some(items) } => {
            let items = bounded(items, "items")?.into_iter().enumerate();
            let item = |(place, item): (usize, ItemBody)| {
                let kind = kind_of(run, &format!("items[{place}].kind"), &item.kind)?;
                Ok((kind, person_of(run, &format!("items[{place}].to"), &item.to)?))
            };
            items.map(item).collect()
        }
        NoticesBody { kind: None, to: None, items: None } => wrong("expected kind and to, or items"),
        _ => wrong("expected either kind and to, or items, found parts of both"),
    }
}

fn bounded<T>(list: Vec<T>, name: &str) -> Result<Vec<T>, Problem> {
    if (1..=BATCH_MAX).contains(&list.len()) {
        return Ok(list);
    }
    let detail = format!("{name}: expected 1 to {BATCH_MAX}, found {}", list.len());
    Err(Problem::new(Kind::InvalidRequest, detail))
}

fn kind_of(run: &Run, place: &str, key: &str) -> Result<KindId, Problem> {
    let kinds = &run.plan.kinds;
    if let Some(kind) = kinds.iter().position(|kind| kind.key == key).and_then(|place| u16::try_from(place).ok()) {
        return Ok(KindId(kind));
    }
    let near = nearest(key, kinds.iter().map(|kind| kind.key.as_str()));
    let detail = format!("{place}: no kind of notice is called '{}'", cut(key));
    Err(Problem::new(Kind::UnknownKind, detail).with("nearest", near))
}

fn person_of(run: &Run, place: &str, number: &str) -> Result<PersonId, Problem> {
    run.people.by_number(number).ok_or_else(|| {
        let detail = format!("{place}: expected the number of a person of this run, found '{}'", cut(number));
        Problem::new(Kind::UnknownRecipient, detail)
    })
}
