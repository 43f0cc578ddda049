//! `GET /v1/runs/{id}/live`: what a page draws of a run, as server-sent events, at most ten a second whatever the run
//! does; the picture of an instant that is past; and the biography of one person.
//!
//! The first message is `scene` (what does not change), then come `state` messages: clock, counts, faults, turning
//! points, how the promises stand, and the people as one hexadecimal digit each: all of them first, then only who
//! changed. While nothing does, `alive` comes every two seconds. The stream ends with `end`. Each client's picture is folded
//! from the run's kept events at the pace of that client, and leaves key frames behind for those who look back.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::host::api::body::Name;
use crate::host::api::problem::{Kind, Problem};
use crate::host::api::{Api, STREAMS_MAX, runs};
use crate::host::control::faults::{FaultRow, Stands};
use crate::host::control::run::{Run, Status};
use crate::host::shutdown::Shutdown;
use crate::sim::model::medium::{Medium, Network};

use reel::Reel;
use scene::{Point, Scene, TOOK_S};

pub mod subjects;
pub mod turning;
pub mod sheet;
pub mod scene;
pub mod jury;
pub mod reel;
pub mod picture;
pub mod story;
pub mod handset;
pub mod phones;

/// The shortest time between two messages.
const EVERY: Duration = Duration::from_millis(100);
/// After so many silent looks the stream shows that it is alive.
const ALIVE_LOOKS: u32 = 20;
/// Events read from the run at once, under its lock.
const EVENTS_AT_ONCE: usize = 16_384;
/// When more than one in so many people changed, all are sent again.
const ALL_OVER: usize = 4;

