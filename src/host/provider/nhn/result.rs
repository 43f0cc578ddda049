//! Results: what the books know of a message, in this contract's words.
//!
//! | field | value | when |
//! |---|---|---|
//! | `messageStatus` | `COMPLETED` | arrived, code 1000; or sent without a receipt in time, code 3005 (may arrive yet) |
//! | | `FAILED` | Kakao's four-digit code says why |
//! | | null | nothing is known yet (assumed: the pages name no word for it) |
//! | `resendStatus` | `RSC01` | no alternative was asked for |
//! | | `RSC02` | one was, and is not needed so far |
//! | | `RSC03` | the text message is on its way |
//! | | `RSC04`, `RSC05` | it arrived; it failed |

use serde_json::{Value, json};

use crate::host::control::books::{CallRecord, ItemRecord, StepRecord, Told};
use crate::host::control::run::Run;
use crate::host::provider::calendar;
use crate::host::provider::nhn::note::{self, CallNote, ItemNote};
use crate::host::provider::nhn::number::{RESENT, request_id};
use crate::sim::model::code::Code;
use crate::sim::model::event::Claim;
use crate::sim::time::SimTime;

/// How a message of the Kakao product stands.
pub fn status(item: &ItemRecord) -> Option<&'static str> {
    if item.rejected.is_some() {
        return Some("FAILED");
    }
    match item.steps.first()?.told?.claim {
        Claim::Failed => Some("FAILED"),
        Claim::Uncertain | Claim::Delivered | Claim::Shown | Claim::Opened => Some("COMPLETED"),
    }
}

/// When something was last told of it.
pub fn updated(item: &ItemRecord) -> Option<SimTime> {
    item.steps.iter().filter_map(|step| step.told).map(|told| told.at).max()
}

/// A result code as this vendor prints it: Kakao's own, but 1000 for success.
pub fn code(told: Told) -> String {
    if told.claim.arrived() { "1000".to_owned() } else { told.code.to_string() }
}

/// A code's sentence, in both languages.
pub fn words(told: Told) -> String {
    if told.claim.arrived() {
        return "성공 (success)".to_owned();
    }
    let row = Code::TABLE.iter().find(|row| row.0 == told.code);
    row.map_or_else(|| told.code.to_string(), |row| format!("{} ({})", row.2, row.3))
}

/// Date and time as all of this vendor's fields have it.
pub fn date(run: &Run, at: SimTime) -> String {
    calendar::local(run, at, "%Y-%m-%d %H:%M:%S")
}

/// One message, with everything that any of the queries shows.
pub fn row(run: &Run, call: &CallRecord, of: &CallNote, item: &ItemRecord) -> Value {
    let seat: ItemNote = note::read(&item.note);
    let first = item.steps.first();
    let told = first.and_then(|step| step.told);
    let request = request_id(run, call.number, call.at);
    let kind = item.kind.and_then(|kind| run.plan.kinds.get(kind.index()));
    let channel = kind.map(|kind| run.plan.channels[kind.channel.index()].search_id.as_str());
    let (resend, resend_name) = resend_status(item);
    let instead = item.steps.get(1);
    let instead_told = instead.and_then(|step| step.told);
    json!({
        "requestId": request,
        "recipientSeq": seat.seq,
        "plusFriendId": channel,
        "senderKey": of.sender,
        "templateCode": of.template,
        "recipientNo": seat.no,
        "content": first.map(|step| step.said.text.as_str()),
        "templateTitle": first.map(|step| step.said.title.as_str()).filter(|title| !title.is_empty()),
        "requestDate": date(run, call.at),
        "createDate": date(run, call.at),
        "receiveDate": told.map(|told| date(run, told.at)),
        "messageStatus": status(item),
        "resultCode": told.map(code),
        "resultCodeName": told.map(words),
        "resendStatus": resend,
        "resendStatusName": resend_name,
        "resendResultCode": instead_told.map(code),
        "resendRequestId": instead.map(|_| format!("{RESENT}{request}")),
        "senderGroupingKey": of.group,
        "recipientGroupingKey": seat.key,
    })
}

/// Where its alternative stands.
fn resend_status(item: &ItemRecord) -> (&'static str, &'static str) {
    if item.steps_max < 2 {
        return ("RSC01", "대체 발송 미대상");
    }
    match item.steps.get(1).map(|step: &StepRecord| step.told.map(|told| told.claim)) {
        None => ("RSC02", "대체 발송 대상"),
        Some(None | Some(Claim::Uncertain)) => ("RSC03", "대체 발송 중"),
        Some(Some(Claim::Delivered | Claim::Shown | Claim::Opened)) => ("RSC04", "대체 발송 성공"),
        Some(Some(Claim::Failed)) => ("RSC05", "대체 발송 실패"),
    }
}

/// The recipients of a call that were turned down at once.
pub fn refused(run: &Run, call: &CallRecord, of: &CallNote) -> impl Iterator<Item = Value> {
    let request = request_id(run, call.number, call.at);
    let when = date(run, call.at);
    let (sender, template, group) = (of.sender.clone(), of.template.clone(), of.group.clone());
    of.refused.clone().into_iter().map(move |no| {
        json!({
            "requestId": request, "recipientSeq": no.seq, "senderKey": sender, "templateCode": template,
            "recipientNo": no.no, "requestDate": when, "createDate": when, "messageStatus": "FAILED",
            "resultCode": no.code.to_string(), "resultCodeName": no.message, "resendStatus": "RSC01",
            "resendStatusName": "대체 발송 미대상", "senderGroupingKey": group, "recipientGroupingKey": no.key,
        })
    })
}
