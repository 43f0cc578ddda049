//! `GET /v1/runs/{id}/phones?of=010-0000-0000,…`: what some phones show, as server-sent events: a message holds every phone
//! that changed since the last one, whole.
//!
//! It shows the truth, also what the person does not see yet (a letter on its way, what a network holds): it is for pages
//! that look over everybody's shoulder. A phone that somebody plays from outside hears only the gateway.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use futures_util::stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::yield_now;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::host::api::body::{self, Name};
use crate::host::api::live::handset::Handset;
use crate::host::api::live::subjects;
use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::api::routes::{Content, Operation, Parameter, Verb};
use crate::host::api::{Api, STREAMS_MAX, runs};
use crate::host::control::run::Run;
use crate::host::shutdown::Shutdown;
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::ids::{NoticeId, PersonId};

/// Most phones of one stream.
pub const PHONES_MAX: usize = 24;
/// The shortest time between two messages.
const EVERY: Duration = Duration::from_millis(150);
/// After so many silent looks the stream shows that it is alive.
const ALIVE_LOOKS: u32 = 66;
/// Events read from the run at once, under its lock.
const EVENTS_AT_ONCE: usize = 16_384;

/// The row of the table of operations.
pub const OPERATION: Operation = Operation {
    verb: Verb::Get,
    path: "/v1/runs/{id}/phones",
    id: "watchPhones",
    ko: "몇 단말의 화면",
    en: "What some phones show, as server-sent events.",
    query: &[Parameter {
        name: "of",
        en: "Numbers, with commas between them; at most 24.",
        schema: || json!({ "type": "string", "pattern": "^010-[01][0-9]{3}-[0-9]{4}(,010-[01][0-9]{3}-[0-9]{4}){0,23}$" }),
    }],
    body: None,
    answer: (200, Content::Text("text/event-stream")),
    problems: &[Kind::UnknownRun, Kind::NoRun, Kind::UnknownPerson, Kind::Overloaded],
    handler: || get(stream),
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    of: String,
}

/// A client that watches phones.
struct Viewer {
    run: Arc<Run>,
    phones: BTreeMap<PersonId, Handset>,
    /// Whose notice it is, of those that are watched.
    owners: BTreeMap<NoticeId, PersonId>,
    since: u64,
    looks: Interval,
    over: bool,
    shutdown: Shutdown,
    _permit: OwnedSemaphorePermit,
}

/// `GET /v1/runs/{id}/phones`.
pub async fn stream(State(api): State<Arc<Api>>, Name(id): Name, request: Request) -> Result<Response, Problem> {
    let Asked { of } = body::query(&request)?;
    let run = runs::find(&api, &id).await?;
    let phones = people(&run, &of)?;
    let permit = api.streams.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::new(Kind::Overloaded, format!("{STREAMS_MAX} streams are open")))?;
    let mut looks = interval(EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (owners, shutdown) = (BTreeMap::new(), api.shutdown.clone());
    let viewer = Viewer { run, phones, owners, since: 0, looks, over: false, shutdown, _permit: permit };
    let body = Body::from_stream(stream::unfold(viewer, Viewer::next));
    Ok(([(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

fn people(run: &Run, of: &str) -> Result<BTreeMap<PersonId, Handset>, Problem> {
    let numbers: Vec<&str> = of.split(',').collect();
    if numbers.len() > PHONES_MAX {
        let detail = format!("of: expected at most {PHONES_MAX} numbers, found {}", numbers.len());
        return Err(Problem::new(Kind::InvalidQuery, detail));
    }
    let handset = |number: &str| {
        let person = run.people.by_number(number).and_then(|person| Some((person, *run.people.get(person)?)));
        let unknown =
            || Problem::new(Kind::UnknownPerson, format!("nobody in this run has the number '{}'", cut(number)));
        let (person, who) = person.ok_or_else(unknown)?;
        Ok((person, Handset::new(&run.plan, person, &who, run.phones)))
    };
    numbers.into_iter().map(handset).collect()
}

impl Viewer {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Viewer)> {
        if self.over {
            return None;
        }
        let told = self.told().await;
        Some((Ok(Bytes::from(told)), self))
    }

    /// Waits until there is something to tell.
    async fn told(&mut self) -> String {
        for _ in 0..ALIVE_LOOKS {
            tokio::select! {
                () = self.shutdown.asked() => {
                    self.over = true;
                    return "event: shutdown\ndata: {}\n\n".to_owned();
                }
                _ = self.looks.tick() => {}
            }
            let over = self.run.outcome().is_some();
            self.catch_up().await;
            let changed = self.changed();
            if !changed.is_empty() {
                return format!("event: phones\ndata: {}\n\n", Value::Array(changed));
            }
            if over {
                self.over = true;
                return "event: end\ndata: {}\n\n".to_owned();
            }
        }
        ": alive\n\n".to_owned()
    }

    fn changed(&mut self) -> Vec<Value> {
        let faults: Vec<String> = self.run.faults().into_iter().map(|fault| fault.name).collect();
        let mut told = Vec::new();
        for handset in self.phones.values_mut().filter(|handset| handset.changed) {
            handset.changed = false;
            told.push(handset.json(&self.run.plan, &self.run.people, &self.run.words, &faults));
        }
        told
    }

    async fn catch_up(&mut self) {
        loop {
            let page = self.run.events(self.since, EVENTS_AT_ONCE);
            page.events.iter().for_each(|event| self.observe(event));
            self.since = page.first + page.events.len() as u64 - 1;
            if page.events.is_empty() {
                return;
            }
            yield_now().await;
        }
    }

    fn observe(&mut self, event: &Event) {
        if let EventKind::Created { notice, person, .. } = event.kind
            && self.phones.contains_key(&person)
        {
            self.owners.insert(notice, person);
        }
        let about = subjects::of(&event.kind);
        let whose = about.person.or_else(|| self.owners.get(&about.notice?).copied());
        if let Some(handset) = whose.and_then(|person| self.phones.get_mut(&person)) {
            handset.observe(event);
        }
    }
}
