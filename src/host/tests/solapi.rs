//! SOLAPI v4 over its routes, with a run behind them: what is taken, what is refused, and in whose words.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::{Extension, Router};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::host::control::run::Run;
use crate::host::control::runs::{Listing, Located, Outage, OutageListing, Runs, Stage, Start, StartError};
use crate::host::gateway::Gateway;
use crate::host::provider::accounts::{Account, Accounts, USUAL_KEY, USUAL_SECRET};
use crate::host::provider::breaker::Breaker;
use crate::host::provider::senders::Senders;
use crate::host::provider::signature::hex;
use crate::host::provider::{self, Providers};
use crate::host::shutdown::{Trigger, shutdown};
use crate::host::stage::{House, Judgement, Over, Shelf};
use crate::host::testbed::LONG;
use crate::host::tests::{OneScenario, down, wanted};
use crate::sim::fault::Fault;
use crate::sim::model::event::Claim;
use crate::sim::plan::message::{Review, Template};
use crate::sim::plan::{Plan, SenderDrive};
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

/// The rent bill, sent by an application outside, with faults of the test's choice.
struct Outside(Vec<Fault>);

impl Shelf for Outside {
    fn read(&self, start: &Start) -> Result<Scenario, StartError> {
        let mut scenario = OneScenario.read(start)?;
        let plan = &mut scenario.plan;
        plan.sender.drive = SenderDrive::External;
        plan.sends.clear();
        plan.faults = self.0.clone();
        plan.kinds[0].contents[0].template =
            Some(Template { code: "KA01TP_RENT".to_owned(), review: Review::Approved, approved: None });
        Ok(scenario)
    }

    fn read_resolved(&self, text: &[u8]) -> Result<Scenario, StartError> {
        OneScenario.read_resolved(text)
    }

    fn read_fault(&self, plan: &Plan, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>> {
        OneScenario.read_fault(plan, text, at)
    }

    fn read_outage(&self, run: &Run, outage: &Outage, at: SimTime) -> Result<Vec<Fault>, Vec<Located>> {
        OneScenario.read_outage(run, outage, at)
    }

    fn outages(&self) -> Vec<OutageListing> {
        OneScenario.outages()
    }

    fn as_played(&self, run: &Run) -> Result<String, Vec<Located>> {
        OneScenario.as_played(run)
    }

    fn scenarios(&self) -> Vec<Listing> {
        OneScenario.scenarios()
    }

    fn scenario_text(&self, name: &str) -> Result<String, StartError> {
        OneScenario.scenario_text(name)
    }

    fn judge(&self, over: Over<'_>) -> Judgement {
        OneScenario.judge(over)
    }
}

/// The routes with a run that goes on at this speed.
struct Desk {
    router: Router,
    run: Arc<Run>,
    salts: AtomicU32,
    _trigger: Trigger,
}

async fn desk(faults: Vec<Fault>, speed: u32) -> Desk {
    let (trigger, asked) = shutdown();
    let runs = Runs::default();
    let house = House::new(Arc::new(Outside(faults)), Gateway::new(asked.clone()), None, asked.clone());
    let start = Start { speed: Some(speed), ..wanted(Some(speed)) };
    let claim = runs.claim(true).expect("nobody else runs");
    let run = Stage::start(&house, claim, start).await.expect("the run begins");
    let other = Account { key: OTHER.to_owned(), secret: OTHER.to_owned() };
    let usual = Account { key: USUAL_KEY.to_owned(), secret: USUAL_SECRET.to_owned() };
    let accounts = Accounts::new(vec![usual, other]);
    let senders = Senders::new(["0212345678".to_owned()]);
    let providers = Arc::new(Providers { runs, accounts, senders, receipts_to: None, shutdown: asked });
    let router = provider::router(providers).layer(Extension(Breaker::new(|_| {})));
    Desk { router, run, salts: AtomicU32::new(0), _trigger: trigger }
}

/// The key and the secret of another account.
const OTHER: &str = "another-account";

/// A signed header.
fn signed(key: &str, secret: &str, date: &str, salt: &str) -> String {
    let signature = hex(secret, format!("{date}{salt}").as_bytes());
    format!("HMAC-SHA256 ApiKey={key}, Date={date}, salt={salt}, signature={signature}")
}

impl Desk {
    async fn with(&self, authorization: &str, method: &str, path: &str, body: String) -> (StatusCode, Value) {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let request = Request::builder().method(method).uri(path).header(header::AUTHORIZATION, authorization);
        let response = self.router.clone().oneshot(request.body(Body::from(body)).expect("a request")).await;
        let response = response.unwrap_or_else(|never| match never {});
        let status = response.status();
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        (status, serde_json::from_slice(&bytes).expect("JSON"))
    }

