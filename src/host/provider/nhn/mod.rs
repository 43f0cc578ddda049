//! NHN Cloud KakaoTalk Bizmessage v2.3, with the SMS v3.0 that its senders use when they fall back by themselves.
//!
//! | code | HTTP | when |
//! |---|---|---|
//! | 0 | 200 | accepted, or found; accepted is not delivered |
//! | 4 | 200 | the request cannot be read, or a field is not what it should be |
//! | -1000, -1001 | 200 | no such app key; the secret key is not its own |
//! | -1003 | 200 | no number that could send a text message |
//! | -1005 | 200 | the same `X-NC-API-IDEMPOTENCY-KEY` within ten minutes |
//! | -2001, -2004 | 200 | a field is blank; a list or text is too long |
//! | -2502 | 200 | alternative sending is asked for, and nobody has said from which number |
//! | -9998, -9429 | 503, 429 | bongsu's own numbers: out of service, too many requests; with `Retry-After` |
//!
//! Source: TOAST-DOCS/Alimtalk, `ko/error-code.md`, `ko/alimtalk-api-guide.md` (2026-06). Odd rules, from the same pages:
//!
//! - Every error but a fault is HTTP 200 with `isSuccessful: false` (assumed: the pages name no status).
//! - `resendParameter.isResend` decides for each recipient; without it the sender profile's default does, so somebody
//!   who never wrote the word "resend" may send text messages.
//! - Alternative text that is too long is cut, not refused; text that a carrier cannot carry fails.
//! - Success is result code 1000 here, where Kakao's own raw list has 0000.
//! - The webhook tells of the Kakao result alone; what became of the text message is asked for.
//!
//! In reading order: `answer` has the envelope, `number` the ids, `note` what the books keep, `send` takes messages, `resend` words the alternative,
//! `result` reads the books, `query` is asked for what `paging` reads, `failback` and `templates` are the console's side, `sms` the other
//! product, `hook` the webhook.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response};
use axum::routing::{any, delete, get, post};

use crate::host::provider::Providers;
use crate::host::provider::body::unwanted;
use crate::host::provider::once::Once;

mod answer;
mod number;
mod note;
mod send;
mod resend;
mod result;
mod paging;
mod query;
mod failback;
mod templates;
mod sms;
pub mod hook;

use answer::{Fault, reply};

/// The word of its calls in the books.
pub const CONTRACT: &str = "nhn";
/// The word of the other product's calls.
pub const SMS: &str = "nhn-sms";

/// What its handlers share.
pub struct Nhn {
    providers: Arc<Providers>,
    once: Arc<Once>,
    /// What happens without a `resendParameter`, by app key and sender key. At most [`failback::PROFILES_MAX`].
    failback: Mutex<BTreeMap<(String, String), failback::Default>>,
}

/// The routes.
pub fn router(providers: Arc<Providers>) -> Router {
    let once = Once::new(CONTRACT, &providers.accounts, |note| {
        let note: note::CallNote = note::read(note);
        Some((note.app, note.once?))
    });
    let nhn = Arc::new(Nhn { providers, once, failback: Mutex::default() });
    let mut router = Router::new();
    for keys in ["appkeys", "appKeys"] {
        let at = |path: &str| format!("/alimtalk/v2.3/{keys}/{{appkey}}{path}");
        for (class, auth) in [("", false), ("/auth", true)] {
            let take = move |raw| send::Way { raw, auth };
            router = router
                .route(
                    &at(&format!("{class}/messages")),
                    get(query::list).post(move |s, p, h, b, body| send::take(take(false), s, p, h, b, body)),
                )
                .route(
                    &at(&format!("{class}/raw-messages")),
                    post(move |s, p, h, b, body| send::take(take(true), s, p, h, b, body)),
                )
                .route(&at(&format!("{class}/messages/{{request}}")), delete(query::cancel))
                .route(&at(&format!("{class}/messages/{{request}}/{{seq}}")), get(query::one));
        }
        router = router
            .route(&at("/message-results"), get(query::results))
            .route(&at("/message-results/count"), get(query::count))
            .route(&at("/failback"), post(failback::set).put(failback::set).get(failback::all))
            .route(&at("/senders/{sender}/templates"), get(templates::list))
            .route(&at("/templates"), get(templates::list))
            .route(&at("/senders/{sender}/templates/{code}"), get(templates::one));
        let sms = |path: &str| format!("/sms/v3.0/{keys}/{{appkey}}/sender/{path}");
        for kind in ["sms", "mms"] {
            let long = kind == "mms";
            router = router
                .route(&sms(kind), get(sms::list).post(move |s, p, h, b, body| sms::take(long, s, p, h, b, body)))
                .route(&sms(&format!("{kind}/{{request}}")), get(sms::one));
        }
    }
    for product in ["alimtalk", "sms"] {
        router = router.route(&format!("/{product}/{{*rest}}"), any(nowhere));
    }
    router.method_not_allowed_fallback(no_method).with_state(nhn)
}

/// An address of the vendor's that is none, or that is not covered here.
async fn nowhere(request: Request) -> Response<Body> {
    unwanted(request).await;
    reply(Err(Fault::nowhere()))
}

async fn no_method(request: Request) -> Response<Body> {
    unwanted(request).await;
    reply(Err(Fault::method()))
}

impl Nhn {
    /// Whether a call in the books is one of this app key.
    fn owns(&self, appkey: &str, of: &note::CallNote) -> bool {
        self.providers.accounts.owns(appkey, &of.app)
    }

    /// Whether a request may be here at all.
    fn admit(&self, appkey: &str, headers: &HeaderMap) -> Result<(), Fault> {
        let account = self.providers.accounts.find(appkey).ok_or(Fault::new(-1000, "Invalid appKey."))?;
        let secret = headers.get("x-secret-key").and_then(|value| value.to_str().ok());
        if secret == Some(account.secret.as_str()) { Ok(()) } else { Err(Fault::new(-1001, "Invalid secretKey.")) }
    }
}
