//! The native HTTP API: runs and faults, under `/v1`, and the health of the process.
//!
//! | route | does |
//! |---|---|
//! | `POST /v1/runs` | starts a run: 201 and its address |
//! | `GET /v1/runs`, `GET /v1/runs/{id}` | where runs stand |
//! | `POST /v1/runs/{id}/pause`, `resume`, `stop`, `speed` | orders |
//! | `GET /v1/runs/{id}/verdict`, `scenario`, `events` | what it came to, what it was, what happened |
//! | `GET /v1/events/stream` | events as they happen (server-sent events) |
//! | `GET /v1/runs/{id}/live`, `people/{phone}` | what a page draws (server-sent events), and one person's biography |
//! | `GET /v1/scenarios` | what can be started by name |
//! | `POST`, `GET`, `DELETE /v1/faults`, `GET`, `DELETE /v1/faults/{name}` | faults of the run that goes on |
//! | `GET /healthz`, `/readyz`, `/metrics` | for whoever watches the process |
//! | `GET /problems/{kind}` | what a problem's `type` means |
//!
//! Every error is a problem document (RFC 9457), also those of the router itself. The API drives nothing and reads no
//! scenario: it asks a [`Stage`] and a run's orders. Sockets of phones and `/v1/inbox` are the gateway's.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::Semaphore;

use crate::host::api::idempotency::Keys;
use crate::host::api::problem::{Kind, Problem};
use crate::host::api::wait::WAITS_MAX;
use crate::host::control::runs::{Runs, Stage};
use crate::host::shutdown::Shutdown;

pub mod problem;
pub mod body;
pub mod guard;
pub mod wire;
pub mod runs;
pub mod idempotency;
pub mod notices;
pub mod facts;
pub mod events;
pub mod pattern;
pub mod wait;
pub mod faults;
pub mod health;
pub mod scenarios;
pub mod live;

/// Event streams that may be open at once; one more is answered 503.
pub const STREAMS_MAX: usize = 256;

/// What handlers share.
pub struct Api {
    /// The runs.
    pub runs: Runs,
    /// Who starts one.
    pub stage: Arc<dyn Stage>,
    /// Ends open streams.
    pub shutdown: Shutdown,
    /// Requests that were done already, by key.
    pub keys: Keys,
    streams: Arc<Semaphore>,
    waits: Arc<Semaphore>,
}

impl Api {
    /// The API over these runs.
    pub fn new(runs: Runs, stage: Arc<dyn Stage>, shutdown: Shutdown) -> Api {
        let (streams, waits) = (Arc::new(Semaphore::new(STREAMS_MAX)), Arc::new(Semaphore::new(WAITS_MAX)));
        Api { runs, stage, shutdown, keys: Keys::default(), streams, waits }
    }
}

/// The routes, with problem documents for whatever has none.
pub fn router(api: Arc<Api>) -> Router {
    Router::new()
        .route("/v1/runs", get(runs::list).post(runs::create))
        .route("/v1/runs/{id}", get(runs::show))
        .route("/v1/runs/{id}/pause", post(runs::pause))
        .route("/v1/runs/{id}/resume", post(runs::resume))
        .route("/v1/runs/{id}/stop", post(runs::stop))
        .route("/v1/runs/{id}/speed", post(runs::speed))
        .route("/v1/runs/{id}/verdict", get(runs::verdict))
        .route("/v1/runs/{id}/scenario", get(runs::scenario))
        .route("/v1/runs/{id}/events", get(events::page))
        .route("/v1/runs/{id}/live", get(live::stream))
        .route("/v1/runs/{id}/people/{phone}", get(live::story::story))
        .route("/v1/scenarios", get(scenarios::list))
        .route("/v1/events/stream", get(events::stream))
        .route("/v1/notices", post(notices::create))
        .route("/v1/wait", get(wait::by_query).post(wait::by_body))
        .route("/v1/faults", get(faults::list).post(faults::create).delete(faults::lift_all))
        .route("/v1/faults/{*name}", get(faults::show).delete(faults::lift))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/problems/{kind}", get(problem::explain))
        .fallback(nowhere)
        .method_not_allowed_fallback(not_that_way)
        .with_state(api)
}

async fn nowhere(request: Request) -> Problem {
    Problem::new(Kind::NotFound, format!("nothing at '{}'", request.uri().path()))
}

async fn not_that_way(request: Request) -> Result<Response, Problem> {
    let detail = format!("'{}' does not take {}", request.uri().path(), request.method());
    Err(Problem::new(Kind::MethodNotAllowed, detail))
}
