//! Webhooks as their application sees them. A message that somebody opens later is told once. Over a `kill -9`: one that was taken is not told again, one that was not goes on
//! with its schedule and its count of tries, and a request whose key was used up stays used up. In lock-step: each try comes
//! at the very instant of its schedule.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Served, ask, run_folder, solapi_key};

const LONG: Duration = Duration::from_secs(60);
/// Simulated microseconds before each further try (docs/providers/nhn.md).
const WAITS: [i64; 3] = [10_000_000, 60_000_000, 300_000_000];
/// With the first one.
const TRIES: usize = WAITS.len() + 1;

/// An application's address for webhooks: notes for whom each request tells, and takes it or fails.
#[derive(Clone, Default)]
struct Sink {
    port: u16,
    takes: Arc<AtomicBool>,
    heard: Arc<Mutex<Vec<(String, bool)>>>,
    /// A server whose clock it looks at, and when its requests came by that one.
    clock: Arc<OnceLock<String>>,
    at: Arc<Mutex<Vec<i64>>>,
}

impl Sink {
    fn open() -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let sink = Sink { port, takes: Arc::new(AtomicBool::new(true)), ..Sink::default() };
        let all = sink.clone();
        // It ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let sink = all.clone();
                thread::spawn(move || sink.answer(&stream.expect("a connection")));
            }
        });
        sink
    }

    /// How often it was told of that phone, and how often it took it.
    fn count(&self, phone: &str) -> (usize, usize) {
        let heard = self.heard.lock().expect("nobody panicked");
        let rows = heard.iter().filter(|row| row.0 == phone);
        (rows.clone().count(), rows.filter(|row| row.1).count())
    }

    fn wait(&self, phone: &str, wanted: (usize, usize)) {
        let begun = Instant::now();
        while self.count(phone) != wanted {
            assert!(begun.elapsed() < LONG, "{phone}: {:?}, not {wanted:?}", self.count(phone));
            thread::yield_now();
        }
    }

    /// Answers the requests of one connection.
    fn answer(&self, stream: &TcpStream) {
        let mut from = BufReader::new(stream);
        loop {
            let (mut length, mut line) = (0, String::new());
            while line != "\r\n" {
                line.clear();
                // A server that was killed hangs up.
                if from.read_line(&mut line).unwrap_or(0) == 0 {
                    return;
                }
                if let Some(count) = line.to_lowercase().strip_prefix("content-length:") {
                    length = count.trim().parse().expect("a length");
                }
            }
            let mut body = vec![0; length];
            from.read_exact(&mut body).expect("a body");
            let body: Value = serde_json::from_slice(&body).expect("JSON");
            if let Some(address) = self.clock.get() {
                let (_, _, clock) = ask(address, "GET", "/v1/clock", "", "");
                let clock: Value = serde_json::from_str(&clock).expect("JSON");
                self.at.lock().expect("nobody panicked").push(clock["at_us"].as_i64().expect("an instant"));
            }
            let takes = self.takes.load(Ordering::Relaxed);
            let phones = phones(&body).into_iter().map(|phone| (phone, takes));
            self.heard.lock().expect("nobody panicked").extend(phones);
            let status = if takes { "200 OK" } else { "500 No" };
            // What Bizgo's reports want to hear; the others want a status alone.
            let said = json!({ "msgKey": body["msgKey"] }).to_string();
            let said = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{said}", said.len());
            // As above.
            let Ok(()) = (&mut &*stream).write_all(said.as_bytes()) else { return };
        }
    }
}

/// For which phones a request tells, of NHN Cloud's, of SOLAPI's (of messages), and of Bizgo's, whose `ref` we made it.
fn phones(body: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match body {
        Value::Array(rows) => rows.iter().filter_map(|row| text(&row["data"]["to"])).collect(),
        body if body["msgKey"].is_string() => text(&body["ref"]).into_iter().collect(),
        body => {
            let hooks = body["hooks"].as_array().expect("hooks");
            hooks.iter().filter_map(|hook| text(&hook["recipientNo"])).collect()
        }
    }
}

/// A run whose sender is outside.
fn start(served: &Served, sink: &Sink, clock: &str) {
    let scenario = format!(
        "scenario: hooks\nclock: {{ stop: 8h }}\nsender: {{ drive: external, receipts_to: 'http://127.0.0.1:{}/hook' }}\n\
         people: {{ all: {{ count: 20, kakao: {{ active: 100% }}, phone: {{ powered: 100% }}, reads: {{ after: 1h }} }} }}\n\
         notices: {{ bill: {{ alimtalk: {{ template: BILL01, text: '[구청] 모의 알림' }}, route: [ {{ try: alimtalk }} ] }} }}\n\
         timeline:\n  - {{ at: 7h, send: bill, to: all }}\n",
        sink.port
    );
    let body = json!({ "scenario": scenario, "clock": clock }).to_string();
    let (status, answer) = served.ask("POST", "/v1/runs", &body);
    assert_eq!(status, 201, "{answer}");
}

