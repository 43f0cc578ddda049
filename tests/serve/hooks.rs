//! What applications outside are promised holds over a `kill -9`: a webhook that was taken is not told again, one that was
//! not goes on with its schedule and its count of tries, and a request whose key was used up stays used up.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Served, run_folder};

const LONG: Duration = Duration::from_secs(60);
/// The first try, and one after 10 s, 1 min and 5 min of simulated time (docs/providers/nhn.md).
const TRIES: usize = 4;

/// An application's address for webhooks: notes for whom each request tells, and takes it or fails.
struct Sink {
    port: u16,
    takes: Arc<AtomicBool>,
    heard: Arc<Mutex<Vec<(String, bool)>>>,
}

impl Sink {
    fn open() -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let sink = Sink { port, takes: Arc::new(AtomicBool::new(true)), heard: Arc::default() };
        let (takes, heard) = (sink.takes.clone(), sink.heard.clone());
        // It ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (takes, heard) = (takes.clone(), heard.clone());
                thread::spawn(move || answer(&stream.expect("a connection"), &takes, &heard));
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
}

/// Answers the requests of one connection.
fn answer(stream: &TcpStream, takes: &AtomicBool, heard: &Mutex<Vec<(String, bool)>>) {
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
        let takes = takes.load(Ordering::Relaxed);
        let phones = body["hooks"].as_array().expect("hooks").iter().map(|hook| hook["recipientNo"].to_string());
        heard.lock().expect("nobody panicked").extend(phones.map(|phone| (phone.replace('"', ""), takes)));
        let status = if takes { "200 OK" } else { "500 No" };
        let said = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\n{{}}");
        // As above.
        let Ok(()) = (&mut &*stream).write_all(said.as_bytes()) else { return };
    }
}

/// A run whose sender is outside, x6: ten seconds are less than two, and a platform answers within one.
fn start(served: &Served, sink: &Sink) {
    let scenario = format!(
        "scenario: hooks\nclock: {{ stop: 8h }}\nsender: {{ drive: external, receipts_to: 'http://127.0.0.1:{}/hook' }}\n\
         people: {{ all: {{ count: 20, kakao: {{ active: 100% }}, phone: {{ powered: 100% }} }} }}\n\
         notices: {{ bill: {{ alimtalk: {{ template: BILL01, text: '[구청] 모의 알림' }}, route: [ {{ try: alimtalk }} ] }} }}\n\
         timeline:\n  - {{ at: 7h, send: bill, to: all }}\n",
        sink.port
    );
    let body = json!({ "scenario": scenario, "clock": "x6" }).to_string();
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
    start(&served, &sink);
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
