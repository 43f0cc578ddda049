//! Groups, step by step: made, filled with up to 10,000 messages a call, then sent at once or at a date.
//!
//! Sending hands 10,000 messages in at a time. What was handed in is gone from the group, so a repeated request does not
//! send it again; what a refused call did not take is put back.

use std::sync::Arc;
use std::task::Poll;

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::{Duration, Instant, sleep_until};

use crate::host::control::run::{Run, State as RunState};
use crate::host::provider::breaker::Breaker;
use crate::host::provider::reception::{Closed, ask, hand_in};
use crate::host::provider::refused::Refused;
use crate::host::provider::solapi::codes;
use crate::host::provider::solapi::drafts::{self, Draft};
use crate::host::provider::solapi::group_info;
use crate::host::provider::solapi::ids::{Batch, Number};
use crate::host::provider::solapi::kept::{self, CallNote, Kept};
use crate::host::provider::solapi::message::{Failed, row};
use crate::host::provider::solapi::problem::Problem;
use crate::host::provider::solapi::send::{Body, MANY_MAX, SendBody, account, due, note_failed, read, sort};
use crate::host::provider::solapi::stored::{Question, page};
use crate::host::provider::solapi::{CONTRACT, Solapi};
use crate::sim::model::medium::Network;
use crate::sim::time::SimTime;

/// How often a date is looked at again while a run stands still or its pace may change.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// No room for more messages.
pub fn full() -> Problem {
    let en = format!("no room: {} groups and {} messages wait to be sent", drafts::GROUPS_MAX, drafts::MESSAGES_MAX);
    Problem::new(429, "TooManyGroups", "보내지 않은 그룹이 너무 많습니다.", &en)
}

fn no_group() -> Problem {
    Problem::missing("그룹이 없습니다.", "no such group, or it was sent already")
}

/// The run and the number of a group.
async fn named(solapi: &Solapi, breaker: &Breaker, id: &str) -> Result<(Arc<Run>, Batch), Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, breaker).await?;
    let number = Number::parse(id, "G4V").filter(|number| number.run == run.id.0 && number.item == 0);
    Ok((run.clone(), number.ok_or_else(no_group)?.batch))
}

/// Does something to a group that is not sent yet.
fn change<T>(solapi: &Solapi, run: &Run, batch: Batch, act: impl FnOnce(&mut Draft) -> T) -> Result<T, Problem> {
    let Batch::Group(number) = batch else { return Err(no_group()) };
    solapi.drafts().get(run, number).map(act).ok_or_else(no_group)
}

/// What there is of a group: not sent yet, or on record.
fn info(solapi: &Solapi, run: &Run, batch: Batch) -> Option<Value> {
    if let Ok(info) = change(solapi, run, batch, |draft| group_info::of_draft(run, draft)) {
        return Some(info);
    }
    let shut = kept::shut(run);
    run.books(|books| {
        let calls = kept::calls_of(books, &shut, batch);
        (!calls.is_empty()).then(|| group_info::of_calls(run, &calls))
    })
}

/// `POST /messages/v4/groups`.
pub async fn create(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let body: SendBody = read(body)?;
    let run = solapi.providers.run().filter(|run| run.paced).ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let number = solapi.drafts().open(&run, body.note(account(&headers))).ok_or_else(full)?;
    change(&solapi, &run, Batch::Group(number), |draft| group_info::of_draft(&run, draft)).map(Json)
}

/// `PUT /messages/v4/groups/{id}/messages`.
pub async fn add(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
    body: Body,
) -> Response {
    let mut refused = Refused::default();
    let answer = put(&solapi, &breaker, &id, body, &mut refused).await.into_response();
    refused.marked(answer)
}

