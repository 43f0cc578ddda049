//! Queries: by request, by date, one message, what changed; and cancelling, which finds nothing to cancel.
//!
//! An outage of the network is an outage of its queries too. Whoever is answered has heard: their belief follows.

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
use crate::host::provider::breaker::Breaker;
use crate::host::provider::ears;
use crate::host::provider::nhn::answer::{Fault, reply, success};
use crate::host::provider::nhn::note::{self, CallNote, ItemNote};
use crate::host::provider::nhn::paging::{Asked, Dates, Paging};
use crate::host::provider::nhn::{CONTRACT, Nhn, number, result};
use crate::host::provider::reception::{Closed, ask};
use crate::host::provider::recipients;
use crate::sim::engine::call::Tale;
use crate::sim::model::medium::Network;

/// What a question may name.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Wanted {
    request_id: Option<String>,
    #[serde(flatten)]
    dates: Asked,
    start_update_date: Option<String>,
    end_update_date: Option<String>,
    recipient_no: Option<String>,
    sender_key: Option<String>,
    template_code: Option<String>,
    sender_grouping_key: Option<String>,
    message_status: Option<String>,
    #[serde(flatten)]
    paging: Paging,
}

/// A page of rows, how many there are in all, and what was told by it.
struct Page {
    rows: Vec<Value>,
    total: usize,
    tales: Vec<Tale>,
}