/// Sends to one phone under a key; the code that NHN Cloud's API answers.
fn send(served: &Served, phone: &str, key: &str) -> i64 {
    let body =
        json!({ "senderKey": "a".repeat(40), "templateCode": "BILL01", "recipientList": [ { "recipientNo": phone } ] });
    let head = format!("X-Secret-Key: bongsu-test-secret\r\nX-NC-API-IDEMPOTENCY-KEY: {key}\r\n");
    let path = "/alimtalk/v2.3/appkeys/bongsu-test-key/messages";
    let (status, _, answer) = served.ask_with("POST", path, &head, &body.to_string());
    assert_eq!(status, 200, "{answer}");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    answer["header"]["resultCode"].as_i64().expect("a code")
}

/// Sends to one phone by Bizgo, which is content with an active user, and to another by SOLAPI.
fn send_by_others(served: &Served, bizgo: &str, solapi: &str) {
    let alimtalk = json!({ "senderKey": "a", "templateCode": "BILL01", "sendType": "template" });
    let body = json!({ "destinations": [{ "to": bizgo, "ref": bizgo }], "messageFlow": [{ "alimtalk": alimtalk }] });
    let head = "Authorization: bongsu-test-key\r\n";
    let (status, _, answer) = served.ask_with("POST", "/api/comm/v1/send/omni", head, &body.to_string());
    assert!(status == 200 && answer.contains("msgKey"), "{answer}");
    let kakao = json!({ "pfId": "KA01PF", "templateId": "BILL01", "disableSms": true });
    let body = json!({ "messages": [{ "to": solapi, "kakaoOptions": kakao }] });
    let path = "/messages/v4/send-many/detail";
    let (status, _, answer) = served.ask_with("POST", path, &solapi_key(solapi), &body.to_string());
    assert!(status == 200 && answer.contains("\"failedMessageList\":[]"), "{answer}");
}

fn speed(served: &Served, speed: u32) {
    let (status, answer) = served.ask("POST", "/v1/runs/r1/speed", &json!({ "speed": speed }).to_string());
    assert_eq!(status, 200, "{answer}");
}

/// Waits until that row stands among the metrics.
fn metric(served: &Served, row: &str) {
    let begun = Instant::now();
    while !served.ask("GET", "/metrics", "").1.contains(row) {
        assert!(begun.elapsed() < LONG, "not {row}: {}", served.ask("GET", "/metrics", "").1);
    }
}

/// Waits until a try failed, and until that is on disk: what is answered later is synced later.
fn failed_on_disk(served: &Served, mark: &str) {
    metric(served, "bongsu_run_webhooks_total{run=\"r1\",outcome=\"failed\"} 1\n");
    let fault = json!({ "fault": mark, "network": "cell", "kind": "down", "until": "lifted" }).to_string();
    let (status, answer) = served.ask("POST", "/v1/faults", &fault);
    assert_eq!(status, 201, "{answer}");
}

#[test]
fn what_an_application_was_promised_outlives_the_server() {
    let data = tempfile::tempdir().expect("a folder");
    let sink = Sink::open();
    let served = Served::start(data.path());
    // Ten seconds are less than two, and a platform answers within one.
    start(&served, &sink, "x6");
    assert_eq!(send(&served, "01000000001", "one"), 0);
    sink.wait("01000000001", (1, 1));
    sink.takes.store(false, Ordering::Relaxed);
    assert_eq!(send(&served, "01000000002", "two"), 0);
    failed_on_disk(&served, "first");
    served.kill();

    // Killed again in the middle of the schedule: it is neither begun again nor forgotten.
    let served = Served::start(data.path());
    assert_eq!((send(&served, "01000000001", "one"), send(&served, "01000000002", "two")), (-1005, -1005));
    failed_on_disk(&served, "second");
    served.kill();

    let served = Served::start(data.path());
    assert_eq!((send(&served, "01000000001", "one"), send(&served, "01000000002", "two")), (-1005, -1005));
    speed(&served, 600);
    metric(&served, "bongsu_run_hooks_given_up_total{run=\"r1\"} 1\n");
    assert_eq!(sink.count("01000000002"), (TRIES, 0));
    assert_eq!(sink.count("01000000001"), (1, 1), "what was taken is not told again");
    sink.takes.store(true, Ordering::Relaxed);
    assert_eq!((send(&served, "01000000003", "three"), send(&served, "01000000002", "two, ten minutes later")), (0, 0));
    sink.wait("01000000003", (1, 1));
    sink.wait("01000000002", (TRIES + 1, 1));
    assert_eq!(served.terminate().0, Some(0));
    let events = std::fs::read_to_string(run_folder(data.path()).join("events.ndjson")).expect("events");
    let gone: Vec<&str> = events.lines().filter(|line| line.contains("\"event\":\"hook_given_up\"")).collect();
    assert!(gone.len() == 1 && gone[0].contains("\"tries\":4"), "{gone:?}");
}

