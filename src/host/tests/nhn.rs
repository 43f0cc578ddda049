//! NHN Cloud's contract over its routes: what is handed in, what is answered, what is asked afterwards.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::provider::breaker::Break;
use crate::host::provider::hooks::Reports as _;
use crate::host::provider::nhn::hook::Results;
use crate::host::tests::outside::{Desk, is_settled};
use crate::sim::fault::{DownHow, FaultKind, Then};
use crate::sim::model::code::Code;

const MESSAGES: &str = "/alimtalk/v2.3/appkeys/KEY/messages";
const PAIR: &str = include_str!("../../../fixtures/providers/nhn/messages.json");

/// The body of the recorded request or answer, with this desk's template.
fn recorded(side: &str) -> Value {
    let pair: Value = serde_json::from_str(PAIR).expect("a recorded pair");
    let mut body = pair[side]["body"].clone();
    if side == "request" {
        body["templateCode"] = json!("RENT01");
    }
    body
}

fn to(number: &str, resend: Value) -> Value {
    let mut body = recorded("request");
    body["recipientList"][0]["recipientNo"] = json!(number);
    body["recipientList"][0]["resendParameter"] = resend;
    body
}

fn code(body: &Value) -> i64 {
    body["header"]["resultCode"].as_i64().expect("a code")
}

