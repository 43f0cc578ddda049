//! Groups, step by step: made, filled with up to 10,000 messages a call, then sent at once or at a date. Each step is on
//! record before its caller is told (see [`changes`]), so a crash loses none of them.
//!
//! Sending hands 10,000 messages in at a time. What was handed in is gone from the group, so a repeated request does not
//! send it again; what a refused call did not take is put back.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::{Duration, Instant, sleep_until};

use crate::host::control::books::line::Remembering;
use crate::host::control::lease::Alarm;
use crate::host::control::run::{Run, State as RunState};
use crate::host::provider::body::Sent;
use crate::host::provider::breaker::Breaker;
use crate::host::provider::reception::{Closed, ask, hand_in_and_tell, refusal, remembered};
use crate::host::provider::refused::Refused;
use crate::host::provider::solapi::auth::Caller;
use crate::host::provider::solapi::changes::{self, Change, Item};
use crate::host::provider::solapi::codes;
use crate::host::provider::solapi::drafts::{self, Draft};
use crate::host::provider::solapi::group_info;
use crate::host::provider::solapi::ids::{Batch, Number};
use crate::host::provider::solapi::kept::{self, CallNote, Kept};
use crate::host::provider::solapi::message::{Failed, Wanted, row};
use crate::host::provider::solapi::problem::Problem;
use crate::host::provider::solapi::send::{MANY_MAX, SendBody, due, note_failed, read, sort};
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

/// Looks at a group of the caller's that is not sent yet.
pub fn waiting<T>(
    solapi: &Solapi,
    run: &Run,
    caller: &Caller,
    batch: Batch,
    look: impl FnOnce(&Draft) -> T,
) -> Option<T> {
    let Batch::Group(group) = batch else { return None };
    let mut drafts = solapi.drafts(run)?;
    let draft = drafts.get(group).filter(|draft| solapi.owns(caller, &draft.base.account))?;
    Some(look(draft))
}

/// Makes a change of a group of the caller's that is not sent yet; it is on record when this answers what is to be told.
async fn change<T>(
    solapi: &Solapi,
    run: &Run,
    caller: &Caller,
    batch: Batch,
    wanted: impl FnOnce(u32) -> Change,
    told: impl FnOnce(&Draft) -> T,
) -> Result<T, Problem> {
    let Batch::Group(group) = batch else { return Err(no_group()) };
    let (told, remembering) = {
        let mut drafts = solapi.drafts(run).ok_or(Closed::NoRun)?;
        let draft = drafts.get(group).filter(|draft| solapi.owns(caller, &draft.base.account));
        draft.ok_or_else(no_group)?;
        let change = wanted(group);
        let written = changes::written(std::slice::from_ref(&change));
        let remembering = run.remember(CONTRACT, written).map_err(refusal)?;
        // One that is gone afterwards is told as it was.
        let before = drafts.get(group).cloned().filter(|_| matches!(change, Change::Close { .. }));
        drafts.make(run, change);
        let after = drafts.get(group).map(|draft| &*draft);
        (told(before.as_ref().or(after).ok_or_else(no_group)?), remembering)
    };
    remembered(run, remembering).await?;
    Ok(told)
}

/// What there is of a group of the caller's: not sent yet, or on record.
fn info(solapi: &Solapi, run: &Run, caller: &Caller, batch: Batch) -> Option<Value> {
    if let Some(info) = waiting(solapi, run, caller, batch, |draft| group_info::of_draft(run, draft)) {
        return Some(info);
    }
    let shut = kept::shut(run);
    run.books(|books| {
        let calls = kept::calls_of(books, &shut, batch);
        let first = calls.first().filter(|call| solapi.owns(caller, &CallNote::of(call).account));
        first.is_some().then(|| group_info::of_calls(run, &calls))
    })
}

/// `POST /messages/v4/groups`.
pub async fn create(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    body: Sent,
) -> Result<Json<Value>, Problem> {
    let body: SendBody = read(body)?;
    let run = solapi.providers.run().filter(|run| run.paced).ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let (info, remembering) = {
        let mut drafts = solapi.drafts(&run).ok_or(Closed::NoRun)?;
        let group = drafts.next().ok_or_else(full)?;
        let change = Change::Open { group, at_us: run.status().at.micros(), base: body.note(caller.0) };
        let written = changes::written(std::slice::from_ref(&change));
        let remembering = run.remember(CONTRACT, written).map_err(refusal)?;
        drafts.make(&run, change);
        let draft = drafts.get(group).ok_or_else(no_group)?;
        (group_info::of_draft(&run, draft), remembering)
    };
    remembered(&run, remembering).await?;
    Ok(Json(info))
}

/// `PUT /messages/v4/groups/{id}/messages`.
pub async fn add(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Sent,
) -> Response {
    let mut refused = Refused::default();
    let answer = put(&solapi, &breaker, &caller, &id, body, &mut refused).await.into_response();
    refused.marked(answer)
}

