//! Who calls: `Authorization: HMAC-SHA256 apiKey=K, date=D, salt=S, signature=hex(HMAC-SHA256(secret, D + S))`.
//!
//! `solapi/documents`, authentication/api-key.md: the clock may be off by fifteen minutes, and a signature is good once
//! in that time. The names of the parts come in either case: Python writes `ApiKey`, Node `apiKey`. The clock is the
//! real one, because clients sign with theirs. HMAC-MD5, which the document allows too, is not taken.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::host::provider::accounts::Accounts;
use crate::host::provider::body::unwanted;
use crate::host::provider::signature::is_hex;
use crate::host::provider::solapi::Solapi;
use crate::host::provider::solapi::problem::Problem;

/// How far a clock may be off, and how long a signature is remembered, in seconds.
const SKEW_S: i64 = 15 * 60;
/// Signatures remembered at one time; over it the oldest is forgotten, so that a flood costs no memory.
const SEEN_MAX: usize = 200_000;

/// Who signed a request: the key of their account. Every request that was let through carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller(pub String);

/// Signatures that were used in the last fifteen minutes.
#[derive(Debug, Default)]
pub struct Seen {
    when: BTreeMap<String, i64>,
    order: BTreeMap<(i64, u64), String>,
    count: u64,
}

impl Seen {
    /// Remembers a signature; `false` if it was there already.
    pub fn fresh(&mut self, signature: &str, now_s: i64) -> bool {
        while let Some(((at, _), _)) = self.order.first_key_value() {
            if *at >= now_s - SKEW_S && self.order.len() < SEEN_MAX {
                break;
            }
            if let Some((_, old)) = self.order.pop_first() {
                self.when.remove(&old);
            }
        }
        let signature = signature.to_ascii_lowercase();
        if self.when.contains_key(&signature) {
            return false;
        }
        self.count += 1;
        self.order.insert((now_s, self.count), signature.clone());
        self.when.insert(signature, now_s);
        true
    }
}

/// Lets a request through that is signed as it should be.
pub async fn check(State(solapi): State<Arc<Solapi>>, mut request: Request, next: Next) -> Response {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let now_s = Timestamp::now().as_second();
    let (caller, signature) = match judge(&solapi.providers.accounts, header, now_s) {
        Ok(signature) => signature,
        Err(problem) => {
            unwanted(request).await;
            return problem.into_response();
        }
    };
    let fresh = solapi.signatures.lock().unwrap_or_else(PoisonError::into_inner).fresh(&signature, now_s);
    if !fresh {
        unwanted(request).await;
        let (ko, en) = ("이미 사용된 서명입니다.", "this signature was used already");
        return Problem::forbidden("DuplicatedSignature", ko, en).into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// Who signed, and the signature of a header, if it is one.
pub fn judge(accounts: &Accounts, header: &str, now_s: i64) -> Result<(Caller, String), Problem> {
    let no_key = || {
        let en = "expected Authorization: HMAC-SHA256 apiKey=.., date=.., salt=.., signature=.. with a known key";
        Problem::forbidden("InvalidAPIKey", "유효한 API Key가 아닙니다.", en)
    };
    let wrong =
        || Problem::forbidden("SignatureDoesNotMatch", "서명이 일치하지 않습니다.", "the signature does not match");
    let (method, parts) = header.split_once(' ').ok_or_else(no_key)?;
    let parts: BTreeMap<String, &str> = parts
        .split(',')
        .filter_map(|part| part.trim().split_once('='))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()))
        .collect();
    let part = |name: &str| parts.get(name).copied().unwrap_or_default();
    let account = accounts.find(part("apikey")).ok_or_else(no_key)?;
    if !method.eq_ignore_ascii_case("HMAC-SHA256") || !(12..=64).contains(&part("salt").len()) {
        return Err(wrong());
    }
    let date: Timestamp = part("date").parse().map_err(|_| wrong())?;
    if (date.as_second() - now_s).abs() > SKEW_S {
        let (ko, en) = ("요청 시각이 15분 넘게 다릅니다.", "the date is off by more than fifteen minutes");
        return Err(Problem::forbidden("RequestTimeTooSkewed", ko, en));
    }
    let text = format!("{}{}", part("date"), part("salt"));
    if is_hex(&account.secret, text.as_bytes(), part("signature")) {
        Ok((Caller(account.key.clone()), part("signature").to_owned()))
    } else {
        Err(wrong())
    }
}
