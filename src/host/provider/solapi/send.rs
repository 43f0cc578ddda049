//! Sending in one request: `send-many/detail` as the SDKs do, `send` and `send-many` as older code does.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::host::control::run::Run;
use crate::host::provider::body::{Object, Sent, object};
use crate::host::provider::breaker::Breaker;
use crate::host::provider::calendar;
use crate::host::provider::reception::{Closed, ask, hand_in, refusal, remembered};
use crate::host::provider::recipients;
use crate::host::provider::refused::Refused;
use crate::host::provider::solapi::auth::Caller;
use crate::host::provider::solapi::changes::{self, Change, Item};
use crate::host::provider::solapi::codes;
use crate::host::provider::solapi::group_info;
use crate::host::provider::solapi::groups;
use crate::host::provider::solapi::ids::{Batch, Number};
use crate::host::provider::solapi::kept::{CallNote, Kept};
use crate::host::provider::solapi::message::{Failed, Wanted, row};
use crate::host::provider::solapi::problem::Problem;
use crate::host::provider::solapi::{CONTRACT, Solapi};
use crate::host::provider::templates;
use crate::sim::engine::call::HandIn;
use crate::sim::model::ids::KindId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::SimTime;

/// Most messages of one request.
pub const MANY_MAX: usize = 10_000;

/// The body of a send.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SendBody {
    message: Option<Object<Wanted>>,
    messages: Vec<Object<Wanted>>,
    /// Whether a number may come twice.
    pub allow_duplicates: bool,
    show_message_list: bool,
    scheduled_date: Option<String>,
    /// The client.
    pub agent: Agent,
    /// The application, in Python's place for it.
    pub app_id: Option<String>,
    /// The client, in the place of `POST /groups`.
    pub sdk_version: Option<String>,
    /// The same.
    pub os_platform: Option<String>,
}

/// Which client calls.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an object")]
pub struct Agent {
    sdk_version: Option<String>,
    os_platform: Option<String>,
    app_id: Option<String>,
}

impl SendBody {
    /// What is remembered of it.
    pub fn note(&self, account: String) -> CallNote {
        let or = |one: &Option<String>, other: &Option<String>| one.clone().or_else(|| other.clone());
        CallNote {
            allow_duplicates: self.allow_duplicates,
            sdk: or(&self.agent.sdk_version, &self.sdk_version),
            os: or(&self.agent.os_platform, &self.os_platform),
            app: or(&self.agent.app_id, &self.app_id),
            account,
            ..CallNote::default()
        }
    }

    /// Its messages, one a number.
    pub fn wanted(&mut self) -> Result<Vec<Wanted>, Problem> {
        let all = std::mem::take(&mut self.messages).into_iter().chain(self.message.take());
        let wanted: Vec<Wanted> = all.flat_map(|Object(wanted)| wanted.each()).collect();
        if (1..=MANY_MAX).contains(&wanted.len()) {
            return Ok(wanted);
        }
        let found = wanted.len();
        let ko = format!("messages: 1건 이상 {MANY_MAX}건 이하여야 합니다. ({found}건)");
        Err(Problem::invalid(&ko, &format!("messages: expected 1 to {MANY_MAX}, found {found}")))
    }
}

/// Reads a body.
pub fn read<T: DeserializeOwned>(body: Sent) -> Result<T, Problem> {
    object(&body.0?)
        .map_err(|error| Problem::invalid("본문을 읽을 수 없습니다.", &format!("the body cannot be read: {error}")))
}

/// The instant of a date, in the run's own calendar; `None` if it is past.
pub fn due(run: &Run, date: &str) -> Result<Option<SimTime>, Problem> {
    let date: Timestamp = date.parse().map_err(|_| {
        Problem::invalid("scheduledDate: ISO 8601 형식이 아닙니다.", "scheduledDate: expected ISO 8601 with an offset")
    })?;
    let micros = date.as_microsecond() - calendar::timestamp(run, SimTime::ZERO).as_microsecond();
    let due = SimTime::from_micros(u64::try_from(micros).unwrap_or(0));
    Ok(Some(due).filter(|due| *due > run.status().at))
}

