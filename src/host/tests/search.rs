//! Searching a run: notices and people by terms, page by page, and the story of one.

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::tests::api::{answer, api, ask, request, text};

/// The blackout of the rent bill, over and judged.
async fn over() -> (Router, crate::host::shutdown::Trigger) {
    let (router, trigger) = api();
    ask(&router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "virtual" })).await;
    text(answer(&router, request("GET", "/v1/events/stream?run=r1&since=0", "")).await).await;
    (router, trigger)
}

async fn found(router: &Router, what: &str, query: &str) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/v1/{what}?run=r1&limit=300&query={}{cursor}", query.replace(' ', "%20"));
        let (status, page) = ask(router, "GET", &path, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let rows = page[what].as_array().expect("rows");
        assert!(rows.len() <= 300);
        all.extend(rows.iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test]
async fn notices_are_found_by_what_became_of_them() {
    let (router, _trigger) = over().await;
    let all = found(&router, "notices", "").await;
    assert_eq!(all.len(), 1_000);
    let numbers: Vec<&str> = all.iter().filter_map(|notice| notice["id"].as_str()).collect();
    assert_eq!((numbers[0], numbers[999]), ("n0", "n999"));

    let hit = found(&router, "notices", "hit:blackout").await;
    let by_text = found(&router, "notices", "state:reached medium:lms,sms").await;
    let calm = found(&router, "notices", "-hit:blackout -medium:lms").await;
    assert!(hit.len() > 300 && by_text.len() > 300, "{} {}", hit.len(), by_text.len());
    assert!(hit.iter().all(|notice| notice["hits"] == json!(["blackout"])));
    assert!(by_text.iter().all(|notice| notice["media"] == json!(["alimtalk", "lms"])));
    assert!(calm.iter().all(|notice| notice["reached_by"] == json!(["alimtalk"])));
    assert_eq!(found(&router, "notices", "state:unreached state:reached").await.len(), 0);
    let both = found(&router, "notices", "state:unreached").await.len()
        + found(&router, "notices", "state:reached").await.len();
    assert_eq!(both, 1_000);

    let own = found(&router, "notices", "phone:010-0000-0012,01000000013 kind:rent").await;
    let to: Vec<&Value> = own.iter().map(|notice| &notice["to"]).collect();
    assert_eq!(to, ["010-0000-0012", "010-0000-0013"]);
}

#[tokio::test]
async fn a_notice_tells_its_story() {
    let (router, _trigger) = over().await;
    let hit = found(&router, "notices", "hit:blackout medium:lms").await;
    let id = hit[0]["id"].as_str().expect("an id");
    let (status, story) = ask(&router, "GET", &format!("/v1/notices/{id}"), Value::Null).await;
    assert_eq!((status, &story["notice"], &story["incomplete"]), (StatusCode::OK, &hit[0], &json!(false)));
    let events: Vec<&str> =
        story["events"].as_array().expect("events").iter().filter_map(|e| e["event"].as_str()).collect();
    assert_eq!(events[..2], ["created", "submitted"]);
    assert!(events.contains(&"fell_back") && events.contains(&"route_ended"), "{events:?}");

    for id in ["n1000", "17", "n-1", "n01", "n99999999999"] {
        let (status, problem) = ask(&router, "GET", &format!("/v1/notices/{id}"), Value::Null).await;
        let detail = json!(format!("no notice is called '{id}'"));
        assert_eq!((status, &problem["detail"]), (StatusCode::NOT_FOUND, &detail));
    }
}

#[tokio::test]
async fn people_are_found_by_who_they_are() {
    let (router, _trigger) = over().await;
    assert_eq!(found(&router, "people", "cohort:tenants kakao:active device:powered").await.len(), 1_000);
    assert_eq!(found(&router, "people", "-kakao:active").await.len(), 0);
    let one = found(&router, "people", "phone:010-0000-0999").await;
    let expected = json!({
        "phone": "010-0000-0999", "name": null, "cohort": "tenants", "groups": [], "region": null, "kakao": "active",
        "device": "powered", "friends": [], "fate": null,
    });
    assert_eq!(one, std::slice::from_ref(&expected));
    let (status, story) = ask(&router, "GET", "/v1/people/010-0000-0999", Value::Null).await;
    assert_eq!((status, &story["person"], &story["more"]), (StatusCode::OK, &expected, &json!(false)));
    assert_eq!(story["notices"][0]["id"], "n999");
    let (status, problem) = ask(&router, "GET", "/v1/people/010-0000-1000", Value::Null).await;
    assert_eq!((status, &problem["detail"]), (StatusCode::NOT_FOUND, &json!("nobody has the number '010-0000-1000'")));
}

#[tokio::test]
async fn mistakes_are_located_in_the_query() {
    let (router, _trigger) = over().await;
    for (what, query, detail, nearest) in [
        ("notices", "state:reachd", "query:7: no state is called 'reachd'", json!("reached")),
        ("notices", "medium:lms medium:sms,lsm", "query:23: no medium is called 'lsm'", json!("lms")),
        ("notices", "hit:blackot", "query:5: no hit is called 'blackot'", json!("blackout")),
        ("notices", "phone:112", "query:7: expected the number of a person of this run", Value::Null),
        ("people", "cohort:tenant", "query:8: no cohort is called 'tenant'", json!("tenants")),
        (
            "people",
            "state:reached",
            "query:1: no such key as 'state', expected one of phone, group, region, cohort, kakao, device, friend",
            Value::Null,
        ),
    ] {
        let path = format!("/v1/{what}?run=r1&query={}", query.replace(' ', "%20"));
        let (status, problem) = ask(&router, "GET", &path, Value::Null).await;
        assert_eq!((status, &problem["detail"]), (StatusCode::BAD_REQUEST, &json!(detail)), "{query}");
        assert_eq!(problem["nearest"], nearest, "{query}");
    }
    for (query, detail) in [
        ("limit=0", "limit: expected 1 to 1000, found 0"),
        ("limit=1001", "limit: expected 1 to 1000, found 1001"),
        ("cursor=abc", "cursor: 'abc' is none of this search"),
    ] {
        let (status, problem) = ask(&router, "GET", &format!("/v1/notices?run=r1&{query}"), Value::Null).await;
        assert_eq!((status, &problem["detail"]), (StatusCode::BAD_REQUEST, &json!(detail)));
    }
}
