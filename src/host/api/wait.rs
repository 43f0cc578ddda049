//! `/v1/wait`: the server waits, so that a test does not have to ask again and again. It answers the event, or, when
//! the time is up, the events that came closest and what was different about them.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, Request, State};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::host::api::body;
use crate::host::api::facts::{self, FIELDS};
use crate::host::api::pattern::{Comparison, Pattern};
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::routes::Parameter;
use crate::host::api::{Api, runs};
use crate::host::control::run::Run;
use crate::report::ndjson::EVENTS;
use crate::sim::model::medium::Medium;

/// Waits that may go on at once; one more is answered 503.
pub const WAITS_MAX: usize = 64;
/// Longest wait, in milliseconds of real time.
pub const TIMEOUT_MS_MAX: u64 = 120_000;
/// The wait when the client does not say.
pub const TIMEOUT_MS_DEFAULT: u64 = 30_000;
/// Events looked at under one lock.
const PAGE: usize = 1_024;
/// The newest events among which near misses are sought.
const NEAR_AMONG: u64 = 20_000;
/// Near misses that are told.
const NEAR_MAX: usize = 5;

/// What may stand in the query, besides all other facts.
pub const PARAMETERS: [Parameter; 6] = [
    Parameter { name: "event", en: "The word of the event.", schema: || json!({ "enum": EVENTS }) },
    Parameter {
        name: "person",
        en: "A phone number; any other fact of an event may stand here too.",
        schema: || json!({ "type": "string", "pattern": "^010-[01][0-9]{3}-[0-9]{4}$" }),
    },
    Parameter { name: "medium", en: "A medium.", schema: || json!({ "enum": Medium::ALL.map(Medium::name) }) },
    Parameter {
        name: "since",
        en: "Number of the last event that is not meant; without it only what comes from now on counts.",
        schema: || json!({ "type": "integer", "minimum": 0 }),
    },
    Parameter {
        name: "timeout_ms",
        en: "How long to wait, in real time.",
        schema: || json!({ "type": "integer", "minimum": 0, "maximum": TIMEOUT_MS_MAX, "default": TIMEOUT_MS_DEFAULT }),
    },
    Parameter {
        name: "run",
        en: "A run's number; without it the run that goes on.",
        schema: || json!({ "type": "string", "pattern": "^(r[1-9][0-9]{0,8}|current)$" }),
    },
];

/// What may go wrong.
pub const PROBLEMS: [Kind; 7] = [
    Kind::InvalidQuery,
    Kind::UnknownRun,
    Kind::NoRun,
    Kind::RunEnded,
    Kind::WaitTimeout,
    Kind::Overloaded,
    Kind::ShuttingDown,
];

/// The schema of the body: the same as the query.
pub fn shape(_schemas: &mut SchemaGenerator) -> Schema {
    let members = PARAMETERS.iter().map(|parameter| (parameter.name.to_owned(), (parameter.schema)()));
    let members: Map<String, Value> = members.collect();
    let fact = json!({ "type": ["string", "integer", "boolean"] });
    let others = FIELDS.iter().filter(|name| !members.contains_key(**name));
    let others: Map<String, Value> = others.map(|name| ((*name).to_owned(), fact.clone())).collect();
    let properties: Map<String, Value> = members.into_iter().chain(others).collect();
    json_schema!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// The event that somebody waited for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WaitedBody {
    /// The run.
    run: String,
    /// The number of the event: the `since` of the next wait.
    number: u64,
    /// Its facts, those of its notice included.
    event: Map<String, Value>,
}

/// What is asked.
struct Asked {
    run: Arc<Run>,
    since: u64,
    timeout: Duration,
    pattern: Pattern,
}

/// `GET /v1/wait?event=shown&person=010-0000-0012&medium=lms&timeout_ms=30000&since=17&run=r1`.
pub async fn by_query(State(api): State<Arc<Api>>, request: Request) -> Result<Json<WaitedBody>, Problem> {
    let Query(pairs): Query<Vec<(String, String)>> =
        Query::try_from_uri(request.uri()).map_err(|error| Problem::new(Kind::InvalidQuery, error.body_text()))?;
    wait(&api, asked(&api, pairs).await?).await
}

/// `POST /v1/wait` with the same as a JSON object.
pub async fn by_body(State(api): State<Arc<Api>>, request: Request) -> Result<Json<WaitedBody>, Problem> {
    let object: Map<String, Value> = body::json(request).await?;
    let mut pairs = Vec::with_capacity(object.len());
    for (name, value) in object {
        if value.is_object() || value.is_array() || value.is_null() {
            let detail = format!("{}: expected a text, a number or a boolean", cut(&name));
            return Err(Problem::new(Kind::InvalidQuery, detail));
        }
        pairs.push((name, facts::word(&value)));
    }
    wait(&api, asked(&api, pairs).await?).await
}

