//! Bizgo's contract over its routes: the flow, the key that makes a request once, reports until they are acknowledged.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::provider::bizgo::hook::Results;
use crate::host::provider::hooks::Reports as _;
use crate::host::tests::outside::{Desk, is_settled};
use crate::sim::fault::{DownHow, FaultKind};
use crate::sim::model::code::Code;

const OMNI: &str = "/api/comm/v1/send/omni";
const POLLING: &str = "/api/comm/v1/report/polling";
const PAIR: &str = include_str!("../../../fixtures/providers/bizgo/omni.json");

fn recorded(side: &str) -> Value {
    let pair: Value = serde_json::from_str(PAIR).expect("a recorded pair");
    pair[side]["body"].clone()
}

/// The recorded request, with this desk's template.
fn request() -> Value {
    let mut body = recorded("request");
    body["messageFlow"][0]["alimtalk"]["templateCode"] = json!("RENT01");
    body
}

fn key(body: &Value) -> String {
    body["data"]["data"]["destinations"][0]["msgKey"].as_str().expect("a key").to_owned()
}

#[tokio::test]
async fn a_flow_is_accepted_and_its_report_comes_until_it_is_acknowledged() {
    let desk = Desk::open().await;
    let answer = desk.ask("POST", OMNI, request()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let shape = recorded("answer");
    let names = |value: &Value| value.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>());
    let row = |body: &Value| body["data"]["data"]["destinations"][0].clone();
    for part in ["common", "data"] {
        assert_eq!(names(&answer.body[part]), names(&shape[part]), "{}", answer.body);
    }
    assert_eq!(names(&row(&answer.body)), names(&row(&shape)), "{}", answer.body);
    let key = key(&answer.body);
    desk.until(|books| is_settled(books, 1)).await;

    let news = desk.run.books(|books| books.news(0, 10).to_vec());
    let hooks = Results.hooks(&desk.providers, &desk.run, &news);
    assert_eq!(hooks.len(), 1);
    assert!(Results.taken(&hooks[0], 200, json!({ "msgKey": key }).to_string().as_bytes()));
    for (status, body) in [(200, "{}".to_owned()), (500, json!({ "msgKey": key }).to_string()), (200, String::new())] {
        assert!(!Results.taken(&hooks[0], status, body.as_bytes()), "{status} {body}");
    }

    let first = desk.ask("GET", POLLING, Value::Null).await.body["data"]["data"].clone();
    let second = desk.ask("GET", POLLING, Value::Null).await.body["data"]["data"].clone();
    assert_eq!(first, second, "not acknowledged");
    assert_eq!((&first["report"][0]["msgKey"], &first["report"][0]["reportCode"]), (&json!(key), &json!("10000")));
    let path = format!("{POLLING}/{}", first["reportId"].as_str().expect("an id"));
    assert_eq!(desk.ask("DELETE", &path, Value::Null).await.status, StatusCode::OK);
    assert_eq!(
        desk.ask("GET", POLLING, Value::Null).await.body["data"]["data"],
        json!({ "reportId": "", "report": null })
    );
    let again = desk.ask("DELETE", &path, Value::Null).await;
    assert_eq!((again.status, &again.body["data"]["code"]), (StatusCode::FORBIDDEN, &json!("A802")));
    let asked = desk.ask("GET", &format!("/api/comm/v1/report/inquiry/{key}"), Value::Null).await;
    assert_eq!(asked.body["data"]["data"]["report"][0]["msgKey"], json!(key));
}

