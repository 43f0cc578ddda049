//! Sending: up to a thousand recipients of one template, with its variables or in full, each with its alternative.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::host::control::run::Run;
use crate::host::provider::body::{Object, Sent, object};
use crate::host::provider::breaker::Breaker;
use crate::host::provider::nhn::answer::{Fault, reply, success};
use crate::host::provider::nhn::note::{self, CallNote, ItemNote, Refused};
use crate::host::provider::nhn::number::request_id;
use crate::host::provider::nhn::resend::{self, Button, Wish};
use crate::host::provider::nhn::{CONTRACT, Nhn, failback};
use crate::host::provider::reception::{Closed, hand_in};
use crate::host::provider::templates::{self, Found};
use crate::host::provider::{calendar, recipients, refused};
use crate::sim::engine::call::{HandIn, Said, Step, Taken};
use crate::sim::model::ids::KindId;
use crate::sim::model::medium::Medium;
use crate::sim::time::Span;

/// Most recipients of a request.
pub const RECIPIENTS_MAX: usize = 1_000;
/// Longest text in characters, its variables filled: what the API takes (the guide to texts still says 1,000).
pub const CONTENT_MAX: usize = 1_300;
/// How long a key of the caller's own makes a request once.
const ONCE: Span = Span::from_secs(600);
/// What a message that carries a password has to say (alimtalk-api-guide.md), in either case.
const AUTH_WORDS: [&str; 7] = ["auth", "password", "verif", "にんしょう", "認証", "비밀번호", "인증"];

/// Which of the four ways a request came.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// In full, not as a template and its variables.
    pub raw: bool,
    /// As a message that carries a password.
    pub auth: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Request {
    sender_key: String,
    template_code: String,
    request_date: Option<String>,
    sender_grouping_key: Option<String>,
    recipient_list: Vec<Object<Recipient>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Recipient {
    recipient_no: String,
    template_parameter: BTreeMap<String, Value>,
    content: Option<String>,
    template_title: Option<String>,
    buttons: Vec<Button>,
    resend_parameter: Option<Wish>,
    recipient_grouping_key: Option<String>,
}

/// Takes a request.
pub async fn take(
    way: Way,
    State(nhn): State<Arc<Nhn>>,
    Path(appkey): Path<String>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
    body: Sent,
) -> Response<Body> {
    let mut refused = refused::Refused::default();
    let answer = reply(taken(way, &nhn, &appkey, &headers, &breaker, body, &mut refused).await);
    refused.marked(answer)
}

async fn taken(
    way: Way,
    nhn: &Nhn,
    appkey: &str,
    headers: &HeaderMap,
    breaker: &Breaker,
    body: Sent,
    refused: &mut refused::Refused,
) -> Result<Value, Fault> {
    nhn.admit(appkey, headers)?;
    let request: Request = object(&body.0?).map_err(|error| Fault::unreadable(&error))?;
    let run = nhn.providers.run().ok_or(Closed::NoRun)?;
    let found = check(&run, &request).inspect_err(|fault| {
        let kind = templates::find(&run.plan, &request.template_code).map(|found| found.id);
        let numbers = request.recipient_list.iter().map(|Object(recipient)| recipient.recipient_no.as_str());
        note_all(&run, CONTRACT, fault, numbers, kind, Medium::Alimtalk, refused);
    })?;
    let key = headers.get("x-nc-api-idempotency-key").and_then(|key| key.to_str().ok()).filter(|key| !key.is_empty());
    // Held until the answer: the same key beside it is refused.
    let _going = key.map(|key| nhn.once.begin(&run, appkey, key, ONCE).ok_or_else(used)).transpose()?;
    let profile = (appkey.to_owned(), request.sender_key.clone());
    let default = nhn.failback.lock().unwrap_or_else(PoisonError::into_inner).get(&profile).cloned();
    let mut call = CallNote {
        auth: way.auth,
        app: appkey.to_owned(),
        sender: request.sender_key.clone(),
        template: request.template_code.clone(),
        group: request.sender_grouping_key.clone(),
        once: key.map(str::to_owned),
        refused: Vec::new(),
    };
    let mut items = Vec::with_capacity(request.recipient_list.len());
    for (seq, Object(recipient)) in (1..).zip(&request.recipient_list) {
        match item(way, nhn, &run, &found, recipient, seq, default.as_ref()) {
            Ok(item) => items.push(item),
            Err(fault) => {
                let person = recipients::person(&run, &recipient.recipient_no).ok();
                refused.add(CONTRACT, &fault.code().to_string(), person, Some(found.id), Medium::Alimtalk);
                let (code, message) = fault.into_words();
                let (no, key) = (recipient.recipient_no.clone(), recipient.recipient_grouping_key.clone());
                call.refused.push(Refused { seq, no, code, message, key });
            }
        }
    }
    let seats: Vec<ItemNote> = items.iter().map(|item| note::read(&item.note)).collect();
    let answer = hand_in(&run, CONTRACT, note::write(&call), items, breaker).await.map_err(|closed| {
        let fault = Fault::from(closed);
        refused.all_said(CONTRACT, &fault.code().to_string());
        fault
    })?;
    let at = run.books(|books| books.call(answer.call).map(|call| call.at)).unwrap_or(answer.at);
    let message = json!({
        "requestId": request_id(&run, answer.call, at),
        "senderGroupingKey": call.group,
        "sendResults": send_results(&seats, &answer.items, &call.refused),
    });
    Ok(json!({ "header": success(), "message": message }))
}

/// A request is refused as a whole, and these are the numbers that it names. One that names too many, or none, is nobody's.
pub fn note_all<'n>(
    run: &Run,
    product: &str,
    fault: &Fault,
    numbers: impl ExactSizeIterator<Item = &'n str>,
    kind: Option<KindId>,
    medium: Medium,
    refused: &mut refused::Refused,
) {
    if (1..=RECIPIENTS_MAX).contains(&numbers.len()) {
        let code = fault.code().to_string();
        numbers.for_each(|no| refused.add(product, &code, recipients::person(run, no).ok(), kind, medium));
    }
}

