//! Simulated time in the hands of a client.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::tests::api::{api, ask};
use crate::host::tests::submit::standing;

#[tokio::test]
async fn a_paused_run_is_advanced_by_as_much_as_is_asked() {
    let (router, _trigger) = api();
    let (status, problem) = ask(&router, "GET", "/v1/clock", Value::Null).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/no-run")));
    standing(&router).await;
    let (_, before) = ask(&router, "GET", "/v1/clock", Value::Null).await;
    assert_eq!((&before["state"], &before["speed"], &before["run"]), (&json!("paused"), &json!(1), &json!("r1")));
    let (status, after) = ask(&router, "POST", "/v1/clock", json!({ "advance_ms": 600_000 })).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    let at = |clock: &Value| clock["at_us"].as_u64().expect("a time");
    assert_eq!((at(&after) - at(&before), &after["state"]), (600_000_000, &json!("paused")));

    // What fell due in between happened, at its own time.
    let (_, run) = ask(&router, "GET", "/v1/runs/current", Value::Null).await;
    assert_eq!((&run["faults_on"], run["counts"]["notices"].as_u64() > Some(400)), (&json!(["blackout"]), true));
    let (_, waited) = ask(&router, "GET", "/v1/wait?event=fault_began&since=0", Value::Null).await;
    assert_eq!(waited["event"]["t"], 300_000_000);

    let (_, after) = ask(&router, "POST", "/v1/clock", json!({ "paused": false, "speed": 20 })).await;
    assert_eq!((&after["state"], &after["speed"]), (&json!("running"), &json!(20)));
    let (status, problem) = ask(&router, "POST", "/v1/clock", json!({ "advance_ms": 1 })).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/not-paused")));
    let (_, after) = ask(&router, "POST", "/v1/clock", json!({ "paused": true, "advance_ms": 3_600_000 })).await;
    assert_eq!((at(&after), &after["state"]), (3_000_000_000, &json!("ended")), "a run goes no further than its end");
}

#[tokio::test]
async fn a_leap_goes_to_the_next_event_and_to_the_next_of_note() {
    let (router, _trigger) = api();
    standing(&router).await;
    let events = async || ask(&router, "GET", "/v1/runs/r1", Value::Null).await.1["counts"]["events"].as_u64();
    let before = events().await;
    let (status, clock) = ask(&router, "POST", "/v1/clock", json!({ "leap": "event" })).await;
    assert_eq!((status, &clock["state"]), (StatusCode::OK, &json!("paused")));
    assert!(events().await > before && clock["at_us"].as_u64() < Some(10_000_000), "{clock}");

    let mut noted = Vec::new();
    for _ in 0..3 {
        let (_, clock) = ask(&router, "POST", "/v1/clock", json!({ "leap": "note" })).await;
        noted.push(clock["at_us"].as_u64().unwrap_or_else(|| panic!("{clock} after {noted:?}")) / 1_000_000);
    }
    // The fault begins and ends; then there is nothing until the end. The line and its fallbacks began with the run.
    assert_eq!(noted, [300, 900, 3_000]);
    let (status, problem) = ask(&router, "POST", "/v1/clock", json!({ "leap": "minute" })).await;
    assert_eq!((status, &problem["type"]), (StatusCode::BAD_REQUEST, &json!("/problems/invalid-request")));
}

#[tokio::test]
async fn a_run_that_goes_on_goes_on_from_where_it_leapt() {
    let (router, _trigger) = api();
    standing(&router).await;
    let (_, clock) = ask(&router, "POST", "/v1/clock", json!({ "leap": "note", "paused": false })).await;
    assert_eq!((&clock["state"], clock["at_us"].as_u64() >= Some(300_000_000)), (&json!("running"), true));
    let (_, run) = ask(&router, "GET", "/v1/runs/current", Value::Null).await;
    assert_eq!(run["faults_on"], json!(["blackout"]));
}

#[tokio::test]
async fn an_impossible_order_changes_nothing() {
    let (router, _trigger) = api();
    standing(&router).await;
    let (_, before) = ask(&router, "GET", "/v1/clock", Value::Null).await;
    for (body, detail) in [
        (json!([null, 2, 3]), "expected an object, found a list"),
        (json!({ "paused": false, "speed": 0 }), "speed: expected 1 to 100000, found 0"),
        (
            json!({ "speed": 2, "advance_ms": 2_678_400_001_u64 }),
            "advance_ms: expected at most 2678400000, found 2678400001",
        ),
    ] {
        let (status, problem) = ask(&router, "POST", "/v1/clock", body).await;
        assert_eq!((status, &problem["detail"]), (StatusCode::BAD_REQUEST, &json!(detail)));
    }
    let (_, after) = ask(&router, "GET", "/v1/clock", Value::Null).await;
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_reset_leaves_nothing_and_makes_room() {
    let (router, _trigger) = api();
    let (_, nothing) = ask(&router, "POST", "/v1/reset", Value::Null).await;
    assert_eq!(nothing, json!({ "stopped": [], "forgotten": [] }));
    for number in 1..=3 {
        standing(&router).await;
        let name = format!("r{number}");
        let (status, reset) = ask(&router, "POST", "/v1/reset", Value::Null).await;
        assert_eq!((status, reset), (StatusCode::OK, json!({ "stopped": [name], "forgotten": [name] })));
        let (_, runs) = ask(&router, "GET", "/v1/runs", Value::Null).await;
        assert_eq!(runs, json!({ "runs": [], "current": null, "next": null }));
    }
}