    async fn ask(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let salt = format!("salt-of-a-test-{}", self.salts.fetch_add(1, Ordering::Relaxed));
        let header = signed(USUAL_KEY, USUAL_SECRET, &Timestamp::now().to_string(), &salt);
        self.with(&header, method, path, body.to_string()).await
    }

    /// A request of the other account.
    async fn ask_as_another(&self, method: &str, path: &str) -> (StatusCode, Value) {
        let salt = format!("salt-of-a-test-{}", self.salts.fetch_add(1, Ordering::Relaxed));
        let header = signed(OTHER, OTHER, &Timestamp::now().to_string(), &salt);
        self.with(&header, method, path, Value::Null.to_string()).await
    }

    async fn send(&self, messages: Value) -> Value {
        let body = json!({ "messages": messages, "showMessageList": true });
        let (status, answer) = self.ask("POST", "/messages/v4/send-many/detail", body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }
}

fn alimtalk(to: &str) -> Value {
    let variables = json!({ "#{name}": "홍길동", "#{amount}": 312_000, "#{due}": "2022-10-25" });
    let kakao = json!({ "pfId": "KA01PFlh", "templateId": "KA01TP_RENT", "variables": variables });
    json!({ "to": to, "from": "0212345678", "kakaoOptions": kakao })
}

fn changed(mut message: Value, name: &str, value: Value) -> Value {
    message[name] = value;
    message
}

fn kakao(name: &str, value: Value) -> Value {
    let mut message = alimtalk("01000000001");
    message["kakaoOptions"][name] = value;
    message
}

#[tokio::test]
async fn a_signature_is_good_once_and_only_now() {
    let desk = desk(Vec::new(), 1).await;
    let now = Timestamp::now();
    let at = |minutes: i64| (now + SignedDuration::from_mins(minutes)).to_string();
    let salt = "0123456789abcdef";
    let good = signed(USUAL_KEY, USUAL_SECRET, &at(0), salt);
    let node = good.replace("ApiKey", "apiKey").replace("Date", "date").replace(salt, "fedcba9876543210");
    for (header, code) in [
        (String::new(), Some("InvalidAPIKey")),
        (signed("nobody", USUAL_SECRET, &at(0), salt), Some("InvalidAPIKey")),
        (signed(USUAL_KEY, "another secret", &at(0), salt), Some("SignatureDoesNotMatch")),
        (signed(USUAL_KEY, USUAL_SECRET, &at(0), "short"), Some("SignatureDoesNotMatch")),
        (signed(USUAL_KEY, USUAL_SECRET, "yesterday", salt), Some("SignatureDoesNotMatch")),
        (node, Some("SignatureDoesNotMatch")),
        (signed(USUAL_KEY, USUAL_SECRET, &at(-16), salt), Some("RequestTimeTooSkewed")),
        (signed(USUAL_KEY, USUAL_SECRET, &at(16), salt), Some("RequestTimeTooSkewed")),
        (signed(USUAL_KEY, USUAL_SECRET, &at(-14), salt), None),
        (good.clone(), None),
        (good, Some("DuplicatedSignature")),
        (signed(USUAL_KEY, USUAL_SECRET, &at(0), "another-salt-1").replace("ApiKey=", "apiKey="), None),
    ] {
        let (status, answer) = desk.with(&header, "GET", "/cash/v1/balance", String::new()).await;
        let expected = if code.is_some() { StatusCode::FORBIDDEN } else { StatusCode::OK };
        assert_eq!((status, answer["errorCode"].as_str()), (expected, code), "{header}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_message_is_said_in_four_digits() {
    let desk = desk(Vec::new(), 1).await;
    let text = |text: &str| json!({ "to": "01000000001", "from": "0212345678", "text": text });
    let short =
        |text: &str| changed(json!({ "to": "01000000001", "from": "0212345678", "text": text }), "type", json!("SMS"));
    for (message, code) in [
        (json!({ "from": "0212345678", "text": "가" }), "1010"),
        (text(""), "1010"),
        (changed(text("가"), "to", json!("0212345678")), "1011"),
        (changed(text("가"), "to", json!("01023456789")), "1011"),
        (changed(text("가"), "to", json!("01000001000")), "1058"),
        (changed(text("가"), "type", json!("MMS")), "1025"),
        (changed(text("가"), "from", json!("nobody")), "1062"),
        (changed(text("가"), "from", json!("15881588")), "1062"),
        (changed(kakao("disableSms", json!(true)), "from", json!("abc")), "1062"),
        (short(&"가".repeat(46)), "1031"),
        (text(&"가".repeat(1_001)), "1031"),
        (kakao("variables", json!({ "#{name}": "가".repeat(1_000), "#{amount}": 1, "#{due}": "오늘" })), "1031"),
        (changed(text("가"), "to", json!(null)), "1010"),
        (changed(text("가"), "to", json!(1_000_000_001)), "1011"),
        (kakao("pfId", json!("")), "1041"),
        (kakao("templateId", json!("KA01TP_NONE")), "1042"),
        (kakao("variables", json!({ "#{name}": "홍길동" })), "1043"),
    ] {
        let answer = desk.send(json!([message])).await;
        let failed = &answer["failedMessageList"][0];
        assert_eq!(failed["statusCode"], code, "{message} {answer}");
        let count = &answer["groupInfo"]["count"];
        assert_eq!((&count["total"], &count["registeredFailed"]), (&json!(1), &json!(1)), "{answer}");
    }
    let twice = json!([alimtalk("01000000001"), alimtalk("010-0000-0001"), alimtalk("01000000002")]);
    let answer = desk.send(twice.clone()).await;
    assert_eq!(answer["failedMessageList"][0]["statusCode"], "1026");
    assert_eq!(answer["messageList"].as_array().map(Vec::len), Some(2));
    let body = json!({ "messages": twice, "allowDuplicates": true });
    let (_, answer) = desk.ask("POST", "/messages/v4/send-many/detail", body).await;
    assert_eq!(answer["failedMessageList"], json!([]));
}

#[tokio::test]
async fn a_type_is_found_and_a_text_goes_out_instead_unless_it_is_switched_off() {
    let desk = desk(Vec::new(), 1).await;
    let plain = |text: String| json!({ "to": ["01000000003", "01000000004"], "from": "0212345678", "text": text });
    let answer = desk.send(json!([plain("가".repeat(45))])).await;
    assert_eq!(answer["groupInfo"]["countForCharge"]["sms"]["82"], 2, "{answer}");
    let answer = desk.send(json!([plain("가".repeat(46))])).await;
    assert_eq!(answer["groupInfo"]["countForCharge"]["lms"]["82"], 2, "{answer}");
    let answer =
        desk.send(json!([alimtalk("01000000001"), changed(alimtalk("01000000002"), "text", json!("대체"))])).await;
    assert_eq!(answer["groupInfo"]["countForCharge"]["ata"]["82"], 2, "{answer}");
    let id = answer["messageList"][1]["messageId"].as_str().expect("a number").to_owned();
    let (_, list) = desk.ask("GET", &format!("/messages/v4/list?messageId={id}"), Value::Null).await;
    let stored = &list["messageList"][&id];
    assert_eq!((&stored["type"], &stored["to"]), (&json!("ATA"), &json!("01000000002")), "{list}");
    assert_eq!(stored["text"], "[LH] 홍길동님 12월 임대료 312000원, 납부기한 2022-10-25");
    let (status, one) = desk.ask("POST", "/messages/v4/send", json!({ "message": alimtalk("01000000001") })).await;
    assert_eq!((status, &one["statusCode"], &one["type"]), (StatusCode::OK, &json!("2000"), &json!("ATA")), "{one}");
    let (_, many) = desk.ask("POST", "/messages/v4/send-many", json!({ "messages": [alimtalk("01000000001")] })).await;
    assert_eq!(many["count"]["total"], 1, "{many}");
}

#[tokio::test]
async fn requests_that_cannot_be_read_are_told_so() {
    let desk = desk(Vec::new(), 1).await;
    let header = |salt: &str| signed(USUAL_KEY, USUAL_SECRET, &Timestamp::now().to_string(), salt);
    let path = "/messages/v4/send-many/detail";
    let (status, answer) = desk.with(&header("salt-of-broken-1"), "POST", path, "{\"messages\":[".to_owned()).await;
    assert_eq!((status, &answer["errorCode"]), (StatusCode::BAD_REQUEST, &json!("ValidationError")));
    for (count, status) in [(0, 400), (10_001, 400)] {
        let (found, answer) = desk.ask("POST", path, json!({ "messages": vec![alimtalk("01000000001"); count] })).await;
        assert_eq!(found.as_u16(), status, "{answer}");
        let message = answer["errorMessage"].as_str().expect("a sentence");
        assert!(message.ends_with(&format!("messages: expected 1 to 10000, found {count}")), "{message}");
    }
    let huge = "x".repeat(provider::BODY_MAX + 1);
    let (status, answer) = desk.with(&header("salt-of-a-huge-1"), "POST", path, huge).await;
    assert_eq!((status.as_u16(), &answer["errorCode"]), (413, &json!("RequestBodyTooLarge")), "{answer}");
    let (status, answer) = desk.ask("GET", "/messages/v4/list?limit=501", Value::Null).await;
    assert_eq!((status.as_u16(), &answer["errorCode"]), (400, &json!("ValidationError")));
    let (status, answer) = desk.ask("GET", "/messages/v4/groups/G4Vnothing", Value::Null).await;
    assert_eq!((status.as_u16(), &answer["errorCode"]), (404, &json!("ResourceNotFound")));
}

#[tokio::test]
async fn a_group_is_made_filled_scheduled_taken_back_and_sent_once() {
    let desk = desk(Vec::new(), 1).await;
    let (_, made) = desk.ask("POST", "/messages/v4/groups", json!({ "sdkVersion": "nodejs/6.0.1" })).await;
    let id = made["groupId"].as_str().expect("a number").to_owned();
    assert_eq!((id.len(), &made["status"]), (32, &json!("PENDING")), "{made}");
    let path = format!("/messages/v4/groups/{id}");
    let lot = json!({ "messages": [alimtalk("01000000001"), alimtalk("01000000002"), alimtalk("01000000001")] });
    let (_, added) = desk.ask("PUT", &format!("{path}/messages"), lot).await;
    assert_eq!((&added["errorCount"], &added["resultList"][2]["statusCode"]), (&json!("1"), &json!("1026")), "{added}");
    let first = added["resultList"][0]["messageId"].as_str().expect("a number").to_owned();
    let body = json!({ "scheduledDate": "2026-12-31T09:00:00.000Z" });
    let (_, info) = desk.ask("POST", &format!("{path}/schedule"), body).await;
    assert_eq!((&info["status"], &info["scheduledDate"]), (&json!("SCHEDULED"), &json!("2026-12-31T09:00:00.000Z")));
    let (_, info) = desk.ask("DELETE", &format!("{path}/schedule"), Value::Null).await;
    assert_eq!((&info["status"], &info["scheduledDate"]), (&json!("PENDING"), &Value::Null), "{info}");
    let (status, sent) = desk.ask("POST", &format!("{path}/send"), Value::Null).await;
    assert_eq!((status, &sent["count"]["total"]), (StatusCode::OK, &json!(3)), "{sent}");
    assert_eq!((&sent["groupId"], &sent["count"]["registeredFailed"]), (&json!(id), &json!(1)), "{sent}");
    let (status, _) = desk.ask("POST", &format!("{path}/send"), Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "a group is sent once");
    let (_, list) = desk.ask("GET", &format!("{path}/messages"), Value::Null).await;
    assert_eq!(list["messageList"].as_object().map(serde_json::Map::len), Some(2), "{list}");
    assert_eq!(list["messageList"][&first]["groupId"], json!(id), "the number that was told before is the one");
    let (_, groups) = desk.ask("GET", "/messages/v4/groups?limit=5", Value::Null).await;
    assert_eq!(groups["groupList"][&id]["status"], sent["status"], "{groups}");
}

#[tokio::test]
async fn another_account_sees_nothing_of_it() {
    let desk = desk(Vec::new(), 1).await;
    let (_, made) = desk.ask("POST", "/messages/v4/groups", json!({})).await;
    let waiting = made["groupId"].as_str().expect("a number").to_owned();
    let lot = json!({ "messages": [alimtalk("01000000002")] });
    desk.ask("PUT", &format!("/messages/v4/groups/{waiting}/messages"), lot).await;
    let sent = desk.send(json!([alimtalk("01000000001")])).await["groupInfo"]["groupId"].clone();
    let sent = sent.as_str().expect("a number");
    for id in [waiting.as_str(), sent] {
        let path = format!("/messages/v4/groups/{id}");
        assert_eq!(desk.ask("GET", &path, Value::Null).await.0, StatusCode::OK);
        let (_, messages) = desk.ask("GET", &format!("{path}/messages"), Value::Null).await;
        assert_eq!(messages["messageList"].as_object().map(serde_json::Map::len), Some(1), "{messages}");
        assert_eq!(desk.ask_as_another("GET", &path).await.0, StatusCode::NOT_FOUND);
        let (_, messages) = desk.ask_as_another("GET", &format!("{path}/messages")).await;
        assert_eq!(messages["messageList"], json!({}), "{messages}");
        assert_eq!(desk.ask_as_another("POST", &format!("{path}/send")).await.0, StatusCode::NOT_FOUND);
        assert_eq!(desk.ask_as_another("DELETE", &path).await.0, StatusCode::NOT_FOUND);
    }
    for (path, list) in [("/messages/v4/groups", "groupList"), ("/messages/v4/list", "messageList")] {
        let (_, answer) = desk.ask_as_another("GET", path).await;
        assert_eq!(answer[list], json!({}), "{answer}");
    }
    let (_, balance) = desk.ask_as_another("GET", "/cash/v1/balance").await;
    assert_eq!(balance["balance"], 10_000_000.0, "{balance}");
    let (status, answer) = desk.ask("GET", "/messages/v4/list?startKey=nope", Value::Null).await;
    assert_eq!((status, &answer["errorCode"]), (StatusCode::BAD_REQUEST, &json!("ValidationError")), "{answer}");
}

#[tokio::test]
async fn whoever_asks_has_heard_and_not_before() {
    let desk = desk(Vec::new(), 600).await;
    let sent = desk.send(json!([alimtalk("01000000001")])).await;
    let (mut news, mut changes) = (desk.run.news(), desk.run.changes());
    let step = || desk.run.books(|books| books.call(1).and_then(|call| call.items[0].steps.first().cloned()));
    let delivered = async {
        while step().is_none_or(|step| step.told.is_none_or(|told| told.claim < Claim::Delivered)) {
            news.changed().await.expect("the run goes on");
        }
    };
    tokio::time::timeout(LONG, delivered).await.expect("it is delivered");
    assert_eq!(step().and_then(|step| step.heard), None, "nobody has asked");
    let group = sent["groupInfo"]["groupId"].as_str().expect("a number");
    let (_, list) = desk.ask("GET", &format!("/messages/v4/list-old?groupId={group}"), Value::Null).await;
    let row = list["messageList"].as_object().and_then(|rows| rows.values().next()).expect("a row");
    assert_eq!((&row["statusCode"], &row["status"]), (&json!("4000"), &json!("COMPLETE")), "{row}");
    let heard = async {
        while step().and_then(|step| step.heard).is_none() {
            changes.changed().await.expect("the run goes on");
        }
    };
    tokio::time::timeout(LONG, heard).await.expect("the engine hears of it");
    assert_eq!(step().and_then(|step| step.heard), Some(Claim::Delivered), "that somebody read it is not told");
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_double() {
    let desk = desk(Vec::new(), 1).await;
    let messages: Vec<Value> = (0..25).map(|n| alimtalk(&format!("010000000{n:02}"))).collect();
    let sent = desk.send(json!(messages)).await;
    let group = sent["groupInfo"]["groupId"].as_str().expect("a number");
    let (mut seen, mut start) = (Vec::new(), String::new());
    loop {
        let path = format!("/messages/v4/groups/{group}/messages?limit=10{start}");
        let (_, page) = desk.ask("GET", &path, Value::Null).await;
        seen.extend(page["messageList"].as_object().expect("rows").keys().cloned());
        let Some(next) = page["nextKey"].as_str() else { break };
        start = format!("&startKey={next}");
    }
    let told =
        sent["messageList"].as_array().expect("rows").iter().map(|row| row["messageId"].as_str().expect("an id"));
    assert_eq!(seen, told.collect::<Vec<_>>());
}

#[tokio::test]
async fn a_platform_that_is_out_answers_503_to_everything() {
    let desk = desk(vec![down("out", 0, None)], 1).await;
    let send = json!({ "messages": [alimtalk("01000000001")] });
    for (method, path, body) in [
        ("POST", "/messages/v4/send-many/detail", send),
        ("GET", "/messages/v4/list", Value::Null),
        ("POST", "/messages/v4/groups", json!({})),
        ("GET", "/cash/v1/balance", Value::Null),
        ("GET", "/kakao/v2/templates", Value::Null),
    ] {
        let (status, answer) = desk.ask(method, path, body).await;
        assert_eq!((status.as_u16(), &answer["errorCode"]), (503, &json!("ServiceUnavailable")), "{path} {answer}");
    }
}

#[tokio::test]
async fn templates_and_channels_are_the_scenarios() {
    let desk = desk(Vec::new(), 1).await;
    let (_, list) = desk.ask("GET", "/kakao/v2/templates?status=APPROVED", Value::Null).await;
    let row = &list["templateList"][0];
    assert_eq!((&row["templateId"], &row["channelId"]), (&json!("KA01TP_RENT"), &json!("KA01PFlh")), "{list}");
    let (status, _) = desk.ask("DELETE", "/kakao/v2/templates/KA01TP_RENT", Value::Null).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let (_, made) = desk.ask("POST", "/kakao/v2/templates", json!({ "name": "새", "content": "#{이름}님" })).await;
    let path = format!("/kakao/v2/templates/{}", made["templateId"].as_str().expect("a number"));
    for (method, suffix, status) in
        [("PUT", "/inspection", "INSPECTING"), ("PUT", "/inspection/cancel", "PENDING"), ("DELETE", "", "PENDING")]
    {
        let (_, answer) = desk.ask(method, &format!("{path}{suffix}"), Value::Null).await;
        assert_eq!(answer["status"], status, "{answer}");
    }
    let (status, _) = desk.ask("GET", &path, Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let file = json!({ "file": "aGVsbG8=", "type": "MMS" });
    let (_, stored) = desk.ask("POST", "/storage/v1/files", file).await;
    assert!(stored["fileId"].as_str().is_some_and(|id| id.len() == 30), "{stored}");
}

/// Requests and answers as they were recorded: every request is taken, and every field of the answer is there again.
#[tokio::test]
async fn recorded_requests_get_answers_of_the_recorded_shape() {
    for text in [
        include_str!("../../../fixtures/providers/solapi/send-python.json"),
        include_str!("../../../fixtures/providers/solapi/send-node.json"),
        include_str!("../../../fixtures/providers/solapi/balance.json"),
    ] {
        let desk = desk(Vec::new(), 1).await;
        let pair: Value = serde_json::from_str(text).expect("JSON");
        let (request, expected) = (&pair["request"], &pair["answer"]);
        let (method, path) = (request["method"].as_str().expect("a method"), request["path"].as_str().expect("a path"));
        let (status, answer) = desk.ask(method, path, request["body"].clone()).await;
        assert_eq!(u64::from(status.as_u16()), expected["status"].as_u64().expect("a status"), "{answer}");
        assert_eq!(missing(&expected["body"], &answer, ""), Vec::<String>::new(), "{answer}");
    }
}

/// Fields that one value has and the other has not, or of another type.
fn missing(expected: &Value, found: &Value, at: &str) -> Vec<String> {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            let rows = expected.iter().map(|(name, row)| match found.get(name) {
                Some(found) => missing(row, found, &format!("{at}/{name}")),
                None => vec![format!("{at}/{name}")],
            });
            rows.flatten().collect()
        }
        (expected, found) if std::mem::discriminant(expected) == std::mem::discriminant(found) => Vec::new(),
        _ => vec![format!("{at}: another type")],
    }
}