/// Judges a request as a whole; the template that it is about.
fn check<'r>(run: &'r Run, request: &Request) -> Result<Found<'r>, Fault> {
    for (field, value) in [("senderKey", &request.sender_key), ("templateCode", &request.template_code)] {
        if value.is_empty() {
            return Err(Fault::new(-2001, format!("The '{field}' must not be blank.")));
        }
    }
    let count = request.recipient_list.len();
    if !(1..=RECIPIENTS_MAX).contains(&count) {
        let message = format!("The 'recipientList' must be between 1 and {RECIPIENTS_MAX}.");
        return Err(Fault::new(-2004, message));
    }
    not_later(run, request.request_date.as_deref())?;
    templates::find(&run.plan, &request.template_code).ok_or_else(|| {
        let code = &request.template_code;
        Fault::of(4, &format!("시나리오에 없는 템플릿입니다: {code}"), &format!("no template of the scenario: {code}"))
    })
}

/// Messages for later are not held here: they are refused, rather than sent at once.
pub fn not_later(run: &Run, date: Option<&str>) -> Result<(), Fault> {
    let Some(date) = date.filter(|date| !date.is_empty()) else { return Ok(()) };
    let now = calendar::local(run, run.status().at, "%Y-%m-%d %H:%M");
    // Both are written from year to minute, so their order is that of the text.
    if date.len() < now.len() || date > now.as_str() {
        let en = "requestDate: later sending is not covered, expected a minute that has come, yyyy-MM-dd HH:mm";
        return Err(Fault::of(4, "requestDate: 예약 발송은 다루지 않습니다", en));
    }
    Ok(())
}

fn item(
    way: Way,
    nhn: &Nhn,
    run: &Run,
    found: &Found<'_>,
    recipient: &Recipient,
    seq: u32,
    default: Option<&failback::Default>,
) -> Result<HandIn, Fault> {
    let person = recipients::person(run, &recipient.recipient_no).map_err(|nobody| {
        let (ko, en) = nobody.words();
        Fault::of(4, &format!("recipientNo: {ko}"), en)
    })?;
    let text = if way.raw {
        let content = recipient.content.clone().filter(|content| !content.is_empty());
        content.ok_or_else(|| Fault::new(-2001, "The 'content' must not be blank."))?
    } else {
        let values: Vec<(&str, String)> =
            recipient.template_parameter.iter().map(|(name, value)| (name.as_str(), plain(value))).collect();
        let missing = |names: Vec<String>| Fault::new(-2002, format!("The '{}' must not be null.", names.join("', '")));
        templates::filled(found, values.iter().map(|(name, value)| (*name, value.as_str()))).map_err(missing)?
    };
    let length = text.chars().count();
    if length > CONTENT_MAX {
        return Err(Fault::new(
            -2000,
            format!("The 'content' must be at less than or equal to {CONTENT_MAX}, found {length}."),
        ));
    }
    let small = text.to_lowercase();
    if way.auth && !AUTH_WORDS.iter().any(|word| small.contains(word)) {
        return Err(Fault::of(4, "인증 문구가 없습니다", "the text has no word of authentication"));
    }
    let channel = &run.plan.channels[found.kind.channel.index()].search_id;
    let buttons: Vec<Button> = if way.raw {
        recipient.buttons.clone()
    } else {
        let reviewed = found.content.buttons.iter();
        reviewed.map(|button| Button { name: button.label.clone(), link_mo: None }).collect()
    };
    let instead =
        resend::step(recipient.resend_parameter.as_ref(), default, &text, &buttons, channel, &nhn.providers.senders)?;
    let title = recipient.template_title.clone().unwrap_or_default();
    let mut steps = vec![Step { medium: Medium::Alimtalk, said: Arc::new(Said { title, text }), answer: None }];
    steps.extend(instead);
    let (no, key) = (recipient.recipient_no.clone(), recipient.recipient_grouping_key.clone());
    let note = note::write(&ItemNote { seq, no, key });
    Ok(HandIn { person, kind: Some(found.id), note: note.into(), steps, on_uncertain: false })
}

/// The answer's rows, in the order of the request.
pub fn send_results(seats: &[ItemNote], taken: &[Taken], refused: &[Refused]) -> Vec<Value> {
    let row = |seq: u32, no: &str, code: i32, message: &str, key: &Option<String>| {
        let row = json!({
            "recipientSeq": seq, "recipientNo": no, "resultCode": code, "resultMessage": message,
            "recipientGroupingKey": key,
        });
        (seq, row)
    };
    let mut rows: Vec<(u32, Value)> = seats
        .iter()
        .zip(taken)
        .map(|(seat, taken)| match taken {
            Ok(_) => row(seat.seq, &seat.no, 0, "SUCCESS", &seat.key),
            Err(why) => row(seat.seq, &seat.no, 4, &format!("받을 수 없습니다 ({why})"), &seat.key),
        })
        .collect();
    rows.extend(refused.iter().map(|no| row(no.seq, &no.no, no.code, &no.message, &no.key)));
    rows.sort_by_key(|row| row.0);
    rows.into_iter().map(|row| row.1).collect()
}

fn used() -> Fault {
    Fault::new(-1005, "The same 'X-NC-API-IDEMPOTENCY-KEY' was used within the last 10 minute.")
}

/// A value as its text: numbers are sent by many.
pub fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