/// Takes what can be taken of these.
pub fn sort(
    solapi: &Solapi,
    run: &Run,
    wanted: &[Wanted],
    seen: &mut BTreeSet<String>,
    twice: bool,
) -> (Vec<HandIn>, Vec<Failed>) {
    let (mut items, mut failed) = (Vec::with_capacity(wanted.len()), Vec::new());
    for message in wanted {
        match message.take(run, &solapi.providers.senders, seen, twice) {
            Ok(item) => items.push(item),
            Err(why) => failed.push(*why),
        }
    }
    (items, failed)
}

/// What a request came to.
struct HandedIn {
    run: Arc<Run>,
    account: String,
    info: Value,
    failed: Vec<Value>,
    taken: Vec<(String, Kept)>,
}

/// `POST /messages/v4/send-many/detail`.
pub async fn detail(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    body: Sent,
) -> Response {
    let mut refused = Refused::default();
    let answer = async {
        let body: SendBody = read(body)?;
        let shown = body.show_message_list;
        let sent = take(&solapi, &breaker, caller.0, body, shown, &mut refused).await?;
        let mut answer = json!({ "failedMessageList": sent.failed, "groupInfo": sent.info });
        if shown {
            let list = sent.taken.iter().map(|(id, kept)| {
                let mut row = json!({
                    "messageId": id, "statusCode": codes::TAKEN.0, "statusMessage": codes::TAKEN.words(),
                });
                if let Some(custom) = &kept.custom {
                    row["customFields"] = Value::Object(custom.clone());
                }
                row
            });
            answer["messageList"] = list.collect();
        }
        Ok::<_, Problem>(Json(answer))
    };
    let answer = answer.await.into_response();
    refused.marked(answer)
}

/// `POST /messages/v4/send-many`.
pub async fn many(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    body: Sent,
) -> Response {
    let mut refused = Refused::default();
    let sent = async { take(&solapi, &breaker, caller.0, read(body)?, false, &mut refused).await };
    let answer = sent.await.map(|sent| Json(sent.info)).into_response();
    refused.marked(answer)
}

/// `POST /messages/v4/send`.
pub async fn single(
    State(solapi): State<Arc<Solapi>>,
    Extension(breaker): Extension<Breaker>,
    Extension(caller): Extension<Caller>,
    body: Sent,
) -> Response {
    let mut refused = Refused::default();
    let answer = async {
        let sent = take(&solapi, &breaker, caller.0, read(body)?, true, &mut refused).await?;
        let Some((id, kept)) = sent.taken.first() else {
            let why = sent.failed.first().map(|row| format!("{}: {}", row["statusCode"], row["statusMessage"]));
            let why = why.unwrap_or_default();
            return Err(Problem::new(400, "FailedToAddMessage", "메시지를 접수하지 못했습니다.", &why));
        };
        let mut answer = row(kept, id, &sent.account, codes::TAKEN.0, &codes::TAKEN.words());
        answer["groupId"] = sent.info["groupId"].clone();
        tracing::debug!(run = %sent.run.id, "a single message is taken");
        Ok(Json(answer))
    };
    let answer = answer.await.into_response();
    refused.marked(answer)
}

/// What the application is told of messages that were not taken.
pub fn note_failed(run: &Run, failed: &[Failed], refused: &mut Refused) {
    for one in failed {
        let (kind, medium) = match one.kept.kind.as_str() {
            "SMS" => (None, Medium::Sms),
            "LMS" | "MMS" => (None, Medium::Lms),
            _ => (template(run, one), Medium::Alimtalk),
        };
        refused.add(CONTRACT, one.why.0, recipients::person(run, &one.kept.to).ok(), kind, medium);
    }
}

/// The kind of notice that a message names, if its template is the scenario's.
fn template(run: &Run, failed: &Failed) -> Option<KindId> {
    let options: Value = serde_json::from_str(failed.kept.kakao.as_ref()?.get()).ok()?;
    templates::find(&run.plan, options["templateId"].as_str()?).map(|found| found.id)
}

