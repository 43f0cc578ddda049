//! A mail that was answered with 250 is on disk: a server that is killed in the next moment knows it when it starts again,
//! and the run replays to the same bytes.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use super::{Served, run_folder};

/// Twenty people whom an application outside owes a notice; in real time, so that little happens meanwhile.
const SCENARIO: &str = "scenario: mails\\nsender: { drive: external }\\ntimeline:\\n  - { at: 50m, send: '[구청] 모의 알림', to: 20 people }\\n";

/// Where a server takes mails: its second line.
fn office(served: &mut Served) -> String {
    let mut line = String::new();
    served.out.read_line(&mut line).expect("a second line");
    let address = line.strip_prefix("listening on smtp://").and_then(|rest| rest.split_once(','));
    address.unwrap_or_else(|| panic!("not where mails are taken: {line:?}")).0.to_owned()
}

/// Says lines, one after the reply to the other; the last reply.
fn talk(address: &str, lines: &[&str]) -> String {
    let stream = TcpStream::connect(address).expect("it answers");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
    let mut to = stream.try_clone().expect("a socket");
    let mut from = BufReader::new(stream);
    let mut reply = move || loop {
        let mut line = String::new();
        from.read_line(&mut line).expect("a reply");
        if line.as_bytes().get(3) == Some(&b' ') {
            return line;
        }
    };
    let mut last = reply();
    for line in lines {
        to.write_all(format!("{line}\r\n").as_bytes()).expect("sent");
        last = reply();
    }
    last
}

#[test]
fn a_mail_that_was_accepted_outlives_the_server() {
    let data = tempfile::tempdir().expect("a folder");
    let flags = ["--smtp-listen", "127.0.0.1:0"];
    let mut served = Served::start_with(data.path(), &flags);
    let at = office(&mut served);
    let (status, body) = served.ask("POST", "/v1/runs", &format!("{{\"scenario\":\"{SCENARIO}\",\"clock\":\"real\"}}"));
    assert_eq!(status, 201, "{body}");
    let to = "RCPT TO:<01000000003@mail.bongsu.test>";
    let mail = "Subject: notice\r\n\r\nwords that stay\r\n.";
    let said = talk(&at, &["EHLO sender.test", "MAIL FROM:<office@agency.test>", to, "DATA", mail]);
    assert!(said.starts_with("250 2.0.0 taken as "), "{said}");
    served.kill();

    let served = Served::start_with(data.path(), &flags);
    let (status, person) = served.ask("GET", "/v1/runs/current/people/010-0000-0003", "");
    assert!(
        status == 200 && person.contains("words that stay") && person.contains("\"accepted\""),
        "{status} {person}"
    );
    let (code, _) = served.terminate();
    assert_eq!(code, Some(0));
    let mut replay = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let replayed = replay.args(["replay", "--lang", "en"]).arg(run_folder(data.path())).output().expect("it starts");
    let said = String::from_utf8(replayed.stdout).expect("UTF-8");
    assert!(said.starts_with("equal: "), "{said}");
}

#[test]
fn mails_are_taken_on_loopback_only() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let said = command
        .args(["serve", "--lang", "en", "--listen", "127.0.0.1:0", "--smtp-listen", "0.0.0.0:0"])
        .output()
        .expect("starts");
    assert_eq!(said.status.code(), Some(3));
    let expected = "bongsu: mails are taken on loopback only (127.0.0.1, ::1), not on 0.0.0.0:0\n";
    assert_eq!(String::from_utf8(said.stderr).expect("UTF-8"), expected);
}
