//! Writes down who did what: every order to a run, by whichever client, with the answer that it got.
//!
//! Only operations of [`WHAT`] are written down: those that somebody in charge does. What phones and applications do all
//! the time (notices, receipts, saying that they work or rest) is in the run's own record. The class writes down what its
//! teacher does; what its people do is nobody's to look up.

use std::cell::RefCell;
use std::sync::Arc;

use axum::extract::{RawPathParams, Request};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use tokio::task_local;

use crate::host::api::Api;
use crate::host::control::deeds::{BY, By, Deed};
use crate::host::control::run::RunId;

/// Operations that are written down.
pub const WHAT: [&str; 16] = [
    "startRun",
    "pauseRun",
    "resumeRun",
    "stopRun",
    "setSpeed",
    "setClock",
    "reset",
    "postFault",
    "postOutage",
    "liftFault",
    "liftFaults",
    "deleteRun",
    "replayRun",
    "stepRun",
    "takeLease",
    "releaseLease",
];

task_local! {
    static ABOUT: RefCell<String>;
}

/// Says with what the present request is done: a fault's name, a speed. Names of people and what they write have no place
/// in it.
pub fn about(what: impl Into<String>) {
    let what = what.into();
    // An operation that is not written down has nowhere to say it.
    let _ = ABOUT.try_with(|about| *about.borrow_mut() = what);
}

/// Lets a request through and writes it down.
pub async fn write_down(
    api: Arc<Api>,
    id: &'static str,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    if !WHAT.contains(&id) {
        return next.run(request).await;
    }
    let by = request.headers().get(BY).and_then(|value| value.to_str().ok()).map_or(By::Api, By::told);
    let named = params.iter().find(|(key, _)| *key == "id").map(|(_, name)| name.to_owned());
    let before = api.runs.current();
    let (response, about) = ABOUT
        .scope(RefCell::default(), async {
            let response = next.run(request).await;
            (response, ABOUT.with(|about| about.take()))
        })
        .await;
    // Of a start it is the run that began, of a stop the one that went on.
    let run = match named.as_deref().and_then(RunId::parse) {
        Some(id) => api.runs.get(id),
        None => before.or_else(|| api.runs.current()),
    };
    let (number, at_ms) = (0, Timestamp::now().as_millisecond());
    let run_at_us = run.as_ref().map(|run| run.status().at.micros());
    let named = named.filter(|name| RunId::parse(name).is_some());
    let run = named.or_else(|| run.map(|run| run.id.to_string()));
    api.deeds.add(Deed { number, at_ms, by, what: id, about, run, run_at_us, status: response.status().as_u16() });
    response
}