async fn put(
    solapi: &Solapi,
    breaker: &Breaker,
    caller: &Caller,
    id: &str,
    body: Sent,
    refused: &mut Refused,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(solapi, breaker, id).await?;
    let wanted = read::<SendBody>(body)?.wanted()?;
    let (rows, errors, remembering) = put_in(solapi, &run, caller, batch, &wanted, refused)?;
    remembered(&run, remembering).await?;
    Ok(Json(json!({ "errorCount": errors.to_string(), "resultList": rows })))
}

/// Puts messages into a group: the rows that are told of them, and how many were refused.
fn put_in(
    solapi: &Solapi,
    run: &Run,
    caller: &Caller,
    batch: Batch,
    wanted: &[Wanted],
    refused: &mut Refused,
) -> Result<(Vec<Value>, usize, Remembering), Problem> {
    let Batch::Group(group) = batch else { return Err(no_group()) };
    let mut drafts = solapi.drafts(run).ok_or(Closed::NoRun)?;
    let room = drafts.has_room(wanted.len());
    let draft = drafts.get(group).filter(|draft| solapi.owns(caller, &draft.base.account));
    let draft = draft.ok_or_else(no_group)?;
    if !room {
        return Err(full());
    }
    let (items, failed) = sort(solapi, run, wanted, &mut draft.seen, draft.base.allow_duplicates);
    note_failed(run, &failed, refused);
    let errors = u32::try_from(failed.len()).unwrap_or(u32::MAX);
    let change = Change::Add { group, items: items.iter().map(Item::from).collect(), failed: errors };
    let remembering = run.remember(CONTRACT, changes::written(std::slice::from_ref(&change))).map_err(|why| {
        // None of them is in it.
        for item in &items {
            draft.seen.remove(&Kept::read(&item.note).to);
        }
        refusal(why)
    })?;
    let id = |item: u32| Number { run: run.id.0, batch, item }.message(&draft.wall);
    let account = &draft.base.account;
    let next = draft.first + draft.items.len() as u32;
    let mut rows = Vec::with_capacity(wanted.len());
    for (place, item) in (next..).zip(&items) {
        rows.push(row(&Kept::read(&item.note), &id(place), account, codes::TAKEN.0, &codes::TAKEN.words()));
    }
    // Numbers for what was refused count down from the highest that fits.
    let last = 36_u32.pow(4) - 1 - draft.failed;
    let refused = |(place, why): (u32, &Failed)| why.row(&id(last.saturating_sub(place)), account);
    rows.extend((0..).zip(&failed).map(refused));
    drafts.add(group, items, errors);
    Ok((rows, failed.len(), remembering))
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
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Sent,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let wanted: TakeOut = read(body)?;
    let there = waiting(&solapi, &run, &caller, batch, |draft| draft.first..draft.first + draft.items.len() as u32);
    let there = there.ok_or_else(no_group)?;
    // Places move up when one is taken out, so they are looked up before.
    let of = |id: &str| Number::parse(id, "M4V").filter(|number| number.batch == batch).map(|number| number.item);
    let (mut rows, mut gone) = (Vec::new(), BTreeSet::new());
    for id in &wanted.message_ids {
        let found = of(id).filter(|place| there.contains(place) && gone.insert(*place));
        rows.push(json!({ "messageId": id, "resultCode": if found.is_some() { "0000" } else { "1021" } }));
    }
    let errors = wanted.message_ids.len() - gone.len();
    let places = gone.into_iter().collect();
    change(&solapi, &run, &caller, batch, |group| Change::TakeOut { group, places }, |_| ()).await?;
    Ok(Json(json!({ "groupId": id, "errorCount": errors, "resultList": rows })))
}

/// `POST /messages/v4/groups/{id}/send`.
pub async fn send(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let Batch::Group(number) = batch else { return Err(no_group()) };
    let scheduled = waiting(&solapi, &run, &caller, batch, |draft| draft.due.is_some()).ok_or_else(no_group)?;
    if scheduled {
        change(&solapi, &run, &caller, batch, |group| Change::Due { group, at_us: None }, |_| ()).await?;
    }
    hand_all_in(&solapi, &run, number, &breaker, None).await?;
    info(&solapi, &run, &caller, batch).map(Json).ok_or_else(no_group)
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
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    body: Sent,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let wanted: Schedule = read(body)?;
    let Batch::Group(number) = batch else { return Err(no_group()) };
    let at = due(&run, &wanted.scheduled_date)?.unwrap_or(run.status().at);
    let set = |group| Change::Due { group, at_us: Some(at.micros()) };
    let told = |draft: &Draft| {
        // Here, because a caller who does not wait for the answer has given it a date all the same.
        send_at(&solapi, &run, number, at);
        group_info::of_draft(&run, draft)
    };
    change(&solapi, &run, &caller, batch, set, told).await.map(Json)
}

/// `DELETE /messages/v4/groups/{id}/schedule`.
pub async fn unschedule(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let unset = |group| Change::Due { group, at_us: None };
    change(&solapi, &run, &caller, batch, unset, |draft| group_info::of_draft(&run, draft)).await.map(Json)
}

