//! `bongsu phones` as a process of its own: it shows its token, and loses nothing when the server is killed.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::Served;
use super::durable::wait_for;

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

fn phones(address: &str, count: u32, more: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    command.args(["phones", &format!("http://{address}"), "--lang", "en", "--count", &count.to_string()]).args(more);
    command.env_remove("BONGSU_TOKEN").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
}

fn ended(phones: Child) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = phones.wait_with_output().expect("it ends");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

fn start(served: &Served, more: &str, people: u32) {
    let text = format!(
        "scenario: many\\ntimeline:\\n  - {{ at: 1m, send: '[구청] 모의 알림', to: {people} people, over: 10m }}\\n"
    );
    let body = format!("{{\"scenario\":\"{text}\",\"clock\":\"x60\",\"phones\":\"outside\"}}");
    let (status, _, answer) = served.ask_with("POST", "/v1/runs", more, &body);
    assert_eq!(status, 201, "{answer}");
}

#[test]
fn phones_show_the_token_that_a_server_wants() {
    let home = tempfile::tempdir().expect("a folder");
    let (token, file) = ("t".repeat(40), home.path().join("token"));
    std::fs::write(&file, format!("{token}\n")).expect("writable");
    let file = file.to_str().expect("UTF-8");
    let served = Served::start_with(&home.path().join("data"), &["--token-file", file]);
    let bearer = format!("Authorization: Bearer {token}\r\n");
    start(&served, &bearer, 20);
    let (code, _, said) = ended(phones(&served.address, 5, &[]));
    let expected = "bongsu: a bearer token is needed";
    assert!(code == Some(3) && said.starts_with(expected) && said.contains("(HTTP 401)"), "{code:?} {said}");
    let playing = phones(&served.address, 5, &["--token-file", file]);
    let begun = Instant::now();
    loop {
        let (_, _, run) = served.ask_with("GET", "/v1/runs/r1", &bearer, "");
        let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
        if run["counts"]["sessions"]["kakao"] == 5 {
            break;
        }
        assert!(begun.elapsed() < LONG, "{run}");
    }
    let (status, _, body) = served.ask_with("POST", "/v1/runs/r1/stop", &bearer, "");
    assert_eq!(status, 200, "{body}");
    let (code, told, said) = ended(playing);
    assert!(code == Some(0) && told.contains(" shown"), "{told} {said}");
}

#[test]
fn a_server_that_is_killed_loses_no_receipt_of_its_phones() {
    const PEOPLE: u32 = 300;
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    start(&served, "", PEOPLE);
    let address = served.address.clone();
    let playing = phones(&address, PEOPLE, &["--per-socket", "3"]);
    wait_for(&served, "r1", |run| run["counts"]["reached"].as_u64() >= Some(u64::from(PEOPLE) / 3));
    served.kill();
    let served = restart(data.path(), &address);
    let run = wait_for(&served, "r1", |run| run["counts"]["reached"] == PEOPLE);
    assert_eq!((&run["counts"]["notices"], &run["counts"]["rejected"]), (&PEOPLE.into(), &0.into()), "{run}");
    let (_, stopped) = served.ask("POST", "/v1/runs/r1/stop", "");
    let stopped: serde_json::Value = serde_json::from_str(&stopped).expect("JSON");
    let (code, told, said) = ended(playing);
    // A second way may have been tried where the phones were too late for the first; each was shown once.
    let shown = told.split(" shown").next().and_then(|before| before.split(", ").last()?.parse::<u64>().ok());
    assert!(code == Some(0) && shown >= Some(u64::from(PEOPLE)), "nothing lost: {told} {said}");
    assert!(shown <= stopped["counts"]["attempts"].as_u64(), "nothing twice: {told} {stopped}");
}

#[test]
fn phones_end_with_a_server_that_was_stopped() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    start(&served, "", 20);
    let playing = phones(&served.address, 20, &[]);
    wait_for(&served, "r1", |run| run["counts"]["sessions"]["kakao"].as_u64() >= Some(5));
    let begun = Instant::now();
    assert_eq!(served.terminate(), (Some(0), String::new()));
    let (code, told, said) = ended(playing);
    assert!(code == Some(0) && told.contains(" shown"), "{told} {said}");
    assert!(begun.elapsed() < LONG / 2, "they did not take it for a crash");
}

/// On the address that the phones know.
fn restart(data: &Path, address: &str) -> Served {
    Served::start_by(Command::new(env!("CARGO_BIN_EXE_bongsu")), data, address, &[])
}
