//! `POST /send/omni`: one flow for up to 200 people.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::host::provider::bizgo::answer::{Fault, reply, success};
use crate::host::provider::bizgo::flow::{self, Flow};
use crate::host::provider::bizgo::key::message_key;
use crate::host::provider::bizgo::{Bizgo, CONTRACT};
use crate::host::provider::body::{Object, Sent};
use crate::host::provider::breaker::Breaker;
use crate::host::provider::reception::{Closed, hand_in};
use crate::host::provider::recipients;
use crate::host::provider::refused::Refused;
use crate::sim::engine::call::{CallAnswer, HandIn};
use crate::sim::model::medium::Medium;
use crate::sim::time::Span;

/// Most recipients of a request.
const RECIPIENTS_MAX: usize = 200;
/// Longest key of the caller's own, in characters, and the longest time that it may stand, in seconds.
const KEY_MAX: usize = 200;
const TTL_MAX_S: u64 = 86_400;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Request {
    destinations: Vec<Object<Destination>>,
    message_flow: Vec<BTreeMap<String, Value>>,
    idempotency_key: Option<String>,
    idempotency_ttl: Option<u64>,
    #[serde(rename = "ref")]
    reference: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Destination {
    to: String,
    replace_words: BTreeMap<String, String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
}

/// What the books keep of a call.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CallNote {
    /// The account.
    pub account: String,
    /// The key that makes it once.
    pub once: Option<String>,
}

impl CallNote {
    /// Reads a note; one that is none of ours reads as empty.
    pub fn read(note: &str) -> CallNote {
        serde_json::from_str(note).unwrap_or_default()
    }
}

/// What the books keep of a message.
#[derive(Default, Serialize, Deserialize)]
pub struct ItemNote {
    /// Its place in the request, from 0.
    pub seat: u32,
    /// The caller's own word for it.
    pub reference: Option<String>,
}

/// Takes a request.
pub async fn take(
    State(bizgo): State<Arc<Bizgo>>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
    body: Sent,
) -> Response<Body> {
    let mut refused = Refused::default();
    let answer = match taken(&bizgo, &headers, &breaker, body, &mut refused).await {
        Ok((tracking, data)) => reply(&tracking, Ok(data)),
        Err(fault) => reply("none", Err(fault)),
    };
    refused.marked(answer)
}

async fn taken(
    bizgo: &Bizgo,
    headers: &HeaderMap,
    breaker: &Breaker,
    body: Sent,
    refused: &mut Refused,
) -> Result<(String, Value), Fault> {
    let account = &bizgo.admit(headers)?.key;
    let request = read(&body.0?)?;
    let key = once(&request)?;
    let run = bizgo.providers.run().ok_or(Closed::NoRun)?;
    let flow = Flow::read(&run.plan, &bizgo.providers.senders, &request.message_flow).inspect_err(|fault| {
        let (kind, medium) = flow::first(&run.plan, &request.message_flow);
        for Object(destination) in &request.destinations {
            refused.add(CONTRACT, fault.words().0, recipients::person(&run, &destination.to).ok(), kind, medium);
        }
    })?;
    let _going = match key {
        None => None,
        Some((key, ttl)) => match bizgo.once.begin(&run, account, key, ttl) {
            Some(going) => Some(going),
            None => {
                // What it names was taken before, so that nobody is refused anything.
                refused.add(CONTRACT, "A301", None, None, Medium::Alimtalk);
                return Ok(("repeated".to_owned(), repeated(&request)));
            }
        },
    };
    let mut items = Vec::with_capacity(request.destinations.len());
    let mut seats: Vec<Result<usize, Fault>> = Vec::with_capacity(request.destinations.len());
    for (seat, Object(destination)) in (0..).zip(&request.destinations) {
        let person = recipients::person(&run, &destination.to).map_err(|nobody| {
            let (ko, en) = nobody.words();
            Fault::bad("A306", ko, en)
        });
        let worded = person.and_then(|person| Ok((person, flow.steps(&destination.replace_words)?)));
        if let Err(fault) = &worded {
            let (kind, medium) = flow::first(&run.plan, &request.message_flow);
            refused.add(CONTRACT, fault.words().0, recipients::person(&run, &destination.to).ok(), kind, medium);
        }
        seats.push(worded.map(|(person, steps)| {
            let reference = destination.reference.clone().or_else(|| request.reference.clone());
            let note = serde_json::to_string(&ItemNote { seat, reference }).expect("notes are plain data");
            items.push(HandIn { person, kind: flow.kind(), note: note.into(), steps, on_uncertain: false });
            items.len() - 1
        }));
    }
    let note = CallNote { account: account.clone(), once: key.map(|key| key.0.to_owned()) };
    let note = serde_json::to_string(&note).expect("notes are plain data");
    let answer = hand_in(&run, CONTRACT, note, items, breaker).await.map_err(|closed| {
        let fault = Fault::from(closed);
        refused.all_said(CONTRACT, fault.words().0);
        fault
    })?;
    let at = run.books(|books| books.call(answer.call).map(|call| call.at)).unwrap_or(answer.at);
    let row = |(seat, Object(destination)): (u32, &Object<Destination>)| {
        let key = message_key(&run, answer.call, at, seat);
        row(destination, &seats[seat as usize], &answer, &key)
    };
    let rows: Vec<Value> = (0..).zip(&request.destinations).map(row).collect();
    let mut data = success(&json!({ "destinations": rows }));
    data["ref"] = json!(request.reference);
    Ok((message_key(&run, answer.call, at, 0), data))
}

