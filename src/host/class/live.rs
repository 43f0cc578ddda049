//! `GET /v1/class/live` and `GET /v1/class/seat/live`: how the class stands for its teacher, or for one seat, as server-sent
//! events, at most five a second and only when something changed; while nothing does, `alive` every two seconds, so that
//! whoever listens knows a quiet class from a dead server. The stream ends with `over`, which says what is over.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::host::class::code::SeatKey;
use crate::host::class::problem::{self, Problem};
use crate::host::class::{Class, STREAMS_MAX, body, student, teacher};
use crate::host::shutdown::Shutdown;

/// The shortest time between two messages.
const EVERY: Duration = Duration::from_millis(200);
/// After so many silent looks the stream shows that it is alive.
const ALIVE_LOOKS: u32 = 10;

/// Somebody who watches.
struct Viewer {
    class: Arc<Class>,
    /// The seat; the teacher has none.
    seat: Option<SeatKey>,
    looks: Interval,
    last: Value,
    over: bool,
    shutdown: Shutdown,
    _permit: OwnedSemaphorePermit,
}

/// `GET /v1/class/live`.
pub async fn for_teacher(State(class): State<Arc<Class>>) -> Result<Response, Problem> {
    stream(class, None).await
}

/// `GET /v1/class/seat/live`.
pub async fn for_seat(State(class): State<Arc<Class>>, headers: HeaderMap) -> Result<Response, Problem> {
    let key = body::key(&headers)?;
    stream(class, Some(key)).await
}

async fn stream(class: Arc<Class>, seat: Option<SeatKey>) -> Result<Response, Problem> {
    // Whoever may not look is told so before there is a stream.
    look(&class, seat.as_ref()).await?;
    let permit = class.streams.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Problem::new(problem::OVERLOADED, format!("{STREAMS_MAX} streams are open")))?;
    let mut looks = interval(EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let shutdown = class.shutdown.clone();
    let viewer = Viewer { class, seat, looks, last: Value::Null, over: false, shutdown, _permit: permit };
    let body = Body::from_stream(stream::unfold(viewer, Viewer::next));
    Ok(([(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")], body).into_response())
}

async fn look(class: &Class, seat: Option<&SeatKey>) -> Result<Value, Problem> {
    match seat {
        Some(key) => student::whole(class, key).await,
        None => teacher::whole(class).await,
    }
}

impl Viewer {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Viewer)> {
        if self.over {
            return None;
        }
        let told = self.told().await;
        Some((Ok(Bytes::from(told)), self))
    }

    async fn told(&mut self) -> String {
        for _ in 0..ALIVE_LOOKS {
            tokio::select! {
                () = self.shutdown.asked() => {
                    self.over = true;
                    return "event: shutdown\ndata: {}\n\n".to_owned();
                }
                _ = self.looks.tick() => {}
            }
            match look(&self.class, self.seat.as_ref()).await {
                Ok(now) if now == self.last => {}
                Ok(now) => {
                    let told = format!("event: state\ndata: {now}\n\n");
                    self.last = now;
                    return told;
                }
                // The class is over, or the seat is.
                Err(problem) => {
                    self.over = true;
                    return format!("event: over\ndata: {}\n\n", json!({ "type": problem.address() }));
                }
            }
        }
        "event: alive\ndata: {}\n\n".to_owned()
    }
}
