//! A run in lock-step: time goes where its leases let it, at once, and the recording replays to the same bytes.

use axum::Router;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::host::control::lease::{LeaseId, Woken};
use crate::host::control::pace::LOCKSTEP;
use crate::host::control::run::RunId;
use crate::host::control::{Order, Refusal};
use crate::host::link::ToEngine;
use crate::host::tests::api::{api, ask};
use crate::host::tests::drives::{Stagehand, events, play, replayed};
use crate::host::tests::submit::standing;
use crate::sim::engine::Phones;
use crate::sim::engine::input::Input;
use crate::sim::model::event::End;
use crate::sim::model::ids::{KindId, PersonId};
use crate::sim::time::{SimTime, Span};

const WAIT: std::time::Duration = std::time::Duration::from_secs(60);

fn secs(secs: u64) -> SimTime {
    SimTime::ZERO + Span::from_secs(secs)
}

async fn started(router: &Router) {
    let (status, run) = ask(router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "lockstep" })).await;
    assert_eq!((status, &run["clock"], &run["at_us"]), (StatusCode::CREATED, &json!("lockstep"), &json!(0)));
}

async fn taken(router: &Router, name: &str) -> String {
    let (status, lease) = ask(router, "POST", "/v1/clock/leases", json!({ "name": name })).await;
    assert_eq!((status, &lease["state"]), (StatusCode::CREATED, &json!("busy")), "{lease}");
    lease["lease"].as_str().expect("a lease").to_owned()
}

async fn idle(router: &Router, lease: &str, until_s: u64) -> Value {
    let body = json!({ "until_us": until_s * 1_000_000, "wait_ms": 60_000 });
    let (status, moved) = ask(router, "POST", &format!("/v1/clock/leases/{lease}/idle"), body).await;
    assert_eq!(status, StatusCode::OK, "{moved}");
    moved
}

#[tokio::test]
async fn an_application_sleeps_ten_minutes_in_no_time_and_acts_at_that_very_instant() {
    let (router, _trigger) = api();
    started(&router).await;
    let lease = taken(&router, "app").await;
    let moved = idle(&router, &lease, 600).await;
    assert_eq!((&moved["why"], &moved["at_us"]), (&json!("due"), &json!(600_000_000)));
    let (_, run) = ask(&router, "GET", "/v1/runs/current", Value::Null).await;
    assert_eq!((&run["faults_on"], run["counts"]["notices"].as_u64() > Some(400)), (&json!(["blackout"]), true));

    // Time stands while it works: what it submits is of this instant.
    let (_, made) = ask(&router, "POST", "/v1/notices", json!({ "kind": "rent", "to": "010-0000-0003" })).await;
    let page = format!("/v1/runs/r1/events?since={}&limit=1", made["since"]);
    let (_, page) = ask(&router, "GET", &page, Value::Null).await;
    assert_eq!((&page["events"][0]["event"], &page["events"][0]["t"]), (&json!("created"), &json!(600_000_000)));
    let (status, problem) = ask(&router, "POST", "/v1/clock", json!({ "speed": 60 })).await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/lockstep")));

    let moved = idle(&router, &lease, 1_000_000).await;
    assert_eq!((&moved["why"], &moved["at_us"]), (&json!("ended"), &json!(3_000_000_000_u64)));
    let (_, run) = ask(&router, "GET", "/v1/runs/r1", Value::Null).await;
    assert_eq!((&run["state"], &run["verdict"]), (&json!("ended"), &json!("PASS")));
}

#[tokio::test]
async fn who_holds_time_is_told_and_a_lease_that_was_given_back_is_unknown() {
    let (router, _trigger) = api();
    let take = || ask(&router, "POST", "/v1/clock/leases", json!({ "name": "app" }));
    assert_eq!(take().await.1["type"], "/problems/no-run");
    standing(&router).await;
    let (status, problem) = take().await;
    assert_eq!((status, &problem["type"]), (StatusCode::CONFLICT, &json!("/problems/not-lockstep")));
    ask(&router, "POST", "/v1/reset", Value::Null).await;

    let (_, run) = ask(&router, "POST", "/v1/runs", json!({ "scenario": "rent", "clock": "lockstep" })).await;
    assert_eq!(run["id"], "r2");
    for name in ["", "a\nb", &"x".repeat(65)] {
        let (status, problem) = ask(&router, "POST", "/v1/clock/leases", json!({ "name": name })).await;
        let detail = "name: expected 1 to 64 characters, no control characters";
        assert_eq!((status, &problem["detail"]), (StatusCode::BAD_REQUEST, &json!(detail)));
    }
    let (one, two) = (taken(&router, "one").await, taken(&router, "two").await);
    let body = json!({ "until_us": 5, "wait_ms": 0 });
    let (_, moved) = ask(&router, "POST", &format!("/v1/clock/leases/{one}/idle"), body).await;
    assert_eq!((&moved["why"], &moved["at_us"]), (&json!("waiting"), &json!(0)), "two works");
    let (_, standing) = ask(&router, "GET", "/v1/clock/leases", Value::Null).await;
    let rows: Vec<_> =
        standing["leases"].as_array().expect("a list").iter().map(|row| (&row["name"], &row["state"])).collect();
    assert_eq!(rows, [(&json!("one"), &json!("idle")), (&json!("two"), &json!("busy"))]);
    assert_eq!(standing["in_flight"], json!({}), "nothing is done at this moment");

    let (_, released) = ask(&router, "DELETE", &format!("/v1/clock/leases/{two}"), Value::Null).await;
    assert_eq!(released["state"], "released");
    let (status, problem) = ask(&router, "POST", &format!("/v1/clock/leases/{two}/busy"), Value::Null).await;
    assert_eq!((status, &problem["detail"]), (StatusCode::NOT_FOUND, &json!("no lease 'l2' is held")));
    assert_eq!(idle(&router, &one, 7).await["at_us"], 7_000_000);
    let (_, standing) = ask(&router, "GET", "/v1/clock/leases", Value::Null).await;
    assert_eq!((&standing["gone"][0]["name"], &standing["gone"][0]["why"]), (&json!("two"), &json!("released")));
    let body = json!({ "wait_ms": 60_001 });
    let (_, problem) = ask(&router, "POST", &format!("/v1/clock/leases/{one}/idle"), body).await;
    assert_eq!(problem["detail"], "wait_ms: expected at most 60000, found 60001");
}

