//! `/v1/runs`: start, look, order, ask for the verdict.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use crate::host::api::body::Name;
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::wire::{RunBody, RunsBody, SpeedBody, StartBody, checked_speed};
use crate::host::api::{Api, body};
use crate::host::control::Order;
use crate::host::control::run::{Run, RunId};

/// Longest time that reading a scenario and drawing its people may take before the client is told.
const START_TIME_MAX: Duration = Duration::from_secs(60);

/// `POST /v1/runs`.
pub async fn create(State(api): State<Arc<Api>>, request: Request) -> Result<Response, Problem> {
    let start = body::json::<StartBody>(request).await?.start()?;
    if api.shutdown.is_asked() {
        return Err(Problem::new(Kind::ShuttingDown, "no run is started any more"));
    }
    let claim = api.runs.claim(start.speed.is_some())?;
    let started = timeout(START_TIME_MAX, api.stage.start(claim, start)).await;
    let run = started.map_err(|_| Problem::new(Kind::Failed, "the run took too long to start"))??;
    let address = HeaderValue::from_str(&format!("/v1/runs/{}", run.id)).expect("a run's number is plain text");
    Ok((StatusCode::CREATED, [(header::LOCATION, address)], Json(RunBody::of(&run))).into_response())
}

/// `GET /v1/runs`.
pub async fn list(State(api): State<Arc<Api>>) -> Json<RunsBody> {
    let current = api.runs.current().map(|run| run.id.to_string());
    Json(RunsBody { runs: api.runs.all().iter().map(|run| RunBody::of(run)).collect(), current })
}

/// `GET /v1/runs/{id}`; `current` is the run that goes on.
pub async fn show(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<RunBody>, Problem> {
    Ok(Json(RunBody::of(&*find(&api, &id)?)))
}

/// `POST /v1/runs/{id}/pause`.
pub async fn pause(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<RunBody>, Problem> {
    order(&*find(&api, &id)?, Order::Pause).await
}

/// `POST /v1/runs/{id}/resume`.
pub async fn resume(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<RunBody>, Problem> {
    order(&*find(&api, &id)?, Order::Resume).await
}

/// `POST /v1/runs/{id}/stop`: answers when the verdict is there.
pub async fn stop(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<RunBody>, Problem> {
    let run = find(&api, &id)?;
    run.ask(Order::Stop).await?;
    run.ended().await;
    Ok(Json(RunBody::of(&run)))
}

/// `POST /v1/runs/{id}/speed`.
pub async fn speed(State(api): State<Arc<Api>>, Name(id): Name, request: Request) -> Result<Json<RunBody>, Problem> {
    let run = find(&api, &id)?;
    let SpeedBody { speed } = body::json(request).await?;
    order(&run, Order::Speed(checked_speed(speed)?)).await
}

/// `GET /v1/runs/{id}/verdict`: the same document as `verdict.json`.
pub async fn verdict(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Response, Problem> {
    let run = find(&api, &id)?;
    let Some(outcome) = run.outcome() else {
        return Err(Problem::new(Kind::NotEnded, format!("run {} is at {}", run.id, run.status().at)));
    };
    Ok(([(header::CONTENT_TYPE, "application/json")], outcome.document.clone()).into_response())
}

/// `GET /v1/runs/{id}/scenario`: the scenario as resolved.
pub async fn scenario(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Response, Problem> {
    let run = find(&api, &id)?;
    Ok(([(header::CONTENT_TYPE, "application/yaml; charset=utf-8")], run.resolved.clone()).into_response())
}

/// The run of that number, or the one that goes on.
pub fn find(api: &Api, id: &str) -> Result<Arc<Run>, Problem> {
    if id == "current" {
        return api.runs.current().ok_or_else(no_run);
    }
    let run = RunId::parse(id).and_then(|id| api.runs.get(id));
    run.ok_or_else(|| Problem::new(Kind::UnknownRun, format!("no run is called '{}'", cut(id))))
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
