//! Looking back: the picture of an instant that is past, and how the promises stood.

use axum::Router;
use axum::http::StatusCode;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::host::tests::api::{answer, api, ask, messages, request, text};
use crate::host::tests::submit::standing;

/// The first state that a stream tells, with everybody in it.
async fn first_state(router: &Router) -> Value {
    let mut body = answer(router, request("GET", "/v1/runs/r1/live", "")).await.into_body();
    let mut heard = String::new();
    while !heard.contains("event: state") {
        let frame = body.frame().await.expect("more comes").expect("a frame");
        heard.push_str(std::str::from_utf8(frame.data_ref().expect("data")).expect("UTF-8"));
    }
    let told = messages(&heard);
    told.into_iter().find(|(word, _)| *word == "state").expect("a state").1
}

async fn picture(router: &Router, at_us: u64) -> Value {
    let (status, picture) = ask(router, "GET", &format!("/v1/runs/r1/picture?at_us={at_us}"), Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{picture}");
    picture
}

#[tokio::test]
async fn the_picture_of_a_past_instant_is_what_the_stream_told_then() {
    let (router, _trigger) = api();
    standing(&router).await;
    ask(&router, "POST", "/v1/faults", json!({ "fault": "by-hand" })).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        ask(&router, "POST", "/v1/clock", json!({ "advance_ms": 250_000 })).await;
        seen.push(first_state(&router).await);
    }
    ask(&router, "POST", "/v1/clock", json!({ "advance_ms": 1 })).await;
    ask(&router, "POST", "/v1/faults", json!({ "fault": "later" })).await;
    ask(&router, "POST", "/v1/runs/r1/stop", Value::Null).await;
    for state in &seen {
        let picture = picture(&router, state["at_us"].as_u64().expect("a time")).await;
        for (member, value) in picture.as_object().expect("members") {
            assert_eq!(&state[member], value, "{member} at {}", state["at_us"]);
        }
        assert!(picture.as_object().is_some_and(|members| members.len() > 12), "{picture}");
    }
    let whole = |state: &Value| (state["reached"].clone(), state["faults"].as_array().map(Vec::len));
    assert!(seen.windows(2).all(|pair| whole(&pair[0]) != whole(&pair[1])), "time did pass");
    let (start, end) = (picture(&router, 0).await, picture(&router, u64::MAX).await);
    assert_eq!(
        (&start["reached"], start["faults"].as_array().map(Vec::len)),
        (&json!(0), Some(1)),
        "nobody had posted anything"
    );
    assert_eq!(whole(&end).1, Some(3), "the plan's, and two by hand");
    let (status, problem) = ask(&router, "GET", "/v1/runs/r1/picture?at_us=-1", Value::Null).await;
    assert_eq!((status, &problem["type"]), (StatusCode::BAD_REQUEST, &json!("/problems/invalid-query")));
}

#[tokio::test]
async fn whoever_watches_hears_how_each_promise_stands_until_it_is_decided() {
    let (router, _trigger) = api();
    ask(&router, "POST", "/v1/runs", json!({ "scenario": "promising", "clock": "virtual" })).await;
    text(answer(&router, request("GET", "/v1/events/stream?run=r1&since=0", "")).await).await;
    let stream = text(answer(&router, request("GET", "/v1/runs/r1/live", "")).await).await;
    let told = messages(&stream);
    let promised = told[0].1["promised"].as_array().expect("promises");
    let sources: Vec<&Value> = promised.iter().map(|row| &row["source"]).collect();
    assert_eq!(sources, ["ratio(reached) >= 99%", "count(reached_twice) == 0"]);
    assert_eq!(told.last().map(|row| row.0), Some("end"));

    let news: Vec<&Value> = told.iter().map(|(_, state)| &state["judged"]).filter(|news| !news.is_null()).collect();
    let mut history: Vec<&Value> = Vec::new();
    for news in &news {
        assert_eq!(news["missed"], json!(false));
        history.truncate(news["from"].as_u64().expect("a place") as usize);
        history.extend(news["history"].as_array().expect("entries"));
    }
    let rows = |place: u64| {
        let all = history.iter().flat_map(|entry| entry["clauses"].as_array().expect("rows"));
        all.filter(move |row| row[0] == place).map(|row| (row[1].clone(), row[2].clone())).collect::<Vec<_>>()
    };
    assert!(rows(0).contains(&(json!("broken"), json!(false))), "half way not all are reached: {history:?}");
    for place in [0, 1] {
        let last = rows(place).last().cloned();
        assert_eq!(last.map(|row| row.1), Some(json!(true)), "clause {place}: {history:?}");
    }
    let times: Vec<u64> = history.iter().filter_map(|entry| entry["at_us"].as_u64()).collect();
    assert!(times.len() > 20 && times.is_sorted(), "{times:?}");
}
