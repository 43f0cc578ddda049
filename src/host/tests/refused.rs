//! What an application is refused, by every contract: the run knows what it was told and of whom, `/metrics` has counts,
//! and what nobody can be found for is counted.

use serde_json::{Value, json};

use crate::host::provider::accounts::{USUAL_KEY, USUAL_SECRET};
use crate::host::provider::signature::hex;
use crate::host::tests::outside::Desk;
use crate::sim::fault::{DownHow, FaultKind};
use crate::sim::model::event::EventKind;

const SOLAPI: &str = "/messages/v4/send-many/detail";
const NHN: &str = "/alimtalk/v2.3/appkeys/KEY/messages";
const SMS: &str = "/sms/v3.0/appKeys/KEY/sender/sms";
const MMS: &str = "/sms/v3.0/appKeys/KEY/sender/mms";
const BIZGO: &str = "/api/comm/v1/send/omni";

/// What the run knows of refusals, once it knows of so many: `person medium: contract code`, or `nobody xN`.
async fn known(desk: &Desk, wanted: usize) -> Vec<String> {
    let mut changes = desk.run.changes();
    loop {
        let (mut rows, mut last) = (Vec::new(), String::new());
        for event in desk.run.events(0, 10_000).events {
            match event.kind {
                EventKind::Submitted { person, medium, .. } => {
                    last = format!("{} {}", desk.run.people.numbers().number(person), medium.name());
                }
                EventKind::Refused { said: Some(said), .. } => rows.push(format!("{last}: {said}")),
                EventKind::Refused { code, .. } => rows.push(format!("{last}: {code} by a fault")),
                EventKind::RequestsRefused { said, count } => rows.push(format!("nobody: {said} x{count}")),
                _ => {}
            }
        }
        if rows.len() >= wanted {
            return rows;
        }
        changes.changed().await.expect("the run goes on");
    }
}

/// How often each code was counted, of those that were.
fn counted(desk: &Desk) -> Vec<String> {
    let rows = desk.providers.runs.refusals().rows().into_iter().filter(|row| row.1 > 0);
    rows.map(|(said, count)| format!("{said} {count}")).collect()
}

/// Asks SOLAPI, signed.
async fn solapi(desk: &Desk, salt: &str, secret: &str, body: &Value) -> Value {
    let date = jiff::Timestamp::now().to_string();
    let salt = format!("salt-of-a-test-{salt}");
    let signature = hex(secret, format!("{date}{salt}").as_bytes());
    let header = format!("HMAC-SHA256 ApiKey={USUAL_KEY}, Date={date}, salt={salt}, signature={signature}");
    desk.try_ask("POST", SOLAPI, &[("authorization", &header)], body).await.expect("the line holds").body
}

fn rent(to: &str, template: &str, variables: &Value) -> Value {
    let kakao = json!({ "pfId": "KA01PFlh", "templateId": template, "variables": variables, "disableSms": true });
    json!({ "to": to, "from": "0212345678", "kakaoOptions": kakao })
}

fn variables() -> Value {
    json!({ "name": "홍길동", "amount": "312,000", "due": "2022-10-25" })
}

#[tokio::test]
async fn solapi_s_refusals_are_what_the_application_was_told() {
    let desk = Desk::open().await;
    let long = json!({ "to": "01000000004", "from": "0212345678", "type": "LMS", "text": "가".repeat(1_001) });
    let unsent = json!({ "to": "01000000005", "type": "SMS", "text": "안내" });
    let messages = json!([
        rent("01000000001", "NOPE", &variables()),
        rent("01000000002", "RENT01", &variables()),
        rent("01000000003", "RENT01", &json!({})),
        long,
        unsent,
        rent("01099999999", "RENT01", &variables()),
    ]);
    let answer = solapi(&desk, "1", USUAL_SECRET, &json!({ "messages": messages })).await;
    let codes: Vec<&str> = answer["failedMessageList"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["statusCode"].as_str().expect("a code"))
        .collect();
    assert_eq!(codes, ["1042", "1043", "1031", "1062", "1011"]);
    let rows = known(&desk, 5).await;
    let expected = [
        "010-0000-0001 alimtalk: solapi 1042",
        "010-0000-0003 alimtalk: solapi 1043",
        "010-0000-0004 lms: solapi 1031",
        "010-0000-0005 sms: solapi 1062",
        "nobody: solapi 1011 x1",
    ];
    assert_eq!(rows, expected, "whom it took is not refused");
    solapi(&desk, "2", "wrong", &json!({ "messages": messages })).await;
    solapi(&desk, "3", USUAL_SECRET, &json!({ "messages": vec![rent("01000000001", "NOPE", &variables()); 10_001] }))
        .await;
    let rows = known(&desk, 7).await;
    assert_eq!(rows[5..], ["nobody: solapi SignatureDoesNotMatch x1", "nobody: solapi ValidationError x1"]);
    let each = ["1011", "1031", "1042", "1043", "1062", "SignatureDoesNotMatch", "ValidationError"];
    assert_eq!(counted(&desk), each.map(|code| format!("solapi {code} 1")));
}

