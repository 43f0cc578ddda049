//! The gateway: the networks' sockets, where phones connect and where faults become real.
//!
//! A connection is accepted and spoken HTTP to by [`serve`], judged by `visitor` and, on `/ws/{network}`, by the
//! network's `gate`; then the socket is taken back (`line`) and becomes a `session`. What the engine transmits is appended
//! to a `mailbox` and queued in the session's `outbox`; `run`, which holds all of one run and obeys the engine's orders,
//! writes it there and then, as the `scribe` and `wire` put it, in one write for all that waits. The same thread, which
//! each run has for itself, hears what phones answer (`ear`, `hearing`, `reader`). What is not usual, like what a full
//! socket did not take, is left to the session's own task. One thing a client can rely on: messages after `since` come
//! once each, in sequence, however often the line breaks.
//!
//! The gateway decides nothing about the simulated world: who is refused, severed or shut out is the engine's order.
//! It knows no API route but `/ws/{network}` and `/v1/inbox`; the caller merges those into its router.

use std::convert::Infallible;
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::routing::get;
use tokio::sync::{mpsc, oneshot};

use crate::host::control::gauges::{Gauge, Sockets, Traffic};
use crate::host::link::{Board, GatewayEnd, Past, ToGateway};
use crate::host::shutdown::Shutdown;
use crate::sim::model::medium::Network;

pub mod words;
pub mod problem;
pub mod visitor;
pub mod cut;
pub mod wire;
pub mod serve;
mod dense;
mod gate;
mod chains;
mod mailbox;
pub mod frame;
mod scribe;
mod bell;
mod line;
mod outbox;
mod run;
mod pulse;
mod farewell;
mod inbound;
mod reader;
mod hearing;
mod ear;
mod session;
mod websocket;
pub mod echo;
mod inbox;
#[cfg(test)]
mod tests;

use ear::{Ear, List};
use run::Run;

/// The gateway of a process. It outlives runs: phones that come between two runs are told that there is none.
#[derive(Clone, Debug)]
pub struct Gateway {
    current: Arc<RwLock<Option<Arc<Run>>>>,
    traffic: Arc<Traffic>,
    shutdown: Shutdown,
    /// Whether each run has a thread of its own that writes and listens.
    apart: bool,
}

impl Gateway {
    /// A gateway without a run. The switch ends all its sessions. Each run will have a thread of its own beside the
    /// caller's runtime, which ends with it.
    pub fn new(shutdown: Shutdown) -> Gateway {
        Gateway { current: Arc::default(), traffic: Arc::default(), shutdown, apart: true }
    }

    /// The same on the caller's runtime alone, every session hearing for itself: for a few phones, or a clock that a test
    /// holds still.
    pub fn within(shutdown: Shutdown) -> Gateway {
        Gateway { apart: false, ..Gateway::new(shutdown) }
    }

    /// Its routes: `/ws/{network}` and `/v1/inbox`. The caller merges them into its own router and lays over it what
    /// middleware it likes (a token check, for one) before [`serve::serve`].
    pub fn router(&self) -> Router {
        Router::new()
            .route("/ws/{network}", get(websocket::connect))
            .route("/v1/inbox", get(inbox::read))
            .with_state(self.clone())
    }

    /// Opens the networks for a run, at once, and answers the task that obeys its orders until it ends and its sessions
    /// are told. Await it before the next run begins: a run that is under way is replaced.
    #[must_use = "the future obeys the run's orders"]
    pub fn play(&self, board: Arc<Board>, end: GatewayEnd) -> impl Future<Output = ()> + Send + 'static {
        self.resume(board, end, Past::default())
    }

    /// The same for a run that an earlier process began: its messages can be caught up on, its doors are as they were,
    /// and numbers of sessions and messages go on where they were.
    #[must_use = "the future obeys the run's orders"]
    pub fn resume(&self, board: Arc<Board>, end: GatewayEnd, past: Past) -> impl Future<Output = ()> + Send + 'static {
        let GatewayEnd { inputs, orders } = end;
        let ear = if self.apart { Ear::new().inspect_err(no_thread).ok() } else { None };
        let (run, list) = match ear {
            Some((ear, list)) => (Run::with_ear(board, inputs, past, ear), Some(list)),
            None => (Run::new(board, inputs, past), None),
        };
        let run = Arc::new(run.counting(Arc::clone(&self.traffic)));
        self.set(Some(Arc::clone(&run)));
        let gateway = self.clone();
        async move {
            obey(Arc::clone(&run), list, orders, gateway.shutdown.clone()).await;
            let mut current = gateway.current.write().unwrap_or_else(PoisonError::into_inner);
            if current.as_ref().is_some_and(|other| Arc::ptr_eq(other, &run)) {
                *current = None;
            }
        }
    }

    /// Phones that are logged in, by network; all zero without a run.
    pub fn phones(&self) -> [u32; Network::COUNT] {
        self.run().map_or([0; Network::COUNT], |run| run.phones())
    }

    /// Connections that a fault keeps hanging, by network.
    pub fn hanging(&self) -> [usize; Network::COUNT] {
        self.run().map_or([0; Network::COUNT], |run| Network::ALL.map(|network| run.gate(network).hanging()))
    }

    /// What the run's mailboxes keep in memory, in bytes, about; 0 without a run.
    pub fn mailbox_bytes(&self) -> u64 {
        self.run().map_or(0, |run| Network::ALL.iter().map(|network| run.log(*network).bytes()).sum())
    }

    fn run(&self) -> Option<Arc<Run>> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, run: Option<Arc<Run>>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = run;
    }
}

impl Gauge for Gateway {
    fn sockets(&self) -> Sockets {
        let (sessions, queued, deepest) = self.run().map_or(([0; Network::COUNT], 0, 0), |run| run.queues());
        let [handshakes, messages, receipts] = self.traffic.totals();
        Sockets {
            sessions,
            phones: self.phones().map(u64::from),
            hanging: self.hanging().map(|count| count as u64),
            queued,
            deepest,
            mailbox_bytes: self.mailbox_bytes(),
            handshakes,
            messages,
            receipts,
        }
    }
}

/// Obeys a run's orders, on a thread of its own if there is a list to listen to.
async fn obey(run: Arc<Run>, list: Option<List>, orders: mpsc::Receiver<Vec<ToGateway>>, shutdown: Shutdown) {
    let Some(list) = list else { return run.obey(orders, shutdown).await };
    let (done, mut end) = oneshot::channel::<Infallible>();
    let obeyed = Arc::clone(&run);
    let thread = std::thread::Builder::new().name("gateway".to_owned()).spawn(move || {
        obeyed.obey_and_listen(list, orders, shutdown);
        drop(done);
    });
    match thread {
        Ok(_) => tokio::select! {
            // The end of the thread is the end of its promise.
            _ = &mut end => {}
            never = run.report_refused_now_and_then() => match never {},
        },
        Err(error) => {
            no_thread(&error);
            run.finish(outbox::End::RunEnded);
        }
    }
}

fn no_thread(error: &std::io::Error) {
    tracing::warn!(%error, "the gateway has no thread of its own");
}
