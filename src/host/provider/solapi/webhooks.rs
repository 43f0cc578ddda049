//! Reports to the application: `SINGLE-REPORT` for messages that are done, `GROUP-REPORT` when a whole group is.
//!
//! The body is a list of `{eventDataId, data, retryCount}`, as Python's models have it (Node's example reads the list's
//! items directly; the two do not agree). There is one address here, so the header `x-solapi-event` says which of the
//! two it is (chosen). Five calls in all by the vendor's example; their intervals are assumed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, header};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::host::control::books::{Books, ItemRecord, Place};
use crate::host::control::run::{Run, RunId};
use crate::host::provider::Providers;
use crate::host::provider::hooks::{Hook, Reports};
use crate::host::provider::solapi::CONTRACT;
use crate::host::provider::solapi::codes::{self, Status};
use crate::host::provider::solapi::group_info;
use crate::host::provider::solapi::ids::Batch;
use crate::host::provider::solapi::kept::{self, CallNote, Kept};
use crate::host::provider::solapi::stored::stored;

/// Before the second to the fifth call (assumed).
const WAITS: [Duration; 4] =
    [Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(900), Duration::from_secs(3_600)];
/// How long the application has for its answer (assumed).
const PATIENCE: Duration = Duration::from_secs(5);
/// Reports in one call (chosen).
const REPORTS_MAX: usize = 500;

/// How this contract tells.
#[derive(Debug, Default)]
pub struct Webhooks {
    told: Mutex<Told>,
}

/// What was told already, of the run that goes on; bounded by its books.
#[derive(Debug, Default)]
struct Told {
    run: Option<RunId>,
    messages: BTreeMap<(u32, u32), &'static str>,
    groups: BTreeSet<Batch>,
}

impl Webhooks {
    fn told(&self, run: &Run) -> MutexGuard<'_, Told> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.run != Some(run.id) {
            *told = Told { run: Some(run.id), ..Told::default() };
        }
        told
    }
}

impl Reports for Webhooks {
    fn contract(&self) -> &'static str {
        CONTRACT
    }

    fn hooks(&self, _providers: &Providers, run: &Run, news: &[Place]) -> Vec<Hook> {
        let shut = kept::shut(run);
        let mut told = self.told(run);
        run.books(|books| {
            let due: Vec<(Place, Status)> =
                news.iter().filter_map(|place| Some((*place, due(&mut told, books, *place)?))).collect();
            let mut hooks: Vec<Hook> = due.chunks(REPORTS_MAX).map(|lot| singles(run, books, lot)).collect();
            let batches: BTreeSet<Batch> = due.iter().filter_map(|row| batch(books, row.0)).collect();
            for batch in batches {
                let calls = kept::calls_of(books, &shut, batch);
                let done = |item: &ItemRecord| item.rejected.is_some() || !codes::of_item(item).is_pending();
                if !calls.is_empty()
                    && calls.iter().all(|call| call.items.iter().all(done))
                    && told.groups.insert(batch)
                {
                    hooks.push(hook("GROUP-REPORT", &[group_info::of_calls(run, &calls)], "groupId", Vec::new()));
                }
            }
            hooks
        })
    }

    fn taken(&self, _hook: &Hook, status: u16, _body: &[u8]) -> bool {
        status == 200
    }

    fn waits(&self) -> &'static [Duration] {
        &WAITS
    }

    fn patience(&self) -> Duration {
        PATIENCE
    }
}

/// What is to be told of a message now, if that is news to the application.
fn due(told: &mut Told, books: &Books, place: Place) -> Option<Status> {
    let item = books.item(place)?;
    let status = codes::of_item(item);
    let key = (place.call, place.item);
    if status.is_pending() || codes::unheard(item).is_empty() || told.messages.get(&key) == Some(&status.0) {
        return None;
    }
    told.messages.insert(key, status.0);
    Some(status)
}

fn batch(books: &Books, place: Place) -> Option<Batch> {
    let note = CallNote::of(books.call(place.call)?);
    Some(note.group.map_or(Batch::Call(place.call), Batch::Group))
}

fn singles(run: &Run, books: &Books, lot: &[(Place, Status)]) -> Hook {
    let (mut rows, mut tells) = (Vec::with_capacity(lot.len()), Vec::new());
    for (place, status) in lot {
        let (Some(call), Some(item)) = (books.call(place.call), books.item(*place)) else { continue };
        let note = CallNote::of(call);
        let id = note.number(run, call.number, place.item as usize).message(&note.wall(run, call));
        let mut row = stored(run, &id, &note, call, item, &Kept::of(item));
        row["statusMessage"] = json!(status.words());
        rows.push(row);
        tells.extend(codes::unheard(item));
    }
    hook("SINGLE-REPORT", &rows, "messageId", tells)
}

fn hook(
    event: &'static str,
    rows: &[Value],
    id: &str,
    tells: Vec<(crate::sim::model::ids::AttemptId, crate::sim::model::event::Claim, crate::sim::model::code::Code)>,
) -> Hook {
    let envelope = |row: &Value| {
        let number = row[id].as_str().unwrap_or_default();
        let code = row["statusCode"].as_str().unwrap_or("group");
        json!({ "eventDataId": format!("{number}-{code}"), "data": row, "retryCount": 0 })
    };
    let body = Value::Array(rows.iter().map(envelope).collect()).to_string();
    let headers = vec![
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (HeaderName::from_static("x-solapi-event"), HeaderValue::from_static(event)),
    ];
    Hook { body: Bytes::from(body), headers, tells }
}
