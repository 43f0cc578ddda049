//! `GET /v1/inbox?phone=010-0000-0001&since=0&limit=256&network=kakao`: a phone's stream over plain HTTP.
//!
//! The same frames as on `/ws/{network}`, for clients whose own fallback is under test. It reads the mailbox, so it shows
//! what was transmitted to the phone's sessions and logs nobody in. While a fault keeps the network shut it is down too.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::host::gateway::Gateway;
use crate::host::gateway::inbound::known;
use crate::host::gateway::problem::{self, Problem};
use crate::host::gateway::scribe::Stamp;
use crate::host::gateway::websocket::network;

/// Most frames in one answer.
const LIMIT_MAX: usize = 256;

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    phone: String,
    #[serde(default)]
    since: u64,
    #[serde(default = "limit_max")]
    limit: usize,
    #[serde(default = "kakao")]
    network: String,
}

/// The handler. `next` in the answer is the `since` of the next question.
pub async fn read(State(gateway): State<Gateway>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    answer(&gateway, asked).unwrap_or_else(IntoResponse::into_response)
}

fn answer(gateway: &Gateway, asked: Result<Query<Asked>, QueryRejection>) -> Result<Response, Problem> {
    let bad = |detail: String| Problem::new(problem::BAD_QUERY, detail);
    let Query(asked) = asked.map_err(|error| bad(error.body_text()))?;
    if !(1..=LIMIT_MAX).contains(&asked.limit) {
        return Err(bad(format!("expected limit between 1 and {LIMIT_MAX}, found {}", asked.limit)));
    }
    let network = network(&asked.network)?;
    let run = gateway.run().ok_or_else(Problem::no_run)?;
    if run.gate(network).is_shut() {
        return Err(Problem::network_down(network.name()));
    }
    let person = known(&run, &asked.phone)
        .ok_or_else(|| Problem::new(problem::UNKNOWN_PHONE, "expected the number of a person of this run"))?;
    let (page, last) = {
        let log = run.log(network);
        (log.page(&[person], asked.since, asked.limit), log.last())
    };
    let full = page.len() == asked.limit;
    let next = page.last().filter(|_| full).map_or(last, |row| row.seq);
    let frames: Vec<String> = {
        let mut stamp = Stamp::default();
        page.iter().filter_map(|row| run.scribe.text(row, &mut stamp)).collect()
    };
    let json = HeaderValue::from_static("application/json");
    let body = format!("{{\"frames\":[{}],\"next\":{next}}}", frames.join(","));
    Ok(([(header::CONTENT_TYPE, json)], body).into_response())
}

fn limit_max() -> usize {
    LIMIT_MAX
}

fn kakao() -> String {
    "kakao".to_owned()
}
