//! `/v1/runs`: start, look, order, ask for the verdict.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tokio::time::timeout;

use crate::host::api::body::Name;
use crate::host::api::deeds::about;
use crate::host::api::folder::not_kept;
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::wire::{RunBody, RunsBody, SpeedBody, StartBody, checked_speed};
use crate::host::api::{Api, body};
use crate::host::control::Order;
use crate::host::control::run::{Run, RunId};
use crate::host::control::runs::Source;

/// Longest time that reading a scenario and drawing its people may take before the client is told.
const START_TIME_MAX: Duration = Duration::from_secs(60);

/// `POST /v1/runs`.
pub async fn create(State(api): State<Arc<Api>>, request: Request) -> Result<Response, Problem> {
    let start = body::json::<StartBody>(request).await?.start()?;
    if api.shutdown.is_asked() {
        return Err(Problem::new(Kind::ShuttingDown, "no run is started any more"));
    }
    about(match &start.scenario {
        Source::Name(name) => name.clone(),
        Source::Text(_) => "text".to_owned(),
    });
    let claim = api.runs.claim(start.speed.is_some())?;
    let started = timeout(START_TIME_MAX, api.stage.start(claim, start)).await;
    let run = started.map_err(|_| Problem::new(Kind::Failed, "the run took too long to start"))??;
    let address = HeaderValue::from_str(&format!("/v1/runs/{}", run.id)).expect("a run's number is plain text");
    Ok((StatusCode::CREATED, [(header::LOCATION, address)], Json(RunBody::of(&run))).into_response())
}

/// Runs of a page, when the client does not say.
pub const LIMIT_DEFAULT: usize = 100;
/// Most runs of a page.
pub const LIMIT_MAX: usize = 1_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    before: Option<String>,
    limit: Option<usize>,
}

/// `GET /v1/runs?before=r17&limit=100`: the newest before that one, oldest first, of this process and of the journal.
pub async fn list(State(api): State<Arc<Api>>, request: Request) -> Result<Json<RunsBody>, Problem> {
    let asked: ListQuery = body::query(&request)?;
    let limit = asked.limit.unwrap_or(LIMIT_DEFAULT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::new(Kind::InvalidQuery, format!("limit: expected 1 to {LIMIT_MAX}, found {limit}")));
    }
    let before = asked.before.as_deref().map(|text| RunId::parse(text).ok_or_else(|| unnumbered(text))).transpose()?;
    // One more than is wanted says whether there is a page after this one.
    let earlier = api.stage.earlier(before, limit + 1).await?;
    let mut found: BTreeMap<RunId, RunBody> = earlier.into_iter().map(|run| (run.id, RunBody::earlier(run))).collect();
    let here = api.runs.all();
    let here = here.iter().filter(|run| before.is_none_or(|before| run.id < before));
    found.extend(here.map(|run| (run.id, RunBody::of(run))));
    let more = found.len().saturating_sub(limit);
    let runs: BTreeMap<RunId, RunBody> = found.into_iter().skip(more).collect();
    let next = runs.keys().next().filter(|_| more > 0).map(RunId::to_string);
    let current = api.runs.current().map(|run| run.id.to_string());
    Ok(Json(RunsBody { runs: runs.into_values().collect(), current, next }))
}

fn unnumbered(text: &str) -> Problem {
    Problem::new(Kind::InvalidQuery, format!("before: expected a run's number like r17, found '{}'", cut(text)))
}