async fn put(
    solapi: &Solapi,
    breaker: &Breaker,
    id: &str,
    body: Body,
    refused: &mut Refused,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(solapi, breaker, id).await?;
    let wanted = read::<SendBody>(body)?.wanted()?;
    if !solapi.drafts().has_room(wanted.len()) {
        return Err(full());
    }
    change(solapi, &run, batch, |draft| {
        let (items, failed) = sort(&run, &wanted, &mut draft.seen, draft.base.allow_duplicates);
        note_failed(&run, &failed, refused);
        let id = |item: u32| Number { run: run.id.0, batch, item }.message(&draft.wall);
        let account = &draft.base.account;
        let next = draft.first + draft.items.len() as u32;
        let mut rows = Vec::with_capacity(wanted.len());
        for (place, item) in (next..).zip(&items) {
            let kept: Kept = serde_json::from_str(&item.note).unwrap_or_default();
            rows.push(row(&kept, &id(place), account, codes::TAKEN.0, &codes::TAKEN.words()));
        }
        // Numbers for what was refused count down from the highest that fits.
        let last = 36_u32.pow(4) - 1 - draft.failed;
        let refused = |(place, why): (u32, &Failed)| why.row(&id(last.saturating_sub(place)), account);
        rows.extend((0..).zip(&failed).map(refused));
        let errors = failed.len();
        draft.failed += u32::try_from(errors).unwrap_or(u32::MAX);
        draft.items.extend(items);
        Json(json!({ "errorCount": errors.to_string(), "resultList": rows }))
    })
}

/// The body of `DELETE .../messages`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TakeOut {
    message_ids: Vec<String>,
}

/// `DELETE /messages/v4/groups/{id}/messages`.
pub async fn take_out(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let wanted: TakeOut = read(body)?;
    change(&solapi, &run, batch, |draft| {
        // Places move up when one is taken out, so they are looked up before.
        let of = |id: &str| Number::parse(id, "M4V").filter(|number| number.batch == batch).map(|number| number.item);
        let (mut rows, mut gone) = (Vec::new(), Vec::new());
        for id in &wanted.message_ids {
            let place = of(id).and_then(|item| item.checked_sub(draft.first)).map(|place| place as usize);
            let found = place.filter(|place| *place < draft.items.len() && !gone.contains(place));
            gone.extend(found);
            rows.push(json!({ "messageId": id, "resultCode": if found.is_some() { "0000" } else { "1021" } }));
        }
        let errors = wanted.message_ids.len() - gone.len();
        gone.sort_unstable();
        for place in gone.into_iter().rev() {
            draft.items.remove(place);
        }
        Json(json!({ "groupId": id, "errorCount": errors, "resultList": rows }))
    })
}

/// `POST /messages/v4/groups/{id}/send`.
pub async fn send(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let Batch::Group(number) = batch else { return Err(no_group()) };
    change(&solapi, &run, batch, |draft| draft.due = None)?;
    hand_all_in(&solapi, &run, number, &breaker).await?;
    info(&solapi, &run, batch).map(Json).ok_or_else(no_group)
}

/// The body of `POST .../schedule`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    scheduled_date: String,
}

/// `POST /messages/v4/groups/{id}/schedule`.
pub async fn schedule(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
    body: Body,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let wanted: Schedule = read(body)?;
    let Batch::Group(number) = batch else { return Err(no_group()) };
    let at = due(&run, &wanted.scheduled_date)?.unwrap_or(run.status().at);
    let info = change(&solapi, &run, batch, |draft| {
        draft.due = Some(at);
        group_info::of_draft(&run, draft)
    })?;
    send_at(&solapi, &run, number, at);
    Ok(Json(info))
}

/// `DELETE /messages/v4/groups/{id}/schedule`.
pub async fn unschedule(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    change(&solapi, &run, batch, |draft| {
        draft.due = None;
        Json(group_info::of_draft(&run, draft))
    })
}

/// `DELETE /messages/v4/groups/{id}`.
pub async fn remove(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let Batch::Group(number) = batch else { return Err(no_group()) };
    let gone = solapi.drafts().close(&run, number).ok_or_else(no_group)?;
    let mut info = group_info::of_draft(&run, &gone);
    info["status"] = json!("DELETED");
    Ok(Json(info))
}

/// `GET /messages/v4/groups/{id}`.
pub async fn one(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let info = info(&solapi, &run, batch).ok_or_else(no_group)?;
    Ok(Json(info))
}

