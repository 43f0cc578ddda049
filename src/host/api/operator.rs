//! `GET /v1/operator` and `/v1/operator/live`: how the process stands, for whoever runs it. Sockets, queues, rates, faults,
//! journal, memory, descriptors, and who did what.
//!
//! It tells and decides nothing. The stream looks twice a second, whatever the runs do, and says nothing while nothing
//! has changed; rates are over the last seconds. Nobody's number, name or words are in it.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

use crate::host::api::problem::{Kind, Problem};
use crate::host::api::process::{descriptors, descriptors_max, resident_bytes};
use crate::host::api::{Api, STREAMS_MAX};
use crate::host::control::deeds::Deed;
use crate::host::control::faults::Stands;
use crate::host::control::gauges::Sockets;
use crate::host::control::run::{Run, State as RunState};
use crate::sim::model::medium::Network;

/// The time between two looks.
const EVERY: Duration = Duration::from_millis(500);
/// Looks that a rate is taken over.
const RATE_LOOKS: usize = 4;
/// After so many silent looks the stream shows that it is alive.
const ALIVE_LOOKS: u32 = 4;

/// Totals whose growth is told as a rate.
#[derive(Clone, Copy)]
struct Totals {
    at: Instant,
    handshakes: u64,
    messages: u64,
    receipts: u64,
    /// Of the run that goes on: number, events, calls of the sender, notices shown for the first time.
    run: Option<(u32, u64, u64, u64)>,
}

/// `GET /v1/operator`: everything but rates, which take two looks.
pub async fn show(State(api): State<Arc<Api>>) -> Json<Value> {
    let sockets = api.gauge.sockets();
    let mut snapshot = snapshot(&api, &sockets);
    snapshot["deeds"] = api.deeds.after(0).iter().map(deed).collect();
    Json(snapshot)
}

