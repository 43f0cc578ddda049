//! A server that is killed, filled up or shown the wrong folder: what was accepted stays accepted.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::{Served, log, logged, run_folder};

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// Forty people, a notice each within fifteen minutes of simulated time.
const SCENARIO: &str =
    "scenario: forty\\ntimeline:\\n  - { at: 0s, send: '[구청] 모의 알림', to: 40 people, over: 15m }\\n";
const PEOPLE: usize = 40;

/// All phones of the scenario on one connection to kakao.
struct Phones {
    runtime: Runtime,
    line: Option<WebSocketStream<TcpStream>>,
    since: u64,
    seen: Vec<(u64, String)>,
}

impl Phones {
    fn new() -> Phones {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Phones { runtime, line: None, since: 0, seen: Vec::new() }
    }

    fn connect(&mut self, address: &str) {
        let phones: Vec<String> = (0..PEOPLE).map(|person| format!("010-0000-{person:04}")).collect();
        let hello = json!({ "type": "hello", "phones": phones, "since": self.since }).to_string();
        let line = async {
            let stream = TcpStream::connect(address).await.expect("it answers");
            let uri = format!("ws://{address}/ws/kakao").parse().expect("an address");
            let request = ClientRequestBuilder::new(uri).with_sub_protocol("bongsu.v1");
            let (mut line, _) = client_async(request, stream).await.expect("a handshake");
            line.send(Message::text(hello)).await.expect("sent");
            line
        };
        self.line = Some(self.runtime.block_on(line));
    }

    /// The first of them writes to the channel.
    fn say(&mut self, text: &str) {
        let frame = json!({ "type": "say", "channel": "agency", "text": text, "phone": "010-0000-0000" });
        let Phones { runtime, line, .. } = self;
        let sent = line.as_mut().expect("connected").send(Message::text(frame.to_string()));
        runtime.block_on(sent).expect("sent");
    }

    /// Reads on until so many notices were seen; each is acknowledged.
    fn read_until(&mut self, count: usize) {
        let Phones { runtime, line, since, seen } = self;
        let line = line.as_mut().expect("connected");
        let reading = async {
            while seen.len() < count {
                let Message::Text(text) = line.next().await.expect("the line is up").expect("a frame") else {
                    continue;
                };
                let frame: Value = serde_json::from_str(&text).expect("JSON");
                if frame["type"] == "notice" {
                    let attempt = frame["attempt"].as_str().expect("a name").to_owned();
                    *since = frame["seq"].as_u64().expect("a number");
                    let receipt = json!({ "type": "receipt", "delivered": [attempt] }).to_string();
                    line.send(Message::text(receipt)).await.expect("sent");
                    seen.push((*since, attempt));
                }
            }
        };
        runtime.block_on(async { tokio::time::timeout(LONG, reading).await.expect("in time") });
    }
}

/// Asks about the run until it is as wanted.
pub(super) fn wait_for(served: &Served, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let (status, body) = served.ask("GET", &format!("/v1/runs/{id}"), "");
        assert_eq!(status, 200, "{body}");
        let run: Value = serde_json::from_str(&body).expect("JSON");
        if wanted(&run) {
            return run;
        }
        assert!(begun.elapsed() < LONG, "{run}");
    }
}

fn start(served: &Served, text: &str, clock: &str) {
    let body = format!("{{\"scenario\":\"{text}\",\"clock\":\"{clock}\",\"phones\":\"outside\"}}");
    let (status, answer) = served.ask("POST", "/v1/runs", &body);
    assert_eq!(status, 201, "{answer}");
}

