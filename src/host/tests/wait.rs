//! Waiting on the server: for what happens, and near misses for what does not.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::api::wait::WAITS_MAX;
use crate::host::tests::api::{api, ask};
use crate::host::tests::submit::standing;

#[tokio::test]
async fn a_wait_answers_the_event_with_the_facts_of_its_notice() {
    let (router, _trigger) = api();
    standing(&router).await;
    let body = json!({ "kind": "rent", "to": "010-0000-0700" });
    let (_, made) = ask(&router, "POST", "/v1/notices", body).await;
    let (notice, since) = (&made["notices"][0]["id"], &made["since"]);
    let path = format!("/v1/wait?event=submitted&person=01000000700&since={since}");
    let (status, waited) = ask(&router, "GET", &path, Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{waited}");
    let event = &waited["event"];
    assert_eq!((&event["notice"], &event["kind"], &event["medium"]), (notice, &json!("rent"), &json!("alimtalk")));
    assert_eq!((&waited["run"], waited["number"].as_u64() > since.as_u64()), (&json!("r1"), true));

    // The run goes on while somebody waits already, and the event comes to them.
    let person = json!({ "event": "shown", "person": "010-0000-0700", "medium": "alimtalk", "since": since });
    let (waited, _) = tokio::join!(
        ask(&router, "POST", "/v1/wait", person),
        ask(&router, "POST", "/v1/runs/current/resume", Value::Null)
    );
    let (status, waited) = waited;
    assert_eq!((status, &waited["event"]["notice"]), (StatusCode::OK, notice), "{waited}");
}

#[tokio::test]
async fn a_wait_in_vain_names_what_came_closest() {
    let (router, _trigger) = api();
    standing(&router).await;
    let body = json!({ "kind": "rent", "to": ["010-0000-0700", "010-0000-0701"] });
    let (_, made) = ask(&router, "POST", "/v1/notices", body).await;
    let wanted = json!({
        "event": "submitted", "person": "010-0000-0701", "medium": "lms", "since": made["since"], "timeout_ms": 1,
    });
    let (status, problem) = ask(&router, "POST", "/v1/wait", wanted).await;
    assert_eq!((status, &problem["type"]), (StatusCode::REQUEST_TIMEOUT, &json!("/problems/wait-timeout")));
    let nearest = &problem["near_misses"][0];
    assert_eq!(nearest["matched"], json!(["event", "person"]));
    assert_eq!(nearest["differed"], json!({ "medium": { "expected": "lms", "found": "alimtalk" } }));
    assert_eq!(nearest["event"]["person"], "010-0000-0701");

    let (status, problem) = ask(&router, "GET", "/v1/wait?event=shown&fault=no&timeout_ms=0", Value::Null).await;
    assert_eq!((status, &problem["near_misses"]), (StatusCode::REQUEST_TIMEOUT, &json!([])));
}

#[tokio::test]
async fn a_wait_that_cannot_be_is_told_at_once() {
    let (router, _trigger) = api();
    standing(&router).await;
    for (query, detail, near) in [
        ("", "expected a fact to wait for, like event=shown", Value::Null),
        ("event=shwon", "event: no such word as 'shwon'", json!("shown")),
        ("event=shown&medum=lms", "no event has a 'medum'", json!("medium")),
        ("event=shown&medium=lsm", "medium: no such word as 'lsm'", json!("lms")),
        ("event=shown&event=shown", "event: expected once", Value::Null),
        (
            "person=010-0000-1000",
            "person: expected the number of a person of this run, found '010-0000-1000'",
            Value::Null,
        ),
        ("attempt=17", "attempt: expected one like n17/0, found '17'", Value::Null),
        ("kind=rant", "kind: no kind of notice is called 'rant'", json!("rent")),
        (
            "event=shown&timeout_ms=120001",
            "timeout_ms: expected a whole number up to 120000, found '120001'",
            Value::Null,
        ),
    ] {
        let (status, problem) = ask(&router, "GET", &format!("/v1/wait?{query}"), Value::Null).await;
        assert_eq!((status, &problem["detail"]), (StatusCode::BAD_REQUEST, &json!(detail)), "{query}");
        assert_eq!(problem["nearest"], near, "{query}");
    }
}

#[tokio::test]
async fn a_wait_ends_with_its_run() {
    let (router, _trigger) = api();
    standing(&router).await;
    let (waited, _) = tokio::join!(
        ask(&router, "GET", "/v1/wait?event=returned", Value::Null),
        ask(&router, "POST", "/v1/runs/current/stop", Value::Null)
    );
    let (status, problem) = waited;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/run-ended")));
    // What is over can still be asked for.
    let (status, waited) = ask(&router, "GET", "/v1/wait?event=run_ended&run=r1&since=0", Value::Null).await;
    assert_eq!((status, &waited["event"]["end"]), (StatusCode::OK, &json!("asked")));
}

#[tokio::test]
async fn waits_are_bounded() {
    let (router, _trigger) = api();
    standing(&router).await;
    let waits = (0..WAITS_MAX).map(|_| {
        let router = router.clone();
        tokio::spawn(async move { ask(&router, "GET", "/v1/wait?event=returned", Value::Null).await.0 })
    });
    let waits: Vec<_> = waits.collect();
    let refused = async {
        loop {
            let (status, problem) = ask(&router, "GET", "/v1/wait?event=returned&timeout_ms=0", Value::Null).await;
            if status == StatusCode::SERVICE_UNAVAILABLE {
                return problem;
            }
            tokio::task::yield_now().await;
        }
    };
    let problem = tokio::time::timeout(Duration::from_secs(20), refused).await.expect("the bound is reached");
    assert_eq!(problem["detail"], "64 waits go on");
    ask(&router, "POST", "/v1/runs/current/stop", Value::Null).await;
    for wait in waits {
        assert_eq!(wait.await.expect("no panic"), StatusCode::CONFLICT);
    }
}
