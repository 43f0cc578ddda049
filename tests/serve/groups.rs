//! Groups of SOLAPI's that wait to be sent: made, filled and dated before a `kill -9`, they are there after it, and are sent
//! at their instant, before an application is woken that waits for it.

use serde_json::{Value, json};

use super::{Served, run_folder, solapi_key};

const HOUR: i64 = 3_600_000_000;
const GROUPS: &str = "/messages/v4/groups";

fn start(served: &Served) {
    let scenario = "scenario: groups\nclock: { start: '2026-03-03T10:00:00+09:00', stop: 8h }\n\
                    sender: { drive: external }\n\
                    people: { all: { count: 20, kakao: { active: 100% }, phone: { powered: 100% } } }\n\
                    notices: { bill: { alimtalk: { template: BILL01, text: '[구청] 모의 알림' }, route: [ { try: alimtalk } ] } }\n\
                    timeline:\n  - { at: 7h, send: bill, to: all }\n";
    let body = json!({ "scenario": scenario, "clock": "lockstep" }).to_string();
    let (status, answer) = served.ask("POST", "/v1/runs", &body);
    assert_eq!(status, 201, "{answer}");
}

fn solapi(served: &Served, salt: &str, method: &str, path: &str, body: Value) -> (u16, Value) {
    let (status, _, answer) = served.ask_with(method, path, &solapi_key(salt), &body.to_string());
    (status, serde_json::from_str(&answer).unwrap_or_else(|_| panic!("no JSON: {status} {answer}")))
}

fn message(phone: u32) -> Value {
    let kakao = json!({ "pfId": "KA01PF", "templateId": "BILL01", "disableSms": true });
    json!({ "to": format!("010{phone:08}"), "kakaoOptions": kakao })
}

fn lease(served: &Served) -> String {
    let (status, lease) = served.ask("POST", "/v1/clock/leases", r#"{"name":"sender"}"#);
    let lease: Value = serde_json::from_str(&lease).expect("JSON");
    lease["lease"].as_str().unwrap_or_else(|| panic!("{status} {lease}")).to_owned()
}

fn idle(served: &Served, lease: &str, until: i64) {
    loop {
        let body = json!({ "until_us": until }).to_string();
        let (status, answer) = served.ask("POST", &format!("/v1/clock/leases/{lease}/idle"), &body);
        assert_eq!(status, 200, "{answer}");
        match serde_json::from_str::<Value>(&answer).expect("JSON")["why"].as_str() {
            Some("waiting") => {}
            why => return assert_eq!(why, Some("due")),
        }
    }
}

/// How a group stands, and the phones of its messages.
fn group(served: &Served, salt: &str, id: &str) -> (String, Vec<String>) {
    let (status, info) = solapi(served, &format!("one {salt}"), "GET", &format!("{GROUPS}/{id}"), Value::Null);
    assert_eq!(status, 200, "{info}");
    let path = format!("{GROUPS}/{id}/messages");
    let (_, list) = solapi(served, &format!("list {salt}"), "GET", &path, Value::Null);
    let rows = list["messageList"].as_object().unwrap_or_else(|| panic!("no list: {list}"));
    let phones = rows.values().map(|row| row["to"].as_str().expect("a number").to_owned()).collect();
    (info["status"].as_str().expect("a word").to_owned(), phones)
}

#[test]
fn groups_that_wait_outlive_the_server_and_are_sent_at_their_instant() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    start(&served);
    let body = json!({ "messages": [message(1), message(2)], "scheduledDate": "2026-03-03T12:00:00+09:00" });
    let (status, sent) = solapi(&served, "scheduled", "POST", "/messages/v4/send-many/detail", body);
    assert_eq!((status, &sent["groupInfo"]["status"]), (200, &json!("SCHEDULED")), "{sent}");
    let scheduled = sent["groupInfo"]["groupId"].as_str().expect("a number").to_owned();
    let (_, made) = solapi(&served, "made", "POST", GROUPS, json!({}));
    let draft = made["groupId"].as_str().expect("a number").to_owned();
    let messages = format!("{GROUPS}/{draft}/messages");
    let lot = json!({ "messages": [message(3), message(4), message(5), message(3)] });
    let (_, added) = solapi(&served, "added", "PUT", &messages, lot);
    assert_eq!((&added["errorCount"], &added["resultList"][3]["statusCode"]), (&json!("1"), &json!("1026")), "{added}");
    let out = json!({ "messageIds": [added["resultList"][1]["messageId"]] });
    assert_eq!(solapi(&served, "out", "DELETE", &messages, out).1["errorCount"], 0);
    let (_, gone) = solapi(&served, "made again", "POST", GROUPS, json!({}));
    let gone = format!("{GROUPS}/{}", gone["groupId"].as_str().expect("a number"));
    assert_eq!(solapi(&served, "gone", "DELETE", &gone, Value::Null).0, 200);
    served.kill();

    let served = Served::start(data.path());
    let phones = |numbers: &[u32]| numbers.iter().map(|number| format!("010{number:08}")).collect::<Vec<_>>();
    assert_eq!(group(&served, "a", &scheduled), ("SCHEDULED".to_owned(), phones(&[1, 2])));
    assert_eq!(group(&served, "b", &draft), ("PENDING".to_owned(), phones(&[3, 5])));
    assert_eq!(solapi(&served, "still gone", "GET", &gone, Value::Null).0, 404);
    let (_, again) = solapi(&served, "more", "PUT", &messages, json!({ "messages": [message(5), message(6)] }));
    assert_eq!(again["resultList"][1]["statusCode"], "1026", "whom it has already, it knows: {again}");
    let body = json!({ "scheduledDate": "2026-03-03T13:00:00+09:00" });
    assert_eq!(solapi(&served, "dated", "POST", &format!("{GROUPS}/{draft}/schedule"), body).0, 200);
    served.kill();

    let served = Served::start(data.path());
    let lease = lease(&served);
    idle(&served, &lease, 2 * HOUR);
    assert_eq!(
        group(&served, "c", &scheduled),
        ("SENDING".to_owned(), phones(&[1, 2])),
        "before the application is woken"
    );
    assert_eq!(group(&served, "d", &draft).0, "SCHEDULED");
    idle(&served, &lease, 3 * HOUR);
    assert_eq!(group(&served, "e", &draft), ("SENDING".to_owned(), phones(&[3, 5, 6])));
    idle(&served, &lease, 3 * HOUR + HOUR / 6);
    for (salt, id) in [("f", &scheduled), ("g", &draft)] {
        assert_eq!(group(&served, salt, id).0, "COMPLETE");
    }
    // What was sent is sent: the next process finds nothing that waits.
    served.kill();
    let served = Served::start(data.path());
    assert_eq!(group(&served, "h", &draft), ("COMPLETE".to_owned(), phones(&[3, 5, 6])));
    let (status, made) = solapi(&served, "new", "POST", GROUPS, json!({}));
    assert!(status == 200 && made["groupId"] != json!(draft), "{made}");
    assert_eq!(served.terminate().0, Some(0));
    let folder = run_folder(data.path());
    let mut replay = std::process::Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let replayed = replay.args(["replay", "--lang", "en"]).arg(folder).output().expect("it starts");
    assert!(String::from_utf8(replayed.stdout).expect("UTF-8").starts_with("equal: "));
}