/// A lease of the run's time: nothing to do before that instant.
fn idle(served: &Served, lease: &str, until: Option<i64>) -> String {
    loop {
        let body = until.map_or(json!({}), |until| json!({ "until_us": until })).to_string();
        let (status, answer) = served.ask("POST", &format!("/v1/clock/leases/{lease}/idle"), &body);
        assert_eq!(status, 200, "{answer}");
        let answer: Value = serde_json::from_str(&answer).expect("JSON");
        match answer["why"].as_str().expect("a word") {
            "waiting" => {}
            why => return why.to_owned(),
        }
    }
}

#[test]
fn in_lock_step_each_try_comes_at_its_very_instant() {
    let data = tempfile::tempdir().expect("a folder");
    let sink = Sink::open();
    sink.takes.store(false, Ordering::Relaxed);
    let served = Served::start(data.path());
    sink.clock.set(served.address.clone()).expect("once");
    start(&served, &sink, "lockstep");
    let (status, lease) = served.ask("POST", "/v1/clock/leases", r#"{"name":"sender"}"#);
    let lease: Value = serde_json::from_str(&lease).expect("JSON");
    let lease = lease["lease"].as_str().unwrap_or_else(|| panic!("{status} {lease}"));
    assert_eq!(send(&served, "01000000004", "four"), 0);
    let hour = 3_600_000_000;
    assert_eq!(idle(&served, lease, Some(hour)), "due");
    assert_eq!(sink.count("01000000004"), (TRIES, 0), "before the hour was over");
    let at = sink.at.lock().expect("nobody panicked").clone();
    let waits: Vec<i64> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!((waits, at[0] < 60_000_000), (WAITS.to_vec(), true), "{at:?}");
    sink.takes.store(true, Ordering::Relaxed);
    assert_eq!(send(&served, "01000000005", "five"), 0);
    assert_eq!(idle(&served, lease, None), "ended");
    assert_eq!(sink.count("01000000005"), (1, 1));
    assert_eq!(served.terminate().0, Some(0));
    let folder = run_folder(data.path());
    let events = std::fs::read_to_string(folder.join("events.ndjson")).expect("events");
    let gone: Vec<Value> = events
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|event: &Value| event["event"] == "hook_given_up")
        .collect();
    let last = at[0] + WAITS.iter().sum::<i64>();
    assert_eq!((gone.len(), &gone[0]["t"], &gone[0]["tries"]), (1, &json!(last), &json!(TRIES)));
    let mut replay = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let replayed = replay.args(["replay", "--lang", "en"]).arg(folder).output().expect("it starts");
    assert!(String::from_utf8(replayed.stdout).expect("UTF-8").starts_with("equal: "));
}

#[test]
fn what_arrived_is_told_once_though_somebody_opens_it_later() {
    let data = tempfile::tempdir().expect("a folder");
    let sink = Sink::open();
    let served = Served::start(data.path());
    start(&served, &sink, "lockstep");
    let (status, lease) = served.ask("POST", "/v1/clock/leases", r#"{"name":"sender"}"#);
    let lease: Value = serde_json::from_str(&lease).expect("JSON");
    let lease = lease["lease"].as_str().unwrap_or_else(|| panic!("{status} {lease}"));
    let hour = 3_600_000_000;
    assert_eq!(send(&served, "01000000006", "six"), 0);
    send_by_others(&served, "01000000007", "01000000008");
    // The first one who opens does so an hour after it came.
    assert_eq!(idle(&served, lease, Some(2 * hour)), "due");
    for phone in ["01000000006", "01000000007", "01000000008"] {
        assert_eq!(sink.count(phone), (1, 1), "{phone}");
    }
    sink.takes.store(false, Ordering::Relaxed);
    assert_eq!(send(&served, "01000000009", "nine"), 0);
    send_by_others(&served, "01000000010", "01000000011");
    assert_eq!(idle(&served, lease, Some(5 * hour)), "due");
    for (phone, tries) in [("01000000009", TRIES), ("01000000010", 3), ("01000000011", 5)] {
        assert_eq!(sink.count(phone), (tries, 0), "{phone}");
    }
    let polled = served.ask_with("GET", "/api/comm/v1/report/polling", "Authorization: bongsu-test-key\r\n", "").2;
    let polled: Value = serde_json::from_str(&polled).expect("JSON");
    let reports = polled["data"]["data"]["report"].as_array().map_or(0, Vec::len);
    assert_eq!(reports, 1, "what no webhook could tell is asked for: {polled}");
    assert_eq!(served.terminate().0, Some(0));
    let events = std::fs::read_to_string(run_folder(data.path()).join("events.ndjson")).expect("events");
    let opened = events.lines().filter(|line| line.contains("\"event\":\"opened\"")).count();
    assert_eq!(opened, 6, "somebody did open each of them");
}
