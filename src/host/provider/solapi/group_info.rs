//! `groupInfo`: what a group of messages is worth, has cost, and has come to. Every field that Python's pydantic or
//! Node's schema insist on is there.
//!
//! Chosen, because no source says it: `requested` is the price of what was handed in, `replacement` of the texts instead,
//! `refund` of what failed, `sum` the first two less the third. Prices are those of the scenario, in won.

use serde_json::{Map, Value, json};

use crate::host::control::books::{CallRecord, ItemRecord};
use crate::host::control::run::Run;
use crate::host::provider::calendar;
use crate::host::provider::solapi::codes;
use crate::host::provider::solapi::drafts::Draft;
use crate::host::provider::solapi::ids::{Batch, Number};
use crate::host::provider::solapi::kept::CallNote;
use crate::sim::model::event::Claim;
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

/// Types that have prices and counts.
const TYPES: [&str; 13] = [
    "sms", "lms", "mms", "ata", "cta", "cti", "nsa", "rcs_sms", "rcs_lms", "rcs_mms", "rcs_tpl", "rcs_itpl", "rcs_ltpl",
];

/// What is counted of a group.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    total: u32,
    registered: u32,
    sent: u32,
    failed: u32,
    pending: u32,
    replaced: u32,
    /// Prices in hundredths of a won.
    requested: u64,
    replacement: u64,
    refund: u64,
    /// Charged messages: short, long, alimtalk.
    charged: [u32; 3],
}

/// The name of a medium in prices and counts.
pub fn kind_of(medium: Medium) -> &'static str {
    match medium {
        Medium::Sms => "sms",
        Medium::Alimtalk => "ata",
        Medium::Lms
        | Medium::Brand
        | Medium::Certified
        | Medium::Chat
        | Medium::Email
        | Medium::Letter
        | Medium::Registered
        | Medium::Broadcast
        | Medium::Call
        | Medium::Push => "lms",
    }
}

impl Sums {
    /// Adds a message that is on record.
    fn add(&mut self, run: &Run, item: &ItemRecord) {
        self.total += 1;
        if item.rejected.is_some() {
            return;
        }
        self.registered += 1;
        match codes::of_item(item) {
            status if status.is_pending() => self.pending += 1,
            codes::DONE => self.sent += 1,
            _ => self.failed += 1,
        }
        self.replaced += u32::from(item.is_replaced());
        for (place, step) in item.steps.iter().enumerate() {
            let price = u64::from(run.plan.medium(step.medium).price);
            if place == 0 {
                self.requested += price
            } else {
                self.replacement += price
            }
            if step.told.is_some_and(|told| told.claim == Claim::Failed) {
                self.refund += price;
            }
            let row = ["sms", "lms", "ata"].iter().position(|kind| *kind == kind_of(step.medium)).unwrap_or(1);
            self.charged[row] += 1;
        }
    }

    /// Won that were paid, in hundredths.
    pub fn paid(&self) -> u64 {
        (self.requested + self.replacement).saturating_sub(self.refund)
    }

    /// Of calls that are on record.
    pub fn of(run: &Run, calls: &[&CallRecord]) -> Sums {
        let mut sums = Sums::default();
        for call in calls {
            sums.total += CallNote::of(call).failed;
            for item in &call.items {
                sums.add(run, item);
            }
        }
        sums
    }
}

/// A group that is on record: its calls, oldest first, at least one.
pub fn of_calls(run: &Run, calls: &[&CallRecord]) -> Value {
    let head = calls[0];
    let note = CallNote::of(head);
    let number = note.number(run, head.number, 0);
    let sums = Sums::of(run, calls);
    let over = sums.pending == 0;
    let status = if over { "COMPLETE" } else { "SENDING" };
    let last = calls.iter().flat_map(|call| &call.items).flat_map(|item| &item.steps);
    let last = last.map(|step| step.told.map_or(step.at, |told| told.at)).max().unwrap_or(head.at);
    let mut info = written(run, &note, &number.group(&note.wall(run, head)), status, &sums);
    info["dateCreated"] = json!(calendar::utc(run, head.at));
    info["dateSent"] = json!(calendar::utc(run, head.at));
    info["dateUpdated"] = json!(calendar::utc(run, last));
    info["dateCompleted"] = if over { json!(calendar::utc(run, last)) } else { Value::Null };
    info["scheduledDate"] = Value::Null;
    info
}

/// A group that is not sent yet.
pub fn of_draft(run: &Run, draft: &Draft) -> Value {
    let count = u32::try_from(draft.items.len()).unwrap_or(u32::MAX);
    let requested = draft.items.iter().map(|item| u64::from(run.plan.medium(item.steps[0].medium).price)).sum();
    let sums = Sums { total: count + draft.failed, registered: count, pending: count, requested, ..Sums::default() };
    let status = if draft.due.is_some() { "SCHEDULED" } else { "PENDING" };
    let number = Number { run: run.id.0, batch: Batch::Group(draft.number), item: 0 };
    let mut info = written(run, &draft.note(), &number.group(&draft.wall), status, &sums);
    info["dateCreated"] = json!(calendar::utc(run, draft.made));
    info["dateUpdated"] = json!(calendar::utc(run, draft.made));
    info["dateSent"] = Value::Null;
    info["dateCompleted"] = Value::Null;
    info["scheduledDate"] = draft.due.map_or(Value::Null, |due: SimTime| json!(calendar::utc(run, due)));
    info
}

/// A row of every type.
pub fn every_type(value: impl Fn(&str) -> Value) -> Map<String, Value> {
    TYPES.iter().map(|kind| ((*kind).to_owned(), value(kind))).collect()
}

/// Prices of all types, in won; those that bongsu does not carry cost nothing.
pub fn prices(run: &Run) -> Map<String, Value> {
    let won = |medium| json!(f64::from(run.plan.medium(medium).price) / 100.0);
    every_type(|kind| match kind {
        "sms" => won(Medium::Sms),
        "lms" => won(Medium::Lms),
        "ata" => won(Medium::Alimtalk),
        _ => json!(0),
    })
}

fn written(run: &Run, note: &CallNote, id: &str, status: &str, sums: &Sums) -> Value {
    let won = |hundredths: u64| json!(hundredths as f64 / 100.0);
    let charged = every_type(|kind| {
        let row = ["sms", "lms", "ata"].iter().position(|known| *known == kind);
        row.map_or_else(|| json!({}), |row| json!({ "82": sums.charged[row] }))
    });
    json!({
        "groupId": id, "accountId": note.account, "masterAccountId": null, "apiVersion": "4", "status": status,
        "allowDuplicates": note.allow_duplicates, "isRefunded": sums.refund > 0,
        "sdkVersion": note.sdk, "osPlatform": note.os,
        "count": {
            "total": sums.total, "registeredSuccess": sums.registered,
            "registeredFailed": sums.total - sums.registered,
            "sentTotal": sums.sent + sums.failed, "sentSuccess": sums.sent, "sentFailed": sums.failed,
            "sentPending": sums.pending, "sentReplacement": sums.replaced, "refund": 0,
        },
        "countForCharge": charged,
        "balance": {
            "requested": won(sums.requested), "replacement": won(sums.replacement), "refund": won(sums.refund),
            "sum": won(sums.paid()),
        },
        "point": { "requested": 0, "replacement": 0, "refund": 0, "sum": 0 },
        "app": { "profit": every_type(|_| json!(0)), "appId": note.app },
        "price": { "82": prices(run) },
        "log": [],
    })
}
