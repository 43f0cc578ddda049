//! Accounts beside each other: keys of requests, queries and webhooks of one are nothing to the other; and numbers that are
//! not registered are refused by each contract in its own code.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::control::books::Place;
use crate::host::provider::accounts::Account;
use crate::host::provider::hooks::{Hook, Reports as _};
use crate::host::provider::senders::Senders;
use crate::host::provider::signature::hex;
use crate::host::provider::{bizgo, nhn};
use crate::host::tests::outside::{Answer, Desk, is_settled};

const OMNI: &str = "/api/comm/v1/send/omni";
const POLLING: &str = "/api/comm/v1/report/polling";

fn account(key: &str) -> Account {
    Account { key: key.to_owned(), secret: format!("secret-of-{key}") }
}

async fn ask(desk: &Desk, of: &str, method: &str, path: &str, more: &[(&str, &str)], body: Value) -> Answer {
    let secret = account(of).secret;
    let headers = [&[("authorization", of), ("x-secret-key", secret.as_str())][..], more].concat();
    desk.try_ask(method, &path.replace("APP", of), &headers, &body).await.expect("the line holds")
}

fn words() -> Value {
    json!({ "name": "홍길동", "amount": "120,000", "due": "12월 31일" })
}

fn to_bizgo(phone: &str, key: &str) -> Value {
    let alimtalk = json!({ "senderKey": "a", "templateCode": "RENT01", "sendType": "template" });
    json!({
        "destinations": [{ "to": phone, "replaceWords": words() }], "messageFlow": [{ "alimtalk": alimtalk }],
        "idempotencyKey": key, "idempotencyTtl": 600,
    })
}

fn to_nhn(phone: &str) -> Value {
    json!({
        "senderKey": "a", "templateCode": "RENT01",
        "recipientList": [{ "recipientNo": phone, "templateParameter": words() }],
    })
}