fn bongsu(args: &[&str], data: &Path) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let output = command.args(args).arg("--data").arg(data).args(["--lang", "en"]).output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_killed_server_goes_on_and_no_notice_is_lost_or_sent_twice() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    start(&served, SCENARIO, "x120");
    let fault = r#"{"fault":"slow","network":"mobile","kind":"latency","add":"1s","until":"lifted"}"#;
    let (status, body) = served.ask("POST", "/v1/faults", fault);
    assert_eq!(status, 201, "{body}");
    let mut phones = Phones::new();
    phones.connect(&served.address);
    phones.read_until(10);
    // More is on its way to a client that reads nothing any more when both lines and process are cut.
    wait_for(&served, "r1", |run| run["counts"]["notices"].as_u64() >= Some(20));
    served.kill();
    assert_eq!(phones.seen.len(), 10);
    let (_, listed, _) = bongsu(&["runs"], data.path());
    assert!(listed.contains("broken off (serve goes on)") && listed.contains("forty"), "{listed}");

    let served = Served::start(data.path());
    let (status, faults) = served.ask("GET", "/v1/faults/slow", "");
    assert!(status == 200 && faults.contains("\"on\""), "an acknowledged fault is still there: {faults}");
    phones.connect(&served.address);
    phones.read_until(PEOPLE);
    let run = wait_for(&served, "r1", |run| run["counts"]["reached"].as_u64() == Some(PEOPLE as u64));
    assert_eq!(run["counts"]["rejected"], 0, "no receipt came twice or for nothing: {run}");
    let sequence: Vec<u64> = phones.seen.iter().map(|(seq, _)| *seq).collect();
    assert_eq!(sequence, (1..=PEOPLE as u64).collect::<Vec<u64>>(), "no gap, nothing twice");
    let mut attempts: Vec<&String> = phones.seen.iter().map(|(_, attempt)| attempt).collect();
    attempts.sort_unstable();
    attempts.dedup();
    assert_eq!(attempts.len(), PEOPLE);

    assert_eq!(served.terminate(), (Some(0), String::new()));
    let (_, listed, _) = bongsu(&["runs"], data.path());
    assert!(!listed.contains("broken off"), "{listed}");
    let mut replay = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let replayed = replay.args(["replay", "--lang", "en"]).arg(run_folder(data.path())).output().expect("it starts");
    let said = String::from_utf8(replayed.stdout).expect("UTF-8");
    assert!(said.starts_with("equal: ") && replayed.status.code() == Some(0), "{said}");
}

#[test]
fn a_full_disk_holds_the_run_and_lets_go_by_itself() {
    let (home, data) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let served = Served::start_by(logged(home.path()), data.path(), "127.0.0.1:0", &["--data-max", "96KiB"]);
    let long_name = "긴".repeat(50);
    let fault = |number: usize| {
        format!("{{\"fault\":\"{long_name}{number}\",\"network\":\"post\",\"kind\":\"loss\",\"for\":\"1s\"}}")
    };
    start(&served, SCENARIO, "real");
    for number in 0..50 {
        assert_eq!(served.ask("POST", "/v1/faults", &fault(number)).0, 201);
    }
    assert_eq!(served.ask("POST", "/v1/runs/r1/stop", "").0, 200);
    start(&served, SCENARIO, "real");
    let mut phones = Phones::new();
    phones.connect(&served.address);
    let full = (0..2_000).find_map(|number| {
        let (status, head, body) = served.ask_whole("POST", "/v1/faults", &fault(number));
        (status != 201).then_some((number, status, head, body))
    });
    let (number, status, head, body) = full.expect("it fills up");
    assert_eq!(status, 503, "after {number} faults: {body}");
    assert!(body.contains("\"type\":\"/problems/disk-full\"") && body.contains("저장 공간이 없습니다"), "{body}");
    assert!(head.to_lowercase().contains("\r\nretry-after: 5"), "{head}");

    let (_, faults) = served.ask("GET", "/v1/faults", "");
    let counted = serde_json::from_str::<Value>(&faults).expect("JSON")["faults"].as_array().map_or(0, Vec::len);
    assert_eq!(counted, number, "what was not acknowledged is not there");

    phones.say(&"말".repeat(1_000));
    let held = wait_for(&served, "r2", |run| run["state"] == "held");
    assert_eq!(served.ask("GET", "/healthz", "").0, 200, "readers go on");
    assert_eq!(served.ask("POST", "/v1/runs/r2/pause", "").0, 503);
    let later = wait_for(&served, "r2", |run| run["state"] == "held");
    assert_eq!(later["at_us"], held["at_us"], "simulated time stands still");

    let (code, said, _) = bongsu(&["runs", "--purge"], data.path());
    assert_eq!((code, said.as_str()), (Some(0), "runs purged: 1\n"));
    wait_for(&served, "r2", |run| run["state"] == "running");
    let begun = Instant::now();
    while served.ask("POST", "/v1/faults", &fault(9_999)).0 != 201 {
        assert!(begun.elapsed() < LONG, "it does not let go");
    }
    assert_eq!(served.terminate(), (Some(0), String::new()));
    let said = log(home.path());
    let lines = |what: &str| said.lines().filter(|line| line.contains(what) && line.contains("run=r2")).count();
    assert_eq!((lines(" WARN "), lines("the run is held until there is room")), (1, 1), "once: {said}");
    assert_eq!(lines("the run goes on"), 1, "{said}");
}

