//! Magic people in a run that does not name them: an application hands in notices for their numbers, and finds each
//! fate, whoever plays everybody else's phones.

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::tests::api::{api, ask};
use crate::sim::plan::magic::FATES;
use crate::sim::plan::numbers::magic_number;

/// The one notice of a magic person, and what is known of them.
async fn met(router: &Router, fate: &str) -> (Value, Value) {
    let place = FATES.iter().position(|one| one.key == fate).expect("a fate");
    let (status, story) = ask(router, "GET", &format!("/v1/people/{}", magic_number(place)), Value::Null).await;
    assert_eq!((status, &story["person"]["fate"]), (StatusCode::OK, &json!(fate)));
    assert_eq!(story["notices"].as_array().map(Vec::len), Some(1), "{fate}");
    (story["notices"][0].clone(), story["person"].clone())
}

#[tokio::test]
async fn every_run_has_them_and_each_meets_its_fate() {
    for phones in ["simulated", "outside"] {
        let (router, _trigger) = api();
        let run = json!({ "scenario": "rent", "clock": "real", "phones": phones });
        ask(&router, "POST", "/v1/runs", run).await;
        ask(&router, "POST", "/v1/runs/current/pause", Value::Null).await;
        let (_, before) = ask(&router, "GET", "/v1/runs/current", Value::Null).await;
        let to: Vec<String> = (0..FATES.len()).map(magic_number).collect();
        let (status, made) = ask(&router, "POST", "/v1/notices", json!({ "kind": "rent", "to": to })).await;
        assert_eq!((status, made["notices"].as_array().map(Vec::len)), (StatusCode::CREATED, Some(FATES.len())));
        // Up to a minute before the outage that the scenario has.
        ask(&router, "POST", "/v1/clock", json!({ "advance_ms": 240_000 })).await;

        let (notice, _) = met(&router, "delivered").await;
        assert_eq!((&notice["media"], &notice["believed"]), (&json!(["alimtalk"]), &json!("shown")), "{phones}");
        for refused in ["no-account", "inactive", "blocked"] {
            let (notice, who) = met(&router, refused).await;
            assert_eq!(notice["reached_by"], json!(["lms"]), "{phones} {refused}");
            assert_ne!(who["kakao"], json!("active"));
        }
        for doubled in ["receipt-late", "receipt-lost"] {
            let (notice, _) = met(&router, doubled).await;
            assert_eq!(
                (&notice["reached_by"], &notice["showings"]),
                (&json!(["alimtalk", "lms"]), &json!(2)),
                "{doubled}"
            );
        }
        let (notice, _) = met(&router, "opens-at-once").await;
        let us = |key: &str| notice[key].as_u64().expect("a time");
        assert_eq!(us("opened_us") - us("reached_us"), 1_000_000, "{phones}");
        assert_eq!(met(&router, "never-opens").await.0["opened_us"], Value::Null);
        assert_eq!(met(&router, "phone-off").await.0["reached_us"], Value::Null);
        let person = magic_number(FATES.iter().position(|fate| fate.key == "presses-at-once").expect("a fate"));
        let pressed = format!("/v1/wait?event=pressed&person={person}&since=0&timeout_ms=0");
        let (status, waited) = ask(&router, "GET", &pressed, Value::Null).await;
        assert_eq!((status, &waited["event"]["button"]), (StatusCode::OK, &json!("pay")), "{phones}");

        // They are nobody's audience, and a number of their block that is no fate's is nobody's.
        let (_, after) = ask(&router, "GET", "/v1/runs/current", Value::Null).await;
        assert_eq!(after["people"], before["people"]);
        let body = json!({ "kind": "rent", "to": "010-1999-9999" });
        let (status, problem) = ask(&router, "POST", "/v1/notices", body).await;
        let unknown = json!("/problems/unknown-recipient");
        assert_eq!((status, &problem["type"]), (StatusCode::UNPROCESSABLE_ENTITY, &unknown));
    }
}

#[tokio::test]
async fn an_outage_stands_before_every_fate() {
    let (router, _trigger) = api();
    ask(&router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "real" })).await;
    ask(&router, "POST", "/v1/clock", json!({ "paused": true, "advance_ms": 400_000 })).await;
    ask(&router, "POST", "/v1/notices", json!({ "kind": "rent", "to": magic_number(0) })).await;
    ask(&router, "POST", "/v1/clock", json!({ "advance_ms": 1_200_000 })).await;
    let (notice, _) = met(&router, "delivered").await;
    assert_eq!((&notice["hits"], &notice["media"]), (&json!(["blackout"]), &json!(["alimtalk", "lms"])));
}
