//! Time in a client's hand: what a stretch of it brought about is there when its request is answered.

use serde_json::Value;

use super::Served;

/// A notice every six seconds for an hour.
const SCENARIO: &str = "scenario: six-hundred\\nclock: { stop: 2h }\\ntimeline:\\n  - { at: 0s, send: '[구청] 모의 알림', to: 600 people, over: 1h }\\n";

#[test]
fn whoever_advances_the_clock_reads_what_it_brought() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    let (status, body) = served.ask("POST", "/v1/runs", &format!("{{\"scenario\":\"{SCENARIO}\",\"clock\":\"real\"}}"));
    assert_eq!(status, 201, "{body}");
    let order = |body: &str| -> Value {
        let (status, answer) = served.ask("POST", "/v1/clock", body);
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).expect("JSON")
    };
    let mut at = order(r#"{"paused":true}"#)["at_us"].as_u64().expect("an instant");
    for minutes in 1..=50_u64 {
        at += 60_000_000;
        assert_eq!(order(r#"{"advance_ms":60000}"#)["at_us"], at);
        let run: Value = serde_json::from_str(&served.ask("GET", "/v1/runs/r1", "").1).expect("JSON");
        let notices = run["counts"]["notices"].as_u64().expect("a count");
        assert!((10 * minutes..=10 * minutes + 10).contains(&notices), "{notices} after {minutes} minutes");
        assert_eq!(run["at_us"], at);
    }
    let end = order(r#"{"advance_ms":7200000}"#);
    assert_eq!((&end["state"], &end["at_us"]), (&Value::from("ended"), &Value::from(7_200_000_000_u64)));
    let run: Value = serde_json::from_str(&served.ask("GET", "/v1/runs/r1", "").1).expect("JSON");
    assert_eq!((&run["state"], run["counts"]["notices"].as_u64()), (&Value::from("ended"), Some(600)));
}
