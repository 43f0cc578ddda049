//! What a server knows of the runs and requests of the processes before it.

use serde_json::Value;

use super::Served;
use super::durable::wait_for;

/// Ten people who may get a notice from outside.
const SCENARIO: &str = "scenario: desk\\nclock: { stop: 2h }\\npeople: { all: { count: 10 } }\\nnotices:\\n  \
                        paid: { sms: { text: '[구청] 모의 납부 확인' }, route: [ { try: sms, until: delivered, within: 10m } ] }\\n\
                        timeline:\\n  - { at: 0s, send: paid, to: all, over: 10m }\\n";

fn start(served: &Served, clock: &str) {
    let body = format!("{{\"scenario\":\"{SCENARIO}\",\"clock\":\"{clock}\"}}");
    let (status, answer) = served.ask("POST", "/v1/runs", &body);
    assert_eq!(status, 201, "{answer}");
}

fn get(served: &Served, path: &str) -> Value {
    let (status, body) = served.ask("GET", path, "");
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).expect("JSON")
}

#[test]
fn a_key_that_was_answered_is_answered_the_same_after_a_kill() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    start(&served, "real");
    let body = r#"{"kind":"paid","to":["010-0000-0001","010-0000-0002"]}"#;
    let post = |served: &Served, key: &str, body: &str| {
        served.ask_with("POST", "/v1/notices", &format!("Idempotency-Key: {key}\r\n"), body)
    };
    let (status, _, first) = post(&served, "one", body);
    assert_eq!(status, 201, "{first}");
    let (_, _, second) = post(&served, "two", body);
    assert_ne!(first, second, "another key is another request");
    served.kill();

    let served = Served::start(data.path());
    let before = get(&served, "/v1/runs/r1")["counts"]["notices"].clone();
    for (key, answer) in [("one", &first), ("two", &second)] {
        let (status, head, again) = post(&served, key, body);
        assert_eq!((status, &again), (201, answer));
        assert!(head.to_lowercase().contains("idempotent-replayed: true"), "{head}");
    }
    assert_eq!(get(&served, "/v1/runs/r1")["counts"]["notices"], before, "nothing is done twice");
    let (status, _, other) = post(&served, "one", r#"{"kind":"paid","to":"010-0000-0003"}"#);
    assert!(status == 422 && other.contains("/problems/idempotency-key-reused"), "{other}");
    let (status, head, third) = post(&served, "three", body);
    assert!(status == 201 && !head.to_lowercase().contains("idempotent-replayed"), "{third}");
}

#[test]
fn runs_of_earlier_processes_are_listed_and_had_in_full() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    for id in ["r1", "r2"] {
        start(&served, "virtual");
        wait_for(&served, id, |run| run["state"] == "ended");
    }
    let whole = get(&served, "/v1/runs/r1");
    let (_, verdict) = served.ask("GET", "/v1/runs/r1/verdict", "");
    let events = get(&served, "/v1/runs/r1/events?limit=10000");
    let notices = get(&served, "/v1/notices?run=r1");
    assert_eq!(served.terminate().0, Some(0));

    let served = Served::start(data.path());
    start(&served, "real");
    let ids = |list: &Value| -> Vec<String> {
        list["runs"].as_array().expect("a list").iter().map(|run| run["id"].to_string()).collect()
    };
    let list = get(&served, "/v1/runs");
    assert_eq!(ids(&list), ["\"r1\"", "\"r2\"", "\"r3\""]);
    assert_eq!((&list["current"], &list["next"]), (&Value::from("r3"), &Value::Null));
    assert_eq!((&list["runs"][0]["counts"], &list["runs"][0]["verdict"]), (&Value::Null, &whole["verdict"]));
    let page = get(&served, "/v1/runs?limit=2");
    assert_eq!((ids(&page), &page["next"]), (vec!["\"r2\"".to_owned(), "\"r3\"".to_owned()], &Value::from("r2")));
    let page = get(&served, "/v1/runs?limit=2&before=r2");
    assert_eq!((ids(&page), &page["next"]), (vec!["\"r1\"".to_owned()], &Value::Null));

    assert_eq!(get(&served, "/v1/runs/r1"), whole);
    assert_eq!(served.ask("GET", "/v1/runs/r1/verdict", "").1, verdict);
    assert_eq!(get(&served, "/v1/runs/r1/events?limit=10000"), events);
    assert_eq!(get(&served, "/v1/notices?run=r1"), notices);
    assert_eq!(get(&served, "/v1/people?run=r1&query=phone:010-0000-0001")["people"][0]["phone"], "010-0000-0001");
    let (status, body) = served.ask("POST", "/v1/runs/r1/stop", "");
    assert!(status == 409 && body.contains("/problems/run-ended"), "{body}");
    let (status, body) = served.ask("GET", "/v1/runs/r3/report", "");
    assert!(status == 409 && body.contains("/problems/not-ended"), "{body}");
    let (status, body) = served.ask("GET", "/v1/runs/r9/report", "");
    assert!(status == 404 && body.contains("/problems/unknown-run"), "{body}");
    let (status, body) = served.ask("GET", "/v1/runs/r9", "");
    assert!(status == 404 && body.contains("/problems/unknown-run"), "{body}");
    drop(served);

    // As if another build had recorded it.
    let db = data.path().join("journal.db");
    let changed = rusqlite::Connection::open(&db).and_then(|db| db.execute_batch("UPDATE runs SET build = '0.0.1'"));
    changed.expect("ours");
    let served = Served::start(data.path());
    let (status, body) = served.ask("GET", "/v1/runs/r2/events", "");
    let problem: Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!((status, &problem["type"]), (410, &Value::from("/problems/run-unreadable")));
    let version = env!("CARGO_PKG_VERSION");
    let expected = format!("build 0.0.1 recorded it, this is {version}; what there is of it lies in its folder");
    assert_eq!(problem["detail"], expected);
    let folder = data.path().join(problem["folder"].as_str().expect("a name"));
    let (status, head, report) = served.ask_whole("GET", "/v1/runs/r2/report", "");
    assert!(status == 200 && head.to_lowercase().contains("content-type: text/html; charset=utf-8"), "{head}");
    assert!(head.to_lowercase().contains("content-security-policy: default-src 'none'"), "{head}");
    assert_eq!(report, std::fs::read_to_string(folder.join("report.html")).expect("there"), "any build can be read");
    assert!(folder.join("report.html").is_file() && folder.join("events.ndjson").is_file());
}
