//! Clients that are broken or mean, on raw sockets: each gets the answer that `docs/operators.md` states, memory stays
//! bounded, and others are served meanwhile.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use super::{Served, solapi_key};

/// Longer than any answer takes; a client that is too slow is given up after ten seconds.
const LONG: Duration = Duration::from_secs(30);

fn connect(served: &Served) -> TcpStream {
    let stream = TcpStream::connect(&served.address).expect("it answers");
    stream.set_read_timeout(Some(LONG)).expect("a socket");
    stream
}

/// All that comes back; a line that breaks ends it.
fn answer(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => {
            panic!("no end after {}", String::from_utf8_lossy(&bytes))
        }
        _ => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// What a client hears that sends these bytes and then says no more. The server may hang up in the middle.
fn told(served: &Served, bytes: &[u8]) -> String {
    let mut stream = connect(served);
    let _ = stream.write_all(bytes);
    answer(stream)
}

/// The same of a client that closes its half of the line.
fn told_and_left(served: &Served, bytes: &[u8]) -> String {
    let mut stream = connect(served);
    stream.write_all(bytes).and_then(|()| stream.shutdown(Shutdown::Write)).expect("sent");
    answer(stream)
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or("")
}

fn post(path: &str, head: &str, body: &str) -> Vec<u8> {
    let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\r\n");
    [head.as_bytes(), body.as_bytes()].concat()
}

fn resident(served: &Served) -> u64 {
    let statm = fs::read_to_string(format!("/proc/{}/statm", served.child.id())).expect("a process");
    statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<u64>().ok()).expect("a number") * 4_096
}

#[test]
fn what_is_no_proper_request_gets_a_stated_answer() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    let json = "Content-Type: application/json\r\n";
    let many = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X-A: b\r\n".repeat(100)).into_bytes();
    let long = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: {}\r\n\r\n", "b".repeat(1 << 20)).into_bytes();
    let far = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(100_000)).into_bytes();
    let chunked = format!("{json}Transfer-Encoding: chunked\r\n");
    let big = format!("{:x}\r\n{}\r\n0\r\n\r\n", 2 << 20, " ".repeat(2 << 20));
    let size = |n: u64| format!("{json}Content-Length: {n}\r\n");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{{\"scenario\":{deep}}}");
    for (what, bytes, expected) in [
        ("no HTTP", b"hello\r\n\r\n".to_vec(), "400"),
        ("a TLS hello", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(30), "400"),
        ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), ""),
        ("no Host", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec(), "403"),
        (
            "two Hosts",
            b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n".to_vec(),
            "403",
        ),
        ("a NUL in a header", b"GET /healthz HTTP/1.1\r\nHost: local\0host\r\n\r\n".to_vec(), "400"),
        ("a hundred headers", many, "431"),
        ("a header of a megabyte", long, "431"),
        ("an address of 100,000 letters", far, "414"),
        ("a chunk that is no number", post("/v1/runs", &chunked, "ZZ\r\n{}\r\n0\r\n\r\n"), "400"),
        ("a chunk that is longer than it says", post("/v1/runs", &chunked, "2\r\n{\"a\":1}\r\n0\r\n\r\n"), "400"),
        ("chunks that go on for ever", post("/v1/runs", &chunked, &big), "413"),
        ("a length of ten gigabytes", post("/v1/runs", &size(10_000_000_000), "{"), "413"),
        ("a length that is no number", post("/v1/runs", &format!("{json}Content-Length: -1\r\n"), "{}"), "400"),
        ("two lengths", post("/v1/runs", &format!("{}Content-Length: 2\r\n", size(7)), "{\"a\":1}"), "400"),
        ("a length and chunks", post("/v1/runs", &format!("{chunked}Content-Length: 5\r\n"), "0\r\n\r\n"), "400"),
        ("half a JSON", post("/v1/runs", &size(12), "{\"scenario\":"), "400"),
        ("a hundred thousand brackets", post("/v1/runs", &size(deep.len() as u64), &deep), "400"),
        ("no UTF-8", [post("/v1/runs", &size(16), "{\"scenario\":\""), b"\xff\"}\x20".to_vec()].concat(), "400"),
    ] {
        let answer = told(&served, &bytes);
        assert_eq!(status(&answer), expected, "{what}: {:?}", answer.chars().take(300).collect::<String>());
    }
    // Whoever has closed their half has left: there may be an answer, if it is ready by then.
    let whole = post("/v1/runs", &size(12), "{\"scenario\":");
    for end in (0..=whole.len()).step_by(7) {
        let answer = told_and_left(&served, &whole[..end]);
        assert!(matches!(status(&answer), "" | "400"), "the first {end} bytes: {answer}");
    }
    assert_eq!(served.ask("GET", "/healthz", ""), (200, "ok\n".to_owned()));
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    let mut bytes = Vec::new();
    for number in 0..100 {
        bytes.extend(format!("GET /v1/runs/r{} HTTP/1.1\r\nHost: localhost\r\n\r\n", number + 1).into_bytes());
    }
    bytes.extend(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let answer = told(&served, &bytes);
    let named: Vec<usize> = answer.match_indices("no run is called 'r").map(|(at, word)| at + word.len()).collect();
    let numbers: Vec<&str> = named.iter().map(|at| answer[*at..].split('\'').next().unwrap_or("")).collect();
    assert_eq!(numbers, (1..=100).map(|number: u32| number.to_string()).collect::<Vec<_>>());
    assert!(answer.ends_with("ok\n"), "and the last one after them");
}

