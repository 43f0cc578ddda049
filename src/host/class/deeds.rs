//! Writes down what the teacher did, in the operator's log: opening and ending the class, telling, asking, the bell, revealing,
//! casting and dismissing.
//!
//! What was told is not in it, nor any nickname: a seat is its number. What students do is nobody's to look up.

use std::sync::Arc;

use axum::extract::{RawPathParams, Request};
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;

use crate::host::class::Class;
use crate::host::control::deeds::{BY, By, Deed};

/// Operations that are written down.
pub const WHAT: [&str; 8] =
    ["openClass", "endClass", "tellClass", "askClass", "ringLunch", "revealClass", "castMember", "dismissMember"];

/// With what it was done; a handler leaves it with its answer.
#[derive(Clone)]
pub struct About(pub String);

/// Lets a request of the teacher through and writes it down.
pub async fn write_down(
    class: Arc<Class>,
    what: &'static str,
    params: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let by = request.headers().get(BY).and_then(|value| value.to_str().ok()).map_or(By::Api, By::told);
    // A number is a seat's; whatever else stands there is somebody's mistake, and may be a name.
    let seat = params.iter().find(|(key, _)| *key == "number").and_then(|(_, seat)| seat.parse::<u32>().ok());
    let mut response = next.run(request).await;
    let said = response.extensions_mut().remove::<About>().map(|About(said)| said);
    let about = [seat.map(|seat| format!("#{seat}")), said].into_iter().flatten().collect::<Vec<String>>().join(" ");
    let run = class.run();
    let (number, at_ms) = (0, Timestamp::now().as_millisecond());
    let run_at_us = run.as_ref().map(|run| run.status().at.micros());
    let (run, status) = (run.map(|run| run.id.to_string()), response.status().as_u16());
    class.deeds.add(Deed { number, at_ms, by, what, about, run, run_at_us, status });
    response
}
