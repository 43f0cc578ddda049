//! Events of a run: a page at a time, or as they happen.
//!
//! A stream reads the run's log page by page at the pace of its client. A client that falls behind what is kept is told
//! how many events it missed and goes on with the oldest kept one; nobody waits for it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::timeout;

use crate::host::api::body::Name;
use crate::host::api::problem::{Kind, Problem};
use crate::host::api::{Api, STREAMS_MAX, body, facts, runs};
use crate::host::control::log::Page;
use crate::host::control::run::Run;
use crate::host::shutdown::Shutdown;
use crate::report::ndjson::name;

/// Events of a page, when the client does not say.
const LIMIT_DEFAULT: usize = 1_000;
/// Most events of a page.
const LIMIT_MAX: usize = 10_000;
/// Events handed to a stream at once.
const STREAM_PAGE: usize = 256;
/// Pause after which a quiet stream shows that it is alive.
const ALIVE_EVERY: Duration = Duration::from_secs(15);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageQuery {
    #[serde(default)]
    since: u64,
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamQuery {
    run: Option<String>,
    since: Option<u64>,
}

/// `GET /v1/runs/{id}/events?since=N&limit=M`: `{"first":…,"next":…,"missed":…,"ended":…,"events":[…]}`, or the bare lines
/// for `Accept: application/x-ndjson`. `since` is the number of the last event that the client has.
pub async fn page(State(api): State<Arc<Api>>, Name(id): Name, request: Request) -> Result<Response, Problem> {
    let query: PageQuery = body::query(&request)?;
    let run = runs::find(&api, &id).await?;
    let ended = run.outcome().is_some();
    let limit = query.limit.unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX);
    let page = run.events(query.since, limit);
    if page.events.is_empty() && page.missed > 0 {
        return Err(
            Problem::new(Kind::EventsGone, "the run's folder has them, if there is one").with("missed", page.missed)
        );
    }
    let lines = lines(&run, &page);
    let next = page.first + page.events.len() as u64 - 1;
    let accepts = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    if accepts.contains("application/x-ndjson") {
        let headers = [(header::CONTENT_TYPE.as_str(), "application/x-ndjson"), ("bongsu-next", &next.to_string())];
        return Ok((headers, lines.concat()).into_response());
    }
    let mut out = format!(
        "{{\"run\":\"{}\",\"first\":{},\"next\":{next},\"missed\":{},\"ended\":{ended},\"events\":[",
        run.id, page.first, page.missed
    )
    .into_bytes();
    let trimmed: Vec<&[u8]> = lines.iter().map(|line| line.trim_ascii_end()).collect();
    out.extend_from_slice(&trimmed.join(&b","[..]));
    out.extend_from_slice(b"]}");
    Ok(([(header::CONTENT_TYPE, "application/json")], out).into_response())
}

/// `GET /v1/events/stream?run=r1&since=N`: server-sent events, `id` the number of the event. Without `run` it is the run
/// that goes on; without `since` (or the header `Last-Event-ID`) it begins with what happens next. Ends with `event: end`.
///
/// A client that comes back by itself (`Last-Event-ID`) with a number that this run has not come to has it from another
/// run, and is told all events of this one.
pub async fn stream(State(api): State<Arc<Api>>, request: Request) -> Result<Response, Problem> {
    let query: StreamQuery = body::query(&request)?;
    let run = runs::find(&api, query.run.as_deref().unwrap_or("current")).await?;
    let permit = api.streams.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::new(Kind::Overloaded, format!("{STREAMS_MAX} streams are open")))?;
    let newest = run.events(u64::MAX, 0).first - 1;
    let since = match last_event_id(&request)? {
        Some(last) => Some(last).filter(|last| *last <= newest).unwrap_or(0),
        None => query.since.map_or(newest, |since| since.min(newest)),
    };
    let changes = run.changes();
    let follower = Follower { run, since, changes, shutdown: api.shutdown.clone(), over: false, _permit: permit };
    let body = Body::from_stream(stream::unfold(follower, Follower::next));
    Ok(([(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

/// The header that a browser sends when it comes back.
fn last_event_id(request: &Request) -> Result<Option<u64>, Problem> {
    let Some(value) = request.headers().get("last-event-id") else { return Ok(None) };
    match value.to_str().ok().and_then(|value| value.trim().parse().ok()) {
        Some(number) => Ok(Some(number)),
        None => Err(Problem::new(Kind::InvalidRequest, "Last-Event-ID: expected the number of an event")),
    }
}

/// A page's events as lines of `events.ndjson`.
fn lines(run: &Run, page: &Page) -> Vec<Vec<u8>> {
    let names = facts::names(run);
    page.events.iter().map(|event| facts::line(&names, event)).collect()
}

/// A client that follows a run.
struct Follower {
    run: Arc<Run>,
    since: u64,
    changes: watch::Receiver<u64>,
    shutdown: Shutdown,
    over: bool,
    _permit: OwnedSemaphorePermit,
}

impl Follower {
    /// The next piece of the stream, once the client has taken the one before.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Follower)> {
        if self.over {
            return None;
        }
        let piece = self.piece().await;
        Some((Ok(Bytes::from(piece)), self))
    }

    async fn piece(&mut self) -> String {
        loop {
            self.changes.mark_unchanged();
            let outcome = self.run.outcome();
            let page = self.run.events(self.since, STREAM_PAGE);
            if !page.events.is_empty() || page.missed > 0 {
                return self.told(&page);
            }
            if let Some(outcome) = outcome {
                self.over = true;
                return format!(
                    "event: end\ndata: {{\"verdict\":\"{}\",\"exit\":{}}}\n\n",
                    outcome.verdict, outcome.exit
                );
            }
            let changed = tokio::select! {
                () = self.shutdown.asked() => {
                    self.over = true;
                    return "event: shutdown\ndata: {}\n\n".to_owned();
                }
                changed = timeout(ALIVE_EVERY, self.changes.changed()) => changed,
            };
            if changed.is_err() {
                return ": alive\n\n".to_owned();
            }
        }
    }

    fn told(&mut self, page: &Page) -> String {
        let mut out = String::new();
        if page.missed > 0 {
            out.push_str(&format!("event: missed\ndata: {{\"count\":{}}}\n\n", page.missed));
        }
        let lines = lines(&self.run, page);
        for (number, (event, line)) in (page.first..).zip(page.events.iter().zip(&lines)) {
            let line = String::from_utf8_lossy(line);
            out.push_str(&format!("id: {number}\nevent: {}\ndata: {line}\n", name(&event.kind)));
        }
        self.since = page.first + page.events.len() as u64 - 1;
        out
    }
}