/// `GET /v1/operator/live`: `state` messages, and `deeds` whenever something was done.
pub async fn live(State(api): State<Arc<Api>>) -> Result<Response, Problem> {
    let permit = api.streams.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::new(Kind::Overloaded, format!("{STREAMS_MAX} streams are open")))?;
    let mut looks = interval(EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let viewer =
        Viewer { api, looks, before: VecDeque::new(), told: 0, last: Value::Null, over: false, _permit: permit };
    let body = Body::from_stream(stream::unfold(viewer, Viewer::next));
    Ok(([(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

/// Somebody who watches.
struct Viewer {
    api: Arc<Api>,
    looks: Interval,
    before: VecDeque<Totals>,
    /// Number of the last deed that was told.
    told: u64,
    /// What was told last, but for times.
    last: Value,
    over: bool,
    _permit: OwnedSemaphorePermit,
}

impl Viewer {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Viewer)> {
        if self.over {
            return None;
        }
        let mut shutdown = self.api.shutdown.clone();
        for _ in 0..ALIVE_LOOKS {
            tokio::select! {
                () = shutdown.asked() => {
                    self.over = true;
                    return Some((Ok(Bytes::from_static(b"event: shutdown\ndata: {}\n\n")), self));
                }
                _ = self.looks.tick() => {}
            }
            let message = self.look();
            if !message.is_empty() {
                return Some((Ok(message.into()), self));
            }
        }
        Some((Ok(Bytes::from_static(b"event: alive\ndata: {}\n\n")), self))
    }

    fn look(&mut self) -> String {
        let sockets = self.api.gauge.sockets();
        let mut message = String::new();
        let state = self.state(&sockets);
        if state != self.last {
            message.push_str(&format!("event: state\ndata: {state}\n\n"));
            self.last = state;
        }
        let deeds = self.api.deeds.after(self.told);
        if let Some(last) = deeds.last() {
            self.told = last.number;
            let rows: Value = deeds.iter().map(deed).collect();
            message.push_str(&format!("event: deeds\ndata: {rows}\n\n"));
        }
        message
    }

    fn state(&mut self, sockets: &Sockets) -> Value {
        let mut state = snapshot(&self.api, sockets);
        let now = Totals::of(&self.api, sockets);
        state["rates"] = self.before.front().map_or(Value::Null, |then| now.since(then));
        self.before.push_back(now);
        if self.before.len() > RATE_LOOKS {
            self.before.pop_front();
        }
        state
    }
}

impl Totals {
    fn of(api: &Api, sockets: &Sockets) -> Totals {
        let run = api.runs.current().map(|run| {
            let counts = run.status().counts;
            (run.id.0, counts.events, counts.attempts, counts.reached)
        });
        let Sockets { handshakes, messages, receipts, .. } = *sockets;
        Totals { at: Instant::now(), handshakes, messages, receipts, run }
    }

    /// How much a second, in tenths.
    fn since(&self, then: &Totals) -> Value {
        let millis = u64::try_from(self.at.duration_since(then.at).as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = |now: u64, then: u64| now.saturating_sub(then).saturating_mul(10_000) / millis;
        let of_run = match (self.run, then.run) {
            (Some(now), Some(then)) if now.0 == then.0 => {
                [rate(now.1, then.1), rate(now.2, then.2), rate(now.3, then.3)].map(Value::from)
            }
            _ => [Value::Null, Value::Null, Value::Null],
        };
        let [events, calls, shown] = of_run;
        json!({
            "handshakes": rate(self.handshakes, then.handshakes),
            "messages": rate(self.messages, then.messages),
            "receipts": rate(self.receipts, then.receipts),
            "events": events, "calls": calls, "shown": shown,
        })
    }
}

fn snapshot(api: &Api, sockets: &Sockets) -> Value {
    let room = api.stage.room();
    let runs = api.runs.all();
    let ended = runs.iter().filter(|run| run.outcome().is_some()).count();
    let run = api.runs.current();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "uptime_s": api.began.elapsed().as_secs(),
        "memory_bytes": resident_bytes(),
        "descriptors": descriptors(),
        "descriptors_max": descriptors_max(),
        "durable": room.durable,
        "journal_broken": room.broken,
        "journal_bytes": room.journal_bytes,
        "runs": { "going": runs.len() - ended, "ended": ended },
        "streams": STREAMS_MAX - api.streams.available_permits(),
        "sockets": {
            "sessions": by_network(&sockets.sessions), "phones": by_network(&sockets.phones),
            "hanging": by_network(&sockets.hanging), "queued": sockets.queued, "deepest": sockets.deepest,
            "mailbox_bytes": sockets.mailbox_bytes, "handshakes": sockets.handshakes,
            "messages": sockets.messages, "receipts": sockets.receipts,
        },
        "run": run.as_deref().map(going),
    })
}

fn going(run: &Run) -> Value {
    let status = run.status();
    let counts = &status.counts;
    let rows = run.faults();
    let on = rows.iter().filter(|fault| fault.stands == Stands::On && status.state != RunState::Ended);
    let fault = |fault: &crate::host::control::faults::FaultRow| {
        json!({
            "name": fault.name, "kind": fault.kind, "posted": fault.posted,
            "networks": fault.networks.iter().map(|network| network.name()).collect::<Vec<&str>>(),
            "began_us": fault.began.map(|at| at.micros()), "ends_us": fault.ends.map(|at| at.micros()),
        })
    };
    json!({
        "id": run.id.to_string(), "scenario": run.plan.name,
        "title": { "ko": run.plan.title.ko, "en": run.plan.title.en },
        "state": status.state.name(), "at_us": status.at.micros(), "stop_us": run.plan.clock.stop.micros(),
        "speed": status.speed, "people": run.plan.people(), "waiting": status.waiting,
        "events": counts.events, "notices": counts.notices, "reached": counts.reached, "lost": counts.lost,
        "rejected": counts.rejected, "sessions": by_network(&counts.sessions),
        "turned_away": by_network(&counts.turned_away), "faults": on.map(fault).collect::<Vec<Value>>(),
    })
}

fn by_network(counts: &[u64; Network::COUNT]) -> BTreeMap<&'static str, u64> {
    Network::ALL.into_iter().map(|network| (network.name(), counts[network.index()])).collect()
}

fn deed(deed: &Deed) -> Value {
    json!({
        "number": deed.number, "at_ms": deed.at_ms, "by": deed.by.name(), "what": deed.what, "about": deed.about,
        "run": deed.run, "run_at_us": deed.run_at_us, "status": deed.status,
    })
}