#[tokio::test]
async fn bad_requests_are_answered_in_the_contracts_own_shape() {
    let desk = Desk::open().await;
    let with = |path: &[&str], value: Value| {
        let mut body = request();
        let mut place = &mut body;
        for part in path {
            place = match part.parse::<usize>() {
                Ok(index) => &mut place[index],
                Err(_) => &mut place[*part],
            };
        }
        *place = value;
        body
    };
    let crowd = Value::Array(vec![request()["destinations"][0].clone(); 201]);
    for (body, code) in [
        (with(&["destinations"], crowd), "A318"),
        (with(&["messageFlow"], json!([{ "rcs": {} }])), "A325"),
        (with(&["messageFlow", "0", "alimtalk", "templateCode"], json!("NONE")), "A505"),
        (with(&["messageFlow", "0", "alimtalk", "responseMethod"], json!("later")), "A501"),
        (with(&["messageFlow", "0", "alimtalk", "timeout"], json!("5")), "A526"),
        (with(&["messageFlow", "1", "mms", "from"], json!("1")), "A327"),
        (with(&["messageFlow", "1", "mms", "text"], json!("가".repeat(1_001))), "A328"),
        (with(&["idempotencyTtl"], Value::Null), "A309"),
        (with(&["idempotencyKey"], json!("k".repeat(201))), "A308"),
        (json!([1]), "A011"),
        (with(&["destinations", "0"], json!(["01000000001"])), "A011"),
    ] {
        let answer = desk.ask("POST", OMNI, body).await;
        assert_eq!((answer.status, &answer.body["data"]["code"]), (StatusCode::BAD_REQUEST, &json!(code)));
    }
    let answer = desk.try_ask("POST", OMNI, &[("authorization", "nobody")], &request()).await.expect("an answer");
    assert_eq!((answer.status, &answer.body["common"]["authCode"]), (StatusCode::UNAUTHORIZED, &json!("A401")));
    let answer = desk.ask("POST", OMNI, with(&["destinations", "0", "to"], json!("01023456789"))).await;
    assert_eq!(answer.body["data"]["data"]["destinations"][0]["code"], "A306", "{}", answer.body);
    // Too long only in the words of one: that one is told so, and the others go.
    let mut body = request();
    body["destinations"] = json!([body["destinations"][0], body["destinations"][0]]);
    body["destinations"][1]["replaceWords"]["name"] = json!("가".repeat(1_300));
    body["idempotencyKey"] = json!("long");
    let answer = desk.ask("POST", OMNI, body).await.body["data"]["data"]["destinations"].clone();
    assert_eq!((&answer[0]["code"], &answer[1]["code"]), (&json!("A000"), &json!("A328")), "{answer}");
}

#[tokio::test]
async fn the_same_key_again_sends_nothing() {
    let desk = Desk::open().await;
    desk.fault("gone", FaultKind::Down { how: DownHow::Reject }).await;
    let answer = desk.ask("POST", OMNI, request()).await;
    assert_eq!((answer.status, &answer.body["data"]["code"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("A920")));
    desk.lift("gone").await;
    for code in ["A000", "A301"] {
        let answer = desk.ask("POST", OMNI, request()).await;
        assert_eq!(answer.body["data"]["data"]["destinations"][0]["code"], code, "{}", answer.body);
    }
    assert_eq!(desk.run.books(|books| books.calls_of("bizgo", 0).count()), 2, "the refused one and the taken one");
}

#[tokio::test]
async fn the_flow_goes_on_after_a_failure_and_stops_at_what_is_uncertain() {
    let desk = Desk::open().await;
    desk.fault("sleepers", FaultKind::Refuse { code: Code::INACTIVE }).await;
    let failed = key(&desk.ask("POST", OMNI, request()).await.body);
    desk.lift("sleepers").await;
    desk.fault("quiet", FaultKind::Silence).await;
    let mut body = request();
    body["idempotencyKey"] = json!("another");
    let quiet = key(&desk.ask("POST", OMNI, body).await.body);
    desk.until(|books| is_settled(books, 1) && books.call(2).is_some_and(|call| call.items[0].steps[0].told.is_some()))
        .await;
    for (key, code, service) in [(failed, "10000", "MMS"), (quiet, "ME09", "ALIMTALK")] {
        let report = desk.ask("GET", &format!("/api/comm/v1/report/inquiry/{key}"), Value::Null).await.body;
        let row = &report["data"]["data"]["report"][0];
        assert_eq!((&row["reportCode"], &row["serviceType"]), (&json!(code), &json!(service)), "{report}");
    }
}
