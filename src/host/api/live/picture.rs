//! `GET /v1/runs/{id}/picture?at_us=N`: what a page draws of a run as of an instant, for whoever looks back.
//!
//! It is folded from the nearest key frame before that instant, so that it costs one stretch of events however long the
//! run is, and is the same as what the stream told at that instant.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde::Deserialize;
use serde_json::Value;
use tokio::task::yield_now;

use crate::host::api::body::Name;
use crate::host::api::live::scene::Scene;
use crate::host::api::live::{EVENTS_AT_ONCE, digits, faults, figures};
use crate::host::api::problem::Problem;
use crate::host::api::{Api, body, runs};
use crate::host::control::run::Run;
use crate::sim::time::{SimTime, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PictureQuery {
    at_us: Option<u64>,
}

/// `{"at_us":…,"notices":…,…,"faults":[…],"missed":…,"dots":"…","next_us":…}`: the members of a `state` of the stream
/// that hang on the instant, and when the next event happened; null if none has yet.
pub async fn show(State(api): State<Arc<Api>>, Name(id): Name, request: Request) -> Result<Json<Value>, Problem> {
    let query: PictureQuery = body::query(&request)?;
    let run = runs::find(&api, &id).await?;
    let now = run.status().at;
    let at = query.at_us.map_or(now, |at| SimTime::from_micros(at).min(now));
    let mut scene = folded(&api, &run, at).await;
    scene.drawn_at(at);
    let mut picture = figures(&scene);
    picture["at_us"] = at.micros().into();
    let known: Vec<_> = run.faults().into_iter().take_while(|fault| fault.known <= at).collect();
    picture["faults"] = faults(&known, &scene);
    picture["dots"] = digits(&scene.dots).into();
    // By then everything up to the instant has happened, so that the next event is later.
    let next = run.events(run.last_before(at + Span::from_micros(1)), 1);
    picture["next_us"] = next.events.first().map(|event| event.at.micros()).into();
    Ok(Json(picture))
}

/// The scene after every event up to that instant.
async fn folded(api: &Api, run: &Run, at: SimTime) -> Scene {
    let reel = api.reels.of(run);
    let last = run.last_before(at + Span::from_micros(1));
    let (mut since, mut scene) = match reel.before(last) {
        Some((number, frame)) => (number, frame.frame()),
        None => (0, Scene::new(&run.plan, &run.people, run.phones)),
    };
    while since < last {
        let page = run.events(since, EVENTS_AT_ONCE);
        scene.missed += page.missed;
        let wanted = (page.first..).zip(&page.events).take_while(|(number, _)| *number <= last);
        wanted.for_each(|(_, event)| scene.observe(event));
        since = page.first + page.events.len() as u64 - 1;
        if page.events.is_empty() {
            break;
        }
        if since <= last {
            reel.leave(since, &scene);
        }
        yield_now().await;
    }
    scene
}
