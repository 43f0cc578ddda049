//! Reading what a client sends: bounded in size, in time, and in type, with a problem document for each.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use crate::host::api::problem::{Kind, Problem};

/// Longest body, in bytes.
pub const BODY_MAX: usize = 1 << 20;
/// Longest time for a body to arrive: a little less than the connection has, so that it is answered what went wrong.
pub const BODY_TIME_MAX: Duration = Duration::from_secs(9);

/// The part of an address that names something.
pub struct Name(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Name, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(name)) => Ok(Name(name)),
            Err(error) => Err(Problem::new(Kind::InvalidRequest, error.body_text())),
        }
    }
}

/// A JSON body. Unknown members are the type's business.
pub async fn json<T: DeserializeOwned>(request: Request) -> Result<T, Problem> {
    parsed(&bytes(request, &["application/json"]).await?)
}

/// The value in a JSON text, which has to be an object: a list of values in the order of our members is none of ours.
pub fn parsed<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    if text.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::new(Kind::InvalidRequest, "expected an object, found a list"));
    }
    serde_json::from_slice(text).map_err(|error| {
        let kind = if error.is_data() { Kind::InvalidRequest } else { Kind::InvalidJson };
        Problem::new(kind, error.to_string())
    })
}

/// A body of one of these types.
pub async fn bytes(request: Request, types: &[&str]) -> Result<Bytes, Problem> {
    let found = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = found.split(';').next().unwrap_or("").trim();
    if !types.iter().any(|known| essence.eq_ignore_ascii_case(known)) {
        let found = if found.is_empty() { "no Content-Type".to_owned() } else { format!("'{found}'") };
        return Err(Problem::new(
            Kind::UnsupportedMediaType,
            format!("expected {}, found {found}", types.join(" or ")),
        ));
    }
    match timeout(BODY_TIME_MAX, Limited::new(request.into_body(), BODY_MAX).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Err(Problem::new(Kind::BodyTooLarge, format!("more than {BODY_MAX} bytes")))
        }
        Ok(Err(error)) => Err(Problem::new(Kind::InvalidRequest, format!("the body broke off: {error}"))),
        Err(_) => Err(Problem::new(Kind::BodyTimeout, format!("not there after {} s", BODY_TIME_MAX.as_secs()))),
    }
}

/// The query of an address.
pub fn query<T: DeserializeOwned>(request: &axum::http::Request<Body>) -> Result<T, Problem> {
    match Query::try_from_uri(request.uri()) {
        Ok(Query(query)) => Ok(query),
        Err(error) => Err(Problem::new(Kind::InvalidQuery, error.body_text())),
    }
}
