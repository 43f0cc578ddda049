//! The native HTTP API: runs and faults, under `/v1`, and the health of the process.
//!
//! `operations` has a row for every method of every address; the router and the OpenAPI document are made from it.
//! Reading a request is `body`'s business, saying what went wrong `problem`'s; everything else stands in a file of the
//! name that its address has.
//!
//! Every error is a problem document (RFC 9457), also those of the router itself. The API drives nothing and reads no
//! scenario: it asks a [`Stage`] and a run's orders. Sockets of phones and `/v1/inbox` are the gateway's.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::host::api::idempotency::Keys;
use crate::host::api::limit::Limit;
use crate::host::api::live::reel::Reels;
use crate::host::api::meter::Meter;
use crate::host::api::problem::{Kind, Problem};
use crate::host::api::wait::WAITS_MAX;
use crate::host::control::deeds::Deeds;
use crate::host::control::gauges::{AnyGauge, NoSockets};
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
pub mod search;
pub mod by_hand;
pub mod clock;
pub mod lease;
pub mod faults;
pub mod health;
pub mod attach;
pub mod outages;
pub mod folder;
pub mod tar;
pub mod compare;
pub mod deeds;
pub mod process;
pub mod operator;
pub mod meter;
pub mod metrics;
pub mod limit;
pub mod scenarios;
pub mod live;
pub mod routes;
pub mod operations;
pub mod openapi;
pub mod asyncapi;

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
    /// Requests that were answered.
    pub meter: Meter,
    /// What was done by hand.
    pub deeds: Deeds,
    /// Who knows the sockets.
    pub gauge: AnyGauge,
    /// When it began to answer.
    pub began: Instant,
    /// What is kept of runs for those who look back.
    pub reels: Reels,
    /// What other parts answer on the same address, for the document.
    pub parts: Option<fn() -> openapi::Parts>,
    limit: Limit,
    streams: Arc<Semaphore>,
    waits: Arc<Semaphore>,
}

impl Api {
    /// The API over these runs.
    pub fn new(runs: Runs, stage: Arc<dyn Stage>, shutdown: Shutdown) -> Api {
        let (streams, waits) = (Arc::new(Semaphore::new(STREAMS_MAX)), Arc::new(Semaphore::new(WAITS_MAX)));
        Api {
            runs,
            stage,
            shutdown,
            keys: Keys::default(),
            meter: Meter::default(),
            deeds: Deeds::default(),
            gauge: Arc::new(NoSockets),
            began: Instant::now(),
            reels: Reels::default(),
            parts: None,
            limit: Limit::default(),
            streams,
            waits,
        }
    }
}

impl Api {
    /// The same API, that can tell how the sockets stand.
    pub fn gauging(mut self, gauge: AnyGauge) -> Api {
        self.gauge = gauge;
        self
    }
}

/// The routes, with problem documents for whatever has none.
pub fn router(api: Arc<Api>) -> Router {
    routes::router(&api).fallback(nowhere).method_not_allowed_fallback(not_that_way).with_state(api)
}

/// Has a wrong method told by a problem document at every address of a router, whoever's it is.
pub fn telling_methods(router: Router) -> Router {
    router.method_not_allowed_fallback(not_that_way)
}

async fn nowhere(request: Request) -> Problem {
    Problem::new(Kind::NotFound, format!("nothing at '{}'", request.uri().path()))
}

async fn not_that_way(request: Request) -> Result<Response, Problem> {
    let detail = format!("'{}' does not take {}", request.uri().path(), request.method());
    Err(Problem::new(Kind::MethodNotAllowed, detail))
}
