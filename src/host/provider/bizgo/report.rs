//! Reports: what became of a message in the end, in this contract's words. One message has one report, of its last step.
//!
//! | `reportCode` | when |
//! |---|---|
//! | `10000` | arrived |
//! | `ME09` | sent, no receipt within `timeout` |
//! | Kakao's or the carrier's four digits | failed (assumed: the SDK has no table of them) |

use serde_json::{Value, json};

use crate::host::control::books::{Books, CallRecord, ItemRecord, Place, StepRecord};
use crate::host::control::run::Run;
use crate::host::provider::bizgo::CONTRACT;
use crate::host::provider::bizgo::key::message_key;
use crate::host::provider::bizgo::send::{CallNote, ItemNote};
use crate::host::provider::calendar;
use crate::host::provider::ears;
use crate::sim::engine::call::Tale;
use crate::sim::model::code::Code;
use crate::sim::model::event::Claim;
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

/// A report, and what its reader has heard.
pub struct Report {
    /// Whose message it is, as the call's note says.
    pub owner: String,
    /// The report.
    pub row: Value,
    /// What it tells.
    pub tales: Vec<Tale>,
    /// What a webhook with it tells.
    pub told: Vec<Tale>,
    /// The step that it is of.
    pub last: StepRecord,
}

/// The message of a call at a place of the request.
pub fn at_seat(call: &CallRecord, seat: u32) -> Option<&ItemRecord> {
    call.items.iter().find(|item| note(item).seat == seat)
}

/// The report of the message that a step is of; `None` while nothing is decided.
pub fn at_place(run: &Run, books: &Books, place: Place) -> Option<Report> {
    let call = books.call(place.call).filter(|call| call.contract == CONTRACT)?;
    report(run, call, books.item(place)?)
}

/// The report of a message; `None` while nothing is decided.
pub fn report(run: &Run, call: &CallRecord, item: &ItemRecord) -> Option<Report> {
    let last = item.steps.last()?;
    let told = last.told?;
    if told.claim == Claim::Failed && item.steps.len() < usize::from(item.steps_max) {
        // The next step is being taken.
        return None;
    }
    let note = note(item);
    let (service, kind) = service(last.medium);
    let (code, text) = words(told.claim, told.code);
    let row = json!({
        "msgKey": message_key(run, call.number, call.at, note.seat),
        "serviceType": service,
        "msgType": kind,
        "sendTime": date(run, last.at),
        "reportTime": date(run, told.at),
        "reportType": "REPORT",
        "reportCode": code,
        "reportText": text,
        "ref": note.reference,
    });
    // Whoever reads of the last step knows that those before it failed.
    let tales = ears::tales(&item.steps).collect();
    let told = item.steps.iter().filter_map(|step| Some((step, step.told?)));
    let told = told.map(|(step, told)| (step.attempt, ears::said(told), told.code)).collect();
    let owner = CallNote::read(&call.note).account;
    Some(Report { owner, row, tales, told, last: last.clone() })
}

fn note(item: &ItemRecord) -> ItemNote {
    serde_json::from_str(&item.note).unwrap_or_default()
}

fn service(medium: Medium) -> (&'static str, &'static str) {
    match medium {
        Medium::Alimtalk => ("ALIMTALK", "AT"),
        Medium::Sms => ("SMS", "SM"),
        Medium::Lms => ("MMS", "MM"),
        // The flow makes none of these.
        Medium::Brand
        | Medium::Certified
        | Medium::Chat
        | Medium::Email
        | Medium::Letter
        | Medium::Registered
        | Medium::Broadcast
        | Medium::Call
        | Medium::Push => ("OTHER", "OT"),
    }
}

fn words(claim: Claim, code: Code) -> (String, String) {
    match claim {
        Claim::Delivered | Claim::Shown | Claim::Opened => ("10000".to_owned(), "성공 (success)".to_owned()),
        Claim::Uncertain => ("ME09".to_owned(), "성공불확실 (success uncertain)".to_owned()),
        Claim::Failed => {
            let row = Code::TABLE.iter().find(|row| row.0 == code);
            let text = row.map_or_else(|| code.to_string(), |row| format!("{} ({})", row.2, row.3));
            (code.to_string(), text)
        }
    }
}

fn date(run: &Run, at: SimTime) -> String {
    calendar::local(run, at, "%Y-%m-%dT%H:%M:%S.%3f%:z")
}
