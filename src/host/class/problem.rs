//! Problem documents (RFC 9457) of the class, in the words of the API, which explains them all.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A problem document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub kind: Kind,
    /// What was found and what was expected, this time.
    pub detail: String,
}

/// A kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The stable last part of its `type`.
    pub slug: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What it is, in Korean.
    pub ko: &'static str,
    /// What it is, in English.
    pub en: &'static str,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $status:literal, $ko:literal, $en:literal;)*) => {
        $($(#[$doc])* pub const $name: Kind = Kind { slug: $slug, status: $status, ko: $ko, en: $en };)*

        /// All kinds.
        pub const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    /// Nobody has opened a class.
    NO_CLASS = "no-class", 409, "열린 수업이 없습니다", "no class is open";
    /// One is open already.
    CLASS_OPEN = "class-open", 409, "이미 수업이 열려 있습니다", "a class is open already";
    /// It is another code.
    WRONG_CODE = "wrong-code", 403, "수업 코드가 다릅니다", "the class has another code";
    /// Every seat is taken.
    CLASS_FULL = "class-full", 409, "자리가 모두 찼습니다", "every seat is taken";
    /// Somebody has it.
    NICKNAME_TAKEN = "nickname-taken", 409, "다른 사람이 쓰는 별명입니다", "somebody has this nickname";
    /// It cannot be shown in a line.
    BAD_NICKNAME = "bad-nickname", 422, "쓸 수 없는 별명입니다", "this cannot be a nickname";
    /// Nobody sits there.
    UNKNOWN_SEAT = "unknown-seat", 401, "없는 자리입니다. 다시 들어와 주세요", "nobody sits there, join again";
    /// Nobody has that number.
    UNKNOWN_MEMBER = "unknown-member", 404, "수업에 없는 사람입니다", "nobody of that number is in the class";
    /// The teacher keeps it back.
    NOT_REVEALED = "not-revealed", 409, "선생님이 아직 공개하지 않았습니다", "the teacher has not revealed it yet";
    /// No question is open.
    NOT_ASKED = "not-asked", 409, "선생님이 아직 묻지 않았습니다", "the teacher has not asked";
    /// The questions of a run are bounded.
    TOO_MANY_QUESTIONS = "too-many-questions", 409, "한 실행에서 더 물을 수 없습니다", "no more questions in this run";
    /// Nothing goes on.
    NO_RUN = "no-run", 409, "진행 중인 실행이 없습니다", "no run is going on";
    /// The body is not JSON.
    INVALID_JSON = "invalid-json", 400, "JSON이 아닙니다", "not JSON";
    /// The JSON, or the address, says something impossible.
    INVALID_REQUEST = "invalid-request", 400, "요청 내용이 잘못되었습니다", "the request says something impossible";
    /// The query is impossible.
    INVALID_QUERY = "invalid-query", 400, "주소의 질의가 잘못되었습니다", "the query says something impossible";
    /// The body is too large.
    BODY_TOO_LARGE = "body-too-large", 413, "요청이 너무 큽니다", "the body is too large";
    /// The body is of another type.
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", 415, "지원하지 않는 형식입니다", "media type not supported";
    /// Too many tries.
    TOO_MANY_REQUESTS = "too-many-requests", 429, "요청이 너무 잦습니다. 잠시 후 다시 시도해 주세요", "too many writes a second, slow down";
    /// Too many at once.
    OVERLOADED = "overloaded", 503, "잠시 후 다시 시도해 주세요", "too many at once";
    /// Something of this machine failed.
    FAILED = "failed", 500, "처리하지 못했습니다", "it could not be done";
}

impl Problem {
    /// A problem with its particulars.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        Problem { kind, detail: detail.into() }
    }

    /// Its `type`.
    pub fn address(&self) -> String {
        format!("/problems/{}", self.kind.slug)
    }

    /// Nobody has opened a class.
    pub fn no_class() -> Problem {
        Problem::new(NO_CLASS, "a teacher opens one at /class")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Kind { status, ko, en, .. } = self.kind;
        let document = json!({
            "type": self.address(), "title": en, "title_ko": ko, "status": status, "detail": self.detail,
        });
        let status = StatusCode::from_u16(status).expect("the table has HTTP statuses only");
        let mut response = (status, document.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.kind.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if matches!(self.kind.status, 429 | 503) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("6"));
        }
        response
    }
}
