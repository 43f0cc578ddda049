//! SMS v3.0: plain text messages, for applications that fall back by themselves. Which notice such a text is for, the
//! engine finds out.
//!
//! | `msgStatus` | `resultCode` | when |
//! |---|---|---|
//! | 2 (처리 중) | null | nothing is known yet, or no receipt came |
//! | 3 (성공) | 1000 | arrived |
//! | 0 (실패) | the carrier's | failed |
//!
//! Source: TOAST-DOCS/SMS, `ko/api-guide.md`; the numbers of `msgStatus` are assumed. What is too long is refused here,
//! where the alternative of a Kakao message would have been cut.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::host::control::books::{CallRecord, ItemRecord};
use crate::host::control::run::Run;
use crate::host::provider::body::{Object, Sent, object};
use crate::host::provider::breaker::Breaker;
use crate::host::provider::ears;
use crate::host::provider::nhn::answer::{Fault, reply_of, success};
use crate::host::provider::nhn::note::{self, CallNote, ItemNote, Refused};
use crate::host::provider::nhn::number::{self, RESENT, request_id};
use crate::host::provider::nhn::paging::{Asked, Dates, Paging};
use crate::host::provider::nhn::query::{asked, unknown};
use crate::host::provider::nhn::send::{RECIPIENTS_MAX, not_later, note_all, plain, send_results};
use crate::host::provider::nhn::{CONTRACT, Nhn, SMS, result};
use crate::host::provider::reception::{Closed, ask, hand_in};
use crate::host::provider::senders::Senders;
use crate::host::provider::{recipients, refused};
use crate::sim::engine::call::Tale;
use crate::sim::engine::call::{HandIn, Said, Step};
use crate::sim::model::event::Claim;
use crate::sim::model::medium::{Medium, Network};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Request {
    title: Option<String>,
    body: String,
    send_no: String,
    request_date: Option<String>,
    sender_grouping_key: Option<String>,
    recipient_list: Vec<Object<Recipient>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Recipient {
    recipient_no: String,
    template_parameter: BTreeMap<String, Value>,
    recipient_grouping_key: Option<String>,
}

/// What a question may name.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wanted {
    request_id: Option<String>,
    recipient_seq: Option<u32>,
    #[serde(flatten)]
    dates: Asked,
    #[serde(flatten)]
    paging: Paging,
}

/// `POST /sender/sms` and `/sender/mms`.
pub async fn take(
    long: bool,
    State(nhn): State<Arc<Nhn>>,
    Path(appkey): Path<String>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
    body: Sent,
) -> Response<Body> {
    let mut told = refused::Refused::default();
    let medium = if long { Medium::Lms } else { Medium::Sms };
    let taken = async {
        nhn.admit(&appkey, &headers)?;
        let request: Request = object(&body.0?).map_err(|error| Fault::unreadable(&error))?;
        let run = nhn.providers.run().ok_or(Closed::NoRun)?;
        check(&nhn.providers.senders, &run, &request).inspect_err(|fault| {
            let numbers = request.recipient_list.iter().map(|Object(recipient)| recipient.recipient_no.as_str());
            note_all(&run, SMS, fault, numbers, None, medium, &mut told);
        })?;
        let (mut items, mut refused) = (Vec::new(), Vec::new());
        for (seq, Object(recipient)) in (1..).zip(&request.recipient_list) {
            match item(&run, long, &request, recipient, seq) {
                Ok(item) => items.push(item),
                Err(fault) => {
                    let person = recipients::person(&run, &recipient.recipient_no).ok();
                    told.add(SMS, &fault.code().to_string(), person, None, medium);
                    let (code, message) = fault.into_words();
                    let (no, key) = (recipient.recipient_no.clone(), recipient.recipient_grouping_key.clone());
                    refused.push(Refused { seq, no, code, message, key });
                }
            }
        }
        let (app, sender, group) = (appkey.clone(), request.send_no.clone(), request.sender_grouping_key.clone());
        let call = CallNote { app, sender, group, refused, ..CallNote::default() };
        let seats: Vec<ItemNote> = items.iter().map(|item| note::read(&item.note)).collect();
        let answer = hand_in(&run, SMS, note::write(&call), items, &breaker).await.map_err(|closed| {
            let fault = Fault::from(closed);
            told.all_said(SMS, &fault.code().to_string());
            fault
        })?;
        let at = run.books(|books| books.call(answer.call).map(|call| call.at)).unwrap_or(answer.at);
        let data = json!({
            "requestId": request_id(&run, answer.call, at),
            "statusCode": "2",
            "senderGroupingKey": call.group,
            "sendResultList": send_results(&seats, &answer.items, &call.refused),
        });
        Ok(json!({ "header": success(), "body": { "data": data } }))
    };
    let answer = reply_of(SMS, taken.await);
    told.marked(answer)
}

