//! Reading what a browser sends: small, JSON, and an object.

use axum::extract::Request;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;

use crate::host::class::code::SeatKey;
use crate::host::class::problem::{self, Problem};

/// Longest body, in bytes. How long it may take is the connection's business.
pub const BODY_MAX: usize = 4_096;

/// A JSON object.
pub async fn json<T: DeserializeOwned>(request: Request) -> Result<T, Problem> {
    let found = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if !found.split(';').next().unwrap_or("").trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::new(problem::UNSUPPORTED_MEDIA_TYPE, "expected application/json"));
    }
    let too_large = |_| Problem::new(problem::BODY_TOO_LARGE, format!("expected at most {BODY_MAX} bytes"));
    let body = Limited::new(request.into_body(), BODY_MAX).collect().await.map_err(too_large)?.to_bytes();
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::new(problem::INVALID_REQUEST, "expected an object, found a list"));
    }
    serde_json::from_slice(&body).map_err(|error| {
        let kind = if error.is_data() { problem::INVALID_REQUEST } else { problem::INVALID_JSON };
        Problem::new(kind, error.to_string())
    })
}

/// The key of the seat that asks: `Authorization: Bearer KEY`.
pub fn key(headers: &HeaderMap) -> Result<SeatKey, Problem> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = given.and_then(|value| value.strip_prefix("Bearer ")).and_then(SeatKey::read);
    key.ok_or_else(|| Problem::new(problem::UNKNOWN_SEAT, "expected 'Authorization: Bearer <key of a seat>'"))
}

/// A line of text: something in it, and not more than that.
pub fn line(what: &str, text: &str, most: usize) -> Result<String, Problem> {
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let chars = text.chars().count();
    if (1..=most).contains(&chars) {
        return Ok(text);
    }
    Err(Problem::new(problem::INVALID_REQUEST, format!("{what}: expected 1 to {most} characters, found {chars}")))
}
