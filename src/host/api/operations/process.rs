//! Operations about the process and its documents, not about any run.

use axum::routing::get;

use crate::host::api::operations::ANY;
use crate::host::api::problem::{self, Kind};
use crate::host::api::routes::{Content, Operation, Verb};
use crate::host::api::wire::ExplainedBody;
use crate::host::api::{asyncapi, attach, health, metrics, openapi};

/// The rows.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        verb: Verb::Get,
        path: "/attach/redirect.mjs",
        id: "getRedirectModule",
        ko: "node --import로 쓸 모듈: SDK를 고치지 않고 이리로 부르게 한다",
        en: "The module for node --import, by which an unchanged SDK calls here.",
        query: &[],
        body: None,
        answer: (200, Content::Text("text/javascript")),
        problems: &[],
        handler: || get(attach::module),
    },
    Operation {
        verb: Verb::Get,
        path: "/healthz",
        id: "isAlive",
        ko: "프로세스가 답한다",
        en: "The process answers.",
        query: &[],
        body: None,
        answer: (200, Content::Text("text/plain")),
        problems: &[],
        handler: || get(health::alive),
    },
    Operation {
        verb: Verb::Get,
        path: "/readyz",
        id: "isReady",
        ko: "실행과 단말을 받는다",
        en: "The process takes runs and phones.",
        query: &[],
        body: None,
        answer: (200, Content::Text("text/plain")),
        problems: &[Kind::ShuttingDown, Kind::JournalBroken],
        handler: || get(health::ready),
    },
    Operation {
        verb: Verb::Get,
        path: "/metrics",
        id: "getMetrics",
        ko: "프로메테우스 지표",
        en: "Gauges and counters, as Prometheus text.",
        query: &[],
        body: None,
        answer: (200, Content::Text("text/plain")),
        problems: &[],
        handler: || get(metrics::get),
    },
    Operation {
        verb: Verb::Get,
        path: "/openapi.json",
        id: "getOpenApi",
        ko: "이 API의 OpenAPI 문서",
        en: "This API, as OpenAPI 3.1.",
        query: &[],
        body: None,
        answer: (200, Content::Json(ANY)),
        problems: &[],
        handler: || get(openapi::get),
    },
    Operation {
        verb: Verb::Get,
        path: "/asyncapi.json",
        id: "getAsyncApi",
        ko: "웹소켓과 사건 흐름의 AsyncAPI 문서",
        en: "The WebSocket protocol and the event stream, as AsyncAPI 3.0.",
        query: &[],
        body: None,
        answer: (200, Content::Json(ANY)),
        problems: &[],
        handler: || get(asyncapi::get),
    },
    Operation {
        verb: Verb::Get,
        path: "/schema/scenario.v1.json",
        id: "getScenarioSchema",
        ko: "시나리오 파일의 JSON 스키마",
        en: "The JSON Schema of scenario files.",
        query: &[],
        body: None,
        answer: (200, Content::Json(ANY)),
        problems: &[],
        handler: || get(openapi::scenario_schema),
    },
    Operation {
        verb: Verb::Get,
        path: "/problems/{kind}",
        id: "explainProblem",
        ko: "문제 종류의 뜻",
        en: "What the type of a problem means.",
        query: &[],
        body: None,
        answer: (200, Content::Json(|schemas| schemas.subschema_for::<ExplainedBody>())),
        problems: &[Kind::NotFound],
        handler: || get(problem::explain),
    },
];
