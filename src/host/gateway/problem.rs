//! Problem documents (RFC 9457): what the gateway answers over plain HTTP when it cannot do what was asked.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A problem document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// The stable last part of its `type`, as in `/problems/unknown-network`.
    pub kind: &'static str,
    /// What kind of problem it is, in Korean and English; the same every time.
    pub title: &'static str,
    /// What was found and what was expected, this time.
    pub detail: String,
}

impl Problem {
    /// A problem with its particulars.
    pub fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Problem {
        Problem { status, kind, title, detail: detail.into() }
    }

    /// No run is going on, so there is no network to connect to.
    pub fn no_run() -> Problem {
        let title = "진행 중인 실행이 없음 (no run is going on)";
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "no-run", title, "start a run with POST /v1/runs first")
    }

    /// The network is down. It does not say for how long: nobody would know that.
    pub fn network_down(network: &str) -> Problem {
        let title = "망에 접속할 수 없음 (the network is down)";
        let detail = format!("the {network} network takes no connections");
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "network-down", title, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = serde_json::json!({
            "type": format!("/problems/{}", self.kind),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let json = HeaderValue::from_static("application/problem+json");
        (self.status, [(header::CONTENT_TYPE, json)], document.to_string()).into_response()
    }
}
