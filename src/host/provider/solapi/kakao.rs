//! Templates and channels: the scenario's, to be read; and templates that an application makes, which wait for a review
//! that never ends here. What may be sent is the scenario's to say.
//!
//! States: PENDING, INSPECTING, APPROVED, REJECTED, as the vendor names them. Dormant and blocked templates have no word
//! there and are shown as REJECTED (chosen).

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use serde_json::{Value, json};

use crate::host::control::run::Run;
use crate::host::provider::body::Sent;
use crate::host::provider::breaker::Breaker;
use crate::host::provider::calendar;
use crate::host::provider::reception::{Closed, ask};
use crate::host::provider::solapi::Solapi;
use crate::host::provider::solapi::problem::Problem;
use crate::host::provider::solapi::send::read;
use crate::host::provider::solapi::stored::{Question, page};
use crate::host::provider::templates::{self, Found};
use crate::sim::model::medium::Network;
use crate::sim::plan::message::Review;
use crate::sim::time::SimTime;

/// Templates that applications may make in one run of the program.
const MADE_MAX: usize = 1_000;

/// Templates that applications have made, by their number.
#[derive(Debug, Default)]
pub struct Edits {
    made: BTreeMap<String, Value>,
    last: u32,
}

/// What comes with every request here.
type Asked = (State<Arc<Solapi>>, Extension<Breaker>);

async fn run(solapi: &Solapi, breaker: &Breaker) -> Result<Arc<Run>, Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, breaker).await?;
    Ok(run)
}

fn edits(solapi: &Solapi) -> MutexGuard<'_, Edits> {
    solapi.templates.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number of a channel: from its key, so that it stays.
fn channel_id(key: &str) -> String {
    format!("KA01PF{key}")
}

fn status(review: Review) -> &'static str {
    match review {
        Review::Requested => "PENDING",
        Review::Inspecting => "INSPECTING",
        Review::Approved => "APPROVED",
        Review::Rejected | Review::Dormant | Review::Blocked => "REJECTED",
    }
}

fn written(run: &Run, found: &Found<'_>) -> Value {
    let code = found.content.template.as_ref().map_or("", |template| template.code.as_str());
    let channel = run.plan.channels.get(found.kind.channel.index()).map_or("", |channel| channel.key.as_str());
    let at = calendar::utc(run, SimTime::ZERO);
    let buttons = found.content.buttons.iter().map(|button| {
        let mut row = json!({ "buttonName": button.label, "buttonType": button.kind });
        match button.kind.as_str() {
            "WL" => row["linkMo"] = json!("http://127.0.0.1/"),
            "AL" => {
                row["linkAnd"] = json!("bongsu://");
                row["linkIos"] = json!("bongsu://");
            }
            _ => {}
        }
        row
    });
    json!({
        "templateId": code, "code": code, "name": found.kind.title.ko, "channelId": channel_id(channel),
        "channelGroupId": null, "content": templates::reviewed(found), "isHidden": false, "messageType": "BA",
        "emphasizeType": "NONE", "securityFlag": false, "assignType": "CHANNEL",
        "buttons": buttons.collect::<Vec<_>>(), "comments": [], "commentable": true,
        "variables": found.kind.vars.iter().map(|var| json!({ "name": format!("#{{{}}}", var.name) })).collect::<Vec<_>>(),
        "status": status(found.review), "dateCreated": at, "dateUpdated": at,
    })
}

/// All templates: the scenario's, then those that were made.
fn all(solapi: &Solapi, run: &Run) -> Vec<Value> {
    let planned = templates::all(&run.plan).filter(|found| !found.any).map(|found| written(run, &found));
    planned.chain(edits(solapi).made.values().cloned()).collect()
}

fn by_id(solapi: &Solapi, run: &Run, id: &str) -> Result<Value, Problem> {
    let found = all(solapi, run).into_iter().find(|row| row["templateId"] == *id);
    found.ok_or_else(|| Problem::missing("템플릿이 없습니다.", "no such template"))
}