async fn asked(api: &Api, pairs: Vec<(String, String)>) -> Result<Asked, Problem> {
    let (mut run, mut since, mut timeout_ms, mut rest) = ("current".to_owned(), None, TIMEOUT_MS_DEFAULT, Vec::new());
    for (name, value) in pairs {
        match name.as_str() {
            "run" => run = value,
            "since" => since = Some(number("since", &value, u64::MAX)?),
            "timeout_ms" => timeout_ms = number("timeout_ms", &value, TIMEOUT_MS_MAX)?,
            _ => rest.push((name, value)),
        }
    }
    let run = runs::find(api, &run).await?;
    let pattern = Pattern::read(&run, &rest)?;
    let since = since.unwrap_or_else(|| run.last_event());
    Ok(Asked { run, since, timeout: Duration::from_millis(timeout_ms), pattern })
}

fn number(name: &str, value: &str, most: u64) -> Result<u64, Problem> {
    let plain = value.bytes().all(|b| b.is_ascii_digit());
    value.parse().ok().filter(|number| plain && *number <= most).ok_or_else(|| {
        let detail = format!("{name}: expected a whole number up to {most}, found '{}'", cut(value));
        Problem::new(Kind::InvalidQuery, detail)
    })
}

async fn wait(api: &Api, asked: Asked) -> Result<Json<WaitedBody>, Problem> {
    let permit = api.waits.clone().try_acquire_owned();
    let _permit = permit.map_err(|_| Problem::new(Kind::Overloaded, format!("{WAITS_MAX} waits go on")))?;
    let (began, until) = (Instant::now(), Instant::now() + asked.timeout);
    let (mut since, mut changes, mut shutdown) = (asked.since, asked.run.changes(), api.shutdown.clone());
    loop {
        changes.mark_unchanged();
        let ended = asked.run.outcome().is_some();
        if let Some(waited) = look(&asked, &mut since) {
            return Ok(Json(waited));
        }
        if ended {
            let problem = Problem::new(Kind::RunEnded, format!("run {} ended before it happened", asked.run.id));
            return Err(problem.with("near_misses", near_misses(&asked)));
        }
        tokio::select! {
            () = shutdown.asked() => return Err(Problem::new(Kind::ShuttingDown, "the wait was broken off")),
            changed = changed(&mut changes, until) => if !changed {
                let waited = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                let problem = Problem::new(Kind::WaitTimeout, format!("waited {waited} ms"));
                return Err(problem.with("since", since).with("near_misses", near_misses(&asked)));
            },
        }
    }
}

/// Whether something happened before that instant.
async fn changed(changes: &mut watch::Receiver<u64>, until: Instant) -> bool {
    timeout_at(until, changes.changed()).await.is_ok()
}

/// The first event after `since` that fits; `since` moves past what was looked at.
fn look(asked: &Asked, since: &mut u64) -> Option<WaitedBody> {
    let mut names = None;
    loop {
        let page = asked.run.events(*since, PAGE);
        if page.events.is_empty() {
            return None;
        }
        for (number, event) in (page.first..).zip(&page.events) {
            *since = number;
            if !asked.pattern.may_fit(&event.kind) {
                continue;
            }
            let names = names.get_or_insert_with(|| facts::names(&asked.run));
            let facts = facts::of(&asked.run, names, event);
            if asked.pattern.compare(&facts).differed.is_empty() {
                return Some(WaitedBody { run: asked.run.id.to_string(), number, event: facts });
            }
        }
    }
}

/// The newest of the events that had most in common with the pattern.
fn near_misses(asked: &Asked) -> Vec<Value> {
    let names = facts::names(&asked.run);
    let mut near: Vec<(usize, u64, Value)> = Vec::new();
    let last = asked.run.last_event();
    let mut since = asked.since.max(last.saturating_sub(NEAR_AMONG));
    while since < last {
        let page = asked.run.events(since, PAGE);
        if page.events.is_empty() {
            break;
        }
        for (number, event) in (page.first..).zip(&page.events) {
            since = number;
            let facts = facts::of(&asked.run, &names, event);
            let comparison = asked.pattern.compare(&facts);
            if !comparison.matched.is_empty() {
                near.push((comparison.matched.len(), number, told(number, facts, &comparison)));
            }
        }
        near.sort_by_key(|miss| std::cmp::Reverse((miss.0, miss.1)));
        near.truncate(NEAR_MAX);
    }
    near.into_iter().map(|miss| miss.2).collect()
}

fn told(number: u64, facts: Map<String, Value>, comparison: &Comparison) -> Value {
    let differed = comparison.differed.iter();
    let differed: Map<String, Value> = differed
        .map(|(name, expected, found)| ((*name).to_owned(), json!({ "expected": expected, "found": found })))
        .collect();
    json!({ "number": number, "event": facts, "matched": comparison.matched, "differed": differed })
}