#[tokio::test]
async fn nhn_s_refusals_are_what_the_application_was_told() {
    let desk = Desk::open().await;
    let to = |no: &str, values: Value| json!({ "recipientNo": no, "templateParameter": values });
    let body = |template: &str, list: Vec<Value>| json!({ "senderKey": "a".repeat(40), "templateCode": template, "recipientList": list });
    desk.ask("POST", NHN, body("NOPE", vec![to("01000000001", variables()), to("010-0000-0002", variables())])).await;
    let mixed = vec![to("01000000003", json!({})), to("01000000004", variables()), to("01099999999", variables())];
    desk.ask("POST", NHN, body("RENT01", mixed)).await;
    let text =
        |from: &str| json!({ "body": "안내", "sendNo": from, "recipientList": [{ "recipientNo": "01000000005" }] });
    desk.ask("POST", SMS, text("12")).await;
    desk.ask("POST", MMS, text("12")).await;
    let wrong = [("x-secret-key", "wrong")];
    desk.try_ask("POST", NHN, &wrong, &body("RENT01", vec![to("01000000001", variables())])).await.expect("answered");
    desk.ask("POST", NHN, json!([1])).await;
    let expected = [
        "010-0000-0001 alimtalk: nhn 4",
        "010-0000-0002 alimtalk: nhn 4",
        "010-0000-0003 alimtalk: nhn -2002",
        "nobody: nhn 4 x1",
        "010-0000-0005 sms: nhn-sms -1003",
        "010-0000-0005 lms: nhn-sms -1003",
        "nobody: nhn -1001 x1",
    ];
    assert_eq!(known(&desk, 8).await[..7], expected);
    assert_eq!(counted(&desk), ["nhn 4 3", "nhn -1001 1", "nhn -2002 1", "nhn-sms -1003 2"]);
}

#[tokio::test]
async fn bizgo_s_refusals_are_what_the_application_was_told() {
    let desk = Desk::open().await;
    let flow = |code: &str| json!([{ "alimtalk": { "senderKey": "a", "templateCode": code, "sendType": "template" } }]);
    let to = |no: &str, words: Value| json!({ "to": no, "replaceWords": words });
    let people = json!([to("01000000001", variables()), to("01000000002", variables())]);
    desk.ask("POST", BIZGO, json!({ "destinations": people, "messageFlow": flow("NOPE") })).await;
    let mixed = json!([to("01000000003", json!({})), to("01000000004", variables()), to("01099999999", json!({}))]);
    desk.ask("POST", BIZGO, json!({ "destinations": mixed, "messageFlow": flow("RENT01") })).await;
    let text = json!([{ "sms": { "from": "0212345678", "text": "가".repeat(46) } }]);
    desk.ask("POST", BIZGO, json!({ "destinations": [to("01000000005", json!({}))], "messageFlow": text })).await;
    let wrong = [("authorization", "wrong")];
    desk.try_ask("POST", BIZGO, &wrong, &json!({})).await.expect("answered");
    let expected = [
        "010-0000-0001 alimtalk: bizgo A505",
        "010-0000-0002 alimtalk: bizgo A505",
        "010-0000-0003 alimtalk: bizgo A300",
        "nobody: bizgo A306 x1",
        "010-0000-0005 sms: bizgo A328",
        "nobody: bizgo A401 x1",
    ];
    assert_eq!(known(&desk, 6).await, expected);
    let counts = ["A300 1", "A306 1", "A328 1", "A401 1", "A505 1"];
    assert_eq!(counted(&desk), counts.map(|row| format!("bizgo {row}")));
}

#[tokio::test]
async fn what_a_fault_refuses_is_counted_and_told_once() {
    let desk = Desk::open().await;
    desk.fault("down", FaultKind::Down { how: DownHow::Reject }).await;
    let messages = json!([rent("01000000001", "NOPE", &variables()), rent("01000000002", "RENT01", &variables())]);
    let answer = solapi(&desk, "1", USUAL_SECRET, &json!({ "messages": messages })).await;
    assert_eq!(answer["errorCode"], "ServiceUnavailable");
    let rows = known(&desk, 2).await;
    let expected = ["010-0000-0002 alimtalk: 9998 by a fault", "010-0000-0001 alimtalk: solapi ServiceUnavailable"];
    assert_eq!(rows, expected, "nobody was told of the template");
    assert_eq!(counted(&desk), ["solapi ServiceUnavailable 1"]);
}