/// `DELETE /messages/v4/groups/{id}`.
pub async fn remove(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    let close = |group| Change::Close { group };
    let mut info = change(&solapi, &run, &caller, batch, close, |draft| group_info::of_draft(&run, draft)).await?;
    info["status"] = json!("DELETED");
    Ok(Json(info))
}

/// `GET /messages/v4/groups/{id}`.
pub async fn one(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let (run, batch) = named(&solapi, &breaker, &id).await?;
    info(&solapi, &run, &caller, batch).map(Json).ok_or_else(no_group)
}

/// `GET /messages/v4/groups`, with `limit`, `startKey`, and `criteria=groupId&cond=eq&value=..`.
pub async fn list(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let question = Question::read(&run, &query)?;
    let word = |name: &str| query.iter().find(|row| row.0 == name).map(|row| row.1.as_str());
    let wanted = word("value").filter(|_| word("criteria") == Some("groupId"));
    let drafts = solapi.drafts(&run).map(|drafts| {
        let mine = drafts.all().filter(|draft| solapi.owns(&caller, &draft.base.account));
        mine.map(|draft| group_info::of_draft(&run, draft)).collect()
    });
    let shut = kept::shut(&run);
    let mut rows: Vec<Value> = drafts.unwrap_or_default();
    match wanted {
        Some(id) => {
            rows.retain(|row| row["groupId"] == *id);
            let batch = Number::parse(id, "G4V").filter(|number| number.run == run.id.0).map(|number| number.batch);
            rows.extend(batch.filter(|_| rows.is_empty()).and_then(|batch| info(&solapi, &run, &caller, batch)));
        }
        None => run.books(|books| {
            let mut groups = BTreeSet::new();
            let calls = books.calls_of(CONTRACT, 0).rev().filter(|call| kept::is_known(call, &shut));
            for call in calls {
                // One more than a page, to know where the next begins.
                if rows.len() > question.start_room() {
                    break;
                }
                let note = CallNote::of(call);
                let batch = note.group.map_or(Batch::Call(call.number), Batch::Group);
                if solapi.owns(&caller, &note.account) && groups.insert(batch) {
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
        // In lock-step time stands at that instant until the group is on record, and applications are woken after that.
        let alarm = run.leases.as_ref().map(|leases| leases.alarm_first(at));
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
            let due = with(&solapi, &run, number, |draft| draft.due == Some(at));
            if due == Ok(true) {
                // Nobody is on the line that a fault could break.
                let nobody = Breaker::new(|_| {});
                if let Err(problem) = hand_all_in(&solapi, &run, number, &nobody, alarm).await {
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

/// Sets the groups going that an earlier process left with a date, of the run that goes on.
pub fn go_on(solapi: &Arc<Solapi>) {
    let Some(run) = solapi.providers.run().filter(|run| run.paced) else { return };
    let Some(drafts) = solapi.drafts(&run) else { return };
    let scheduled: Vec<_> = drafts.all().filter_map(|draft| Some((draft.number, draft.due?))).collect();
    drop(drafts);
    for (number, at) in scheduled {
        send_at(solapi, &run, number, at);
    }
}

/// Does something to a group that is not sent yet, of which nothing needs to be written down.
fn with<T>(solapi: &Solapi, run: &Run, number: u32, act: impl FnOnce(&mut Draft) -> T) -> Result<T, Problem> {
    let mut drafts = solapi.drafts(run).ok_or(Closed::NoRun)?;
    drafts.get(number).map(act).ok_or_else(no_group)
}

/// Hands everything of a group in, then lets go of it. The alarm is dropped when the first of it is on record.
async fn hand_all_in(
    solapi: &Solapi,
    run: &Arc<Run>,
    number: u32,
    breaker: &Breaker,
    mut alarm: Option<Alarm>,
) -> Result<(), Problem> {
    loop {
        let (note, lot) = with(solapi, run, number, |draft| {
            let note = draft.note();
            let count = draft.items.len().min(MANY_MAX);
            let lot: Vec<_> = draft.items.drain(..count).collect();
            draft.first += lot.len() as u32;
            draft.failed = 0;
            (note, lot)
        })?;
        if lot.is_empty() && note.first > 0 {
            solapi.drafts(run).and_then(|mut drafts| drafts.close(number));
            return Ok(());
        }
        if lot.is_empty() {
            return Err(Problem::invalid("그룹에 메시지가 없습니다.", "the group has no messages"));
        }
        let (back, first, failed) = (lot.clone(), note.first, note.failed);
        let on_record = || drop(alarm.take());
        let handed = hand_in_and_tell(run, CONTRACT, note.written(), lot, breaker, on_record).await;
        if let Err(closed) = handed {
            with(solapi, run, number, |draft| {
                draft.items.splice(0..0, back);
                (draft.first, draft.failed) = (first, failed);
            })?;
            return Err(closed.into());
        }
    }
}