#[test]
fn a_server_that_ends_on_a_full_disk_says_what_it_could_not_write() {
    let (home, data) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let served = Served::start_by(logged(home.path()), data.path(), "127.0.0.1:0", &["--data-max", "96KiB"]);
    start(&served, SCENARIO, "real");
    let fault = |number: usize| {
        let name = "긴".repeat(50);
        format!("{{\"fault\":\"{name}{number}\",\"network\":\"post\",\"kind\":\"loss\",\"for\":\"1s\"}}")
    };
    let full = (0..2_000).any(|number| served.ask("POST", "/v1/faults", &fault(number)).0 == 503);
    assert!(full, "it fills up");
    let mut phones = Phones::new();
    phones.connect(&served.address);
    phones.say(&"말".repeat(1_000));
    wait_for(&served, "r1", |run| run["state"] == "held");
    assert_eq!(served.terminate(), (Some(4), String::new()));
    let said = log(home.path());
    let told: Vec<&str> = said.lines().filter(|line| line.contains(" ERROR ")).collect();
    assert_eq!(told.len(), 1, "{said}");
    assert!(told[0].contains("the run could not be written down run=r1 at="), "{said}");
    assert!(told[0].contains("journal.db"), "it says which file: {said}");
}

/// The limit of file sizes stands for every error but "no space left" that room makes good: a quota is refused the same way.
#[test]
fn a_file_that_may_not_grow_holds_the_run_as_a_full_disk_does() {
    let data = tempfile::tempdir().expect("a folder");
    let mut limited = Command::new("prlimit");
    limited.args(["--fsize=200000:", env!("CARGO_BIN_EXE_bongsu")]);
    let served = Served::start_by(limited, data.path(), "127.0.0.1:0", &[]);
    start(&served, SCENARIO, "real");
    let fault = |number: usize| {
        let name = "긴".repeat(60);
        format!("{{\"fault\":\"{name}{number}\",\"network\":\"post\",\"kind\":\"loss\",\"for\":\"1s\"}}")
    };
    let full = (0..1_000).find_map(|number| {
        let (status, head, body) = served.ask_whole("POST", "/v1/faults", &fault(number));
        (status != 201).then_some((number, status, head, body))
    });
    let (number, status, head, body) = full.expect("the limit is met");
    assert!(status == 503 && body.contains("\"type\":\"/problems/disk-full\""), "after {number}: {status} {body}");
    assert!(head.to_lowercase().contains("\r\nretry-after: 5"), "{head}");
    assert_eq!(served.ask("GET", "/v1/faults", "").1.matches("\"name\"").count(), number, "and readers go on");

    let pid = served.child.id().to_string();
    let raised = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited:"]).status();
    assert!(raised.expect("prlimit").success());
    let begun = Instant::now();
    while served.ask("POST", "/v1/faults", &fault(number)).0 != 201 {
        assert!(begun.elapsed() < LONG, "it does not let go");
    }
    served.kill();
    let served = Served::start(data.path());
    assert_eq!(served.ask("GET", "/v1/faults", "").1.matches("\"name\"").count(), number + 1);
    assert_eq!(served.terminate(), (Some(0), String::new()));
}