async fn listed(
    (State(solapi), Extension(breaker)): Asked,
    query: Vec<(String, String)>,
    sendable: bool,
) -> Result<Json<Value>, Problem> {
    let run = run(&solapi, &breaker).await?;
    let asked = Question::read(&run, &query)?;
    let fits = |row: &Value| {
        query.iter().all(|(name, value)| match name.as_str() {
            "status" | "channelId" | "templateId" => row[name] == *value,
            "name" | "name[eq]" => row["name"] == *value,
            "name[like]" => row["name"].as_str().is_some_and(|name| name.contains(value.as_str())),
            _ => true,
        })
    };
    let rows = all(&solapi, &run).into_iter().filter(|row| fits(row) && (!sendable || row["status"] == "APPROVED"));
    let (rows, next) = page(rows.collect(), &asked, |row| row["templateId"].as_str().unwrap_or_default().to_owned());
    let list: Vec<Value> = rows.into_iter().map(|row| row.1).collect();
    Ok(Json(json!({ "startKey": asked.start, "nextKey": next, "limit": asked.limit, "templateList": list })))
}

/// `GET /kakao/v2/templates`.
pub async fn templates(
    solapi: State<Arc<Solapi>>,
    breaker: Extension<Breaker>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    listed((solapi, breaker), query, false).await
}

/// `GET /kakao/v2/templates/sendable`.
pub async fn sendable(
    solapi: State<Arc<Solapi>>,
    breaker: Extension<Breaker>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    listed((solapi, breaker), query, true).await
}

/// `GET /kakao/v2/templates/categories` and `/kakao/v2/channels/categories`: one row, as nothing here depends on it.
pub async fn categories(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
) -> Result<Json<Value>, Problem> {
    run(&solapi, &breaker).await?;
    Ok(Json(json!([{ "code": "001001", "name": "공공/공지" }])))
}

/// `GET /kakao/v2/templates/{id}`.
pub async fn template(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let run = run(&solapi, &breaker).await?;
    by_id(&solapi, &run, &id).map(Json)
}

/// `POST /kakao/v2/templates`: made, and PENDING.
pub async fn create(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    body: Sent,
) -> Result<Json<Value>, Problem> {
    let run = run(&solapi, &breaker).await?;
    let wanted: Value = read(body)?;
    let text = |name: &str| wanted[name].as_str().filter(|text| !text.is_empty());
    let (Some(name), Some(content)) = (text("name"), text("content")) else {
        return Err(Problem::invalid("name과 content가 필요합니다.", "expected name and content"));
    };
    let mut edits = edits(&solapi);
    if edits.made.len() >= MADE_MAX {
        return Err(Problem::new(429, "TooManyTemplates", "템플릿이 너무 많습니다.", "too many templates were made"));
    }
    edits.last += 1;
    let id = format!("KA01TP{:026}", edits.last);
    let at = calendar::utc(&run, run.status().at);
    let made = json!({
        "templateId": id, "code": null, "name": name, "content": content, "channelId": wanted["channelId"],
        "channelGroupId": wanted["channelGroupId"], "isHidden": false,
        "messageType": text("messageType").unwrap_or("BA"), "emphasizeType": text("emphasizeType").unwrap_or("NONE"),
        "securityFlag": wanted["securityFlag"].as_bool().unwrap_or(false), "assignType": "CHANNEL",
        "buttons": wanted["buttons"].as_array().cloned().unwrap_or_default(), "comments": [], "commentable": true,
        "variables": [], "status": "PENDING", "dateCreated": at, "dateUpdated": at,
    });
    edits.made.insert(id, made.clone());
    Ok(Json(made))
}

/// Changes a template that was made here and stands in one of these states.
async fn edit(
    (State(solapi), Extension(breaker)): Asked,
    id: &str,
    states: &[&str],
    act: impl FnOnce(&mut Value),
) -> Result<Json<Value>, Problem> {
    let run = run(&solapi, &breaker).await?;
    let found = by_id(&solapi, &run, id)?;
    let state = found["status"].as_str().unwrap_or_default();
    if !states.contains(&state) {
        let en = format!("the template is {state}: expected {}", states.join(" or "));
        return Err(Problem::new(400, "InvalidTemplateStatus", "템플릿 상태가 맞지 않습니다.", &en));
    }
    let mut edits = edits(&solapi);
    let made = edits.made.get_mut(id).ok_or_else(|| {
        let (ko, en) =
            ("시나리오의 템플릿은 바꿀 수 없습니다.", "a template of the scenario is changed in the scenario");
        Problem::new(400, "TemplateOfScenario", ko, en)
    })?;
    act(made);
    made["dateUpdated"] = json!(calendar::utc(&run, run.status().at));
    Ok(Json(made.clone()))
}

