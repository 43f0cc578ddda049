//! Where webhooks go: an application that answers 200 at once and has looked at every report: which message, and whether
//! it has had it before.

use std::collections::HashSet;
use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::host::bench::fanout::account;
use crate::host::bench::fanout::talk::{self, Order, now_us, unknown};

/// Waits no longer than this for reports; the leader's limit is shorter.
const PATIENCE: Duration = Duration::from_secs(120);
/// What stands before the name of a report.
const NAME: &str = "\"eventDataId\":\"";

/// What has come.
#[derive(Default)]
struct Heard {
    seen: HashSet<String>,
    repeated: u64,
    /// Of the slice that goes on: first and last arrival, reports, calls, bytes.
    first_us: u64,
    last_us: u64,
    reports: u64,
    calls: u64,
    bytes: u64,
}

struct Sink {
    heard: Mutex<Heard>,
    distinct: watch::Sender<u64>,
}

/// Plays the part.
pub fn play(orders: impl BufRead, answers: impl Write) -> io::Result<()> {
    let runtime = Runtime::new()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let port = u64::from(listener.local_addr()?.port());
    let sink = Arc::new(Sink { heard: Mutex::default(), distinct: watch::Sender::new(0) });
    let router = Router::new().route("/hook", post(hear)).route("/bare", post(|_body: Bytes| async {}));
    let router = router.layer(DefaultBodyLimit::disable()).with_state(sink.clone());
    // Ends with the process.
    runtime.spawn(async move { axum::serve(listener, router).await });
    talk::obey(orders, answers, |order| match order.word.as_str() {
        "port" => Ok(vec![port]),
        "slice" => {
            sink.begin_slice();
            Ok(Vec::new())
        }
        "wait" => runtime.block_on(wait(&sink, order)),
        "count" => {
            let heard = sink.heard();
            Ok(vec![heard.seen.len() as u64, heard.repeated])
        }
        "account" => account::numbers(),
        _ => Err(unknown(order)),
    })
}

async fn hear(State(sink): State<Arc<Sink>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let single = headers.get("x-solapi-event").is_some_and(|event| event == "SINGLE-REPORT");
    let names = if single { names(&body) } else { Vec::new() };
    let distinct = sink.heard().take(names, body.len() as u64);
    sink.distinct.send_replace(distinct);
    StatusCode::OK
}

/// The names of the reports of a call.
fn names(body: &[u8]) -> Vec<String> {
    let Ok(text) = std::str::from_utf8(body) else { return Vec::new() };
    let ends = |rest: &str| rest.find('"').map(|end| rest[..end].to_owned());
    text.match_indices(NAME).filter_map(|(at, _)| ends(&text[at + NAME.len()..])).collect()
}

/// Waits until so many different reports have come; answers what this slice was.
async fn wait(sink: &Sink, order: &Order) -> io::Result<Vec<u64>> {
    let mut distinct = sink.distinct.subscribe();
    let enough = distinct.wait_for(|count| *count >= order.number(0));
    if timeout(PATIENCE, enough).await.is_err() {
        let found = sink.heard().seen.len();
        return Err(io::Error::other(format!("expected {} reports, found {found}", order.number(0))));
    }
    let heard = sink.heard();
    Ok(vec![heard.first_us, heard.last_us, heard.reports, heard.calls, heard.bytes])
}

impl Heard {
    fn take(&mut self, names: Vec<String>, bytes: u64) -> u64 {
        if !names.is_empty() {
            self.last_us = now_us();
            if self.first_us == 0 {
                self.first_us = self.last_us;
            }
        }
        self.calls += 1;
        self.bytes += bytes;
        self.reports += names.len() as u64;
        for name in names {
            self.repeated += u64::from(!self.seen.insert(name));
        }
        self.seen.len() as u64
    }
}

impl Sink {
    fn begin_slice(&self) {
        let mut heard = self.heard();
        let (seen, repeated) = (std::mem::take(&mut heard.seen), heard.repeated);
        *heard = Heard { seen, repeated, ..Heard::default() };
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        // Plain counts: a reader that panicked cannot have left them half written.
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Heard, names};

    #[test]
    fn reports_are_counted_once_and_repeats_apart() {
        let body = br#"[{"eventDataId":"M4V1-4000","data":{}},{"data":{},"eventDataId":"M4V2-4000"}]"#;
        let mut heard = Heard::default();
        assert_eq!(heard.take(names(body), 80), 2);
        assert_eq!((heard.take(names(body), 80), heard.repeated, heard.calls, heard.bytes), (2, 2, 2, 160));
        assert_eq!(names(b"[]").len() + names(b"\xff").len(), 0);
    }
}