/// `GET /messages/v4/groups`, with `limit`, `startKey`, and `criteria=groupId&cond=eq&value=..`.
pub async fn list(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let question = Question::read(&run, &query)?;
    let word = |name: &str| query.iter().find(|row| row.0 == name).map(|row| row.1.as_str());
    let wanted = word("value").filter(|_| word("criteria") == Some("groupId"));
    let drafts: Vec<Value> = solapi.drafts().all(&run).map(|draft| group_info::of_draft(&run, draft)).collect();
    let shut = kept::shut(&run);
    let mut rows: Vec<Value> = drafts;
    match wanted {
        Some(id) => {
            rows.retain(|row| row["groupId"] == *id);
            let batch = Number::parse(id, "G4V").filter(|number| number.run == run.id.0).map(|number| number.batch);
            rows.extend(batch.filter(|_| rows.is_empty()).and_then(|batch| info(&solapi, &run, batch)));
        }
        None => run.books(|books| {
            let mut groups = std::collections::BTreeSet::new();
            let calls = books.calls_of(CONTRACT, 0).rev().filter(|call| kept::is_known(call, &shut));
            for call in calls {
                // One more than a page, to know where the next begins.
                if rows.len() > question.start_room() {
                    break;
                }
                let batch = CallNote::of(call).group.map_or(Batch::Call(call.number), Batch::Group);
                if groups.insert(batch) {
                    rows.push(group_info::of_calls(&run, &kept::calls_of(books, &shut, batch)));
                }
            }
        }),
    }
    let (rows, next) = page(rows, &question, |row| row["groupId"].as_str().unwrap_or_default().to_owned());
    let list: Map<String, Value> = rows.into_iter().collect();
    Ok(Json(json!({ "startKey": question.start, "nextKey": next, "limit": question.limit, "groupList": list })))
}

/// Sends a group when its date comes, unless it was taken back.
pub fn send_at(solapi: &Arc<Solapi>, run: &Arc<Run>, number: u32, at: SimTime) {
    let (solapi, run) = (solapi.clone(), run.clone());
    tokio::spawn(async move {
        let mut shutdown = solapi.providers.shutdown.clone();
        // In lock-step time stands at that instant until the group is on its way.
        let mut alarm = run.leases.as_ref().map(|leases| leases.alarm(at));
        let act = async {
            if let Some(leases) = &run.leases {
                leases.reached(at).await;
            }
            while run.status().at < at {
                let status = run.status();
                let left = Duration::from_micros((at.micros() - status.at.micros().min(at.micros())).max(1));
                let left = left / status.speed.unwrap_or(1).max(1);
                let wait = if status.state == RunState::Running { left.min(LOOK_EVERY) } else { LOOK_EVERY };
                sleep_until(Instant::now() + wait).await;
            }
            let due = |draft: &mut Draft| draft.due == Some(at);
            if change(&solapi, &run, Batch::Group(number), due) == Ok(true) {
                // Nobody is on the line that a fault could break.
                let nobody = Breaker::new(|_| {});
                let mut sent = std::pin::pin!(hand_all_in(&solapi, &run, number, &nobody));
                // The first look at it makes the call known to the leases; from then on that call holds time, or lets it go.
                let first = std::future::poll_fn(|context| Poll::Ready(sent.as_mut().poll(context))).await;
                drop(alarm.take());
                let sent = match first {
                    Poll::Ready(sent) => sent,
                    Poll::Pending => sent.await,
                };
                if let Err(problem) = sent {
                    tracing::warn!(run = %run.id, group = number, why = %problem.words, "a group could not be sent");
                }
            }
        };
        tokio::select! {
            () = act => {}
            _ = run.ended() => {}
            () = shutdown.asked() => {}
        }
    });
}

/// Hands everything of a group in, then lets go of it.
async fn hand_all_in(solapi: &Solapi, run: &Arc<Run>, number: u32, breaker: &Breaker) -> Result<(), Problem> {
    let batch = Batch::Group(number);
    loop {
        let (note, lot) = change(solapi, run, batch, |draft| {
            let note = draft.note();
            let count = draft.items.len().min(MANY_MAX);
            let lot: Vec<_> = draft.items.drain(..count).collect();
            draft.first += lot.len() as u32;
            draft.failed = 0;
            (note, lot)
        })?;
        if lot.is_empty() && note.first > 0 {
            solapi.drafts().close(run, number);
            return Ok(());
        }
        if lot.is_empty() {
            return Err(Problem::invalid("그룹에 메시지가 없습니다.", "the group has no messages"));
        }
        let (back, first, failed) = (lot.clone(), note.first, note.failed);
        if let Err(closed) = hand_in(run, CONTRACT, note.written(), lot, breaker).await {
            change(solapi, run, batch, |draft| {
                draft.items.splice(0..0, back);
                (draft.first, draft.failed) = (first, failed);
            })?;
            return Err(closed.into());
        }
    }
}