/// `GET /v1/runs/{id}`; `current` is the run that goes on.
pub async fn show(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<RunBody>, Problem> {
    Ok(Json(RunBody::of(&*find(&api, &id).await?)))
}

/// `POST /v1/runs/{id}/pause`.
pub async fn pause(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<RunBody>, Problem> {
    order(&*find(&api, &id).await?, Order::Pause).await
}

/// `POST /v1/runs/{id}/resume`.
pub async fn resume(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<RunBody>, Problem> {
    order(&*find(&api, &id).await?, Order::Resume).await
}

/// `POST /v1/runs/{id}/stop`: answers when the verdict is there.
pub async fn stop(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<RunBody>, Problem> {
    let run = find(&api, &id).await?;
    run.ask(Order::Stop).await?;
    run.ended().await;
    Ok(Json(RunBody::of(&run)))
}

/// `POST /v1/runs/{id}/speed`.
pub async fn speed(State(api): State<Arc<Api>>, Name(id): Name, request: Request) -> Result<Json<RunBody>, Problem> {
    let run = find(&api, &id).await?;
    let SpeedBody { speed } = body::json(request).await?;
    about(format!("x{speed}"));
    order(&run, Order::Speed(checked_speed(speed)?)).await
}

/// `GET /v1/runs/{id}/verdict`: the same document as `verdict.json`.
pub async fn verdict(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Response, Problem> {
    let run = find(&api, &id).await?;
    let Some(outcome) = run.outcome() else {
        return Err(Problem::new(Kind::NotEnded, format!("run {} is at {}", run.id, run.status().at)));
    };
    Ok(([(header::CONTENT_TYPE, "application/json")], outcome.document.clone()).into_response())
}

/// `GET /v1/runs/{id}/scenario`: the scenario as resolved.
pub async fn scenario(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Response, Problem> {
    let run = find(&api, &id).await?;
    Ok(([(header::CONTENT_TYPE, "application/yaml; charset=utf-8")], run.resolved.clone()).into_response())
}

/// Nothing of a report asks for anything, and nothing in it may: a scenario's words are in it. It keeps its origin, so that the
/// page that frames it can hear Escape; no script runs in it, and no form is sent.
const REPORT_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-same-origin";

/// `GET /v1/runs/{id}/report`: the run's `report.html`, from its folder; also of runs that another build recorded.
pub async fn report(State(api): State<Arc<Api>>, Name(name): Name) -> Result<Response, Problem> {
    let unknown = || Problem::new(Kind::UnknownRun, format!("no run is called '{}'", cut(&name)));
    let id = if name == "current" { current(&api)?.id } else { RunId::parse(&name).ok_or_else(unknown)? };
    let here = api.runs.get(id);
    if let Some(run) = here.as_ref().filter(|run| run.outcome().is_none()) {
        return Err(Problem::new(Kind::NotEnded, format!("run {} is at {}", run.id, run.status().at)));
    }
    let in_memory = here.as_ref().and_then(|run| run.outcome()?.report.clone());
    match (api.stage.report(id).await?.or(in_memory.map(String::into_bytes)), here) {
        (Some(report), _) => {
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, REPORT_POLICY),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                (header::REFERRER_POLICY, "no-referrer"),
            ];
            Ok((headers, report).into_response())
        }
        (None, Some(_)) => Err(Problem::new(Kind::NoReport, not_kept(&api))),
        (None, None) => Err(unknown()),
    }
}

/// The run of that number, or the one that goes on. One that is over and no longer whole in memory is had from the
/// journal, which takes as long as its steps.
pub async fn find(api: &Api, name: &str) -> Result<Arc<Run>, Problem> {
    if name == "current" {
        return current(api);
    }
    let unknown = || Problem::new(Kind::UnknownRun, format!("no run is called '{}'", cut(name)));
    let id = RunId::parse(name).ok_or_else(unknown)?;
    let here = api.runs.get(id);
    if let Some(run) = &here
        && !run.is_forgotten()
    {
        return Ok(run.clone());
    }
    let recalled = timeout(START_TIME_MAX, api.stage.recall(id)).await;
    let recalled = recalled.map_err(|_| Problem::new(Kind::Failed, "the run took too long to be had again"));
    match (recalled.and_then(|run| run.map_err(Problem::from)), here) {
        (Ok(Some(run)), _) => Ok(run),
        // Counts and verdict are still here.
        (Ok(None) | Err(_), Some(run)) => Ok(run),
        (Err(problem), None) => Err(problem),
        (Ok(None), None) => Err(unknown()),
    }
}

/// The run that goes on.
pub fn current(api: &Api) -> Result<Arc<Run>, Problem> {
    api.runs.current().ok_or_else(no_run)
}

/// The run that goes on, else the one that began last.
pub fn latest(api: &Api) -> Result<Arc<Run>, Problem> {
    api.runs.current().or_else(|| api.runs.all().pop()).ok_or_else(no_run)
}

/// Nothing goes on.
pub fn no_run() -> Problem {
    Problem::new(Kind::NoRun, "start one with POST /v1/runs")
}

async fn order(run: &Run, order: Order) -> Result<Json<RunBody>, Problem> {
    run.ask(order).await?;
    Ok(Json(RunBody::of(run)))
}
