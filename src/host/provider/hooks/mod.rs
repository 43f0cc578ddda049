//! Webhooks: what the books come to know is told to the application, at its own address, until it says that it heard.
//!
//! One task follows the run that goes on. A contract says what a report looks like, when it is due, what counts as
//! heard, and how often it is tried ([`Reports`]). The queue is the books themselves: a cursor over their news, and at
//! most [`IN_FLIGHT_MAX`] requests on their way, so a sink that never answers costs no memory. After a crash the books
//! are rebuilt, and whatever no application has heard is told again: at least once, never lost. Intervals are simulated
//! time, so at x60 five minutes take five seconds; where applications lease the time, it
//! stands while a report is under way, and the intervals are real.
//!
//! Addresses are loopback only.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use crate::host::control::books::{Books, Place};
use crate::host::control::run::Run;
use crate::host::provider::Providers;
use crate::sim::engine::call::Ear;
use crate::sim::model::code::Code;
use crate::sim::model::event::Claim;
use crate::sim::model::ids::AttemptId;

pub mod post;

use post::{Sink, SinkError};

/// Requests on their way at one time.
pub const IN_FLIGHT_MAX: usize = 64;
/// News looked at in one go.
const LOT_MAX: usize = 2_000;

/// One request to the application's address.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its body.
    pub body: Bytes,
    /// Its headers, `content-type` included.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What the application has heard once it took this.
    pub tells: Vec<(AttemptId, Claim, Code)>,
}

/// How a contract tells.
pub trait Reports: Send + Sync {
    /// The word of the calls that are this contract's.
    fn contract(&self) -> &'static str;

    /// The requests that these news are worth, as the books stand now; news of which nothing is to be told yet give
    /// none.
    fn hooks(&self, providers: &Providers, run: &Run, news: &[Place]) -> Vec<Hook>;

    /// Whether the application has taken it.
    fn taken(&self, hook: &Hook, status: u16, body: &[u8]) -> bool;

    /// How long to wait before each further try; as many tries as rows, and the first.
    fn waits(&self) -> &'static [Duration];

    /// How long the application has for its answer.
    fn patience(&self) -> Duration;
}

/// Tells about every run of the process, one after the other, until the process ends.
pub async fn follow(providers: Arc<Providers>, contracts: Vec<Arc<dyn Reports>>) {
    let (mut shutdown, mut begun) = (providers.shutdown.clone(), providers.runs.begun());
    loop {
        let run = providers.run().filter(|run| run.paced);
        let told = async {
            match &run {
                Some(run) => tell_all(&providers, run, &contracts).await,
                None => drop(begun.changed().await),
            }
        };
        tokio::select! {
            () = shutdown.asked() => return,
            () = told => {}
        }
    }
}

/// Tells what becomes known in one run, until it has ended and everything was told or given up.
async fn tell_all(providers: &Arc<Providers>, run: &Arc<Run>, contracts: &[Arc<dyn Reports>]) {
    let (mut news, mut seen) = (run.news(), 0);
    let places = Arc::new(Semaphore::new(IN_FLIGHT_MAX));
    let sink = providers.receipts_to(run).and_then(|address| Sink::at(address).ok());
    // Where applications lease the time, it stands until every report was taken or given up.
    let attending = run.leases.as_ref().map(|leases| leases.attend());
    let mut going = JoinSet::new();
    loop {
        while going.try_join_next().is_some() {}
        news.mark_unchanged();
        let (looked_at, untold) = run.books(|books| untold(books, seen));
        if looked_at == 0 {
            // What came since the books were read is looked at in the next round.
            if !news.has_changed().unwrap_or(false) {
                attending.iter().for_each(|attending| attending.looked());
            }
            if run.outcome().is_some() {
                while going.join_next().await.is_some() {}
                return;
            }
            tokio::select! {
                _ = news.changed() => {}
                _ = run.ended() => {}
            }
            continue;
        }
        seen += looked_at;
        let Some(sink) = &sink else { continue };
        for contract in contracts {
            let mine = untold.iter().filter(|row| row.1 == contract.contract());
            let mine: Vec<Place> = mine.map(|row| row.0).collect();
            for hook in contract.hooks(providers, run, &mine) {
                // Waiting here is the bound: news stay in the books meanwhile.
                let place = places.clone().acquire_owned().await.expect("the semaphore is never closed");
                let (sink, run, contract) = (sink.clone(), run.clone(), contract.clone());
                let held = run.leases.as_ref().map(|leases| leases.in_flight("webhook"));
                going.spawn(async move {
                    deliver(&run, &sink, &*contract, hook).await;
                    drop((place, held));
                });
            }
        }
    }
}

/// How many of the news after the first `seen` were looked at, and those of which the application has not heard, each
/// with its contract. After a crash all news come again; what was heard then is in the books.
fn untold(books: &Books, seen: usize) -> (usize, Vec<(Place, String)>) {
    let lot = books.news(seen, LOT_MAX);
    let unheard = lot
        .iter()
        .filter(|place| books.step(**place).is_some_and(|step| step.told.map(|told| told.claim) != step.heard));
    let rows = unheard.filter_map(|place| Some((*place, books.call(place.call)?.contract.clone())));
    (lot.len(), rows.collect())
}

/// Sends one request until it is taken or given up.
async fn deliver(run: &Arc<Run>, sink: &Sink, contract: &dyn Reports, hook: Hook) {
    let mut waits = contract.waits().iter();
    loop {
        let answer = timeout(contract.patience(), sink.post(&hook)).await;
        let why = match answer {
            Ok(Ok((status, body))) if contract.taken(&hook, status, &body) => break,
            Ok(Ok((status, _))) => SinkError(format!("answered {status}")),
            Ok(Err(error)) => error,
            Err(_) => SinkError("no answer in time".to_owned()),
        };
        let Some(wait) = waits.next() else {
            tracing::warn!(run = %run.id, contract = contract.contract(), %why, "a webhook is given up");
            return;
        };
        let speed = run.status().speed.unwrap_or(1).max(1);
        sleep_until(Instant::now() + *wait / speed).await;
    }
    for (attempt, claim, code) in hook.tells {
        // A run that is over has nobody who would have to know.
        let _ = run.heard(attempt, claim, code, Ear::Webhook).await;
    }
}
