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
use serde::Serialize;
use serde_json::Value;

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
use crate::sim::engine::call::Tale;

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
            let lots = by_account(books, &due).into_iter();
            let lots = lots.flat_map(|lot| lot.chunks(REPORTS_MAX).map(<[_]>::to_vec).collect::<Vec<_>>());
            let mut hooks: Vec<Hook> = lots.map(|lot| singles(run, books, &lot)).collect();
            let batches: BTreeSet<Batch> = news.iter().filter_map(|place| batch(books, *place)).collect();
            for batch in batches {
                let calls = kept::calls_of(books, &shut, batch);
                let done = |item: &ItemRecord| item.rejected.is_some() || !codes::of_item(item).is_pending();
                let Some(first) = calls.first() else { continue };
                if first.whole.is_none_or(|whole| !whole.is_over())
                    && calls.iter().all(|call| call.items.iter().all(done))
                    && told.groups.insert(batch)
                {
                    hooks.push(whole(first.number, &group_info::of_calls(run, &calls)));
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

/// The same, each account's by itself: nobody is told of another's messages.
fn by_account(books: &Books, due: &[(Place, Status)]) -> Vec<Vec<(Place, Status)>> {
    let mut lots: BTreeMap<String, Vec<(Place, Status)>> = BTreeMap::new();
    let mut last: Option<(u32, String)> = None;
    for row in due {
        let call = row.0.call;
        let (_, account) = match last.take() {
            Some(last) if last.0 == call => last,
            Some(_) | None => (call, books.call(call).map_or_else(String::new, |call| CallNote::of(call).account)),
        };
        lots.entry(account.clone()).or_default().push(*row);
        last = Some((call, account));
    }
    lots.into_values().collect()
}

/// What is to be told of a message now, if that is news to the application.
fn due(told: &mut Told, books: &Books, place: Place) -> Option<Status> {
    let item = books.item(place)?;
    let status = codes::of_item(item);
    let key = (place.call, place.item);
    if status.is_pending() || codes::untold(item).is_empty() || told.messages.get(&key) == Some(&status.0) {
        return None;
    }
    told.messages.insert(key, status.0);
    Some(status)
}

fn batch(books: &Books, place: Place) -> Option<Batch> {
    let call = books.call(place.call)?;
    let group = if kept::in_group(call) { CallNote::of(call).group } else { None };
    Some(group.map_or(Batch::Call(place.call), Batch::Group))
}

/// One report of a body.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<D> {
    event_data_id: String,
    data: D,
    retry_count: u8,
}

/// What the messages of a call have in common.
struct Shared {
    call: u32,
    note: CallNote,
    wall: String,
}

fn singles(run: &Run, books: &Books, lot: &[(Place, Status)]) -> Hook {
    let (mut body, mut tells) = (Vec::with_capacity(lot.len() * 1_100), Vec::with_capacity(lot.len()));
    let mut shared: Option<Shared> = None;
    for (place, status) in lot {
        let (Some(call), Some(item)) = (books.call(place.call), books.item(*place)) else { continue };
        let Shared { note, wall, .. } = match &shared {
            Some(shared) if shared.call == call.number => shared,
            Some(_) | None => {
                let note = CallNote::of(call);
                let wall = note.wall(run, call);
                shared.insert(Shared { call: call.number, note, wall })
            }
        };
        let id = note.number(run, call.number, place.item as usize).message(wall);
        let kept = Kept::of(item);
        let data = stored(run, &id, note, call, item, &kept).reported();
        body.push(if body.is_empty() { b'[' } else { b',' });
        let row = Envelope { event_data_id: format!("{id}-{}", status.0), data, retry_count: 0 };
        serde_json::to_writer(&mut body, &row).expect("plain data becomes JSON in memory");
        tells.extend(codes::untold(item));
    }
    body.push(b']');
    hook("SINGLE-REPORT", body, tells, None)
}

/// The report on all messages of a batch, by its first call.
fn whole(first: u32, info: &Value) -> Hook {
    let id = info["groupId"].as_str().unwrap_or_default();
    let row = Envelope { event_data_id: format!("{id}-group"), data: info, retry_count: 0 };
    let body = serde_json::to_vec(&[row]).expect("plain data becomes JSON in memory");
    hook("GROUP-REPORT", body, Vec::new(), Some(first))
}

fn hook(event: &'static str, body: Vec<u8>, tells: Vec<Tale>, whole: Option<u32>) -> Hook {
    let headers = vec![
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (HeaderName::from_static("x-solapi-event"), HeaderValue::from_static(event)),
    ];
    Hook { body: Bytes::from(body), headers, tells, whole }
}
