//! Report polling: the next reports, again and again until they are acknowledged.
//!
//! The queue is the books' news after a cursor. What an application has acknowledged it has heard, and the books keep
//! that; so after a restart only what was not acknowledged comes again. At most [`LOT`] reports in one answer.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, PoisonError};

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response};
use serde_json::{Value, json};

use crate::host::control::books::Place;
use crate::host::control::run::{Run, RunId};
use crate::host::provider::bizgo::Bizgo;
use crate::host::provider::bizgo::answer::{Fault, reply, success};
use crate::host::provider::bizgo::report::{self, Report};
use crate::host::provider::breaker::Breaker;
use crate::host::provider::ears;
use crate::host::provider::reception::{Closed, ask};
use crate::sim::model::medium::Network;

/// Most reports of one answer.
const LOT: usize = 100;
/// News looked at under one lock.
const NEWS: usize = 2_000;

/// Answers that can still be acknowledged; of an older one the reports come again in another.
const GIVEN_MAX: usize = 100;

/// What one account was answered and has not acknowledged yet. Bounded by the books, one entry a message, and [`GIVEN_MAX`].
#[derive(Default)]
pub struct Polling {
    run: Option<RunId>,
    /// News looked at.
    seen: usize,
    /// Messages with a report that waits, by call and item.
    waiting: BTreeSet<(u32, u32)>,
    /// Messages whose report was acknowledged.
    done: BTreeSet<(u32, u32)>,
    /// Answers that were given, oldest first: the report id and what it brought.
    given: VecDeque<(String, Vec<(u32, u32)>)>,
    /// How many answers were given.
    serial: u64,
}

/// `GET /report/polling`.
pub async fn poll(
    State(bizgo): State<Arc<Bizgo>>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
) -> Response<Body> {
    let polled = async {
        let account = &bizgo.admit(&headers)?.key;
        let run = bizgo.providers.run_to_ask().ok_or(Closed::NoRun)?;
        ask(&run, Network::Kakao, &breaker).await?;
        let mut polling = bizgo.polling.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = |report: &Report| bizgo.providers.accounts.owns(account, &report.owner);
        let (id, rows) = polling.entry(account.clone()).or_default().next(&run, mine);
        let rows = if rows.is_empty() { Value::Null } else { Value::Array(rows) };
        Ok(success(&json!({ "reportId": id, "report": rows })))
    };
    reply("polling", polled.await)
}

/// `DELETE /report/polling/{reportId}`: the application has stored them.
pub async fn acknowledge(
    State(bizgo): State<Arc<Bizgo>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Extension(breaker): Extension<Breaker>,
) -> Response<Body> {
    let acknowledged = async {
        let account = &bizgo.admit(&headers)?.key;
        let run = bizgo.providers.run_to_ask().ok_or(Closed::NoRun)?;
        ask(&run, Network::Kakao, &breaker).await?;
        let messages = {
            let mut polling = bizgo.polling.lock().unwrap_or_else(PoisonError::into_inner);
            polling.entry(account.clone()).or_default().acknowledge(&run, &id)
        };
        let messages = messages
            .ok_or_else(|| Fault::of(403, "A802", "유효하지 않는 Report ID", "no such report to acknowledge"))?;
        let tales = run.books(|books| {
            let reports = messages.iter().filter_map(|message| report::at_place(&run, books, first(*message)));
            reports.flat_map(|report| report.tales).collect()
        });
        ears::hear(&run, tales).await;
        Ok(json!({ "code": "A000", "result": "Success" }))
    };
    reply("polling", acknowledged.await)
}

fn first((call, item): (u32, u32)) -> Place {
    Place { call, item, step: 0 }
}

impl Polling {
    fn of(&mut self, run: &Run) {
        if self.run != Some(run.id) {
            *self = Polling { run: Some(run.id), ..Polling::default() };
        }
    }

    /// The next reports and their id; no id if there are none.
    fn next(&mut self, run: &Run, mine: impl Fn(&Report) -> bool) -> (String, Vec<Value>) {
        self.of(run);
        loop {
            let news: Vec<Place> = run.books(|books| books.news(self.seen, NEWS).to_vec());
            if news.is_empty() {
                break;
            }
            self.seen += news.len();
            self.waiting.extend(news.iter().map(|place| (place.call, place.item)));
        }
        let mut idle = Vec::new();
        let mut lot: Vec<((u32, u32), Report)> = Vec::new();
        run.books(|books| {
            for message in &self.waiting {
                match report::at_place(run, books, first(*message)) {
                    Some(report) if mine(&report) && report.last.heard.is_none() && !self.done.contains(message) => {
                        lot.push((*message, report))
                    }
                    // Not decided, told already, or another contract's or account's: more news bring it back.
                    Some(_) | None => idle.push(*message),
                }
                if lot.len() == LOT {
                    break;
                }
            }
        });
        for message in idle {
            self.waiting.remove(&message);
        }
        if lot.is_empty() {
            return (String::new(), Vec::new());
        }
        let id = self.give(run, lot.iter().map(|row| row.0).collect());
        (id, lot.into_iter().map(|row| row.1.row).collect())
    }

    /// The id of an answer; the same for the same reports.
    fn give(&mut self, run: &Run, messages: Vec<(u32, u32)>) -> String {
        if let Some((id, _)) = self.given.iter().find(|given| given.1 == messages) {
            return id.clone();
        }
        self.serial += 1;
        let id = format!("RP{:04}{:010}", run.id.0, self.serial);
        if self.given.len() == GIVEN_MAX {
            self.given.pop_front();
        }
        self.given.push_back((id.clone(), messages));
        id
    }

    /// Lets go of what an answer gave; `None` if no answer had that id.
    fn acknowledge(&mut self, run: &Run, id: &str) -> Option<Vec<(u32, u32)>> {
        self.of(run);
        let place = self.given.iter().position(|given| given.0 == id)?;
        let (_, messages) = self.given.remove(place)?;
        for message in &messages {
            self.waiting.remove(message);
            self.done.insert(*message);
        }
        Some(messages)
    }
}
