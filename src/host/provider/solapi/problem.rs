//! Errors of a whole request: `{"errorCode", "errorMessage"}`, the sentence in Korean and in English.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::host::provider::body::Unread;
use crate::host::provider::reception::Closed;
use crate::host::provider::refused::Refused;
use crate::host::provider::solapi::CONTRACT;

/// Why a request as a whole gets no proper answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// The vendor's word.
    pub code: &'static str,
    /// Both sentences.
    pub words: String,
    /// What `Retry-After` says, in seconds.
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// An error of that status and code.
    pub fn new(status: u16, code: &'static str, ko: &str, en: &str) -> Problem {
        Problem { status, code, words: format!("{ko} / {en}"), retry_after_s: None }
    }

    /// A request that cannot be read.
    pub fn invalid(ko: &str, en: &str) -> Problem {
        Problem::new(400, "ValidationError", ko, en)
    }

    /// No such group, message or template.
    pub fn missing(ko: &str, en: &str) -> Problem {
        Problem::new(404, "ResourceNotFound", ko, en)
    }

    /// An address that is none.
    pub fn nowhere() -> Problem {
        Problem::missing("그런 주소가 없습니다.", "no such address")
    }

    /// A method that an address does not take.
    pub fn method() -> Problem {
        let (ko, en) = ("이 주소에서 쓸 수 없는 메서드입니다.", "this address does not take this method");
        Problem::new(405, "MethodNotAllowed", ko, en)
    }

    /// A 403 of the signature.
    pub fn forbidden(code: &'static str, ko: &str, en: &str) -> Problem {
        Problem::new(403, code, ko, en)
    }
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Problem {
        let code = match unread {
            Unread::TooLarge => "RequestBodyTooLarge",
            Unread::Slow => "RequestTimeout",
            Unread::Cut => "ValidationError",
            Unread::Encoded(_) => "UnsupportedMediaType",
        };
        let (ko, en) = unread.words();
        Problem::new(unread.status(), code, &ko, &en)
    }
}

impl From<Closed> for Problem {
    fn from(closed: Closed) -> Problem {
        let code = match closed {
            Closed::NoRun | Closed::OutOfService | Closed::Busy => "ServiceUnavailable",
            Closed::TooMany => "TooManyRequests",
        };
        let (ko, en) = closed.words();
        Problem { retry_after_s: Some(closed.retry_after_s()), ..Problem::new(closed.status(), code, ko, en) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = Json(json!({ "errorCode": self.code, "errorMessage": self.words }));
        let mut response = (status, body).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // Only what comes back by itself says when.
        let refused = if self.retry_after_s.is_some() { Refused::closed } else { Refused::whole };
        refused(CONTRACT, self.code).mark(&mut response);
        response
    }
}
