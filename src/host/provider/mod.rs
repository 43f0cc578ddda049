//! Providers 중계사: the HTTP contracts that senders in Korea speak, so that an application that exists already can be
//! pointed here unchanged.
//!
//! One folder a contract, and each is translation only: requests into messages of the engine's one model
//! (`sim::engine::call`), what the books know (`control::books`) into answers and reports. What all contracts need stands
//! in this folder: [`body`] reads what is sent; [`reception`] hands a request in and breaks its connection where a fault does; [`recipients`] and
//! [`templates`] find people and words; [`accounts`] knows the keys, [`senders`] the numbers, and [`signature`] signs; [`calendar`] says when; [`hooks`] calls webhooks;
//! [`once`] knows the keys of requests, [`ears`] what was heard, [`reply`] writes answers,
//! [`refused`] tells what they refuse. [`smtp`] alone is no HTTP, and
//! has a port of its own.
//! Nothing here decides what becomes of a message, and nothing leads to a carrier: numbers that could be dialled are
//! refused, and webhooks go to loopback only.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::host::control::run::Run;
use crate::host::control::runs::Runs;
use crate::host::shutdown::Shutdown;

pub mod accounts;
pub mod senders;
pub mod breaker;
pub mod calendar;
pub mod hooks;
pub mod signature;
pub mod body;
pub mod reception;
pub mod recipients;
pub mod templates;
pub mod once;
pub mod ears;
pub mod reply;
pub mod refused;
pub mod solapi;
pub mod nhn;
pub mod bizgo;
pub mod smtp;

use accounts::Accounts;
use hooks::Reports;
use senders::Senders;

/// Largest body of a request, in bytes: 10,000 recipients of an SDK that repeats everything take 2.7 MB.
pub const BODY_MAX: usize = 8 * 1_024 * 1_024;

/// What every contract's handlers share.
pub struct Providers {
    /// The runs of this process.
    pub runs: Runs,
    /// Who may call.
    pub accounts: Accounts,
    /// From which numbers texts may be sent.
    pub senders: Senders,
    /// Where reports go when the scenario names no address.
    pub receipts_to: Option<String>,
    /// Ends what was begun here.
    pub shutdown: Shutdown,
}

impl Providers {
    /// The run that applications outside are in: the one that goes on.
    pub fn run(&self) -> Option<Arc<Run>> {
        self.runs.current()
    }

    /// The run that goes on, or the last one that ended: what may be asked about.
    pub fn run_to_ask(&self) -> Option<Arc<Run>> {
        self.runs.current().or_else(|| self.runs.all().pop())
    }

    /// Where a run's reports go.
    pub fn receipts_to<'a>(&'a self, run: &'a Run) -> Option<&'a str> {
        run.plan.sender.receipts_to.as_deref().or(self.receipts_to.as_deref())
    }
}

/// How each contract tells an application what became of its messages.
pub fn reports() -> Vec<Arc<dyn Reports>> {
    vec![Arc::new(solapi::webhooks::Webhooks::default()), Arc::new(nhn::hook::Results), Arc::new(bizgo::hook::Results)]
}

/// The routes of all contracts.
pub fn router(providers: Arc<Providers>) -> Router {
    // A row a contract.
    let contracts =
        [solapi::router(providers.clone()), nhn::router(providers.clone()), bizgo::router(providers.clone())];
    let all = contracts.into_iter().fold(Router::new(), Router::merge);
    all.layer(from_fn_with_state(providers, refused::watch))
}
