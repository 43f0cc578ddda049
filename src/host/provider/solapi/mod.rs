//! SOLAPI v4 (`api.solapi.com`, the same on `api.coolsms.co.kr`): one POST carries everything, and a text instead of the
//! alimtalk is sent unless the caller says no.
//!
//! Sources: the clients `solapi` 5.0.3 (PyPI) and 6.0.1 (npm) as seen on the line and read; the documents of the vendor
//! (github `solapi/documents`, 2022: authentication, status codes). What no source settles is a choice of bongsu's, and
//! docs/providers/solapi.md lists every one. The codes are in [`codes`]: `1xxx` refused when handed in, `2000` taken,
//! `3000` with Kakao or the carrier, `3xxx` failed there, `4000` done.
//!
//! Odd rules, each from a source:
//! - No `type` is needed: a `kakaoOptions.templateId` makes an alimtalk, else the length in CP949 decides.
//! - The switch of the fallback is negative: `kakaoOptions.disableSms`, and absent means that the text is sent.
//! - A repeated number within a request is refused (1026) unless `allowDuplicates`.
//! - Nothing makes a request idempotent: the same POST again is another message.
//! - `price` must be an object of objects, also where the vendor's own sample shows a list.
//!
//! Translation only. Deliberately not here: MMS, RCS, FAX, voice, brand messages (refused with 1025), HMAC-MD5.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, delete, get, post, put};

use crate::host::control::run::Run;
use crate::host::provider::Providers;
use crate::host::provider::body::unwanted;
use crate::host::provider::solapi::auth::Caller;
use crate::host::provider::solapi::problem::Problem;

pub mod codes;
pub mod problem;
pub mod auth;
pub mod ids;
pub mod message;
pub mod kept;
pub mod group_info;
pub mod changes;
pub mod drafts;
pub mod send;
pub mod groups;
pub mod stored;
pub mod account;
pub mod kakao;
pub mod webhooks;

/// The word of this contract, as scenarios write it.
pub const CONTRACT: &str = "solapi@4";

/// What the handlers of this contract share.
pub struct Solapi {
    /// What all contracts share.
    pub providers: Arc<Providers>,
    /// Signatures that were used.
    signatures: Mutex<auth::Seen>,
    /// Groups that are not sent yet.
    drafts: Mutex<drafts::Drafts>,
    /// What was done to templates since the program began.
    templates: Mutex<kakao::Edits>,
}

impl Solapi {
    /// Whether that account in a note is the caller's.
    pub fn owns(&self, caller: &Caller, noted: &str) -> bool {
        self.providers.accounts.owns(&caller.0, noted)
    }

    /// Reads or writes the groups of a run that are not sent yet; there are none of a run before the last.
    pub fn drafts(&self, run: &Run) -> Option<MutexGuard<'_, drafts::Drafts>> {
        let mut drafts = self.drafts.lock().unwrap_or_else(PoisonError::into_inner);
        drafts.turn_to(run).then_some(drafts)
    }
}

/// The routes.
pub fn router(providers: Arc<Providers>) -> Router {
    let solapi = Arc::new(Solapi {
        providers,
        signatures: Mutex::default(),
        drafts: Mutex::default(),
        templates: Mutex::default(),
    });
    groups::go_on(&solapi);
    let signed = Router::new()
        .route("/messages/v4/send-many/detail", post(send::detail))
        .route("/messages/v4/send-many", post(send::many))
        .route("/messages/v4/send", post(send::single))
        .route("/messages/v4/groups", post(groups::create).get(groups::list))
        .route("/messages/v4/groups/{id}", get(groups::one).delete(groups::remove))
        .route("/messages/v4/groups/{id}/messages", put(groups::add).get(stored::of_group).delete(groups::take_out))
        .route("/messages/v4/groups/{id}/send", post(groups::send))
        .route("/messages/v4/groups/{id}/schedule", post(groups::schedule).delete(groups::unschedule))
        .route("/messages/v4/list", get(stored::list))
        .route("/messages/v4/list-old", get(stored::list))
        .route("/cash/v1/balance", get(account::balance))
        .route("/storage/v1/files", post(account::store))
        .route("/kakao/v2/templates", get(kakao::templates).post(kakao::create))
        .route("/kakao/v2/templates/categories", get(kakao::categories))
        .route("/kakao/v2/templates/sendable", get(kakao::sendable))
        .route("/kakao/v2/templates/{id}", get(kakao::template).put(kakao::change).delete(kakao::erase))
        .route("/kakao/v2/templates/{id}/inspection", put(kakao::inspect))
        .route("/kakao/v2/templates/{id}/inspection/cancel", put(kakao::cancel))
        .route("/kakao/v2/templates/{id}/name", put(kakao::rename))
        .route("/kakao/v2/channels", get(kakao::channels).post(kakao::no_channel))
        .route("/kakao/v2/channels/categories", get(kakao::categories))
        .route("/kakao/v2/channels/token", post(kakao::token))
        .route("/kakao/v2/channels/{id}", delete(kakao::no_channel).get(kakao::channel))
        .method_not_allowed_fallback(no_method)
        .layer(from_fn_with_state(solapi.clone(), auth::check))
        .with_state(solapi.clone());
    let mut open = Router::new().route("/pricing/v1/messaging/default", get(account::prices));
    for product in ["messages", "cash", "pricing", "storage", "kakao"] {
        open = open.route(&format!("/{product}/{{*rest}}"), any(nowhere));
    }
    open.method_not_allowed_fallback(no_method).with_state(solapi).merge(signed)
}

/// An address of the vendor's that is none, or that is not covered here.
async fn nowhere(request: Request) -> Problem {
    unwanted(request).await;
    Problem::nowhere()
}

async fn no_method(request: Request) -> Problem {
    unwanted(request).await;
    Problem::method()
}
