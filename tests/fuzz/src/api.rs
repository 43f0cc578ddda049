//! The native API: any requests one after the other, over a server's router without its sockets.
//!
//! An input is a text: requests apart by an empty byte, each a line `METHOD PATH` and then its body. Each input has an API
//! of its own, on one thread and with a clock that jumps over every wait, so nothing outlives it and nothing is waited
//! for. Plans are kept small: how long a large run takes is not the question here.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, header};
use bongsu::cli::stage;
use bongsu::host::api::{self, Api};
use bongsu::host::control::run::Run;
use bongsu::host::control::runs::{Listing, Located, Outage, OutageListing, Runs, Start, StartError};
use bongsu::host::gateway::Gateway;
use bongsu::host::shutdown::shutdown;
use bongsu::host::stage::{House, Judgement, Over, Shelf};
use bongsu::sim::fault::Fault;
use bongsu::sim::model::words::Lang;
use bongsu::sim::plan::Plan;
use bongsu::sim::scenario::Scenario;
use bongsu::sim::time::{SimTime, Span};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::time::timeout;
use tower::ServiceExt;

/// Most requests of an input.
const REQUESTS_MAX: usize = 12;
/// Most of an answer that is looked at, in bytes; streams have no end.
const ANSWER_MAX: usize = 4 << 20;
/// How long an answer may take, by the clock that jumps.
const PATIENCE: Duration = Duration::from_secs(600);
/// Most people of a plan that is played.
const PEOPLE_MAX: u32 = 300;
/// The longest run that is played.
const STOP_MAX: Span = Span::from_hours(24);

/// The program's own shelf, as far as it holds small things.
struct Small(stage::House);

impl Shelf for Small {
    fn read(&self, start: &Start) -> Result<Scenario, StartError> {
        let scenario = self.0.read(start)?;
        let notices: u64 = scenario.plan.sends.iter().map(|send| u64::from(send.to.count)).sum();
        let small = scenario.plan.people() <= PEOPLE_MAX
            && scenario.plan.clock.stop <= SimTime::ZERO + STOP_MAX
            && notices <= 10 * u64::from(PEOPLE_MAX);
        if small { Ok(scenario) } else { Err(StartError::Unreadable(Vec::new())) }
    }

    fn read_resolved(&self, text: &[u8]) -> Result<Scenario, StartError> {
        self.0.read_resolved(text)
    }

    fn read_fault(&self, plan: &Plan, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>> {
        self.0.read_fault(plan, text, at)
    }

    fn read_outage(&self, run: &Run, outage: &Outage, at: SimTime) -> Result<Vec<Fault>, Vec<Located>> {
        self.0.read_outage(run, outage, at)
    }

    fn outages(&self) -> Vec<OutageListing> {
        self.0.outages()
    }

    fn as_played(&self, run: &Run) -> Result<String, Vec<Located>> {
        self.0.as_played(run)
    }

    fn scenarios(&self) -> Vec<Listing> {
        self.0.scenarios()
    }

    fn scenario_text(&self, name: &str) -> Result<String, StartError> {
        self.0.scenario_text(name)
    }

    fn judge(&self, over: Over<'_>) -> Judgement {
        self.0.judge(over)
    }
}

/// One input.
pub fn run(data: &[u8]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(serve(data));
}

async fn serve(data: &[u8]) {
    let (trigger, asked) = shutdown();
    let shelf = Arc::new(Small(stage::House { lang: Lang::En, told: None }));
    let gateway = Gateway::within(asked.clone());
    let house = House::new(shelf, gateway.clone(), None, asked.clone());
    let runs = Runs::default();
    let api = Arc::new(Api::new(runs.clone(), Arc::new(house.clone()), asked));
    let router = api::telling_methods(api::router(api).merge(gateway.router()));
    for text in data.split(|byte| *byte == 0).take(REQUESTS_MAX) {
        if let Some((request, what)) = request(text) {
            judge(&router, request, &what).await;
        }
    }
    trigger.throw();
    house.finish().await;
    for run in runs.all() {
        let unrecorded = run.outcome().and_then(|outcome| outcome.unrecorded.clone());
        assert!(unrecorded.is_none(), "{}: {unrecorded:?}", run.id);
    }
}

/// `METHOD PATH`, a line feed, a body; `None` for what is no request over HTTP.
fn request(text: &[u8]) -> Option<(Request<Body>, String)> {
    let (line, body) = match text.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, &[][..]),
    };
    let line = std::str::from_utf8(line).ok()?;
    let (method, path) = line.split_once(' ')?;
    // A handshake needs a place in a connection, which a router alone does not have.
    if path.starts_with("/ws/") {
        return None;
    }
    let method = Method::from_bytes(method.as_bytes()).ok()?;
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    let request = request.header("idempotency-key", "a").body(Body::from(body.to_vec())).ok()?;
    Some((request, line.to_owned()))
}

/// An answer comes, it is no accident of the server's, and it is what its media type says.
async fn judge(router: &Router, request: Request<Body>, what: &str) {
    let answer = timeout(PATIENCE, router.clone().oneshot(request)).await;
    let answer = answer.unwrap_or_else(|_| panic!("{what}: no answer")).unwrap_or_else(|never| match never {});
    let status = answer.status().as_u16();
    assert!(status < 500 || status == 503, "{what}: {status}");
    let media = answer.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().expect("ASCII").to_owned());
    let Some(text) = text(answer).await else { return };
    match media.as_deref() {
        Some("application/json") => {
            serde_json::from_slice::<Value>(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        Some("application/problem+json") => {
            let problem: Value = serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{what}: {error}"));
            let kind = problem["type"].as_str().unwrap_or_default();
            assert!(kind.starts_with("/problems/") && problem["status"] == status, "{what}: {problem}");
        }
        _ => assert!(status < 400, "{what}: {status} as {media:?}"),
    }
}

/// The body, if it ends.
async fn text(answer: Response<Body>) -> Option<Vec<u8>> {
    let (mut body, mut text) = (answer.into_body(), Vec::new());
    while text.len() < ANSWER_MAX {
        match timeout(Duration::from_secs(1), body.frame()).await {
            Ok(Some(frame)) => {
                text.extend_from_slice(&frame.expect("a body in memory").into_data().unwrap_or_default())
            }
            Ok(None) => return Some(text),
            Err(_) => return None,
        }
    }
    None
}