/// `GET /v1/runs/{id}/live`; `current` is the run that goes on.
pub async fn stream(State(api): State<Arc<Api>>, Name(id): Name) -> Result<Response, Problem> {
    let run = runs::find(&api, &id).await?;
    let permit = api.streams.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::new(Kind::Overloaded, format!("{STREAMS_MAX} streams are open")))?;
    let mut looks = interval(EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let viewer = Viewer {
        scene: Scene::new(&run.plan, &run.people, run.phones),
        reel: api.reels.of(&run),
        run,
        since: 0,
        judged: (0, 0),
        looks,
        step: Step::Opening,
        last: Value::Null,
        points_sent: 0,
        shutdown: api.shutdown.clone(),
        _permit: permit,
    };
    let body = Body::from_stream(stream::unfold(viewer, Viewer::next));
    Ok(([(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

/// Where a stream stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Nothing has been sent.
    Opening,
    /// The scene has been sent; the people have not.
    Empty,
    /// All have been sent.
    Following,
    /// The run is over and its last state has been sent.
    Ending,
    /// Nothing more comes.
    Over,
}

/// A client that watches a run.
struct Viewer {
    run: Arc<Run>,
    scene: Scene,
    reel: Arc<Reel>,
    /// Number of the last event taken.
    since: u64,
    /// What it has of the jury's history: entries that stay, and the version.
    judged: (usize, u64),
    looks: Interval,
    step: Step,
    /// The last state sent, without people, points and turnings.
    last: Value,
    /// Points of the curve that the client has for good.
    points_sent: usize,
    shutdown: Shutdown,
    _permit: OwnedSemaphorePermit,
}

impl Viewer {
    /// The next message, once the client has taken the one before.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Viewer)> {
        let message = match self.step {
            Step::Over => return None,
            Step::Opening => {
                self.step = Step::Empty;
                message("scene", &opening(&self.run, &self.scene))
            }
            Step::Ending => {
                self.step = Step::Over;
                message("end", &json!({}))
            }
            Step::Empty | Step::Following => self.state().await,
        };
        Some((Ok(Bytes::from(message)), self))
    }

    /// Waits until there is something to tell.
    async fn state(&mut self) -> String {
        for _ in 0..ALIVE_LOOKS {
            tokio::select! {
                () = self.shutdown.asked() => {
                    self.step = Step::Over;
                    return message("shutdown", &json!({}));
                }
                _ = self.looks.tick() => {}
            }
            let over = self.run.outcome().is_some();
            self.catch_up().await;
            self.call_jury();
            let over = over && self.reel.jury.is_done();
            let told = self.told();
            if over {
                self.step = Step::Ending;
            }
            if let Some(told) = told {
                return told;
            }
            if over {
                break;
            }
        }
        message("alive", &json!({}))
    }

    async fn catch_up(&mut self) {
        loop {
            let page = self.run.events(self.since, EVENTS_AT_ONCE);
            self.scene.missed += page.missed;
            page.events.iter().for_each(|event| self.scene.observe(event));
            self.since = page.first + page.events.len() as u64 - 1;
            if page.events.is_empty() {
                return;
            }
            self.reel.leave(self.since, &self.scene);
            yield_now().await;
        }
    }

    /// Has the jury look again, on a thread of its own, if it is time.
    fn call_jury(&self) {
        if self.reel.jury.is_due(&self.run) {
            let (reel, run) = (self.reel.clone(), self.run.clone());
            // Nobody waits for it: what it finds is news at some later look.
            drop(spawn_blocking(move || reel.jury.look(&run)));
        }
    }

    /// The message for what has changed, if anything has.
    fn told(&mut self) -> Option<String> {
        let (status, faults) = (self.run.status(), self.run.faults());
        self.scene.drawn_at(status.at);
        let mut state = state(&self.run, &self.scene, &status, &faults);
        let touched = std::mem::take(&mut self.scene.touched);
        let turnings = std::mem::take(&mut self.scene.turnings);
        let news = self.reel.jury.news(self.judged.0, self.judged.1);
        let nothing = touched.is_empty() && turnings.is_empty() && news.is_none();
        if self.step == Step::Following && state == self.last && nothing {
            return None;
        }
        self.last = state.clone();
        if self.step == Step::Empty || touched.len() > self.scene.dots.len() / ALL_OVER {
            state["dots"] = digits(&self.scene.dots).into();
        } else if !touched.is_empty() {
            state["changed"] = changed(touched, &self.scene.dots);
        }
        let names: Vec<String> = faults.into_iter().map(|fault| fault.name).collect();
        state["turnings"] = turnings.iter().map(|turning| turning.json(&self.run.plan, &names)).collect();
        if let Some((news, from, version)) = news {
            state["judged"] = news;
            self.judged = (from, version);
        }
        // The last point may still rise; it is sent again.
        let points: Vec<Value> = self.scene.curve[self.points_sent..].iter().map(point).collect();
        state["curve"] = json!({ "from": self.points_sent, "points": points });
        self.points_sent = self.scene.curve.len() - 1;
        self.step = Step::Following;
        Some(message("state", &state))
    }
}

fn message(event: &str, data: &Value) -> String {
    format!("event: {event}\ndata: {data}\n\n")
}

/// What does not change while a run goes on.
fn opening(run: &Run, scene: &Scene) -> Value {
    let plan = &run.plan;
    let mut media: Vec<Medium> = plan.kinds.iter().flat_map(|kind| kind.legs()).map(|leg| leg.medium).collect();
    media.sort_unstable();
    media.dedup();
    let mut networks: Vec<Network> = media.iter().map(|medium| plan.medium(*medium).network).collect();
    networks.sort_unstable();
    networks.dedup();
    networks.retain(|network| plan.networks[network.index()].sessions);
    json!({
        "run": run.id.to_string(),
        "scenario": plan.name,
        "title": { "ko": plan.title.ko, "en": plan.title.en },
        "sources": plan.sources,
        "people": plan.people(),
        "numbers": run.people.numbers().stretches(),
        "start_unix_s": plan.clock.start_unix_s,
        "offset_s": plan.clock.offset_s,
        "stop_us": plan.clock.stop.micros(),
        "step_us": scene.step.micros(),
        "took_s": TOOK_S,
        "promised": jury::promised(&run.promise),
        "paced": run.paced,
        "media": media.iter().map(|medium| json!([medium.index(), medium.name(), medium.ko()])).collect::<Vec<Value>>(),
        "networks":
            networks.iter().map(|network| json!([network.index(), network.name(), network.ko()])).collect::<Vec<Value>>(),
    })
}

fn state(run: &Run, scene: &Scene, status: &Status, rows: &[FaultRow]) -> Value {
    let outcome = run.outcome();
    let mut state = figures(scene);
    state["state"] = status.state.name().into();
    state["at_us"] = status.at.micros().into();
    state["speed"] = status.speed.into();
    state["faults"] = faults(rows, scene);
    state["verdict"] = outcome.as_ref().map(|outcome| outcome.verdict).into();
    state["unrecorded"] = outcome.as_ref().and_then(|outcome| outcome.unrecorded.clone()).into();
    state
}

/// What is counted.
fn figures(scene: &Scene) -> Value {
    json!({
        "notices": scene.notices,
        "reached": scene.reached,
        "states": scene.states,
        "open": scene.now.open,
        "peak": scene.peak,
        "refused": scene.refused,
        "opened": scene.opened,
        "attempts": scene.now.attempts,
        "fallbacks": scene.now.fallbacks,
        "lost": scene.lost,
        "cost": scene.now.cost,
        "took": scene.took,
        "missed": scene.missed,
    })
}

/// `[reached by medium, [attempts, fallbacks, cost], connected by network]`.
fn point(point: &Point) -> Value {
    json!([point.reached, [point.attempts, point.fallbacks, point.cost], point.open])
}

/// Faults as they stand in a scene.
fn faults(rows: &[FaultRow], scene: &Scene) -> Value {
    rows.iter().enumerate().map(|(id, row)| fault(row, scene, id)).collect()
}

fn fault(row: &FaultRow, scene: &Scene, id: usize) -> Value {
    json!({
        "name": row.name,
        "kind": row.kind,
        "networks": row.networks.iter().map(|network| network.name()).collect::<Vec<&str>>(),
        "begins_us": row.begins.micros(),
        "ends_us": row.ends.map(|ends| ends.micros()),
        "state": scene.stands.get(id).copied().unwrap_or(Stands::Waiting).name(),
        "posted": row.posted,
        "hits": scene.hits.get(id).copied().unwrap_or(0),
    })
}

/// Everybody, a hexadecimal digit each.
fn digits(dots: &[u8]) -> String {
    let digits = dots.iter().map(|byte| b"0123456789abcdef"[usize::from(*byte)]).collect();
    String::from_utf8(digits).expect("digits are ASCII")
}

/// `[person, digit, person, digit, …]`, each person once.
fn changed(mut touched: Vec<u32>, dots: &[u8]) -> Value {
    touched.sort_unstable();
    touched.dedup();
    touched.into_iter().flat_map(|person| [person, u32::from(dots[person as usize])]).collect()
}

#[cfg(test)]
mod tests {
    use super::{changed, digits};

    #[test]
    fn people_are_a_digit_each_and_changes_name_each_once() {
        let dots = [0, 2, 14, 8, 6];
        assert_eq!(digits(&dots), "02e86");
        assert_eq!(changed(vec![4, 2, 4], &dots).to_string(), "[2,14,4,6]");
    }
}