fn read(body: &[u8]) -> Result<Request, Fault> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| Fault::bad("A010", "JSON을 파싱 할 수 없음", &error.to_string()))?;
    let Object(request) = Object::<Request>::deserialize(value)
        .map_err(|error| Fault::bad("A011", "JSON을 매핑 할 수 없음", &error.to_string()))?;
    match request.destinations.len() {
        0 => Err(Fault::bad("A306", "유효하지 않거나 비어있는 필드 (필드명 : to)", "destinations: expected somebody")),
        1..=RECIPIENTS_MAX => Ok(request),
        more => {
            let en = format!("destinations: expected at most {RECIPIENTS_MAX}, found {more}");
            Err(Fault::bad("A318", "발송 가능한 수신번호 수(200건) 초과", &en))
        }
    }
}

/// The key that makes a request once, and for how long.
fn once(request: &Request) -> Result<Option<(&str, Span)>, Fault> {
    let Some(key) = request.idempotency_key.as_deref() else { return Ok(None) };
    if key.is_empty() || key.chars().count() > KEY_MAX {
        let en = format!("idempotencyKey: expected 1 to {KEY_MAX} characters");
        return Err(Fault::bad("A308", "idempotencyKey가 비어 있거나 허용된 길이(최대 200자)를 초과했습니다.", &en));
    }
    match request.idempotency_ttl {
        Some(0) => Ok(None),
        Some(ttl @ 1..=TTL_MAX_S) => Ok(Some((key, Span::from_secs(ttl)))),
        Some(_) | None => {
            let ko = "idempotencyTtl 값이 숫자가 아니거나 허용된 범위(0~86400초)를 초과했습니다.";
            Err(Fault::bad("A309", ko, "idempotencyTtl: expected 0 to 86400 seconds beside the key"))
        }
    }
}

fn repeated(request: &Request) -> Value {
    let words = "이미 동일한 요청이 처리되었습니다.";
    let row =
        |Object(destination): &Object<Destination>| json!({ "to": destination.to, "code": "A301", "result": words });
    let rows: Vec<Value> = request.destinations.iter().map(row).collect();
    let mut data = success(&json!({ "destinations": rows }));
    data["ref"] = json!(request.reference);
    data
}

fn row(destination: &Destination, seat: &Result<usize, Fault>, answer: &CallAnswer, key: &str) -> Value {
    match seat {
        Err(fault) => {
            let (code, result) = fault.words();
            json!({ "to": destination.to, "code": code, "result": result })
        }
        Ok(item) => match answer.items.get(*item) {
            Some(Ok(_)) => json!({ "to": destination.to, "msgKey": key, "code": "A000", "result": "Success" }),
            Some(Err(why)) => {
                json!({ "to": destination.to, "code": "A320", "result": format!("받을 수 없습니다 ({why})") })
            }
            None => json!({ "to": destination.to, "code": "A999", "result": "알 수 없는 오류 (unknown)" }),
        },
    }
}