/// A run in lock-step whose only lease is idle from its beginning.
async fn idle_from_the_start(folder: &std::path::Path) -> (Stagehand, LeaseId) {
    let hand = play(folder, Phones::Simulated, LOCKSTEP);
    let lease = hand.run.leases.as_ref().expect("in lock-step").take("app".into()).expect("room").id;
    (hand, lease)
}

#[tokio::test]
async fn the_operator_sees_who_took_time_and_gave_it_back_and_not_every_breath() {
    let (router, _trigger) = api();
    started(&router).await;
    let lease = taken(&router, "the payroll").await;
    idle(&router, &lease, 60).await;
    ask(&router, "POST", &format!("/v1/clock/leases/{lease}/busy"), Value::Null).await;
    ask(&router, "DELETE", &format!("/v1/clock/leases/{lease}"), Value::Null).await;
    ask(&router, "DELETE", "/v1/clock/leases/l999", Value::Null).await;
    let (_, seen) = ask(&router, "GET", "/v1/operator", Value::Null).await;
    let rows = seen["deeds"].as_array().expect("a log").iter();
    let told: Vec<Value> =
        rows.map(|deed| json!([deed["what"], deed["about"], deed["run_at_us"], deed["status"]])).collect();
    let expected = json!([
        ["startRun", "rent", told[0][2], 201],
        ["takeLease", "the payroll", 0, 201],
        ["releaseLease", "the payroll", told[2][2], 200],
        ["releaseLease", "", told[3][2], 404],
    ]);
    assert_eq!(Value::from(told), expected);
}

#[tokio::test(start_paused = true)]
async fn a_lock_step_run_replays_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut hand, lease) = idle_from_the_start(folder.path()).await;
    let drain = tokio::spawn(async move { while hand.orders.recv().await.is_some() {} });
    let leases = hand.run.leases.clone().expect("in lock-step");
    for round in 1..=4_u64 {
        assert_eq!(leases.idle(lease, Some(secs(round * 500)), WAIT).await, Ok(Woken::Due));
        let submit = Input::Submit { kind: KindId(0), person: PersonId(7) };
        hand.inputs.send(ToEngine(submit)).await.expect("the run goes on");
        // The order is taken before the input or after it; either way time stands until the lease is idle again.
        assert_eq!(hand.run.ask(Order::Speed(9)).await, Err(Refusal::Lockstep));
        assert_eq!(hand.run.status().at, secs(round * 500));
    }
    leases.release(lease).expect("held");
    hand.playing.await.expect("no panic");
    drain.await.expect("no panic");
    assert_eq!((hand.run.id, hand.run.end()), (RunId(1), Some(End::Stop)));
    let events = events(folder.path());
    assert_eq!(replayed(folder.path()), Ok(events.lines().count() as u64));
    let stamped = |round: u64| format!("\"t\":{},\"event\":\"created\"", round * 500_000_000);
    assert!((1..=4).all(|round| events.contains(&stamped(round))), "each at its own instant");
}

#[tokio::test(start_paused = true)]
async fn a_dead_application_is_dropped_and_the_run_comes_to_its_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut hand, lease) = idle_from_the_start(folder.path()).await;
    let drain = tokio::spawn(async move { while hand.orders.recv().await.is_some() {} });
    // It never says a word. The clock of this test jumps to the sweep that finds it.
    hand.playing.await.expect("no panic");
    drain.await.expect("no panic");
    let gone = hand.run.leases.as_ref().expect("in lock-step").standing().gone;
    assert_eq!(gone.iter().map(|gone| (gone.id, gone.dropped, gone.at)).collect::<Vec<_>>(), [(lease, true, secs(0))]);
    assert_eq!(hand.run.end(), Some(End::Stop));
}

#[tokio::test(start_paused = true)]
async fn a_pause_holds_a_lock_step_run_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hand, lease) = idle_from_the_start(folder.path()).await;
    let leases = hand.run.leases.clone().expect("in lock-step");
    hand.run.ask(Order::Pause).await.expect("paused");
    let second = std::time::Duration::from_secs(1);
    assert_eq!(leases.idle(lease, Some(secs(60)), second).await, Ok(Woken::Waiting));
    hand.run.ask(Order::Advance(Span::from_secs(10))).await.expect("advanced");
    assert_eq!(hand.run.status().at, secs(10));
    hand.run.ask(Order::Resume).await.expect("resumed");
    assert_eq!(leases.idle(lease, Some(secs(60)), second).await, Ok(Woken::Due));
    assert_eq!(hand.run.status().at, secs(60));
    hand.run.ask(Order::Stop).await.expect("stopped");
    hand.playing.await.expect("no panic");
}
