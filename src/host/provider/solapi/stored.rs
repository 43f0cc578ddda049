//! Messages as they are stored, and the questions about them: `list`, `list-old`, and those of a group.
//!
//! Chosen, because no source says it: a message that was replaced by a text keeps its number, its `type` becomes that of
//! the text, and `replacement` is true. `nextKey` is the first message of the next page.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, Path, Query, State};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::host::control::books::{CallRecord, ItemRecord, StepRecord};
use crate::host::control::run::Run;
use crate::host::provider::breaker::Breaker;
use crate::host::provider::calendar;
use crate::host::provider::reception::{Closed, ask};
use crate::host::provider::solapi::auth::Caller;
use crate::host::provider::solapi::drafts::Draft;
use crate::host::provider::solapi::group_info::kind_of;
use crate::host::provider::solapi::groups;
use crate::host::provider::solapi::ids::{Batch, Number};
use crate::host::provider::solapi::kept::{self, CallNote, Kept};
use crate::host::provider::solapi::problem::Problem;
use crate::host::provider::solapi::{CONTRACT, Solapi, codes};
use crate::sim::engine::call::HandIn;
use crate::sim::model::event::Ear;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::SimTime;

/// Rows of a page, when nobody says.
const LIMIT: usize = 20;
/// Most rows of a page.
const LIMIT_MAX: usize = 500;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Rows of a page.
    pub limit: usize,
    /// Where the page begins.
    pub start: Option<String>,
    ids: Option<BTreeSet<String>>,
    group: Option<String>,
    from: Option<String>,
    to: Option<String>,
    kind: Option<String>,
    status: Option<String>,
    updated: bool,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Question {
    /// Reads a query. Parameters that nobody knows are ignored.
    pub fn read(run: &Run, query: &[(String, String)]) -> Result<Question, Problem> {
        let mut asked = Question { limit: LIMIT, ..Question::default() };
        let digits = |text: &str| text.replace('-', "");
        let date = |text: &str| {
            let wrong =
                || Problem::invalid("날짜 형식이 아닙니다.", &format!("expected an ISO 8601 date, found '{text}'"));
            let day = || format!("{text}T00:00:00{}", calendar::local(run, SimTime::ZERO, "%:z"));
            text.parse().or_else(|_| day().parse()).map_err(|_| wrong())
        };
        for (name, value) in query.iter().filter(|row| !row.1.is_empty()) {
            match name.as_str() {
                "limit" => {
                    let wrong =
                        || Problem::invalid("limit: 1~500", &format!("limit: expected 1 to 500, found '{value}'"));
                    asked.limit = value.parse().ok().filter(|n| (1..=LIMIT_MAX).contains(n)).ok_or_else(wrong)?;
                }
                "startKey" => asked.start = Some(value.clone()),
                "messageId" | "messageIds" | "messageIds[]" => {
                    // Python writes a list as it prints one; Node repeats the parameter.
                    let ids = value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|id| !id.is_empty());
                    asked.ids.get_or_insert_default().extend(ids.map(str::to_owned));
                }
                "groupId" => asked.group = Some(value.clone()),
                "from" => asked.from = Some(digits(value)),
                "to" => asked.to = Some(digits(value)),
                "type" => asked.kind = Some(value.clone()),
                "statusCode" => asked.status = Some(value.clone()),
                "dateType" => asked.updated = value.eq_ignore_ascii_case("UPDATED"),
                "startDate" => asked.since = Some(date(value)?),
                "endDate" => asked.until = Some(date(value)?),
                _ => {}
            }
        }
        Ok(asked)
    }

    /// How many rows are worth looking at: a page, or all where one begins later.
    pub fn start_room(&self) -> usize {
        if self.start.is_some() { usize::MAX } else { self.limit }
    }

    /// The batches that can hold what is asked for; `None` for all.
    fn batches(&self, run: &Run) -> Option<BTreeSet<Batch>> {
        let known = |number: Option<Number>| number.filter(|number| number.run == run.id.0).map(|number| number.batch);
        if let Some(group) = &self.group {
            return Some(known(Number::parse(group, "G4V")).into_iter().collect());
        }
        let ids = self.ids.as_ref()?;
        Some(ids.iter().filter_map(|id| known(Number::parse(id, "M4V"))).collect())
    }

    fn fits(&self, run: &Run, id: &str, kept: &Kept, item: &ItemRecord, call: &CallRecord) -> bool {
        let same = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
        let at = if self.updated { updated(item, call) } else { call.at };
        let at = calendar::timestamp(run, at);
        self.ids.as_ref().is_none_or(|ids| ids.contains(id))
            && same(&self.from, &kept.from)
            && same(&self.to, &kept.to)
            && same(&self.kind, &kind(kept, item))
            && same(&self.status, codes::of_item(item).0)
            && self.since.is_none_or(|since| at >= since)
            && self.until.is_none_or(|until| at <= until)
    }
}

