//! The default of alternative sending for a sender profile: what the console, or `POST /failback`, has set.
//!
//! In memory: after a restart it is unset, as on the first day.

use std::sync::{Arc, PoisonError};

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::host::provider::body::{Sent, object};
use crate::host::provider::nhn::Nhn;
use crate::host::provider::nhn::answer::{Fault, reply, success};

/// Most sender profiles with a default; one more is refused.
pub const PROFILES_MAX: usize = 1_000;

/// What happens without a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Default {
    /// Whether a text message goes out.
    pub on: bool,
    /// From which number.
    pub from: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    sender_key: String,
    is_resend: bool,
    #[serde(default)]
    resend_send_no: String,
}

/// Sets the default of a sender profile.
pub async fn set(
    State(nhn): State<Arc<Nhn>>,
    Path(appkey): Path<String>,
    headers: HeaderMap,
    body: Sent,
) -> Response<Body> {
    let set = || {
        nhn.admit(&appkey, &headers)?;
        let wanted: Wanted = object(&body.0?).map_err(|error| Fault::unreadable(&error))?;
        if wanted.is_resend && !nhn.providers.senders.has(&wanted.resend_send_no) {
            return Err(Fault::new(-1003, "Invalid Sms Sendno"));
        }
        let mut defaults = nhn.failback.lock().unwrap_or_else(PoisonError::into_inner);
        let profile = (appkey.clone(), wanted.sender_key);
        if defaults.len() >= PROFILES_MAX && !defaults.contains_key(&profile) {
            return Err(Fault::of(4, "발신 프로필이 너무 많습니다", "too many sender profiles"));
        }
        defaults.insert(profile, Default { on: wanted.is_resend, from: wanted.resend_send_no });
        Ok(json!({ "header": success() }))
    };
    reply(set())
}

/// All defaults.
pub async fn all(State(nhn): State<Arc<Nhn>>, Path(appkey): Path<String>, headers: HeaderMap) -> Response<Body> {
    let all = || {
        nhn.admit(&appkey, &headers)?;
        let defaults = nhn.failback.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = defaults.iter().filter(|row| row.0.0 == appkey);
        let row = |((_, key), default): (&(String, String), &Default)| json!({ "senderKey": key, "isResend": default.on, "resendSendNo": default.from });
        let rows: Vec<Value> = mine.map(row).collect();
        Ok(json!({ "header": success(), "failbacks": rows }))
    };
    reply(all())
}