#[test]
fn a_folder_is_served_once_and_only_if_it_can_be_read() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    let path = data.path().join("journal.db");
    let (code, _, said) = bongsu(&["serve", "--listen", "127.0.0.1:0"], data.path());
    let expected = format!("bongsu: {}: another bongsu serve writes this journal\n", path.display());
    assert_eq!((code, said), (Some(3), expected));
    assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
    assert_eq!(served.terminate(), (Some(0), String::new()));

    let served = Served::start_with(data.path(), &["--keep", "30d", "--keep-runs", "1"]);
    for id in ["r1", "r2"] {
        start(&served, SCENARIO, "virtual");
        wait_for(&served, id, |run| run["state"] == "ended");
    }
    let (code, listed, _) = bongsu(&["runs"], data.path());
    let rows: Vec<&str> = listed.lines().skip(1).collect();
    assert!(code == Some(0) && rows.len() == 1 && rows[0].starts_with("r2 "), "only the newest stays: {listed}");
    assert!(run_folder(data.path()).to_string_lossy().contains("-r2-forty"));
    assert_eq!(served.terminate(), (Some(0), String::new()));

    // Bytes 60 to 63 of a database are its format (sqlite.org/fileformat.html, 1.3): the format of a later bongsu.
    let mut bytes = std::fs::read(&path).expect("readable");
    bytes[60..64].copy_from_slice(&9_u32.to_be_bytes());
    std::fs::write(&path, bytes).expect("writable");
    let newer = "written by a newer bongsu in format 9, this one reads up to 2; use the newer one, or another --data";
    for args in [&["serve", "--listen", "127.0.0.1:0"][..], &["runs"]] {
        let (code, _, said) = bongsu(args, data.path());
        assert_eq!((code, said), (Some(3), format!("bongsu: {}: {newer}\n", path.display())));
    }
}

#[test]
fn a_journal_that_fails_is_told_to_whoever_watches() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    start(&served, SCENARIO, "real");
    assert_eq!(served.ask("GET", "/readyz", "").0, 200);
    let gauge = |on: u8| served.ask("GET", "/metrics", "").1.contains(&format!("\nbongsu_journal_broken {on}\n"));
    assert!(gauge(0));
    // As if the disk had failed under it: no write comes through any more.
    let db = rusqlite::Connection::open(data.path().join("journal.db")).expect("ours");
    db.execute_batch("ALTER TABLE inputs RENAME TO hidden").expect("ours");
    let fault = r#"{"fault":"cut","network":"kakao","kind":"down","until":"lifted"}"#;
    let (status, body) = served.ask("POST", "/v1/faults", fault);
    assert!(status >= 400, "nothing is acknowledged: {body}");
    let (status, body) = served.ask("GET", "/readyz", "");
    assert!(status == 503 && body.contains("/problems/journal-broken"), "{body}");
    assert!(gauge(1));
    let operator: Value = serde_json::from_str(&served.ask("GET", "/v1/operator", "").1).expect("JSON");
    assert_eq!(operator["durable"], false, "{operator}");
    assert!(operator["journal_broken"].as_str().is_some_and(|why| why.contains("inputs")), "{operator}");
    let (status, body) = served.ask("POST", "/v1/runs", r#"{"scenario":"first-minute"}"#);
    assert_ne!(status, 201, "{body}");
    db.execute_batch("ALTER TABLE hidden RENAME TO inputs").expect("ours");
    served.kill();
    // What was acknowledged before is there again.
    let served = Served::start(data.path());
    assert_eq!(served.ask("GET", "/readyz", "").0, 200);
    assert_eq!(served.ask("GET", "/v1/runs/r1", "").0, 200);
    assert_eq!(served.terminate().0, Some(0));
}