/// A page of rows that are in order: the rows with their numbers, and the number of the first row after them.
pub fn page(
    rows: Vec<Value>,
    asked: &Question,
    id: impl Fn(&Value) -> String,
) -> (Vec<(String, Value)>, Option<String>) {
    let named = rows.into_iter().map(|row| (id(&row), row));
    let mut rows: Vec<_> = named.skip_while(|row| asked.start.as_ref().is_some_and(|start| *start != row.0)).collect();
    let next = rows.get(asked.limit).map(|row| row.0.clone());
    rows.truncate(asked.limit);
    (rows, next)
}

/// `GET /messages/v4/list` and `/list-old`.
pub async fn list(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let asked = Question::read(&run, &query)?;
    answer(&solapi, &caller, &run, &asked).await
}

/// `GET /messages/v4/groups/{id}/messages`: also of a group that is not sent yet.
pub async fn of_group(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Json<Value>, Problem> {
    let run = solapi.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, &breaker).await?;
    let batch = Number::parse(&id, "G4V").filter(|number| number.run == run.id.0).map(|number| number.batch);
    let asked = Question { group: Some(id), ..Question::read(&run, &query)? };
    let rows = batch.and_then(|batch| {
        let rows = |draft: &Draft| (draft.first == 0).then(|| waiting_rows(&run, draft));
        groups::waiting(&solapi, &run, &caller, batch, rows).flatten()
    });
    let Some(rows) = rows else { return answer(&solapi, &caller, &run, &asked).await };
    let (rows, next) = page(rows, &asked, |row| row["messageId"].as_str().unwrap_or_default().to_owned());
    Ok(listed(&asked, next, rows))
}

/// The messages of a group that is not sent yet, with the numbers that were told when they were put in.
fn waiting_rows(run: &Run, draft: &Draft) -> Vec<Value> {
    let (note, batch) = (draft.note(), Batch::Group(draft.number));
    let row = |(item, message): (u32, &HandIn)| {
        let number = Number { run: run.id.0, batch, item };
        let (id, kept) = (number.message(&draft.wall), Kept::read(&message.note));
        let row = waiting(run, &id, number.group(&draft.wall), &note, message, &kept, draft.made);
        serde_json::to_value(row).expect("plain data becomes JSON in memory")
    };
    (draft.first..).zip(&draft.items).map(row).collect()
}

fn listed(asked: &Question, next: Option<String>, rows: Vec<(String, Value)>) -> Json<Value> {
    let list: Map<String, Value> = rows.into_iter().collect();
    Json(json!({ "startKey": asked.start, "nextKey": next, "limit": asked.limit, "messageList": list }))
}

fn no_start(found: &str) -> Problem {
    let found: String = found.chars().take(40).collect();
    Problem::invalid(
        "startKey: 메시지 번호가 아닙니다.",
        &format!("startKey: expected a message's number, found '{found}'"),
    )
}

/// The messages that are asked for, newest call first. What the application hears by them, the engine hears of.
async fn answer(solapi: &Solapi, caller: &Caller, run: &Arc<Run>, asked: &Question) -> Result<Json<Value>, Problem> {
    let shut = kept::shut(run);
    let batches = asked.batches(run);
    let begin = asked.start.as_deref().map(|id| Number::parse(id, "M4V").ok_or_else(|| no_start(id))).transpose()?;
    let (rows, next, heard) = run.books(|books| {
        let calls: Vec<&CallRecord> = match &batches {
            Some(batches) => batches.iter().rev().flat_map(|batch| kept::calls_of(books, &shut, *batch)).collect(),
            None => books.calls_of(CONTRACT, 0).rev().filter(|call| kept::is_known(call, &shut)).collect(),
        };
        let (mut rows, mut next, mut heard, mut begun) = (Vec::new(), None, Vec::new(), begin.is_none());
        'calls: for call in calls {
            let note = CallNote::of(call);
            if !solapi.owns(caller, &note.account) {
                continue;
            }
            let wall = note.wall(run, call);
            for (place, item) in call.items.iter().enumerate() {
                let number = note.number(run, call.number, place);
                begun |= Some(number) == begin;
                if !begun || item.rejected.is_some() {
                    continue;
                }
                let (id, kept) = (number.message(&wall), Kept::of(item));
                if !asked.fits(run, &id, &kept, item, call) {
                    continue;
                }
                if rows.len() == asked.limit {
                    next = Some(id);
                    break 'calls;
                }
                heard.extend(codes::unheard(item));
                let row = stored(run, &id, &note, call, item, &kept);
                let row = serde_json::to_value(row).expect("plain data becomes JSON in memory");
                rows.push((id, row));
            }
        }
        (rows, next, heard)
    });
    for (attempt, claim, code) in heard {
        // A run that is over has nobody who would have to know.
        let _ = run.heard(attempt, claim, code, Ear::Poll).await;
    }
    Ok(listed(asked, next, rows))
}

/// When something last happened to a message, as far as the platform knows.
fn updated(item: &ItemRecord, call: &CallRecord) -> SimTime {
    item.steps.last().map_or(call.at, |step| step.told.map_or(step.at, |told| told.at))
}

