//! `GET /v1/scenarios`: what can be played by name, for whoever wants to choose.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::host::api::Api;
use crate::host::api::problem::{Kind, Problem};
use crate::host::control::runs::Listing;

/// `{"scenarios":[{"name":…,"title":{"ko":…,"en":…},"sources":[…],"people":…,"stop_us":…,"faults":[…]}]}`, the first of
/// the library first. A `name` is what `POST /v1/runs` takes; `faults` are the names of those that come by themselves.
pub async fn list(State(api): State<Arc<Api>>) -> Result<Json<Value>, Problem> {
    let stage = api.stage.clone();
    // The first call reads every file of the library.
    let listed = spawn_blocking(move || stage.scenarios()).await;
    let listed =
        listed.map_err(|error| Problem::new(Kind::Failed, format!("reading the library broke off: {error}")))?;
    Ok(Json(json!({ "scenarios": listed.iter().map(row).collect::<Vec<Value>>() })))
}

fn row(listing: &Listing) -> Value {
    let Listing { name, title, sources, people, stop, faults } = listing;
    json!({
        "name": name, "title": { "ko": title.ko, "en": title.en }, "sources": sources, "people": people,
        "stop_us": stop.micros(), "faults": faults,
    })
}