/// `GET /messages`.
pub async fn list(
    State(nhn): State<Arc<Nhn>>,
    Path(appkey): Path<String>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response<Body> {
    let listed = async {
        let wanted = asked(wanted)?;
        let run = enter(&nhn, &appkey, &headers, &breaker).await?;
        let page = match &wanted.request_id {
            Some(id) => {
                let (run, call) = number::find(&nhn.providers, id).unwrap_or((run, 0));
                let page = page(&nhn, &appkey, &run, &wanted, Some(call), |_, _| true)?;
                ears::hear(&run, page.tales.clone()).await;
                page
            }
            None => {
                let dates = wanted.dates.read()?;
                let page = page(&nhn, &appkey, &run, &wanted, None, |call, _| dates.hold(&run, call.at))?;
                ears::hear(&run, page.tales.clone()).await;
                page
            }
        };
        let response = json!({ "messages": page.rows, "totalCount": page.total });
        Ok(json!({ "header": success(), "messageSearchResultResponse": response }))
    };
    reply(listed.await)
}

/// `GET /messages/{requestId}/{recipientSeq}`.
pub async fn one(
    State(nhn): State<Arc<Nhn>>,
    Path((appkey, request, seq)): Path<(String, String, String)>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
) -> Response<Body> {
    let found = async {
        enter(&nhn, &appkey, &headers, &breaker).await?;
        let (run, number) = number::find(&nhn.providers, &request).ok_or_else(unknown)?;
        let seq: u32 = seq.parse().map_err(|_| unknown())?;
        let found = run.books(|books| {
            let call = books.call(number).filter(|call| call.contract == CONTRACT)?;
            let of: CallNote = Some(note::read(&call.note)).filter(|of| nhn.owns(&appkey, of))?;
            let item = call.items.iter().find(|item| note::read::<ItemNote>(&item.note).seq == seq);
            match item {
                Some(item) => Some((result::row(&run, call, &of, item), ears::tales(&item.steps).collect())),
                None => {
                    result::refused(&run, call, &of).find(|row| row["recipientSeq"] == seq).map(|r| (r, Vec::new()))
                }
            }
        });
        let (row, tales) = found.ok_or_else(unknown)?;
        ears::hear(&run, tales).await;
        Ok(json!({ "header": success(), "message": row }))
    };
    reply(found.await)
}

/// `GET /message-results`: messages of which something was told between two minutes.
pub async fn results(
    State(nhn): State<Arc<Nhn>>,
    Path(appkey): Path<String>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response<Body> {
    let listed = async {
        let wanted = asked(wanted)?;
        let run = enter(&nhn, &appkey, &headers, &breaker).await?;
        let page = changed(&nhn, &appkey, &run, &wanted)?;
        ears::hear(&run, page.tales).await;
        Ok(json!({ "header": success(), "messages": page.rows }))
    };
    reply(listed.await)
}

/// `GET /message-results/count`.
pub async fn count(
    State(nhn): State<Arc<Nhn>>,
    Path(appkey): Path<String>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response<Body> {
    let counted = async {
        let wanted = asked(wanted)?;
        let run = enter(&nhn, &appkey, &headers, &breaker).await?;
        let page = changed(&nhn, &appkey, &run, &wanted)?;
        Ok(json!({ "header": success(), "totalCount": page.total }))
    };
    reply(counted.await)
}

/// `DELETE /messages/{requestId}`: only what waits for its hour can be cancelled, and nothing here waits.
pub async fn cancel(
    State(nhn): State<Arc<Nhn>>,
    Path((appkey, request)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    let cancelled = || {
        nhn.admit(&appkey, &headers)?;
        number::find(&nhn.providers, &request).ok_or_else(unknown)?;
        Err(Fault::of(4, "예약된 메시지가 아니라서 취소할 수 없습니다", "sent already: nothing is left to cancel"))
    };
    reply(cancelled())
}

/// Lets a question in; the run that it is about unless it names another.
pub async fn enter(nhn: &Nhn, appkey: &str, headers: &HeaderMap, breaker: &Breaker) -> Result<Arc<Run>, Fault> {
    nhn.admit(appkey, headers)?;
    let run = nhn.providers.run_to_ask().ok_or(Closed::NoRun)?;
    ask(&run, Network::Kakao, breaker).await?;
    Ok(run)
}

/// What a question names, or why it cannot be read.
pub fn asked<T>(wanted: Result<Query<T>, QueryRejection>) -> Result<T, Fault> {
    wanted.map(|Query(wanted)| wanted).map_err(|error| Fault::new(4, error.body_text()))
}

/// No such message.
pub fn unknown() -> Fault {
    Fault::of(4, "그런 메시지가 없습니다", "no such message")
}

fn changed(nhn: &Nhn, appkey: &str, run: &Run, wanted: &Wanted) -> Result<Page, Fault> {
    let (Some(from), Some(to)) = (&wanted.start_update_date, &wanted.end_update_date) else {
        return Err(Fault::new(-2001, "The 'startUpdateDate', 'endUpdateDate' must not be blank."));
    };
    let dates = Dates::between(from, to)?;
    page(nhn, appkey, run, wanted, None, |_, item| result::updated(item).is_some_and(|at| dates.hold(run, at)))
}

/// The rows of a page: of one call, or of all that are wanted.
fn page(
    nhn: &Nhn,
    appkey: &str,
    run: &Run,
    wanted: &Wanted,
    call: Option<u32>,
    keep: impl Fn(&CallRecord, &ItemRecord) -> bool,
) -> Result<Page, Fault> {
    let seats = wanted.paging.seats()?;
    let person = wanted.recipient_no.as_deref().map(|no| recipients::person(run, no));
    let is = |wish: &Option<String>, value: &str| wish.as_deref().is_none_or(|wish| wish == value);
    let mut page = Page { rows: Vec::new(), total: 0, tales: Vec::new() };
    run.books(|books| {
        let after = call.map_or(0, |call| call.saturating_sub(1));
        for record in books.calls_of(CONTRACT, after) {
            if call.is_some_and(|call| call != record.number) {
                break;
            }
            let of: CallNote = note::read(&record.note);
            let group = of.group.as_deref().unwrap_or("");
            if !nhn.owns(appkey, &of)
                || !is(&wanted.sender_key, &of.sender)
                || !is(&wanted.template_code, &of.template)
                || !is(&wanted.sender_grouping_key, group)
            {
                continue;
            }
            for item in &record.items {
                let theirs = person.as_ref().is_none_or(|person| *person == Ok(item.person));
                if theirs && is(&wanted.message_status, result::status(item).unwrap_or("")) && keep(record, item) {
                    if seats.contains(&page.total) {
                        page.rows.push(result::row(run, record, &of, item));
                        page.tales.extend(ears::tales(&item.steps));
                    }
                    page.total += 1;
                }
            }
            if call.is_some() {
                for row in result::refused(run, record, &of) {
                    if seats.contains(&page.total) {
                        page.rows.push(row);
                    }
                    page.total += 1;
                }
            }
        }
    });
    Ok(page)
}