/// The names of all fields, with those inside.
fn fields(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields_of) => fields_of
            .iter()
            .flat_map(|(name, inner)| {
                let inner = fields(inner).into_iter().map(move |inner| format!("{name}.{inner}"));
                std::iter::once(name.clone()).chain(inner)
            })
            .collect(),
        Value::Array(rows) => rows.first().map(fields).unwrap_or_default(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

#[tokio::test]
async fn a_message_is_accepted_arrives_and_is_found() {
    let desk = Desk::open().await;
    let answer = desk.ask("POST", MESSAGES, recorded("request")).await;
    assert_eq!((answer.status, code(&answer.body)), (StatusCode::OK, 0), "{}", answer.body);
    assert_eq!(fields(&answer.body), fields(&recorded("answer")));
    let id = answer.body["message"]["requestId"].as_str().expect("an id").to_owned();
    desk.until(|books| is_settled(books, 1)).await;

    let hooks = desk.run.books(|books| books.news(0, 10).to_vec());
    let hooks = Results.hooks(&desk.providers, &desk.run, &hooks);
    let told: Value = serde_json::from_slice(&hooks[0].body).expect("JSON");
    assert_eq!((&told["event"], &told["hooks"][0]["requestId"]), (&json!("MESSAGE_RESULT_UPDATE"), &json!(id)));
    assert_eq!((hooks.len(), hooks[0].tells.len()), (1, 1));

    let row = desk.ask("GET", &format!("{MESSAGES}/{id}/1"), Value::Null).await.body["message"].clone();
    assert_eq!((&row["messageStatus"], &row["resultCode"]), (&json!("COMPLETED"), &json!("1000")), "{row}");
    desk.until(|books| books.call(1).is_some_and(|call| call.items[0].steps[0].heard.is_some())).await;
    let listed = desk.ask("GET", &format!("{MESSAGES}?requestId={id}"), Value::Null).await.body;
    assert_eq!(listed["messageSearchResultResponse"]["totalCount"], 1, "{listed}");
    let odd = desk.ask("GET", &format!("{MESSAGES}?requestId={id}&pageSize=many"), Value::Null).await.body;
    assert_eq!(code(&odd), 4, "{odd}");
    for question in [
        format!("requestId={id}&pageSize=1001"),
        "startRequestDate=zz&endRequestDate=2022-10-15%2015:00".to_owned(),
        "startRequestDate=2022-10-01%2015:00&endRequestDate=2022-11-15%2015:00".to_owned(),
    ] {
        let wrong = desk.ask("GET", &format!("{MESSAGES}?{question}"), Value::Null).await.body;
        assert_eq!(code(&wrong), 4, "{question}: {wrong}");
    }
    let far = format!("{MESSAGES}?requestId={id}&pageNum={}", usize::MAX);
    let far = desk.ask("GET", &far, Value::Null).await.body["messageSearchResultResponse"].clone();
    assert_eq!((&far["messages"], &far["totalCount"]), (&json!([]), &json!(1)), "a page that nobody has");
    let unknown = format!("{MESSAGES}/7/1");
    assert_eq!(code(&desk.ask("GET", &unknown, Value::Null).await.body), 4);
    let none = desk.ask("GET", &format!("{MESSAGES}/{id}/2"), Value::Null).await.body;
    assert_eq!(code(&none), 4, "{none}");
}

#[tokio::test]
async fn bad_requests_are_answered_in_the_contracts_own_shape() {
    let desk = Desk::open().await;
    let mut many = recorded("request");
    many["recipientList"] = Value::Array(vec![many["recipientList"][0].clone(); 1_001]);
    let mut blank = recorded("request");
    blank["senderKey"] = json!("");
    let mut other = recorded("request");
    other["templateCode"] = json!("NONE");
    let mut later = recorded("request");
    later["requestDate"] = json!("2099-01-01 00:00");
    for (body, expected) in [(many, -2004), (blank, -2001), (other, 4), (later, 4), (json!([1]), 4)] {
        let answer = desk.ask("POST", MESSAGES, body).await;
        assert_eq!((answer.status, code(&answer.body)), (StatusCode::OK, expected), "{}", answer.body);
        assert_eq!(answer.body["header"]["isSuccessful"], false);
    }
    let wrong = [("x-secret-key", "wrong")];
    let answer = desk.try_ask("POST", MESSAGES, &wrong, &recorded("request")).await.expect("an answer");
    assert_eq!(code(&answer.body), -1001);
    let answer = desk.ask("POST", &MESSAGES.replace("KEY", "nobody"), recorded("request")).await;
    assert_eq!(code(&answer.body), -1000);
    let answer = desk.ask("POST", MESSAGES, to("010-2345-6789", Value::Null)).await;
    assert_eq!((code(&answer.body), &answer.body["message"]["sendResults"][0]["resultCode"]), (0, &json!(4)));
    let answer = desk.ask("POST", &MESSAGES.replace("messages", "auth/messages"), recorded("request")).await;
    assert_eq!(answer.body["message"]["sendResults"][0]["resultCode"], 4, "no word of authentication");
    let answer = desk.ask("POST", MESSAGES, to("01000000001", json!({ "isResend": true }))).await;
    assert_eq!(answer.body["message"]["sendResults"][0]["resultCode"], -2502);
    let mut long = recorded("request");
    long["recipientList"] = json!([long["recipientList"][0], long["recipientList"][0]]);
    long["recipientList"][1]["templateParameter"]["name"] = json!("가".repeat(1_300));
    let answer = desk.ask("POST", MESSAGES, long).await.body["message"]["sendResults"].clone();
    assert_eq!((&answer[0]["resultCode"], &answer[1]["resultCode"]), (&json!(0), &json!(-2000)), "{answer}");
}

#[tokio::test]
async fn a_failure_is_followed_by_a_text_message_where_it_was_asked_for() {
    let desk = Desk::open().await;
    desk.fault("sleepers", FaultKind::Refuse { code: Code::INACTIVE }).await;
    let off = desk.ask("POST", MESSAGES, to("01000000001", json!({ "isResend": false }))).await.body;
    let wish = json!({ "isResend": true, "resendSendNo": "02-1234-5678" });
    let on = desk.ask("POST", MESSAGES, to("01000000002", wish)).await.body;
    desk.until(|books| is_settled(books, 1) && is_settled(books, 2)).await;
    for (body, resend, text) in [(off, "RSC01", Value::Null), (on, "RSC04", json!("1000"))] {
        let id = body["message"]["requestId"].as_str().expect("an id");
        let row = desk.ask("GET", &format!("{MESSAGES}/{id}/1"), Value::Null).await.body["message"].clone();
        assert_eq!((&row["messageStatus"], &row["resultCode"]), (&json!("FAILED"), &json!("3018")), "{row}");
        assert_eq!((&row["resendStatus"], &row["resendResultCode"]), (&json!(resend), &text), "{row}");
    }
}

#[tokio::test]
async fn a_key_is_used_up_by_what_was_taken_and_by_nothing_else() {
    let desk = Desk::open().await;
    let key = [("x-nc-api-idempotency-key", "bill-1")];
    let body = recorded("request");
    desk.fault("gone", FaultKind::Down { how: DownHow::Reject }).await;
    let answer = desk.try_ask("POST", MESSAGES, &key, &body).await.expect("an answer");
    assert_eq!(
        (answer.status, &answer.headers["retry-after"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"5".parse().expect("a header"))
    );
    assert_eq!(code(&answer.body), -9998);
    desk.lift("gone").await;
    desk.fault("cut", FaultKind::AcceptThen { then: Then::Reset }).await;
    assert!(desk.try_ask("POST", MESSAGES, &key, &body).await.is_none());
    assert_eq!(desk.broken(), Some(Break::Reset));
    desk.lift("cut").await;
    let answer = desk.try_ask("POST", MESSAGES, &key, &body).await.expect("an answer");
    assert_eq!(code(&answer.body), -1005);
    assert_eq!(desk.run.books(|books| books.calls_of("nhn", 0).count()), 2, "the refused one and the taken one");
}

#[tokio::test]
async fn a_plain_text_is_sent_and_asked_for_in_the_other_product() {
    let desk = Desk::open().await;
    let path = "/sms/v3.0/appKeys/KEY/sender/sms";
    let body = json!({ "body": "[LH] ##who## 안내", "sendNo": "0212345678",
        "recipientList": [{ "recipientNo": "01000000003", "templateParameter": { "who": "임대료" } }] });
    let sent = desk.ask("POST", path, body).await.body;
    assert_eq!(sent["body"]["data"]["sendResultList"][0]["resultCode"], 0, "{sent}");
    desk.until(|books| is_settled(books, 1)).await;
    let id = sent["body"]["data"]["requestId"].as_str().expect("an id");
    let row = desk.ask("GET", &format!("{path}/{id}?recipientSeq=1"), Value::Null).await.body["body"]["data"].clone();
    assert_eq!((&row["msgStatus"], &row["body"]), (&json!("3"), &json!("[LH] 임대료 안내")), "{row}");
    let answer = desk.ask("POST", path, json!({ "body": "x", "sendNo": "1", "recipientList": [{}] })).await;
    assert_eq!(code(&answer.body), -1003);
}