#[tokio::test]
async fn accounts_share_neither_keys_nor_messages_nor_webhooks() {
    let desk = Desk::of(vec![account("one"), account("two")], Senders::default()).await;
    let mut keys = Vec::new();
    for (of, phone) in [("one", "01000000001"), ("two", "01000000002")] {
        let answer = ask(&desk, of, "POST", OMNI, &[], to_bizgo(phone, "bill-1")).await.body;
        let row = &answer["data"]["data"]["destinations"][0];
        assert_eq!(row["code"], "A000", "the same key is another account's: {answer}");
        keys.push(row["msgKey"].as_str().expect("a key").to_owned());
    }
    let again = ask(&desk, "two", "POST", OMNI, &[], to_bizgo("01000000002", "bill-1")).await.body;
    assert_eq!(again["data"]["data"]["destinations"][0]["code"], "A301");
    desk.until(|books| is_settled(books, 1) && is_settled(books, 2)).await;
    for (of, mine, others) in [("one", &keys[0], &keys[1]), ("two", &keys[1], &keys[0])] {
        let polled = ask(&desk, of, "GET", POLLING, &[], Value::Null).await.body["data"]["data"]["report"].clone();
        let rows = polled.as_array().expect("reports");
        assert_eq!((rows.len(), &rows[0]["msgKey"]), (1, &json!(mine)), "{polled}");
        let inquiry = format!("/api/comm/v1/report/inquiry/{others}");
        assert_eq!(ask(&desk, of, "GET", &inquiry, &[], Value::Null).await.body["data"]["code"], "A820");
    }

    let messages = "/alimtalk/v2.3/appkeys/APP/messages";
    let once = [("x-nc-api-idempotency-key", "bill-1")];
    let mut ids = Vec::new();
    for (of, phone) in [("one", "01000000003"), ("two", "01000000004")] {
        let answer = ask(&desk, of, "POST", messages, &once, to_nhn(phone)).await.body;
        assert_eq!(answer["header"]["resultCode"], 0, "{answer}");
        ids.push(answer["message"]["requestId"].as_str().expect("an id").to_owned());
        let again = ask(&desk, of, "POST", messages, &once, to_nhn(phone)).await.body;
        assert_eq!(again["header"]["resultCode"], -1005);
    }
    let mine = ask(&desk, "one", "GET", &format!("{messages}?requestId={}", ids[0]), &[], Value::Null).await.body;
    assert_eq!(mine["messageSearchResultResponse"]["totalCount"], 1, "{mine}");
    let others = ask(&desk, "one", "GET", &format!("{messages}?requestId={}", ids[1]), &[], Value::Null).await.body;
    assert_eq!(others["messageSearchResultResponse"]["totalCount"], 0, "{others}");
    let others = ask(&desk, "one", "GET", &format!("{messages}/{}/1", ids[1]), &[], Value::Null).await.body;
    assert_eq!(others["header"]["resultCode"], 4, "{others}");

    let sms = "/sms/v3.0/appKeys/APP/sender/sms";
    let body = json!({ "body": "안내", "sendNo": "0212345678", "recipientList": [{ "recipientNo": "01000000005" }] });
    let sent = ask(&desk, "one", "POST", sms, &[], body).await.body;
    let id = sent["body"]["data"]["requestId"].as_str().expect("an id").to_owned();
    let day = desk.run.plan.clock.start_unix_s;
    let day = jiff::Timestamp::from_second(day + i64::from(desk.run.plan.clock.offset_s)).expect("a date");
    let days = format!("startCreateDate={0}&endCreateDate={0}", day.strftime("%Y-%m-%d"));
    for (of, count) in [("one", 1), ("two", 0)] {
        for asked in [format!("requestId={id}"), days.clone()] {
            let listed = ask(&desk, of, "GET", &format!("{sms}?{asked}"), &[], Value::Null).await.body;
            assert_eq!(listed["body"]["totalCount"], count, "{of} {asked}: {listed}");
        }
    }

    desk.until(|books| is_settled(books, 4) && is_settled(books, 5)).await;
    let news = |contract: &str| {
        desk.run.books(|books| {
            let of = |place: &&Place| books.call(place.call).is_some_and(|call| call.contract == contract);
            books.news(0, 100).iter().filter(of).copied().collect::<Vec<_>>()
        })
    };
    let hooks = bizgo::hook::Results.hooks(&desk.providers, &desk.run, &news("bizgo"));
    let header = |hook: &Hook, name: &str| {
        let found = hook.headers.iter().find(|header| header.0 == name).expect("a header");
        found.1.to_str().expect("text").to_owned()
    };
    let signer = |hook: &Hook| {
        let (at, signature) = (header(hook, "x-ib-timestamp"), header(hook, "x-ib-signature"));
        let by = ["one", "two"].into_iter().find(|of| hex(&account(of).secret, at.as_bytes()) == signature);
        by.expect("an account of ours")
    };
    assert_eq!(hooks.iter().map(signer).collect::<Vec<_>>(), ["one", "two"]);
    let hooks = nhn::hook::Results.hooks(&desk.providers, &desk.run, &news("nhn"));
    let secrets: Vec<String> = hooks.iter().map(|hook| header(hook, "x-toast-webhook-signature")).collect();
    assert_eq!(secrets, ["secret-of-one", "secret-of-two"]);
}

#[tokio::test]
async fn a_number_that_is_not_registered_sends_no_texts() {
    let senders = Senders::new([Senders::parse("02-1234-5678").expect("a number")]);
    let desk = Desk::of(Vec::new(), senders).await;
    for (number, nhn, sms, bizgo) in [("0212345678", 0, 0, "A000"), ("15881588", -1003, -1003, "A327")] {
        let mut body = to_nhn("01000000001");
        body["recipientList"][0]["resendParameter"] = json!({ "isResend": true, "resendSendNo": number });
        let answer = desk.ask("POST", "/alimtalk/v2.3/appkeys/KEY/messages", body).await.body;
        assert_eq!(answer["message"]["sendResults"][0]["resultCode"], nhn, "{number}: {answer}");
        let body = json!({ "body": "안내", "sendNo": number, "recipientList": [{ "recipientNo": "01000000002" }] });
        let answer = desk.ask("POST", "/sms/v3.0/appKeys/KEY/sender/sms", body).await.body;
        assert_eq!(answer["header"]["resultCode"], sms, "{number}: {answer}");
        let mut body = to_bizgo("01000000003", number);
        body["messageFlow"] = json!([{ "sms": { "from": number, "text": "안내" } }]);
        let answer = desk.ask("POST", OMNI, body).await;
        let code = if answer.status == StatusCode::OK {
            answer.body["data"]["data"]["destinations"][0]["code"].clone()
        } else {
            answer.body["data"]["code"].clone()
        };
        assert_eq!(code, bizgo, "{number}: {}", answer.body);
    }
}