fn check(senders: &Senders, run: &Run, request: &Request) -> Result<(), Fault> {
    if request.body.is_empty() {
        return Err(Fault::new(-2001, "The 'body' must not be blank."));
    }
    if !senders.has(&request.send_no) {
        return Err(Fault::new(-1003, "Invalid Sms Sendno"));
    }
    if !(1..=RECIPIENTS_MAX).contains(&request.recipient_list.len()) {
        let message = format!("The 'recipientList' must be between 1 and {RECIPIENTS_MAX}.");
        return Err(Fault::new(-2004, message));
    }
    not_later(run, request.request_date.as_deref())
}

fn item(run: &Run, long: bool, request: &Request, recipient: &Recipient, seq: u32) -> Result<HandIn, Fault> {
    let person = recipients::person(run, &recipient.recipient_no).map_err(|nobody| {
        let (ko, en) = nobody.words();
        Fault::of(4, &format!("recipientNo: {ko}"), en)
    })?;
    let mut text = request.body.clone();
    for (name, value) in &recipient.template_parameter {
        text = text.replace(&format!("##{name}##"), &plain(value));
    }
    let medium = if long { Medium::Lms } else { Medium::Sms };
    let title = request.title.clone().filter(|_| long).unwrap_or_default();
    let steps = vec![Step { medium, said: Arc::new(Said { title, text }), answer: None }];
    let (no, key) = (recipient.recipient_no.clone(), recipient.recipient_grouping_key.clone());
    let note = note::write(&ItemNote { seq, no, key });
    Ok(HandIn { person, kind: None, note: note.into(), steps, on_uncertain: false })
}

/// `GET /sender/sms`: of a request, or of all that were asked for between two dates.
pub async fn list(
    State(nhn): State<Arc<Nhn>>,
    Path(appkey): Path<String>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response<Body> {
    let listed = async {
        let wanted = asked(wanted)?;
        let rows = match &wanted.request_id {
            Some(id) => rows(&nhn, &appkey, &headers, &breaker, id, wanted.recipient_seq).await?,
            None => between(&nhn, &appkey, &headers, &breaker, wanted.dates.read()?).await?,
        };
        let (total, seats) = (rows.len(), wanted.paging.seats()?);
        let page: Vec<Value> = rows.into_iter().skip(seats.start).take(seats.len()).collect();
        Ok(json!({ "header": success(), "body": { "totalCount": total, "data": page } }))
    };
    reply_of(SMS, listed.await)
}

/// Rows of this product's own requests between two dates.
async fn between(
    nhn: &Nhn,
    appkey: &str,
    headers: &HeaderMap,
    breaker: &Breaker,
    dates: Dates,
) -> Result<Vec<Value>, Fault> {
    nhn.admit(appkey, headers)?;
    let run = nhn.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Mobile, breaker).await?;
    let (mut rows, mut tales) = (Vec::new(), Vec::new());
    run.books(|books| {
        for call in books.calls_of(SMS, 0).filter(|call| dates.hold(&run, call.at)) {
            let of: CallNote = note::read(&call.note);
            for item in call.items.iter().filter(|item| nhn.owns(appkey, &of) && !item.steps.is_empty()) {
                tales.extend(ears::tales(&item.steps));
                rows.push(row(&run, call, &of, item, &note::read(&item.note), 0));
            }
        }
    });
    ears::hear(&run, tales).await;
    Ok(rows)
}

