//! Report inquiry: what became of one message, by its key.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response};
use serde_json::{Value, json};

use crate::host::provider::bizgo::answer::{Fault, reply, success};
use crate::host::provider::bizgo::send::CallNote;
use crate::host::provider::bizgo::{Bizgo, CONTRACT, key, report};
use crate::host::provider::breaker::Breaker;
use crate::host::provider::ears;
use crate::host::provider::reception::{Closed, ask};
use crate::sim::model::medium::Network;

/// `GET /report/inquiry/{msgKey}`.
pub async fn one(
    State(bizgo): State<Arc<Bizgo>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
) -> Response<Body> {
    let found = async {
        let account = &bizgo.admit(&headers)?.key;
        let run = bizgo.providers.run_to_ask().ok_or(Closed::NoRun)?;
        ask(&run, Network::Kakao, &breaker).await?;
        let unknown = || Fault::bad("A820", "요청한 데이터가 존재하지 않습니다.", "no such message");
        let (run, call, seat) = key::find(&bizgo.providers, &name).ok_or_else(unknown)?;
        let report = run.books(|books| {
            let call = books.call(call).filter(|call| call.contract == CONTRACT)?;
            let owner = CallNote::read(&call.note).account;
            if !bizgo.providers.accounts.owns(account, &owner) {
                return None;
            }
            Some(report::report(&run, call, report::at_seat(call, seat)?))
        });
        let (mut rows, mut tales): (Vec<Value>, _) = (Vec::new(), Vec::new());
        if let Some(report) = report.ok_or_else(unknown)? {
            rows.push(report.row);
            tales = report.tales;
        }
        ears::hear(&run, tales).await;
        Ok(success(&json!({ "report": rows })))
    };
    reply(&name, found.await)
}
