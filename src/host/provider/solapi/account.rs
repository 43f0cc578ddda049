//! The account: what it has left, what a message costs, and files, which nothing here shows.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::host::control::books::CallRecord;
use crate::host::provider::body::Sent;
use crate::host::provider::breaker::Breaker;
use crate::host::provider::calendar;
use crate::host::provider::reception::{Closed, ask};
use crate::host::provider::solapi::auth::Caller;
use crate::host::provider::solapi::group_info::{Sums, prices as rows};
use crate::host::provider::solapi::kept::{self, CallNote};
use crate::host::provider::solapi::problem::Problem;
use crate::host::provider::solapi::send::read;
use crate::host::provider::solapi::{CONTRACT, Solapi};
use crate::sim::model::medium::Network;

/// What an account has when a run begins, in won (chosen). It never runs out: what a run costs is the run's to judge.
const BEGINS_WITH: f64 = 10_000_000.0;

/// `GET /cash/v1/balance`.
pub async fn balance(
    State(solapi): State<Arc<Solapi>>,
    Extension(caller): Extension<Caller>,
    Extension(breaker): Extension<Breaker>,
) -> Result<Json<Value>, Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let shut = kept::shut(&run);
    let paid = run.books(|books| {
        let known = books.calls_of(CONTRACT, 0).filter(|call| kept::is_known(call, &shut));
        let calls: Vec<&CallRecord> = known.filter(|call| solapi.owns(&caller, &CallNote::of(call).account)).collect();
        Sums::of(&run, &calls).paid()
    });
    Ok(Json(json!({ "balance": BEGINS_WITH - paid as f64 / 100.0, "point": 0 })))
}

/// `GET /pricing/v1/messaging/default`: anybody may ask.
pub async fn prices(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
) -> Result<Json<Value>, Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let mut row = rows(&run);
    row.insert("countryId".to_owned(), json!("82"));
    Ok(Json(json!([row])))
}

/// A file.
#[derive(Debug, Deserialize)]
pub struct FileBody {
    file: String,
    #[serde(rename = "type")]
    kind: String,
    name: Option<String>,
    link: Option<String>,
}

/// `POST /storage/v1/files`: measured and numbered by its content, and not kept.
pub async fn store(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    body: Sent,
) -> Result<Json<Value>, Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let wanted: FileBody = read(body)?;
    let wrong = || Problem::invalid("file: base64가 아닙니다.", "file: expected base64");
    let bytes = STANDARD.decode(wanted.file.as_bytes()).map_err(|_| wrong())?;
    let digest: String = Sha256::digest(&bytes).iter().take(12).map(|byte| format!("{byte:02X}")).collect();
    let id = format!("ST01FL{digest}");
    let name = wanted.name.unwrap_or_else(|| id.clone());
    let now = calendar::utc(&run, run.status().at);
    Ok(Json(json!({
        "fileId": id, "type": wanted.kind, "name": name, "originalName": name, "link": wanted.link,
        "url": format!("/storage/v1/files/{id}"), "accountId": caller.0, "references": [],
        "kakao": { "daou": null, "biztalk": null }, "dateCreated": now, "dateUpdated": now,
    })))
}
