//! Notices from outside: handed in over HTTP, each once, however often the client asks.

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::host::tests::api::{answer, api, ask, request, text};

/// A live run that stands still.
pub(super) async fn standing(router: &Router) {
    let (status, _) = ask(router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "real" })).await;
    assert_eq!(status, StatusCode::CREATED);
    ask(router, "POST", "/v1/runs/current/pause", Value::Null).await;
}

async fn keyed(router: &Router, key: &str, body: &Value) -> Response<Body> {
    let mut request = request("POST", "/v1/notices", body.to_string());
    request.headers_mut().insert("idempotency-key", key.parse().expect("a key"));
    answer(router, request).await
}

async fn notices(router: &Router) -> u64 {
    let (_, run) = ask(router, "GET", "/v1/runs/current", Value::Null).await;
    run["counts"]["notices"].as_u64().expect("a count")
}

#[tokio::test]
async fn one_kind_to_several_people_answers_their_numbers() {
    let (router, _trigger) = api();
    standing(&router).await;
    let before = notices(&router).await;
    let body = json!({ "kind": "rent", "to": ["010-0000-0003", "01000000004"] });
    let (status, made) = ask(&router, "POST", "/v1/notices", body).await;
    assert_eq!(status, StatusCode::CREATED);
    let expected = json!([
        { "id": format!("n{before}"), "kind": "rent", "to": "010-0000-0003" },
        { "id": format!("n{}", before + 1), "kind": "rent", "to": "010-0000-0004" },
    ]);
    assert_eq!((&made["run"], &made["notices"]), (&json!("r1"), &expected));
    assert_eq!(notices(&router).await, before + 2);

    let path = format!("/v1/runs/r1/events?since={}&limit=1", made["since"]);
    let (_, page) = ask(&router, "GET", &path, Value::Null).await;
    let event = &page["events"][0];
    assert_eq!((&event["event"], &event["notice"]), (&json!("created"), &json!(format!("n{before}"))));

    let body = json!({ "kind": "rent", "to": "010-0000-0005" });
    let (_, made) = ask(&router, "POST", "/v1/notices", body).await;
    assert_eq!(made["notices"][0]["id"], format!("n{}", before + 2));
    let body = json!({ "items": [{ "kind": "rent", "to": "010-0000-0006" }] });
    let (_, made) = ask(&router, "POST", "/v1/notices", body).await;
    assert_eq!(made["notices"][0]["id"], format!("n{}", before + 3));
}

#[tokio::test]
async fn either_all_items_are_taken_or_none() {
    let (router, _trigger) = api();
    let body = json!({ "kind": "rent", "to": "010-0000-0003" });
    let (status, problem) = ask(&router, "POST", "/v1/notices", body).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/no-run")));
    standing(&router).await;
    let before = notices(&router).await;
    let many = vec!["010-0000-0001"; 10_001];
    let both = json!({ "kind": "rent", "to": "010-0000-0001", "items": [] });
    for (body, kind, detail) in [
        (json!({}), "invalid-request", "expected kind and to, or items"),
        (both, "invalid-request", "expected either kind and to, or items, found parts of both"),
        (json!({ "kind": "rent", "to": [] }), "invalid-request", "to: expected 1 to 10000, found 0"),
        (json!({ "kind": "rent", "to": many }), "invalid-request", "to: expected 1 to 10000, found 10001"),
        (json!({ "kind": "rnet", "to": "010-0000-0001" }), "unknown-kind", "kind: no kind of notice is called 'rnet'"),
        (
            json!({ "kind": "rent", "to": ["010-0000-0001", "010-0000-1000"] }),
            "unknown-recipient",
            "to[1]: expected the number of a person of this run, found '010-0000-1000'",
        ),
        (
            json!({ "items": [{ "kind": "rent", "to": "010-1234-5678" }] }),
            "unknown-recipient",
            "items[0].to: expected the number of a person of this run, found '010-1234-5678'",
        ),
    ] {
        let (_, problem) = ask(&router, "POST", "/v1/notices", body).await;
        assert_eq!((&problem["type"], &problem["detail"]), (&json!(format!("/problems/{kind}")), &json!(detail)));
        if kind == "unknown-kind" {
            assert_eq!(problem["nearest"], "rent");
        }
    }
    assert_eq!(notices(&router).await, before);
}

#[tokio::test]
async fn a_key_sends_once_however_often_it_is_asked() {
    let (router, _trigger) = api();
    standing(&router).await;
    let before = notices(&router).await;
    let body = json!({ "kind": "rent", "to": ["010-0000-0003"] });
    let first = keyed(&router, "k1", &body).await;
    assert_eq!((first.status(), first.headers().get("idempotent-replayed")), (StatusCode::CREATED, None));
    let again = keyed(&router, "k1", &body).await;
    assert_eq!(again.status(), StatusCode::CREATED);
    assert_eq!(again.headers().get("idempotent-replayed").expect("the header"), "true");
    assert_eq!(text(again).await, text(first).await);
    assert_eq!(notices(&router).await, before + 1);

    let other = keyed(&router, "k1", &json!({ "kind": "rent", "to": ["010-0000-0004"] })).await;
    assert_eq!(other.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let problem: Value = serde_json::from_str(&text(other).await).expect("JSON");
    assert_eq!(problem["type"], "/problems/idempotency-key-reused");
    let wrong = keyed(&router, &"x".repeat(256), &body).await;
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);

    // A request that was refused has used up no key.
    let refused = keyed(&router, "k2", &json!({ "kind": "none", "to": "010-0000-0003" })).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(keyed(&router, "k2", &body).await.status(), StatusCode::CREATED);
    assert_eq!(notices(&router).await, before + 2);
}

#[tokio::test]
async fn ten_thousand_at_once_are_one_request() {
    let (router, _trigger) = api();
    standing(&router).await;
    let before = notices(&router).await;
    let to: Vec<String> = (0..10_000).map(|place| format!("010-0000-{:04}", place % 1_000)).collect();
    let (status, made) = ask(&router, "POST", "/v1/notices", json!({ "kind": "rent", "to": to })).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(made["notices"].as_array().map(Vec::len), Some(10_000));
    assert_eq!(made["notices"][9_999]["id"], format!("n{}", before + 9_999));
    assert_eq!(notices(&router).await, before + 10_000);
}

#[tokio::test]
async fn a_virtual_run_takes_no_notices() {
    let (router, _trigger) = api();
    ask(&router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "virtual" })).await;
    let body = json!({ "kind": "rent", "to": "010-0000-0003" });
    let (status, problem) = ask(&router, "POST", "/v1/notices", body).await;
    let told = [&json!("/problems/not-live"), &json!("/problems/no-run"), &json!("/problems/run-ended")];
    assert!(status == StatusCode::CONFLICT && told.contains(&&problem["type"]), "{problem}");
}