#[test]
fn those_who_dawdle_are_given_up_and_cost_little() {
    const DAWDLERS: usize = 300;
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    let before = resident(&served);
    let header = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-A: {}", "a".repeat(60_000));
    let body = post("/v1/runs", "Content-Type: application/json\r\nContent-Length: 900000\r\n", &"{".repeat(60_000));
    let begun = Instant::now();
    let mut streams: Vec<TcpStream> = (0..DAWDLERS).map(|_| connect(&served)).collect();
    for (number, stream) in streams.iter_mut().enumerate() {
        let bytes = if number % 2 == 0 { header.as_bytes() } else { body.as_slice() };
        stream.write_all(bytes).expect("it takes it");
    }
    let asked = Instant::now();
    assert_eq!(served.ask("GET", "/healthz", ""), (200, "ok\n".to_owned()));
    assert!(asked.elapsed() < Duration::from_secs(5), "others are served meanwhile");
    let grown = resident(&served).saturating_sub(before);
    assert!(grown < 96 << 20, "{} MiB for {DAWDLERS} connections of 60,000 bytes each", grown >> 20);
    for (number, stream) in streams.into_iter().enumerate() {
        let answer = answer(stream);
        let expected = if number % 2 == 0 { "" } else { "408" };
        assert_eq!(status(&answer), expected, "connection {number}: {answer}");
    }
    assert!(begun.elapsed() < LONG, "given up after {:?}", begun.elapsed());
}

/// The providers: where each is sent to, who says so, and what stands in each error of its own shape.
fn providers() -> [(&'static str, String, &'static str); 4] {
    [
        ("/messages/v4/send-many/detail", solapi_key("a"), "\"errorCode\":"),
        (
            "/alimtalk/v2.3/appkeys/bongsu-test-key/messages",
            "X-Secret-Key: bongsu-test-secret\r\n".to_owned(),
            "\"isSuccessful\":false",
        ),
        (
            "/sms/v3.0/appKeys/bongsu-test-key/sender/sms",
            "X-Secret-Key: bongsu-test-secret\r\n".to_owned(),
            "\"isSuccessful\":false",
        ),
        ("/api/comm/v1/send/omni", "Authorization: bongsu-test-key\r\n".to_owned(), "\"common\":"),
    ]
}

#[test]
fn each_provider_says_in_its_own_shape_what_it_cannot_read() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    let large = " ".repeat(9 << 20);
    let length = |length: usize| format!("Content-Length: {length}\r\n");
    let chunked = "Transfer-Encoding: chunked\r\n";
    for (round, path, key, shape) in (0..).zip(providers()).map(|(round, (path, key, shape))| (round, path, key, shape))
    {
        // SOLAPI's signatures are good once.
        let key = |what: &str| if round == 0 { solapi_key(what) } else { key.clone() };
        for (what, head, body, expected) in [
            ("too large, as announced", length(large.len()), large.clone(), "413"),
            ("too large, in pieces", chunked.to_owned(), format!("{:x}\r\n{large}\r\n0\r\n\r\n", large.len()), "413"),
            ("packed", format!("Content-Encoding: gzip\r\n{}", length(3)), "xyz".to_owned(), "415"),
            (
                "too large and packed",
                format!("Content-Encoding: gzip\r\n{}", length(large.len())),
                large.clone(),
                "415",
            ),
        ] {
            let mut stream = connect(&served);
            // All of it is taken, so that a client that sends first and reads then comes to read.
            let sent = stream.write_all(&post(path, &format!("{}{head}", key(what)), &body));
            sent.unwrap_or_else(|error| panic!("{path}, {what}: {error}"));
            let answer = answer(stream);
            assert!(status(&answer) == expected && answer.contains(shape), "{path}, {what}: {answer}");
        }
        // A client that asks first is told at once, and sends nothing.
        let head = format!("{}Expect: 100-continue\r\n{}", key("asked"), length(9 << 20));
        let answer_to = told(&served, &post(path, &head, ""));
        assert!(status(&answer_to) == "413" && answer_to.contains(shape), "{path}: {answer_to}");
        let cut = told_and_left(&served, &post(path, &format!("{}{}", key("cut"), length(500)), "{"));
        assert!(matches!(status(&cut), "" | "400") && (cut.is_empty() || cut.contains(shape)), "{path}: {cut}");
        for (method, path, expected) in [("PATCH", path.to_owned(), "405"), ("POST", format!("{path}/x/y/z"), "404")] {
            let head =
                format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\r\n", key(method));
            let answer = told(&served, head.as_bytes());
            assert!(status(&answer) == expected && answer.contains(shape), "{method} {path}: {answer}");
        }
    }
}

#[test]
fn a_key_has_one_account() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let accounts = ["--account", "one:secret", "--account", "two:secret", "--account", "one:other"];
    let said = command.args(["serve", "--lang", "en", "--listen", "127.0.0.1:0"]).args(accounts).output();
    let said = said.expect("starts");
    assert_eq!(said.status.code(), Some(3));
    let expected = "bongsu: expected one --account for each key, found twice: one\n";
    assert_eq!(String::from_utf8(said.stderr).expect("UTF-8"), expected);
}
