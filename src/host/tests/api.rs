//! The API from outside: every error a problem document, every order obeyed.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::host::api::{self, Api, body::BODY_MAX};
use crate::host::control::runs::Runs;
use crate::host::gateway::Gateway;
use crate::host::shutdown::{Trigger, shutdown};
use crate::host::stage::House;
use crate::host::tests::shelf;

pub(super) fn api() -> (Router, Trigger) {
    let (trigger, asked) = shutdown();
    let gateway = Gateway::new(asked.clone());
    let house = House::new(shelf(), gateway.clone(), None, asked.clone());
    let api = Api::new(Runs::default(), Arc::new(house), asked);
    (api::router(Arc::new(api)).merge(gateway.router()), trigger)
}

pub(super) fn request(method: &str, path: &str, body: impl Into<Body>) -> Request<Body> {
    let method = Method::from_bytes(method.as_bytes()).expect("a method");
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, "application/json");
    request.body(body.into()).expect("a request")
}

pub(super) async fn answer(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
}

pub(super) async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

pub(super) async fn ask(router: &Router, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let response = answer(router, request(method, path, body)).await;
    let status = response.status();
    (status, serde_json::from_str(&text(response).await).expect("JSON"))
}

#[tokio::test]
async fn every_error_is_a_problem_document() {
    let (router, _trigger) = api();
    let start = |body: &str| ("POST", "/v1/runs", body.to_owned());
    let get = |path: &'static str| ("GET", path, String::new());
    let huge = format!("{{\"scenario\":\"{}\"}}", "x".repeat(BODY_MAX));
    let rows = [
        (get("/nowhere"), 404, "not-found", "nothing at '/nowhere'"),
        (get("/v1/runs/r9"), 404, "unknown-run", "no run is called 'r9'"),
        (get("/v1/runs/%FF"), 400, "invalid-request", "Invalid URL: Invalid UTF-8 in `id`"),
        (get("/v1/runs/current"), 409, "no-run", "start one with POST /v1/runs"),
        (get("/v1/runs/r1/verdict"), 404, "unknown-run", "no run is called 'r1'"),
        (get("/v1/faults"), 409, "no-run", "start one with POST /v1/runs"),
        (get("/problems/nonsense"), 404, "not-found", "no problem is called 'nonsense'"),
        (("PUT", "/v1/runs", String::new()), 405, "method-not-allowed", "'/v1/runs' does not take PUT"),
        (("POST", "/healthz", String::new()), 405, "method-not-allowed", "'/healthz' does not take POST"),
        (start("{"), 400, "invalid-json", "EOF while parsing an object at line 1 column 1"),
        (start("{}"), 400, "invalid-request", "missing field `scenario` at line 1 column 2"),
        (
            start(r#"{"scenario":"rent","clock":"warp"}"#),
            400,
            "invalid-request",
            "clock: expected virtual, real, x60 or lockstep, found 'warp'",
        ),
        (start(r#"{"scenario":"rent","clock":"x0"}"#), 400, "invalid-request", "speed: expected 1 to 100000, found 0"),
        (
            start(r#"{"scenario":"rent","phones":"mine"}"#),
            400,
            "invalid-request",
            "phones: expected simulated or outside, found 'mine'",
        ),
        (
            start(r#"{"scenario":"rent","set":{"seed":[1]}}"#),
            400,
            "invalid-request",
            "set: expected a text, a number or a boolean for each path",
        ),
        (start(r#"{"scenario":"tent"}"#), 422, "unknown-scenario", "no scenario is called 'tent'"),
        (start(r#"{"scenario":"scenario: x"}"#), 422, "scenario-problems", "2 problems"),
        (start(&huge), 413, "body-too-large", "more than 1048576 bytes"),
    ];
    for ((method, path, body), status, kind, detail) in rows {
        let response = answer(&router, request(method, path, body)).await;
        let found = (response.status().as_u16(), response.headers().get(header::CONTENT_TYPE).cloned());
        assert_eq!(found, (status, Some("application/problem+json".parse().expect("a type"))), "{method} {path}");
        let document: Value = serde_json::from_str(&text(response).await).expect("JSON");
        let told = (document["type"].as_str(), document["detail"].as_str(), document["status"].as_u64());
        let expected = format!("/problems/{kind}");
        assert_eq!(told, (Some(&*expected), Some(detail), Some(u64::from(status))), "{method} {path}");
    }
}

#[tokio::test]
async fn a_method_that_is_not_allowed_names_those_that_are() {
    let (router, _trigger) = api();
    let response = answer(&router, request("PUT", "/v1/runs", "")).await;
    assert_eq!(response.headers().get(header::ALLOW).expect("Allow"), "POST,GET,HEAD");
}

#[tokio::test]
async fn another_media_type_is_refused() {
    let (router, _trigger) = api();
    let mut request = request("POST", "/v1/runs", "{}");
    request.headers_mut().insert(header::CONTENT_TYPE, "text/plain".parse().expect("a type"));
    let response = answer(&router, request).await;
    assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let document: Value = serde_json::from_str(&text(response).await).expect("JSON");
    assert_eq!(document["detail"], "expected application/json, found 'text/plain'");
}

#[tokio::test]
async fn all_problems_of_a_scenario_come_at_once() {
    let (router, _trigger) = api();
    let (_, document) = ask(&router, "POST", "/v1/runs", json!({ "scenario": "scenario: x" })).await;
    let expected = json!({
        "file": "pack.yaml", "line": 3, "column": 7, "message": "expected a time like 90s, found 90",
        "message_ko": "초 단위가 필요합니다", "nearest": null,
    });
    assert_eq!(document["problems"][1], expected);
}

#[tokio::test]
async fn every_kind_of_problem_is_explained() {
    let (router, _trigger) = api();
    for kind in api::problem::Kind::ALL {
        let path = format!("/problems/{}", kind.row().0);
        let (status, document) = ask(&router, "GET", &path, Value::Null).await;
        assert_eq!((status, document["type"].as_str()), (StatusCode::OK, Some(&*path)));
    }
}

#[tokio::test]
async fn a_virtual_run_is_started_followed_and_judged() {
    let (router, _trigger) = api();
    let body = json!({ "scenario": "rent", "clock": "virtual" }).to_string();
    let response = answer(&router, request("POST", "/v1/runs", body)).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    assert_eq!(response.headers().get(header::LOCATION).expect("Location"), "/v1/runs/r1");

    let stream = answer(&router, request("GET", "/v1/events/stream?run=r1&since=0", "")).await;
    let stream = text(stream).await;
    assert!(stream.starts_with("id: 1\nevent: run_started\ndata: {\"at\":\"00:00:00\","), "{}", &stream[..80]);
    assert!(stream.ends_with("event: end\ndata: {\"verdict\":\"PASS\",\"exit\":0}\n\n"), "{}", &stream[..80]);

    // A browser that comes back has the number from the run before this one: it is told all of this one.
    let back = |last: &str| {
        let mut request = request("GET", "/v1/events/stream?run=r1&since=7", "");
        request.headers_mut().insert("last-event-id", last.parse().expect("a header"));
        request
    };
    assert_eq!(text(answer(&router, back("99999999")).await).await, stream);
    assert!(text(answer(&router, back("2")).await).await.starts_with("id: 3\n"));
    assert_eq!(answer(&router, back("r1")).await.status(), StatusCode::BAD_REQUEST);
    let beyond = answer(&router, request("GET", "/v1/events/stream?run=r1&since=99999999", "")).await;
    assert!(text(beyond).await.starts_with("event: end\n"), "what comes from now on");

    let (_, run) = ask(&router, "GET", "/v1/runs/r1", Value::Null).await;
    assert_eq!((&run["state"], &run["verdict"], &run["end"]), (&json!("ended"), &json!("PASS"), &json!("stop")));
    assert_eq!(run["counts"]["notices"], 1_000);
    let (_, verdict) = ask(&router, "GET", "/v1/runs/r1/verdict", Value::Null).await;
    assert_eq!(verdict, json!({ "verdict": "PASS" }));
    let (status, problem) = ask(&router, "POST", "/v1/runs/r1/pause", Value::Null).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/run-ended")));

    let (_, page) = ask(&router, "GET", "/v1/runs/r1/events?since=2&limit=3", Value::Null).await;
    assert_eq!((&page["first"], &page["next"], &page["missed"]), (&json!(3), &json!(5), &json!(0)));
    assert_eq!(page["events"].as_array().map(Vec::len), Some(3));
    let (_, page) = ask(&router, "GET", "/v1/runs/r1/events?since=99999999", Value::Null).await;
    assert_eq!(page["events"], json!([]));
}

#[tokio::test]
async fn a_live_run_obeys() {
    let (router, _trigger) = api();
    let body = json!({ "scenario": "rent", "clock": "x10" });
    let (status, run) = ask(&router, "POST", "/v1/runs", body.clone()).await;
    assert_eq!((status, &run["clock"], &run["state"]), (StatusCode::CREATED, &json!("x10"), &json!("running")));
    let (status, problem) = ask(&router, "POST", "/v1/runs", body).await;
    assert_eq!((status, &problem["detail"]), (StatusCode::CONFLICT, &json!("run r1 is going on")));

    let (_, run) = ask(&router, "POST", "/v1/runs/current/pause", Value::Null).await;
    assert_eq!(run["state"], "paused");
    let (_, later) = ask(&router, "GET", "/v1/runs/r1", Value::Null).await;
    assert_eq!(later["at_us"], run["at_us"]);
    let (_, run) = ask(&router, "POST", "/v1/runs/r1/speed", json!({ "speed": 20 })).await;
    assert_eq!((&run["clock"], &run["state"]), (&json!("x20"), &json!("paused")));
    let (_, run) = ask(&router, "POST", "/v1/runs/r1/resume", Value::Null).await;
    assert_eq!(run["state"], "running");

    let (status, fault) = ask(&router, "POST", "/v1/faults", json!({ "fault": "by hand/1" })).await;
    assert_eq!((status, &fault["state"], &fault["posted"]), (StatusCode::CREATED, &json!("on"), &json!(true)));
    let (status, problem) = ask(&router, "POST", "/v1/faults", json!({ "fault": "by hand/1" })).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/fault-name-taken")));
    let (status, problem) = ask(&router, "POST", "/v1/faults", json!({})).await;
    assert_eq!((status, &problem["type"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/problems/fault-problems")));
    let (_, fault) = ask(&router, "GET", "/v1/faults/by%20hand/1", Value::Null).await;
    assert_eq!(fault["name"], "by hand/1");
    let (_, fault) = ask(&router, "DELETE", "/v1/faults/by%20hand/1", Value::Null).await;
    assert_eq!(fault["state"], "over");
    let (status, _) = ask(&router, "DELETE", "/v1/faults/by%20hand/1", Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    ask(&router, "POST", "/v1/faults", json!({ "fault": "second" })).await;
    let (_, lifted) = ask(&router, "DELETE", "/v1/faults", Value::Null).await;
    assert_eq!(lifted["lifted"], json!(["second"]));

    let (_, run) = ask(&router, "POST", "/v1/runs/r1/stop", Value::Null).await;
    assert_eq!((&run["state"], &run["end"], &run["verdict"]), (&json!("ended"), &json!("asked"), &json!("PASS")));
    let metrics = text(answer(&router, request("GET", "/metrics", "")).await).await;
    assert!(metrics.contains("bongsu_runs{state=\"ended\"} 1\n"), "{metrics}");
}

#[tokio::test]
async fn scenarios_are_listed_with_what_they_bring() {
    let (router, _trigger) = api();
    let (status, mut list) = ask(&router, "GET", "/v1/scenarios", Value::Null).await;
    let key = list["sources"].take();
    assert_eq!(key.as_array().map(Vec::len), Some(19));
    assert_eq!(
        key[12],
        json!({
            "code": "S13",
            "system": { "ko": "판교 데이터센터 화재와 먹통", "en": "The fire in Pangyo, and the outage" },
            "agency": { "ko": "SK C&C, 카카오", "en": "SK C&C and Kakao" },
            "when": "2022-10-15",
            "reported": {
                "ko": "데이터센터 화재로 카카오톡과 카카오의 다른 서비스가 함께 멈춤",
                "en": "a fire in the data centre took KakaoTalk down together with Kakao's other services",
            },
        })
    );
    let expected = json!({ "scenarios": [{
        "name": "rent", "title": { "ko": "rent", "en": "rent" }, "folder": null, "agency": { "ko": "LH", "en": "LH" },
        "lesson": {
            "question": { "ko": "누가 빠질까요?", "en": "Who is left out?" },
            "predict": { "ko": "누가 빠질까요?", "en": "Who is left out?" },
        },
        "sources": [], "people": 1_000, "stop_us": 3_000_000_000_u64, "faults": ["blackout"],
        "promises": [{ "ko": "everybody hears", "en": "everybody hears" }],
    }], "sources": null });
    assert_eq!((status, list), (StatusCode::OK, expected));
    let file = text(answer(&router, request("GET", "/v1/scenarios/rent", "")).await).await;
    assert_eq!(file, "scenario: rent\n");
    let (status, problem) = ask(&router, "GET", "/v1/scenarios/lh/rant", Value::Null).await;
    assert_eq!((status, &problem["type"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/problems/unknown-scenario")));
}

/// The messages of a stream: the event's word and its data.
pub fn messages(stream: &str) -> Vec<(&str, Value)> {
    let mut told = Vec::new();
    for block in stream.split_terminator("\n\n").filter(|block| !block.starts_with(':')) {
        let (event, data) = block.split_once("\ndata: ").expect("an event and its data");
        let event = event.strip_prefix("event: ").expect("an event");
        told.push((event, serde_json::from_str(data).expect("JSON")));
    }
    told
}

#[tokio::test]
async fn a_run_that_is_over_is_drawn_whole_and_its_people_have_stories() {
    let (router, _trigger) = api();
    let body = json!({ "scenario": "rent", "clock": "virtual" });
    ask(&router, "POST", "/v1/runs", body).await;
    // Answers when the run has ended.
    text(answer(&router, request("GET", "/v1/events/stream?run=r1&since=0", "")).await).await;

    let stream = text(answer(&router, request("GET", "/v1/runs/r1/live", "")).await).await;
    let told = messages(&stream);
    assert_eq!(told.iter().map(|row| row.0).collect::<Vec<&str>>(), ["scene", "state", "end"]);
    let (scene, state) = (&told[0].1, &told[1].1);
    assert_eq!((&scene["run"], &scene["people"]), (&json!("r1"), &json!(1_000)));
    // 010-0000-0000 and upwards, and those who stand by in every run.
    assert_eq!(scene["numbers"], json!([[0, 0], [1_000, 19_990_001]]));
    assert_eq!(scene["networks"], json!([[0, "kakao", "카카오"], [1, "mobile", "이동통신"]]));
    assert_eq!((&state["state"], &state["verdict"], &state["missed"]), (&json!("ended"), &json!("PASS"), &json!(0)));
    assert_eq!((&state["notices"], &state["open"].as_array().map(Vec::len)), (&json!(1_000), &Some(7)));
    let digits = state["dots"].as_str().expect("everybody");
    let states = state["states"].as_array().expect("counts");
    for (place, count) in states.iter().enumerate() {
        let digit = |c: char| c.to_digit(16).is_some_and(|byte| (byte & 7) as usize == place);
        assert_eq!(Some(digits.chars().filter(|c| digit(*c)).count() as u64), count.as_u64(), "state {place}");
    }
    assert_eq!(digits.len(), 1_000);
    let points = state["curve"]["points"].as_array().expect("points");
    let sum = |row: &Value| row[0].as_array().expect("media").iter().filter_map(Value::as_u64).sum::<u64>();
    assert_eq!(Some(sum(&points[points.len() - 1])), state["reached"].as_u64());
    assert!(points.windows(2).all(|pair| sum(&pair[0]) <= sum(&pair[1])), "reached notices stay reached");
    let whats: Vec<&str> =
        state["turnings"].as_array().expect("turnings").iter().filter_map(|t| t["what"].as_str()).collect();
    assert_eq!(whats, ["sent", "began", "took_over", "cut", "ended", "back"]);
    assert!(state["faults"][0]["hits"].as_u64() > Some(100), "{}", state["faults"]);

    let (status, story) = ask(&router, "GET", "/v1/runs/r1/people/010-0000-0500", Value::Null).await;
    assert_eq!((status, &story["phone"], &story["more"]), (StatusCode::OK, &json!("010-0000-0500"), &json!(false)));
    let events = story["events"].as_array().expect("events");
    let about = |word: &str| events.iter().filter(|event| event["event"] == word).count();
    assert_eq!((about("created"), about("route_ended")), (1, 1));
    assert_eq!(story["messages"].as_array().map(Vec::len), Some(about("submitted")));
    assert!(story["messages"][0]["words"]["text"].as_str().is_some_and(|text| text.contains("모의")));
    for (path, kind) in [
        ("/v1/runs/r1/people/010-0000-1000", "unknown-person"),
        ("/v1/runs/r1/people/010-2345-6789", "unknown-person"),
        ("/v1/runs/r9/people/010-0000-0000", "unknown-run"),
        ("/v1/runs/r9/live", "unknown-run"),
        ("/v1/runs/current/live", "no-run"),
    ] {
        let (_, problem) = ask(&router, "GET", path, Value::Null).await;
        assert_eq!(problem["type"], format!("/problems/{kind}"), "{path}");
    }
}

#[tokio::test]
async fn whoever_watches_a_live_run_is_told_what_changes_and_its_end() {
    let (router, _trigger) = api();
    ask(&router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "x10" })).await;
    ask(&router, "POST", "/v1/runs/current/pause", Value::Null).await;
    let mut body = answer(&router, request("GET", "/v1/runs/current/live", "")).await.into_body();
    let mut heard = String::new();
    while !heard.contains("event: state") {
        let frame = body.frame().await.expect("more comes").expect("a frame");
        heard.push_str(std::str::from_utf8(frame.data_ref().expect("data")).expect("UTF-8"));
    }
    assert!(heard.starts_with("event: scene\ndata: {"), "{heard}");
    ask(&router, "POST", "/v1/faults", json!({ "fault": "by-hand" })).await;
    ask(&router, "POST", "/v1/runs/r1/stop", Value::Null).await;
    let rest = body.collect().await.expect("it ends").to_bytes();
    let rest = String::from_utf8(rest.to_vec()).expect("UTF-8");
    let told = messages(&rest);
    let turnings = told.iter().filter_map(|(_, data)| data["turnings"].as_array()).flatten();
    let by_hand = |turning: &Value| turning["what"] == "began" && turning["fault"] == "by-hand";
    assert_eq!(turnings.filter(|turning| by_hand(turning)).count(), 1);
    let dots =
        told.iter().filter(|(word, data)| *word == "state" && data["state"] == "ended" && data["verdict"] == "PASS");
    assert_eq!(dots.count(), 1, "the end is told once");
    assert_eq!(told.last().map(|row| row.0), Some("end"));
}

/// A run of virtual time that is over.
async fn over(router: &Router) {
    ask(router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "virtual" })).await;
    // Answers when the run has ended.
    text(answer(router, request("GET", "/v1/events/stream?since=0", "")).await).await;
}

#[tokio::test]
async fn a_pack_is_posted_whole_and_the_scenario_as_played_has_it() {
    let (router, _trigger) = api();
    let two = json!({ "outage": "two", "speed": "x60" });
    let (status, problem) = ask(&router, "POST", "/v1/outages", two.clone()).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/no-run")));
    ask(&router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "x10" })).await;
    let (status, posted) = ask(&router, "POST", "/v1/outages", two.clone()).await;
    let names: Vec<&str> =
        posted["faults"].as_array().expect("faults").iter().filter_map(|fault| fault["name"].as_str()).collect();
    assert_eq!((status, names), (StatusCode::CREATED, vec!["one", "two"]));
    assert!(posted["faults"].as_array().expect("faults").iter().all(|fault| fault["state"] == "on"), "{posted}");
    let (status, problem) = ask(&router, "POST", "/v1/outages", two).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/fault-name-taken")));
    for (body, status, kind) in [
        (json!({ "outage": "tow" }), 422, "fault-problems"),
        (json!({ "outage": "two", "speed": "60" }), 400, "invalid-request"),
        (json!({ "outage": "two", "speed": "x0" }), 400, "invalid-request"),
        (json!({ "pack": "two" }), 400, "invalid-request"),
    ] {
        let (found, problem) = ask(&router, "POST", "/v1/outages", body.clone()).await;
        assert_eq!((found.as_u16(), problem["type"].as_str()), (status, Some(&*format!("/problems/{kind}"))), "{body}");
    }
    let played = answer(&router, request("GET", "/v1/runs/current/as-played", "")).await;
    let kept =
        played.headers().get(header::CONTENT_DISPOSITION).expect("to be kept").to_str().expect("text").to_owned();
    assert_eq!(kept, "attachment; filename=\"rent-as-played-r1.yaml\"");
    assert_eq!(text(played).await, "scenario: rent\n# one\n# two\n");
    let (_, packs) = ask(&router, "GET", "/v1/outages", Value::Null).await;
    assert_eq!((&packs["outages"][0]["name"], &packs["outages"][0]["lasts_us"]), (&json!("two"), &json!(120_000_000)));
    let (_, kinds) = ask(&router, "GET", "/v1/fault-kinds", Value::Null).await;
    let refuse = kinds["kinds"].as_array().expect("kinds").iter().find(|kind| kind["name"] == "refuse");
    let code = json!([{
        "key": "code", "needed": true, "shape": "number", "values": ["3006", "3005", "9999"],
        "means": { "ko": "결과 코드", "en": "the result code" },
    }]);
    assert_eq!(refuse.expect("a kind")["parameters"], code);
}

#[tokio::test]
async fn a_run_in_memory_has_a_report_and_no_files_and_can_be_let_go_of() {
    let (router, _trigger) = api();
    over(&router).await;
    let report = answer(&router, request("GET", "/v1/runs/r1/report", "")).await;
    let policy = report.headers().get("content-security-policy").expect("a policy").to_str().expect("text").to_owned();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'unsafe-inline';")
            && policy.ends_with("; sandbox allow-same-origin")
    );
    assert!(!policy.contains("script") && text(report).await.contains("<title>rent</title>"));
    for (method, path) in [("GET", "files"), ("GET", "archive"), ("GET", "files/run.json"), ("POST", "replay")] {
        let (status, problem) = ask(&router, method, &format!("/v1/runs/r1/{path}"), Value::Null).await;
        assert_eq!((status.as_u16(), &problem["type"]), (404, &json!("/problems/no-folder")), "{path}");
    }
    let (status, gone) = ask(&router, "DELETE", "/v1/runs/r1", Value::Null).await;
    assert_eq!((status, gone), (StatusCode::OK, json!({ "deleted": "r1" })));
    let (_, list) = ask(&router, "GET", "/v1/runs", Value::Null).await;
    assert_eq!(list["runs"], json!([]));
    for path in ["/v1/runs/r1", "/v1/runs/x"] {
        let (status, problem) = ask(&router, "DELETE", path, Value::Null).await;
        assert_eq!((status.as_u16(), &problem["type"]), (404, &json!("/problems/unknown-run")));
    }
    ask(&router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "x10" })).await;
    for (method, path) in [("DELETE", ""), ("POST", "/replay"), ("GET", "/archive")] {
        let (status, problem) = ask(&router, method, &format!("/v1/runs/current{path}"), Value::Null).await;
        assert_eq!((status.as_u16(), &problem["type"]), (409, &json!("/problems/not-ended")), "{path}");
    }
}

#[tokio::test]
async fn what_cannot_be_compared_is_told() {
    let (router, _trigger) = api();
    over(&router).await;
    for (runs, status, kind) in [
        ("r1", 400, "invalid-query"),
        ("r1,r2,r3", 400, "invalid-query"),
        ("r1,x", 400, "invalid-query"),
        ("r1,r9", 422, "not-comparable"),
    ] {
        let (found, problem) = ask(&router, "GET", &format!("/v1/compare?runs={runs}"), Value::Null).await;
        assert_eq!(
            (found.as_u16(), problem["type"].as_str()),
            (status, Some(&*format!("/problems/{kind}"))),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn the_operator_sees_who_did_what_and_no_more_than_that() {
    let (router, _trigger) = api();
    let by = |by: &str, method: &str, path: &str, body: Value| {
        let mut request = request(method, path, body.to_string());
        if let Ok(value) = header::HeaderValue::from_str(by) {
            request.headers_mut().insert("x-bongsu-by", value);
        }
        request
    };
    answer(&router, by("page", "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "x10" }))).await;
    answer(&router, by("cli", "POST", "/v1/runs/r1/speed", json!({ "speed": 20 }))).await;
    answer(&router, by("nobody", "POST", "/v1/faults", json!({ "fault": "by-hand" }))).await;
    answer(&router, by("page", "DELETE", "/v1/faults/nothing", json!({}))).await;
    let submit = json!({ "kind": "rent", "to": "010-0000-0001" });
    answer(&router, by("api", "POST", "/v1/notices", submit)).await;
    let (_, seen) = ask(&router, "GET", "/v1/operator", Value::Null).await;
    let rows = seen["deeds"].as_array().expect("a log").iter();
    let told: Vec<Value> =
        rows.map(|deed| json!([deed["by"], deed["what"], deed["about"], deed["run"], deed["status"]])).collect();
    let expected = json!([
        ["page", "startRun", "rent", "r1", 201],
        ["cli", "setSpeed", "x20", "r1", 200],
        ["api", "postFault", "by-hand: down", "r1", 201],
        ["page", "liftFault", "nothing", "r1", 404],
    ]);
    assert_eq!(Value::from(told), expected);
    assert!(!seen.to_string().contains("010-"), "{seen}");
    assert_eq!((&seen["run"]["id"], &seen["run"]["faults"][0]["name"]), (&json!("r1"), &json!("by-hand")));

    let mut body = answer(&router, request("GET", "/v1/operator/live", "")).await.into_body();
    let mut heard = String::new();
    while heard.matches("event: state").count() < 2 || !heard.contains("event: deeds") {
        let frame = body.frame().await.expect("more comes").expect("a frame");
        heard.push_str(std::str::from_utf8(frame.data_ref().expect("data")).expect("UTF-8"));
    }
    assert_eq!(heard.matches("event: deeds").count(), 1, "nothing is told twice");
    let last = messages(&heard).into_iter().rfind(|(word, _)| *word == "state").expect("a state").1;
    assert!(last["rates"]["events"].is_u64(), "{last}");
}
