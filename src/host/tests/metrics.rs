//! `/metrics` against the rules of its format, and the rate limit from outside.

use std::collections::BTreeSet;

use axum::http::{StatusCode, header};
use axum::middleware;
use serde_json::{Value, json};

use crate::host::api::limit::WRITES_AT_ONCE;
use crate::host::api::meter::{Meter, count};
use crate::host::tests::api::{answer, api, ask, request, text};
use crate::host::tests::submit::standing;

/// What is wrong with a page of Prometheus text, by the rules of the exposition format 0.0.4.
fn wrong(page: &str) -> Vec<String> {
    let (mut wrong, mut family, mut seen) = (Vec::new(), ("", ""), BTreeSet::new());
    if !page.ends_with('\n') {
        wrong.push("does not end with a line feed".to_owned());
    }
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            family = rest.split_once(' ').unwrap_or_default();
            let counts = family.1 == "counter";
            if !seen.insert(family.0) || counts != family.0.ends_with("_total") {
                wrong.push(line.to_owned());
            }
        } else if !line.starts_with("# HELP ") && !sample(line, family.0) {
            wrong.push(line.to_owned());
        }
        if !line.starts_with('#') && !seen.insert(line.rsplit_once(' ').unwrap_or_default().0) && line.contains('{') {
            wrong.push(format!("twice: {line}"));
        }
    }
    wrong
}

fn sample(line: &str, family: &str) -> bool {
    let Some((series, value)) = line.rsplit_once(' ') else { return false };
    let (name, labels) = match series.split_once('{') {
        Some((name, labels)) => (name, labels.strip_suffix('}')),
        None => (series, Some("")),
    };
    let word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let label = |text: &str| {
        text.split_once('=').is_some_and(|(name, quoted)| {
            let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            word(name) && inside.is_some_and(|inside| !inside.contains(['"', '\\', '\n']))
        })
    };
    let labels = labels.is_some_and(|labels| labels.is_empty() || labels.split(',').all(label));
    name == family && word(name) && labels && value.parse::<u64>().is_ok()
}

#[tokio::test]
async fn the_page_is_valid_and_whole() {
    let (router, _trigger) = api();
    standing(&router).await;
    ask(&router, "POST", "/v1/clock", json!({ "advance_ms": 600_000 })).await;
    let response = answer(&router, request("GET", "/metrics", "")).await;
    let kind = response.headers().get(header::CONTENT_TYPE).cloned();
    assert_eq!(kind.expect("a type"), "text/plain; version=0.0.4; charset=utf-8");
    let page = text(response).await;
    assert_eq!(wrong(&page), Vec::<String>::new(), "{page}");
    for row in [
        "bongsu_runs{state=\"going\"} 1",
        "bongsu_run_seconds{run=\"r1\"} 600",
        "bongsu_run_faults_on{run=\"r1\"} 1",
        "bongsu_run_notices{run=\"r1\",state=\"unreached\"} ",
        "bongsu_run_routes{run=\"r1\",state=\"ended\"} ",
        "bongsu_run_attempts_total{run=\"r1\",medium=\"lms\"} ",
        "bongsu_run_sessions{run=\"r1\",network=\"kakao\"} 0",
        "process_resident_memory_bytes ",
    ] {
        assert!(page.contains(row), "no {row} in {page}");
    }
    let value = |row: &str| -> u64 {
        let line = page.lines().find(|line| line.starts_with(row)).expect("the row is there");
        line.rsplit_once(' ').and_then(|(_, value)| value.parse().ok()).expect("a number")
    };
    let states = ["unreached", "reached", "opened"];
    let states = states.map(|state| value(&format!("bongsu_run_notices{{run=\"r1\",state=\"{state}\"}}")));
    assert_eq!(states.iter().sum::<u64>(), value("bongsu_run_notices_total"));
}

#[test]
fn planted_mistakes_are_found() {
    let page = "# TYPE a gauge\na{b=\"c\"} 1\na{b=\"c\"} 2\nx 1\n# TYPE d counter\na{b=c} 1\na -1";
    let found = wrong(page);
    for mistake in
        ["does not end with a line feed", "twice: a{b=\"c\"} 2", "x 1", "# TYPE d counter", "a{b=c} 1", "a -1"]
    {
        assert!(found.iter().any(|one| one == mistake), "{mistake} is not in {found:?}");
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_and_class() {
    let (router, _trigger) = api();
    let meter = Meter::default();
    let router = router.layer(middleware::from_fn_with_state(meter.clone(), count));
    for path in ["/v1/runs", "/v1/runs/r7", "/v1/runs/r8", "/nowhere", "/010-0000-0001"] {
        answer(&router, request("GET", path, "")).await;
    }
    let row = |route: &str, class: &str, count: u64| (route.to_owned(), class.to_owned(), count);
    let expected = [row("/v1/runs", "2xx", 1), row("/v1/runs/{id}", "4xx", 2), row("none", "4xx", 2)];
    assert_eq!(meter.rows(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_writes_is_told_when_to_come_back() {
    let (router, _trigger) = api();
    let write = || answer(&router, request("POST", "/v1/runs/r1/pause", ""));
    for _ in 0..WRITES_AT_ONCE {
        assert_eq!(write().await.status(), StatusCode::NOT_FOUND);
    }
    let response = write().await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers().get(header::RETRY_AFTER).expect("Retry-After"), "1");
    let problem: Value = serde_json::from_str(&text(response).await).expect("JSON");
    assert_eq!(problem["type"], "/problems/too-many-requests");
    assert_eq!(answer(&router, request("GET", "/v1/runs", "")).await.status(), StatusCode::OK, "reads go on");
    tokio::time::advance(std::time::Duration::from_secs(1)).await;
    assert_eq!(write().await.status(), StatusCode::NOT_FOUND);
}
