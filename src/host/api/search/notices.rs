//! `GET /v1/notices` and `GET /v1/notices/{id}`: lists of notices, and the whole story of one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use tokio::task::yield_now;

use crate::host::api::body::{self, Name};
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::search::notice::Search;
use crate::host::api::search::{LOOKED_AT_MAX, STRETCH, SearchQuery};
use crate::host::api::{Api, facts, runs};
use crate::host::control::ledger::{NoticeRow, notice_of};
use crate::host::control::run::Run;
use crate::sim::model::ids::{AttemptId, NoticeId};
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

/// Most events of one biography.
const EVENTS_MAX: usize = 1_000;

/// A page of notices.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NoticesPage {
    run: String,
    /// In order of their numbers.
    notices: Vec<NoticeBody>,
    /// Ask with this cursor for the next page; null: that was all.
    next: Option<String>,
    /// Notices of the run that are in no list, because there were too many or their run ended long ago.
    unlisted: u64,
}

/// A notice, as it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NoticeBody {
    id: String,
    kind: String,
    to: String,
    created_us: u64,
    /// When a phone first showed it.
    reached_us: Option<u64>,
    opened_us: Option<u64>,
    /// Media that were tried, in order.
    media: Vec<&'static str>,
    /// Media by which a phone showed it.
    reached_by: Vec<&'static str>,
    /// How often any phone showed it.
    showings: u16,
    /// The strongest thing the sender was told: `failed`, `uncertain`, `delivered`, `shown`, `opened`.
    believed: Option<&'static str>,
    /// How the sender's work ended: `satisfied`, `exhausted`, `gave_up`; null while it goes on.
    outcome: Option<&'static str>,
    /// In hundredths of a won.
    cost: u64,
    /// Faults that touched it.
    hits: Vec<String>,
}

/// The story of a notice.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BiographyBody {
    run: String,
    notice: NoticeBody,
    /// Its events, 1,000 at most, as lines of `events.ndjson`.
    events: Vec<Value>,
    /// Whether its first events are no longer kept, or its last ones were too many.
    incomplete: bool,
}

/// `GET /v1/notices?query=state:reached medium:lms&limit=100&cursor=…&run=r1`.
pub async fn list(State(api): State<Arc<Api>>, request: Request) -> Result<Json<NoticesPage>, Problem> {
    let asked: SearchQuery = body::query(&request)?;
    let run = runs::find(&api, asked.run()).await?;
    let search = Search::read(&run, &asked.query)?;
    let (limit, mut place) = (asked.limit()?, asked.place(&run, "notices")?);
    let (mut found, mut more, until) = (Vec::new(), true, place + LOOKED_AT_MAX);
    while more && found.len() < limit && place < until {
        (place, more) = stretch(&run, place, |id, row| {
            if search.finds(&run.people, row) {
                found.push((id, row.clone()));
            }
            found.len() < limit
        });
        yield_now().await;
    }
    let faults = fault_names(&run);
    let notices = found.iter().map(|(id, row)| NoticeBody::of(&run, &faults, *id, row)).collect();
    let next = more.then(|| asked.cursor(&run, "notices", place));
    Ok(Json(NoticesPage { run: run.id.to_string(), notices, next, unlisted: run.ledger(|ledger| ledger.unlisted()) }))
}

/// `GET /v1/notices/{id}`: of the run that goes on, else of the last one.
pub async fn show(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Json<BiographyBody>, Problem> {
    let run = runs::latest(&api)?;
    let unknown = || Problem::new(Kind::UnknownNotice, format!("no notice is called '{}'", cut(&id)));
    let notice = AttemptId::parse(&format!("{id}/0")).map(|attempt| attempt.notice).ok_or_else(unknown)?;
    let row = run.ledger(|ledger| ledger.get(notice).cloned()).ok_or_else(unknown)?;
    let (events, incomplete) = biography(&run, notice, row.created).await;
    let notice = NoticeBody::of(&run, &fault_names(&run), notice, &row);
    Ok(Json(BiographyBody { run: run.id.to_string(), notice, events, incomplete }))
}

/// The notices of a person: the first hundred, and whether there are more.
pub async fn of_person(run: &Run, wanted: impl Fn(&NoticeRow) -> bool, most: usize) -> (Vec<NoticeBody>, bool) {
    let (mut found, mut place, mut more) = (Vec::new(), 0, true);
    while more && found.len() <= most {
        (place, more) = stretch(run, place, |id, row| {
            if wanted(row) {
                found.push((id, row.clone()));
            }
            found.len() <= most
        });
        yield_now().await;
    }
    let (cut, faults) = (found.len() > most, fault_names(run));
    found.truncate(most);
    (found.iter().map(|(id, row)| NoticeBody::of(run, &faults, *id, row)).collect(), cut)
}

/// Looks at rows from a place on, as long as `look` wants more. Where to go on, and whether anything is left there.
fn stretch(run: &Run, from: usize, mut look: impl FnMut(NoticeId, &NoticeRow) -> bool) -> (usize, bool) {
    run.ledger(|ledger| {
        let rows = ledger.rows(from);
        let mut looked_at = 0;
        for row in rows.iter().take(STRETCH) {
            let id = NoticeId(u32::try_from(from + looked_at).unwrap_or(u32::MAX));
            looked_at += 1;
            if !look(id, row) {
                break;
            }
        }
        (from + looked_at, looked_at < rows.len())
    })
}

/// The events of a notice, and whether some are missing.
async fn biography(run: &Run, notice: NoticeId, created: SimTime) -> (Vec<Value>, bool) {
    let (names, mut since, mut events, mut missed) = (facts::names(run), run.last_before(created), Vec::new(), false);
    loop {
        let page = run.events(since, STRETCH);
        missed |= page.missed > 0;
        if page.events.is_empty() {
            return (events, missed);
        }
        since = page.first + page.events.len() as u64 - 1;
        let own = page.events.iter().filter(|event| notice_of(&event.kind).is_some_and(|(of, _)| of == notice));
        events.extend(own.map(|event| facts::value(&names, event)));
        if events.len() > EVENTS_MAX {
            events.truncate(EVENTS_MAX);
            return (events, true);
        }
        yield_now().await;
    }
}

fn fault_names(run: &Run) -> Vec<String> {
    run.faults().into_iter().map(|fault| fault.name).collect()
}

impl NoticeBody {
    fn of(run: &Run, faults: &[String], id: NoticeId, row: &NoticeRow) -> NoticeBody {
        let when = |at: SimTime| (at != SimTime::NEVER).then(|| at.micros());
        NoticeBody {
            id: id.to_string(),
            kind: run.plan.kinds[row.kind.index()].key.clone(),
            to: run.people.numbers().number(row.person),
            created_us: row.created.micros(),
            reached_us: when(row.shown),
            opened_us: when(row.opened),
            media: row.media().map(Medium::name).collect(),
            reached_by: Medium::ALL.into_iter().filter(|medium| row.showed(*medium)).map(Medium::name).collect(),
            showings: row.showings,
            believed: row.claim.map(|claim| claim.name()),
            outcome: row.outcome.map(|outcome| outcome.name()),
            cost: row.cost,
            hits: row.hits.iter().filter_map(|fault| faults.get(fault.index()).cloned()).collect(),
        }
    }
}
