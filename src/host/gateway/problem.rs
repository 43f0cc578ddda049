//! Problem documents (RFC 9457): what the gateway answers over plain HTTP when it cannot do what was asked.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A problem document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem.
    pub kind: Kind,
    /// What was found and what was expected, this time.
    pub detail: String,
}

/// A kind of problem, in the words of the API, which explains them all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The stable last part of its `type`, as in `/problems/unknown-network`.
    pub slug: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What it is, in Korean.
    pub ko: &'static str,
    /// What it is, in English.
    pub en: &'static str,
}

/// No run is going on, so there is no network to connect to.
pub const NO_RUN: Kind = kind("no-run", 409, "진행 중인 실행이 없습니다", "no run is going on");
/// A fault keeps the network shut.
pub const NETWORK_DOWN: Kind = kind("network-down", 503, "망에 접속할 수 없습니다", "the network is down");
/// No such network.
pub const UNKNOWN_NETWORK: Kind = kind("unknown-network", 404, "없는 망입니다", "unknown network");
/// Nobody's number.
pub const UNKNOWN_PHONE: Kind =
    kind("unknown-phone", 404, "이 실행에 없는 번호입니다", "no such phone number in this run");
/// An impossible question.
pub const BAD_QUERY: Kind =
    kind("invalid-query", 400, "주소의 질의가 잘못되었습니다", "the query says something impossible");
/// A handshake for something else.
pub const BAD_HANDSHAKE: Kind = kind("bad-handshake", 400, "잘못된 핸드셰이크입니다", "not a handshake for bongsu.v1");
/// No handshake at all.
pub const UPGRADE_REQUIRED: Kind =
    kind("upgrade-required", 426, "웹소켓 핸드셰이크가 필요합니다", "a WebSocket handshake is needed");
/// A stranger's `Host`.
pub const HOST_NOT_ALLOWED: Kind = kind("host-not-allowed", 403, "허용되지 않은 Host입니다", "host not allowed");
/// A stranger's `Origin`.
pub const ORIGIN_NOT_ALLOWED: Kind =
    kind("origin-not-allowed", 403, "허용되지 않은 Origin입니다", "origin not allowed");
/// A body that says itself that it is too large.
pub const BODY_TOO_LARGE: Kind = kind("body-too-large", 413, "요청이 너무 큽니다", "the body is too large");
/// The echo for foreign test suites is taken.
pub const NO_PLACE: Kind = kind("no-place", 503, "남은 자리가 없습니다", "no place left");

/// All kinds.
pub const ALL: [Kind; 11] = [
    NO_RUN,
    NETWORK_DOWN,
    UNKNOWN_NETWORK,
    UNKNOWN_PHONE,
    BAD_QUERY,
    BAD_HANDSHAKE,
    UPGRADE_REQUIRED,
    HOST_NOT_ALLOWED,
    ORIGIN_NOT_ALLOWED,
    BODY_TOO_LARGE,
    NO_PLACE,
];

const fn kind(slug: &'static str, status: u16, ko: &'static str, en: &'static str) -> Kind {
    Kind { slug, status, ko, en }
}

impl Problem {
    /// A problem with its particulars.
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        Problem { kind, detail: detail.into() }
    }

    /// No run is going on, so there is no network to connect to.
    pub fn no_run() -> Problem {
        Problem::new(NO_RUN, "start a run with POST /v1/runs first")
    }

    /// The network is down. It does not say for how long: nobody would know that.
    pub fn network_down(network: &str) -> Problem {
        Problem::new(NETWORK_DOWN, format!("the {network} network takes no connections"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Kind { slug, status, ko, en } = self.kind;
        let document = serde_json::json!({
            "type": format!("/problems/{slug}"),
            "title": en,
            "title_ko": ko,
            "status": status,
            "detail": self.detail,
        });
        let json = HeaderValue::from_static("application/problem+json");
        let status = StatusCode::from_u16(status).expect("the table has HTTP statuses only");
        (status, [(header::CONTENT_TYPE, json)], document.to_string()).into_response()
    }
}
