//! What is done by hand, through the API: it happens, it is in the journal, and it replays; what cannot be is refused.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::drive::replay;
use crate::host::journal::compare::Compare;
use crate::host::journal::reader;
use crate::host::serve::serve;
use crate::host::tests::api::{api, ask};
use crate::host::tests::class::asked;
use crate::host::tests::sockets::options;
use crate::host::tests::{blackout, shelf, wanted};
use crate::report::names::Names;
use crate::sim::engine::Phones;
use crate::sim::rehearsal::Rehearsal;

#[tokio::test]
async fn acts_that_cannot_be_are_refused_in_words() {
    let (router, _trigger) = api();
    let hand = |phone: &str| format!("/v1/people/{phone}/hand");
    let read = json!({ "do": "read", "attempt": "n0/0" });
    let (status, problem) = ask(&router, "POST", &hand("010-0000-0000"), read.clone()).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/no-run")));
    let start = json!({ "scenario": "rent", "clock": "real" });
    assert_eq!(ask(&router, "POST", "/v1/runs", start).await.0, StatusCode::CREATED);
    let detail =
        |answer: (StatusCode, Value)| (answer.0.as_u16(), answer.1["detail"].as_str().unwrap_or("").to_owned());
    for (phone, body, status, said) in [
        ("010-0000-9999", read, 404, "nobody in this run has the number '010-0000-9999'"),
        ("010-0000-0900", json!({ "do": "read", "attempt": "n77/0" }), 409, "refused by the engine: unknown_attempt"),
        ("010-0000-0900", json!({ "do": "read", "attempt": "x" }), 400, "attempt: expected one like n17/0, found 'x'"),
        (
            "010-0000-0900",
            json!({ "do": "say", "channel": "lh", "text": "" }),
            400,
            "text: expected 1 to 1000 characters, found 0",
        ),
    ] {
        assert_eq!(detail(ask(&router, "POST", &hand(phone), body).await), (status, said.to_owned()));
    }
}

#[tokio::test]
async fn what_is_read_by_hand_happens_and_replays() {
    let data = tempfile::tempdir().expect("a folder");
    let server = serve(options(Some(data.path())), shelf()).await.expect("loopback");
    server.start(wanted(Some(60))).await.expect("the library has it");
    let (_, waited) = asked(&server, "GET", "/v1/wait?event=shown&medium=alimtalk", Value::Null).await;
    let (phone, attempt) = (waited["event"]["person"].as_str().expect("somebody"), &waited["event"]["attempt"]);
    let body = json!({ "do": "read", "attempt": attempt });
    let (status, done) = asked(&server, "POST", &format!("/v1/people/{phone}/hand"), body).await;
    assert_eq!((status, &done["phone"]), (200, &json!(phone)), "{done}");
    let opened = format!("/v1/wait?event=opened&person={phone}&since=0");
    assert_eq!(asked(&server, "GET", &opened, Value::Null).await.0, 200);
    assert!(server.end().await, "everything was written");

    let entries = std::fs::read_dir(data.path()).expect("there").map(|entry| entry.expect("readable").path());
    let folder = entries.into_iter().find(|path| path.is_dir()).expect("one");
    let inputs = std::fs::read_to_string(folder.join("inputs.ndjson")).expect("inputs");
    assert!(inputs.contains("\"read\""), "{inputs}");
    let scenario = blackout();
    let mut compare = Compare::open(&folder, Names::of(&scenario.plan)).expect("events");
    let inputs = reader::inputs(&folder).expect("inputs");
    let replayed = replay::run(Rehearsal::new(&scenario, Phones::Simulated), inputs, &mut compare);
    let events = std::fs::read_to_string(folder.join("events.ndjson")).expect("events").lines().count() as u64;
    assert_eq!(compare.finish().expect("readable"), Ok(events));
    assert!(replayed.is_ok());
}
