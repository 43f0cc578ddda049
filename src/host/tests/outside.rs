//! A desk for tests of providers: their routes over a real run that waits for applications outside.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::{Extension, Router};
use serde_json::Value;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::host::control::Order;
use crate::host::control::books::Books;
use crate::host::control::run::Run;
use crate::host::control::runs::{Listing, Located, Outage, OutageListing, Runs, Stage, Start, StartError};
use crate::host::gateway::Gateway;
use crate::host::provider::accounts::{Account, Accounts, USUAL_KEY, USUAL_SECRET};
use crate::host::provider::breaker::{Break, Breaker};
use crate::host::provider::senders::Senders;
use crate::host::provider::{Providers, router};
use crate::host::shutdown::{Trigger, shutdown};
use crate::host::stage::{House, Judgement, Over, Shelf};
use crate::host::tests::api::text;
use crate::host::tests::{down, wanted};
use crate::sim::expect::Promise;
use crate::sim::fault::{Fault, FaultKind};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::message::{Review, Template};
use crate::sim::plan::{Plan, SenderDrive, sample};
use crate::sim::scenario::Scenario;
use crate::sim::time::{SimTime, Span};

/// Simulated seconds a real one: three minutes without a receipt are a fifth of a second.
const SPEED: u32 = 1_000;

/// The rent bill, whose sender is outside.
struct Outside;

fn outside() -> Scenario {
    let mut plan = sample::rent();
    plan.sender.drive = SenderDrive::External;
    plan.sends.clear();
    plan.clock.stop = SimTime::ZERO + Span::from_days(100);
    let alimtalk = plan.kinds[0].contents.iter_mut().find(|content| content.medium == Medium::Alimtalk);
    let template = Template { code: "RENT01".into(), review: Review::Approved, approved: None };
    alimtalk.expect("the bill has one").template = Some(template);
    Scenario { plan, promise: Promise::default(), resolved: "scenario: outside\n".to_owned() }
}

impl Shelf for Outside {
    fn read(&self, _start: &Start) -> Result<Scenario, StartError> {
        Ok(outside())
    }

    fn read_resolved(&self, _text: &[u8]) -> Result<Scenario, StartError> {
        Ok(outside())
    }

    fn read_fault(&self, _plan: &Plan, _text: &[u8], _at: SimTime) -> Result<Fault, Vec<Located>> {
        Err(Vec::new())
    }

    fn read_outage(&self, _run: &Run, _outage: &Outage, _at: SimTime) -> Result<Vec<Fault>, Vec<Located>> {
        Err(Vec::new())
    }

    fn outages(&self) -> Vec<OutageListing> {
        Vec::new()
    }

    fn as_played(&self, run: &Run) -> Result<String, Vec<Located>> {
        Ok(run.resolved.clone())
    }

    fn scenarios(&self) -> Vec<Listing> {
        Vec::new()
    }

    fn scenario_text(&self, name: &str) -> Result<String, StartError> {
        Err(StartError::UnknownScenario { name: name.to_owned(), nearest: None })
    }

    fn judge(&self, _over: Over<'_>) -> Judgement {
        Judgement { verdict: "PASS", exit: 0, document: "{}".to_owned(), report: None, unwritten: None }
    }
}

/// The providers, and the run behind them.
pub struct Desk {
    pub providers: Arc<Providers>,
    pub run: Arc<Run>,
    router: Router,
    broken: Arc<Mutex<Option<Break>>>,
    breaks: Arc<Notify>,
    _trigger: Trigger,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Desk {
    /// A desk with a run that goes on.
    pub async fn open() -> Desk {
        Desk::of(Vec::new(), Senders::default()).await
    }

    /// The same for these accounts, and with these registered numbers.
    pub async fn of(accounts: Vec<Account>, senders: Senders) -> Desk {
        let (trigger, asked) = shutdown();
        let house = House::new(Arc::new(Outside), Gateway::new(asked.clone()), None, asked.clone());
        let runs = Runs::default();
        let claim = runs.claim(true).expect("no run goes on");
        let run = house.start(claim, wanted(Some(SPEED))).await.expect("started");
        let (accounts, receipts_to) = (Accounts::new(accounts), None);
        let providers = Providers { runs, accounts, senders, receipts_to, shutdown: asked };
        let providers = Arc::new(providers);
        let (broken, breaks) = (Arc::new(Mutex::new(None)), Arc::new(Notify::new()));
        let (told, rings) = (broken.clone(), breaks.clone());
        let breaker = Breaker::new(move |how| {
            *told.lock().expect("no panic") = Some(how);
            rings.notify_one();
        });
        let router = router(providers.clone()).layer(Extension(breaker));
        Desk { providers, run, router, broken, breaks, _trigger: trigger }
    }

    /// A request of the usual account, in both contracts' headers; `None` if its line broke.
    pub async fn try_ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Option<Answer> {
        let mut request = Request::builder().method(method).uri(path.replace("KEY", USUAL_KEY));
        let usual = [("x-secret-key", USUAL_SECRET), ("authorization", USUAL_KEY)];
        let given = |name: &str| headers.iter().any(|header| header.0 == name);
        for (name, value) in usual.iter().filter(|row| !given(row.0)).chain(headers) {
            request = request.header(*name, *value);
        }
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = request.body(Body::from(body)).expect("a request");
        let response = tokio::select! {
            response = self.router.clone().oneshot(request) => response.unwrap_or_else(|never| match never {}),
            () = self.breaks.notified() => return None,
        };
        let (status, headers) = (response.status(), response.headers().clone());
        let text = text(response).await;
        let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("expected JSON, found {status} {text}"));
        Some(Answer { status, headers, body })
    }

    /// The same, where the line holds.
    pub async fn ask(&self, method: &str, path: &str, body: Value) -> Answer {
        self.try_ask(method, path, &[], &body).await.expect("the line holds")
    }

    /// How the last line broke.
    pub fn broken(&self) -> Option<Break> {
        *self.broken.lock().expect("no panic")
    }

    /// Waits until the books say so.
    pub async fn until(&self, settled: impl Fn(&Books) -> bool) {
        let mut news = self.run.news();
        while !self.run.books(|books| settled(books)) {
            news.changed().await.expect("the run goes on");
        }
    }

    /// A fault of kakao from now on.
    pub async fn fault(&self, name: &str, kind: FaultKind) {
        let legs = kind.own_legs().to_vec();
        let fault = Fault { kind, begins: self.run.status().at, ..down(name, 0, None) };
        let scope = crate::sim::fault::Scope { networks: vec![Network::Kakao], legs, ..fault.scope.clone() };
        self.run.ask(Order::PostFault(Box::new(Fault { scope, ..fault }))).await.expect("posted");
    }

    /// The fault is over.
    pub async fn lift(&self, name: &str) {
        self.run.ask(Order::LiftFault(name.to_owned())).await.expect("lifted");
    }
}

/// Whether a message of a call has come to its end.
pub fn is_settled(books: &Books, call: u32) -> bool {
    books.call(call).is_some_and(|call| call.answer.is_some() && call.items.iter().all(|item| item.is_settled()))
}