/// Hands the messages of a request in, now or when it says. What was taken is listed only where it is asked for.
async fn take(
    solapi: &Arc<Solapi>,
    breaker: &Breaker,
    account: String,
    mut body: SendBody,
    listed: bool,
    refused: &mut Refused,
) -> Result<HandedIn, Problem> {
    let run = solapi.providers.run().filter(|run| run.paced).ok_or(Closed::NoRun)?;
    let wanted = body.wanted()?;
    let due = body.scheduled_date.take().map(|date| due(&run, &date)).transpose()?.flatten();
    let (items, failed) = sort(solapi, &run, &wanted, &mut BTreeSet::new(), body.allow_duplicates);
    note_failed(&run, &failed, refused);
    let mut note = body.note(account.clone());
    note.failed = u32::try_from(failed.len()).unwrap_or(u32::MAX);
    // A platform that is out says so of the whole request, whatever is wrong with a message.
    let mut closed = |closed: Closed| {
        let problem = Problem::from(closed);
        refused.all_said(CONTRACT, problem.code);
        problem
    };
    if let Some(due) = due {
        ask(&run, Network::Kakao, breaker).await.map_err(&mut closed)?;
        return later(solapi, run, note, items, failed, due).await;
    }
    if items.is_empty() {
        // Nothing meets the platform that could fail it; but a platform that is out answers nothing.
        ask(&run, Network::Kakao, breaker).await.map_err(&mut closed)?;
    }
    let notes: Vec<Arc<str>> = items.iter().map(|item| item.note.clone()).collect();
    let kept = |place: usize| serde_json::from_str::<Kept>(&notes[place]).unwrap_or_default();
    let answer = hand_in(&run, CONTRACT, note.written(), items, breaker).await.map_err(&mut closed)?;
    let batch = Batch::Call(answer.call);
    run.books(|books| {
        let call = books.call(answer.call).ok_or(Closed::NoRun)?;
        let wall = note.wall(&run, call);
        let id = |item: usize| Number { item: item as u32, run: run.id.0, batch }.message(&wall);
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for (place, made) in answer.items.iter().enumerate() {
            match made {
                Ok(_) if listed => taken.push((id(place), kept(place))),
                Ok(_) => {}
                Err(_) => {
                    let failed = Failed { kept: kept(place), why: codes::SERVER, more: None };
                    refused.push(failed.row(&id(place), &account));
                }
            }
        }
        let after = call.items.len();
        refused.extend(failed.iter().enumerate().map(|(place, why)| why.row(&id(after + place), &account)));
        let info = group_info::of_calls(&run, &[call]);
        Ok(HandedIn { run: run.clone(), account: account.clone(), info, failed: refused, taken })
    })
}

/// Puts the messages of a request by, until their date: on record, before the caller is told.
async fn later(
    solapi: &Arc<Solapi>,
    run: Arc<Run>,
    note: CallNote,
    items: Vec<HandIn>,
    failed: Vec<Failed>,
    due: SimTime,
) -> Result<HandedIn, Problem> {
    let account = note.account.clone();
    let (number, sent, remembering) = {
        let mut drafts = solapi.drafts(&run).ok_or(Closed::NoRun)?;
        let group = drafts.next().filter(|_| drafts.has_room(items.len())).ok_or_else(groups::full)?;
        let refused = u32::try_from(failed.len()).unwrap_or(u32::MAX);
        let changes = [
            Change::Open { group, at_us: run.status().at.micros(), base: CallNote { failed: 0, ..note } },
            Change::Add { group, items: items.iter().map(Item::from).collect(), failed: refused },
            Change::Due { group, at_us: Some(due.micros()) },
        ];
        let remembering = run.remember(CONTRACT, changes::written(&changes)).map_err(refusal)?;
        for change in changes {
            drafts.make(&run, change);
        }
        let draft = drafts.get(group).ok_or_else(groups::full)?;
        let id =
            |item: usize| Number { run: run.id.0, batch: Batch::Group(group), item: item as u32 }.message(&draft.wall);
        let rows = failed.iter().enumerate().map(|(place, why)| why.row(&id(items.len() + place), &account)).collect();
        let taken = items.iter().enumerate().map(|(place, item)| (id(place), Kept::read(&item.note))).collect();
        let info = group_info::of_draft(&run, draft);
        (group, HandedIn { run: run.clone(), account, info, failed: rows, taken }, remembering)
    };
    // First, because a caller who does not wait for the answer has a group all the same.
    groups::send_at(solapi, &run, number, due);
    remembered(&run, remembering).await?;
    Ok(sent)
}
