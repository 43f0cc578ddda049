//! Bizgo Comm v1: an ordered flow of messages for up to 200 people, reports by polling, inquiry or webhook.
//!
//! | code | HTTP | when |
//! |---|---|---|
//! | A000 | 200 | accepted; accepted is not delivered |
//! | A401 | 401 | the `Authorization` header is no key (gateway layer) |
//! | A010, A011 | 400 | no JSON; JSON that is no request |
//! | A301 | 200 | for each recipient: taken already under this `idempotencyKey` |
//! | A306 | 200 | for one recipient: a number that nobody here has |
//! | A308, A309 | 400 | key empty or too long; no `idempotencyTtl`, or one over a day |
//! | A318 | 400 | more than 200 recipients |
//! | A325 | 400 | a channel that is not simulated (rcs, brandmessage, navertalk, international) |
//! | A327, A328, A303 | 400 | no number to send from; text too long; no text |
//! | A501, A526 | 400 | `responseMethod`; `timeout` outside 10 to 86,400 s |
//! | A502, A505, A523 | 400 | sender key; template; a full text without `msgType` |
//! | A802 | 403 | no such report to acknowledge |
//! | A020 | 429 | too many requests (a fault), with `Retry-After` |
//! | A920 | 503 | out of service (a fault), with `Retry-After` |
//!
//! Source: PyPI `bizgo-sdk-comm` 1.2.0, its code table and models. Odd rules, from the same place:
//!
//! - `responseMethod: push`, the default, is success for any active user, no receipt awaited; `polling` waits for one
//!   and says `ME09` (success uncertain) without. ME09 is no failure: the flow stops there (assumed), so nobody gets the
//!   same words twice by it, and somebody may get nothing.
//! - The same key again is HTTP 200, and every recipient has A301.
//! - A report that was polled comes again until it is acknowledged.
//! - A webhook is taken when its answer repeats the `msgKey`, within five seconds, else it comes again: three in all.
//!
//! In reading order: `answer` has the envelope, `key` the message keys, `flow` words the steps, `send` takes messages,
//! `report` reads the books, `polling` and `inquiry` are asked, `hook` is the webhook.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Response};
use axum::routing::{any, delete, get, post};

use crate::host::provider::Providers;
use crate::host::provider::accounts::Account;
use crate::host::provider::body::unwanted;
use crate::host::provider::once::Once;

mod answer;
mod key;
mod flow;
mod send;
mod report;
mod polling;
mod inquiry;
pub mod hook;

use answer::{Fault, reply};

/// The word of its calls in the books.
pub const CONTRACT: &str = "bizgo";

/// What its handlers share.
pub struct Bizgo {
    providers: Arc<Providers>,
    once: Arc<Once>,
    /// What each account has polled, by its key.
    polling: Mutex<BTreeMap<String, polling::Polling>>,
}

/// The routes.
pub fn router(providers: Arc<Providers>) -> Router {
    let once = Once::new(CONTRACT, &providers.accounts, |note| {
        let note = send::CallNote::read(note);
        Some((note.account, note.once?))
    });
    let bizgo = Arc::new(Bizgo { providers, once, polling: Mutex::default() });
    Router::new()
        .route("/api/comm/v1/send/omni", post(send::take))
        .route("/api/comm/v1/report/polling", get(polling::poll))
        .route("/api/comm/v1/report/polling/{report}", delete(polling::acknowledge))
        .route("/api/comm/v1/report/inquiry/{key}", get(inquiry::one))
        .route("/api/comm/{*rest}", any(nowhere))
        .method_not_allowed_fallback(no_method)
        .with_state(bizgo)
}

/// An address of the vendor's that is none, or that is not covered here.
async fn nowhere(request: Request) -> Response<Body> {
    unwanted(request).await;
    reply("none", Err(Fault::nowhere()))
}

async fn no_method(request: Request) -> Response<Body> {
    unwanted(request).await;
    reply("none", Err(Fault::method()))
}

impl Bizgo {
    /// Whose request it is, if it may be here at all: the header is the key itself.
    fn admit(&self, headers: &HeaderMap) -> Result<&Account, Fault> {
        let key = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or("");
        self.providers.accounts.find(key).ok_or_else(Fault::stranger)
    }
}
