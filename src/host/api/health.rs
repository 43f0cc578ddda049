//! Health, for whoever watches the process.

use std::sync::Arc;

use axum::extract::State;

use crate::host::api::Api;
use crate::host::api::problem::{Kind, Problem};

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the process takes runs and phones; 503 while it ends, and for good once the journal's disk has failed.
pub async fn ready(State(api): State<Arc<Api>>) -> Result<&'static str, Problem> {
    if api.shutdown.is_asked() {
        return Err(Problem::new(Kind::ShuttingDown, "drain in progress"));
    }
    match api.stage.room().broken {
        Some(why) => Err(Problem::new(Kind::JournalBroken, why)),
        None => Ok("ready\n"),
    }
}