/// `GET /sender/sms/{requestId}?recipientSeq=`.
pub async fn one(
    State(nhn): State<Arc<Nhn>>,
    Path((appkey, id)): Path<(String, String)>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response<Body> {
    let found = async {
        let wanted = asked(wanted)?;
        let seq = Some(wanted.recipient_seq.unwrap_or(1));
        let mut rows = rows(&nhn, &appkey, &headers, &breaker, &id, seq).await?;
        let row = rows.pop().ok_or_else(unknown)?;
        Ok(json!({ "header": success(), "body": { "data": row } }))
    };
    reply_of(SMS, found.await)
}

/// Rows of a request: one of this product's own, or of the alternatives of a Kakao request.
async fn rows(
    nhn: &Nhn,
    appkey: &str,
    headers: &HeaderMap,
    breaker: &Breaker,
    id: &str,
    seq: Option<u32>,
) -> Result<Vec<Value>, Fault> {
    nhn.admit(appkey, headers)?;
    let run = nhn.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Mobile, breaker).await?;
    let (id, contract, step) = id.strip_prefix(RESENT).map_or((id, SMS, 0), |id| (id, CONTRACT, 1));
    let (run, number) = number::find(&nhn.providers, id).ok_or_else(unknown)?;
    let (rows, tales) = run.books(|books| {
        let Some(call) = books.call(number).filter(|call| call.contract == contract) else {
            return (Vec::new(), Vec::new());
        };
        let of: CallNote = note::read(&call.note);
        if !nhn.owns(appkey, &of) {
            return (Vec::new(), Vec::new());
        }
        let mut tales: Vec<Tale> = Vec::new();
        let row = |item: &ItemRecord| {
            let seat: ItemNote = note::read(&item.note);
            let taken = item.steps.get(step)?;
            if seq.is_some_and(|seq| seq != seat.seq) {
                return None;
            }
            tales.extend(ears::tales(std::slice::from_ref(taken)));
            Some(row(&run, call, &of, item, &seat, step))
        };
        let rows: Vec<Value> = call.items.iter().filter_map(row).collect();
        (rows, tales)
    });
    ears::hear(&run, tales).await;
    Ok(rows)
}

fn row(run: &Run, call: &CallRecord, of: &CallNote, item: &ItemRecord, seat: &ItemNote, step: usize) -> Value {
    let taken = &item.steps[step];
    let (status, name) = match taken.told.map(|told| told.claim) {
        None | Some(Claim::Uncertain) => ("2", "처리 중"),
        Some(Claim::Delivered | Claim::Shown | Claim::Opened) => ("3", "성공"),
        Some(Claim::Failed) => ("0", "실패"),
    };
    let told = taken.told.filter(|told| told.claim != Claim::Uncertain);
    json!({
        "requestId": request_id(run, call.number, call.at),
        "recipientSeq": seat.seq,
        "recipientNo": seat.no,
        "sendNo": of.sender,
        "sendType": if taken.medium == Medium::Sms { "0" } else { "1" },
        "title": taken.said.title,
        "body": taken.said.text,
        "requestDate": result::date(run, taken.at),
        "msgStatus": status,
        "msgStatusName": name,
        "resultCode": told.map(result::code),
        "resultCodeName": told.map(result::words),
        "receiveDate": told.map(|told| result::date(run, told.at)),
        "senderGroupingKey": of.group,
        "recipientGroupingKey": seat.key,
    })
}