/// `PUT /kakao/v2/templates/{id}`: only one that is not being looked at.
pub async fn change(
    solapi: State<Arc<Solapi>>,
    breaker: Extension<Breaker>,
    Path(id): Path<String>,
    body: Sent,
) -> Result<Json<Value>, Problem> {
    let wanted: Value = read(body)?;
    let act = |made: &mut Value| {
        for name in ["name", "content", "messageType", "emphasizeType", "securityFlag", "buttons"] {
            if !wanted[name].is_null() {
                made[name] = wanted[name].clone();
            }
        }
    };
    edit((solapi, breaker), &id, &["PENDING", "REJECTED", "APPROVED"], act).await
}

/// `PUT /kakao/v2/templates/{id}/name`.
pub async fn rename(
    solapi: State<Arc<Solapi>>,
    breaker: Extension<Breaker>,
    Path(id): Path<String>,
    body: Sent,
) -> Result<Json<Value>, Problem> {
    let wanted: Value = read(body)?;
    let name = wanted["name"].as_str().ok_or_else(|| Problem::invalid("name이 필요합니다.", "expected name"))?;
    let every = ["PENDING", "INSPECTING", "APPROVED", "REJECTED"];
    edit((solapi, breaker), &id, &every, |made| made["name"] = json!(name)).await
}

/// `PUT /kakao/v2/templates/{id}/inspection`.
pub async fn inspect(
    solapi: State<Arc<Solapi>>,
    breaker: Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let act = |made: &mut Value| made["status"] = json!("INSPECTING");
    edit((solapi, breaker), &id, &["PENDING", "REJECTED"], act).await
}

/// `PUT /kakao/v2/templates/{id}/inspection/cancel`.
pub async fn cancel(
    solapi: State<Arc<Solapi>>,
    breaker: Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    edit((solapi, breaker), &id, &["INSPECTING"], |made| made["status"] = json!("PENDING")).await
}

/// `DELETE /kakao/v2/templates/{id}`: only one that is handed in or turned down.
pub async fn erase(
    solapi: State<Arc<Solapi>>,
    breaker: Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let gone = edit((solapi.clone(), breaker), &id, &["PENDING", "REJECTED"], |_| {}).await?;
    edits(&solapi).made.remove(&id);
    Ok(gone)
}

fn channel_row(run: &Run, place: usize) -> Value {
    let channel = &run.plan.channels[place];
    let at = calendar::utc(run, SimTime::ZERO);
    json!({
        "channelId": channel_id(&channel.key), "searchId": channel.search_id, "channelName": channel.name.ko,
        "accountId": "bongsu", "sharedAccountIds": [], "dateCreated": at, "dateUpdated": at,
    })
}

/// `GET /kakao/v2/channels`.
pub async fn channels(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let run = run(&solapi, &breaker).await?;
    let asked = Question::read(&run, &query)?;
    let rows: Vec<Value> = (0..run.plan.channels.len()).map(|place| channel_row(&run, place)).collect();
    let (rows, next) = page(rows, &asked, |row| row["channelId"].as_str().unwrap_or_default().to_owned());
    let list: Vec<Value> = rows.into_iter().map(|row| row.1).collect();
    Ok(Json(json!({ "startKey": asked.start, "nextKey": next, "limit": asked.limit, "channelList": list })))
}

/// `GET /kakao/v2/channels/{id}`.
pub async fn channel(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let run = run(&solapi, &breaker).await?;
    let place = run.plan.channels.iter().position(|channel| channel_id(&channel.key) == id);
    let place = place.ok_or_else(|| Problem::missing("채널이 없습니다.", "no such channel"))?;
    Ok(Json(channel_row(&run, place)))
}

/// `POST /kakao/v2/channels/token`: nothing is sent to anybody's phone.
pub async fn token(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
) -> Result<Json<Value>, Problem> {
    run(&solapi, &breaker).await?;
    Ok(Json(json!({ "success": true })))
}

/// Channels are the scenario's: none is made or deleted here.
pub async fn no_channel(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
) -> Result<Json<Value>, Problem> {
    run(&solapi, &breaker).await?;
    let (ko, en) = ("채널은 시나리오가 정합니다.", "channels are written in the scenario");
    Err(Problem::new(400, "ChannelOfScenario", ko, en))
}