/// What a message is now: the text that replaced it, or what it was handed in as.
pub fn kind(kept: &Kept, item: &ItemRecord) -> String {
    match item.steps.last() {
        Some(step) if item.is_replaced() => kind_of(step.medium).to_ascii_uppercase(),
        _ => kept.kind.clone(),
    }
}

/// A message as it is stored.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stored<'a> {
    message_id: &'a str,
    group_id: String,
    account_id: &'a str,
    r#type: String,
    country: &'static str,
    to: &'a str,
    from: &'a str,
    text: Option<&'a str>,
    subject: Option<&'a str>,
    status: &'static str,
    status_code: &'static str,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_message: Option<String>,
    network_name: Option<&'static str>,
    network_code: Option<&'static str>,
    custom_fields: Cow<'a, Map<String, Value>>,
    kakao_options: Option<&'a RawValue>,
    auto_type_detect: bool,
    replacement: bool,
    resend_count: usize,
    date_created: String,
    date_updated: String,
    date_processed: Option<String>,
    date_received: Option<String>,
    date_reported: Option<String>,
    log: Vec<Line>,
    queues: [(); 0],
    current_queue: Option<()>,
}

/// What one step came to, in a line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    create_at: String,
    message: String,
}

/// A message as it is stored; a report says besides what its status means.
pub fn stored<'a>(
    run: &Run,
    id: &'a str,
    note: &'a CallNote,
    call: &CallRecord,
    item: &'a ItemRecord,
    kept: &'a Kept,
) -> Stored<'a> {
    let status = codes::of_item(item);
    let last = item.steps.last();
    let said = last.map(|step| &*step.said);
    let network = last.map(network);
    let told = last.and_then(|step| step.told).filter(|_| !status.is_pending());
    let received = told.map(|told| calendar::utc(run, told.at));
    Stored {
        message_id: id,
        group_id: note.number(run, call.number, 0).group(&note.wall(run, call)),
        account_id: &note.account,
        r#type: kind(kept, item),
        country: "82",
        to: &kept.to,
        from: &kept.from,
        text: said.map(|said| said.text.as_str()),
        subject: said.map(|said| said.title.as_str()).filter(|title| !title.is_empty()),
        status: status.state(),
        status_code: status.0,
        reason: status.words(),
        status_message: None,
        network_name: network,
        network_code: network.map(|_| "BONGSU"),
        custom_fields: kept.custom.as_ref().map_or(Cow::Owned(Map::new()), Cow::Borrowed),
        kakao_options: kept.kakao.as_deref(),
        auto_type_detect: true,
        replacement: item.is_replaced(),
        resend_count: item.steps.len().saturating_sub(1),
        date_created: calendar::utc(run, call.at),
        date_updated: calendar::utc(run, updated(item, call)),
        date_processed: last.map(|step| calendar::utc(run, step.at)),
        date_received: received.clone(),
        date_reported: received,
        log: item.steps.iter().map(|step| line(run, step)).collect(),
        queues: [],
        current_queue: None,
    }
}

/// A message of a group that waits, as it is stored.
fn waiting<'a>(
    run: &Run,
    id: &'a str,
    group: String,
    note: &'a CallNote,
    message: &'a HandIn,
    kept: &'a Kept,
    made: SimTime,
) -> Stored<'a> {
    let said = &*message.steps[0].said;
    let status = codes::TAKEN;
    Stored {
        message_id: id,
        group_id: group,
        account_id: &note.account,
        r#type: kept.kind.clone(),
        country: "82",
        to: &kept.to,
        from: &kept.from,
        text: Some(&said.text),
        subject: Some(said.title.as_str()).filter(|title| !title.is_empty()),
        status: status.state(),
        status_code: status.0,
        reason: status.words(),
        status_message: None,
        network_name: None,
        network_code: None,
        custom_fields: kept.custom.as_ref().map_or(Cow::Owned(Map::new()), Cow::Borrowed),
        kakao_options: kept.kakao.as_deref(),
        auto_type_detect: true,
        replacement: false,
        resend_count: 0,
        date_created: calendar::utc(run, made),
        date_updated: calendar::utc(run, made),
        date_processed: None,
        date_received: None,
        date_reported: None,
        log: Vec::new(),
        queues: [],
        current_queue: None,
    }
}

impl Stored<'_> {
    /// The same as a report has it.
    pub fn reported(self) -> Self {
        Stored { status_message: Some(self.reason.clone()), ..self }
    }
}

fn line(run: &Run, step: &StepRecord) -> Line {
    let status = step.told.map_or(codes::SENDING, codes::of_told);
    let at = step.told.map_or(step.at, |told| told.at);
    let kind = kind_of(step.medium).to_ascii_uppercase();
    Line { create_at: calendar::utc(run, at), message: format!("[{kind}] {} {}", status.0, status.words()) }
}

fn network(step: &StepRecord) -> &'static str {
    if step.medium == Medium::Alimtalk { "KAKAO" } else { "MOBILE" }
}
