//! Looking back: the picture of an instant that is past, and how the promises stood.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::host::api::live::jury::Jury;
use crate::host::control::Order;
use crate::host::tests::api::{answer, api, ask, messages, request, text};
use crate::host::tests::drives::staged;
use crate::host::tests::submit::standing;
use crate::host::tests::{down, promising};
use crate::sim::engine::Phones;
use crate::sim::time::Span;

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
        for (member, value) in picture.as_object().expect("members").iter().filter(|row| row.0 != "next_us") {
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
    let mut instants = vec![start["next_us"].as_u64().expect("something happens")];
    for _ in 0..3 {
        instants.extend(self::picture(&router, instants[instants.len() - 1]).await["next_us"].as_u64());
    }
    assert!(instants.len() == 4 && instants.windows(2).all(|pair| pair[0] < pair[1]), "{instants:?}");
    assert_eq!(end["next_us"], Value::Null, "nothing comes after the end");
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

#[tokio::test(start_paused = true)]
async fn a_jury_that_missed_events_goes_on_with_the_watch_of_the_drive() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut hand = staged(folder.path(), &promising(), Phones::Simulated, 60);
    let drain = tokio::spawn(async move { while hand.orders.recv().await.is_some() {} });
    let run = hand.run.clone();
    for order in
        [Order::Pause, Order::Advance(Span::from_secs(700)), Order::PostFault(Box::new(down("by-hand", 0, None)))]
    {
        run.ask(order).await.expect("it goes on");
    }
    let (all, late) = (Arc::new(Jury::new(&run)), Arc::new(Jury::new(&run)));
    let look = async |jury: &Arc<Jury>| {
        let (jury, run) = (jury.clone(), run.clone());
        spawn_blocking(move || jury.look(&run)).await.expect("no panic");
    };
    look(&all).await;
    run.forget_events();
    look(&late).await;
    run.ask(Order::Advance(Span::from_secs(300))).await.expect("it goes on");
    for jury in [&all, &late] {
        assert!(jury.is_due(&run), "a run that stands still is looked at although it rests");
        look(jury).await;
        assert!(!jury.is_done());
    }
    let last = |jury: &Jury| {
        let (news, ..) = jury.news(0, 0).expect("how it stands");
        assert_eq!(news["missed"], false);
        let mut rows = std::collections::BTreeMap::new();
        for row in news["history"].as_array().expect("entries").iter().flat_map(|entry| entry["clauses"].as_array()) {
            rows.extend(row.iter().map(|row| (row[0].to_string(), row.to_string())));
        }
        rows
    };
    assert_eq!(last(&late), last(&all));
    assert!(last(&all).len() == 2 && last(&all).values().any(|row| row.contains("broken")), "{:?}", last(&all));
    hand.trigger.throw();
    hand.playing.await.expect("no panic");
    drain.await.expect("no panic");
}
