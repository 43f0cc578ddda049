//! The plain HTTP side: handshakes that are none, strangers, the inbox.

use std::time::Duration;

use axum::Router;
use axum::routing::post;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::host::gateway::serve;
use crate::host::gateway::visitor::Names;
use crate::host::shutdown::shutdown;
use crate::host::testbed::{Stage, frame};
use crate::sim::model::medium::Network;

const LOCAL: &str = "Host: localhost\r\n";

#[tokio::test]
async fn a_handshake_that_is_none_is_told_why() {
    let stage = Stage::open().await;
    let upgrade = "Host: localhost\r\nUpgrade: websocket\r\n";
    let bare =
        |more: &str| format!("{upgrade}Connection: upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{more}");
    let version = "Sec-WebSocket-Version: 13\r\n";
    for (path, headers, status, kind) in [
        ("/ws/pigeon", bare(""), 404, "unknown-network"),
        ("/ws/post", bare(""), 404, "unknown-network"),
        ("/ws/kakao", LOCAL.to_owned(), 426, "upgrade-required"),
        ("/ws/kakao", bare("Sec-WebSocket-Version: 8\r\n"), 400, "bad-handshake"),
        ("/ws/kakao", bare(version), 400, "bad-handshake"),
        ("/ws/kakao", bare(&format!("{version}Sec-WebSocket-Protocol: mqtt\r\n")), 400, "bad-handshake"),
        ("/ws/kakao", format!("{}Origin: https://evil.example\r\n", bare(version)), 403, "origin-not-allowed"),
        ("/ws/kakao", "Host: evil.example\r\n".to_owned(), 403, "host-not-allowed"),
    ] {
        let (head, body) = stage.get(path, &headers).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {head}");
        assert!(head.contains("application/problem+json") && body.contains(&format!("/problems/{kind}\"")), "{body}");
    }
}

#[tokio::test]
async fn the_inbox_pages_through_the_same_frames() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Mobile, &["010-0000-0001"], None).await;
    let session = stage.hello().await;
    frame(&mut phone).await;
    let mut sent = Vec::new();
    for seq in 1..=5 {
        stage.transmit(session, Network::Mobile, seq, 1).await;
        sent.push(frame(&mut phone).await);
    }
    let inbox = "/v1/inbox?network=mobile&phone=010-0000-0001";
    let (mut since, mut read) = (0, Vec::new());
    loop {
        let (_, body) = stage.get(&format!("{inbox}&limit=2&since={since}"), LOCAL).await;
        let page: serde_json::Value = serde_json::from_str(&body).unwrap();
        since = page["next"].as_u64().unwrap();
        match page["frames"].as_array().unwrap().as_slice() {
            [] => break,
            frames => read.extend_from_slice(frames),
        }
    }
    assert_eq!((read, since), (sent, 5));
}

#[tokio::test]
async fn a_wrong_question_to_the_inbox_is_told_why() {
    let stage = Stage::open().await;
    for (query, status, kind) in [
        ("", 400, "invalid-query"),
        ("?phone=010-0000-0001&since=-1", 400, "invalid-query"),
        ("?phone=010-0000-0001&limit=257", 400, "invalid-query"),
        ("?phone=010-0000-0001&limit=0", 400, "invalid-query"),
        ("?phone=010-0000-0001&network=pigeon", 404, "unknown-network"),
        ("?phone=010-9999-0000", 404, "unknown-phone"),
    ] {
        let (head, body) = stage.get(&format!("/v1/inbox{query}"), LOCAL).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{query}: {head}");
        assert!(body.contains(&format!("/problems/{kind}\"")), "{query}: {body}");
    }
}

/// What a server with one POST route answers to these bytes, and after how long.
async fn answer_to(bytes: &[u8]) -> (String, Duration) {
    let (_trigger, shutdown) = shutdown();
    let listener = serve::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let router = Router::new().route("/echo", post(async |body: String| body));
    tokio::spawn(serve::serve(listener, router, Names::default(), shutdown));
    let started = Instant::now();
    let mut answer = Vec::new();
    // A server that has heard enough answers and breaks the line, whatever is still on its way.
    let _ = stream.write_all(bytes).await;
    let _ = stream.read_to_end(&mut answer).await;
    (String::from_utf8(answer).unwrap(), started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn whoever_dawdles_over_a_request_is_cut_after_ten_seconds() {
    let (answer, after) = answer_to(b"POST /echo HTTP/1.1\r\nHost: loc").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!((10..12).contains(&after.as_secs()), "{after:?}");

    let dawdling = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf";
    let (answer, after) = answer_to(dawdling).await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!((10..12).contains(&after.as_secs()), "{after:?}");
}

#[tokio::test]
async fn a_whole_request_is_answered_and_one_over_the_limits_is_not() {
    let whole = b"POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 4\r\n\r\nwell";
    let (answer, _) = answer_to(whole).await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\nwell"), "{answer}");
    let many = format!("POST /echo HTTP/1.1\r\nHost: localhost\r\n{}\r\n", "X: 1\r\n".repeat(80));
    let (answer, _) = answer_to(many.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    let large = b"POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n";
    let (answer, _) = answer_to(large).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("/problems/body-too-large"), "{answer}");
}

/// The statuses and last lines of all answers, in their order.
async fn answers_to(request: &[u8]) -> Vec<(String, String)> {
    let (text, _) = answer_to(request).await;
    let answers = text.split("HTTP/1.1 ").skip(1);
    answers.map(|one| (one[..3].to_owned(), one.split("\r\n\r\n").nth(1).unwrap_or_default().to_owned())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_broken_or_cunning_request_is_refused_and_smuggles_nothing() {
    let post = |headers: &str, body: &str| format!("POST /echo HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n{body}");
    let second = post("Content-Length: 3\r\nConnection: close", "two");
    let table: Vec<(&str, String, &[&str])> = vec![
        ("two lengths", post("Content-Length: 4\r\nContent-Length: 5", "four"), &["400"]),
        ("a length below nothing", post("Content-Length: -4", "four"), &["400"]),
        ("a length with a sign", post("Content-Length: +4", "four"), &["400"]),
        ("a length beyond counting", post("Content-Length: 99999999999999999999999", "four"), &["400"]),
        ("lengths in a list", post("Content-Length: 4, 5", "four"), &["400"]),
        ("chunks that are none", post("Transfer-Encoding: chunked", "ZZ\r\nfour\r\n0\r\n\r\n"), &["400"]),
        ("chunks without an end", post("Transfer-Encoding: chunked", "4\r\nfour\r\n"), &["400"]),
        ("chunks within something", post("Transfer-Encoding: chunked, gzip", "4\r\nfour\r\n0\r\n\r\n"), &["400"]),
        ("a zero byte in a header", post("X: a\0b", ""), &["400"]),
        ("a space before the colon", post("Content-Length : 4", "four"), &["400"]),
        ("a folded header", post("X: a\r\n b", ""), &["400"]),
        ("half a megabyte of header", post(&format!("X: {}", "x".repeat(500_000)), ""), &["431"]),
        ("another protocol", "\x16\x03\x01\x02\0\x01\0\x01\r\n\r\n".to_owned(), &["400"]),
        ("a newer protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), &[]),
        ("nobody's server", "POST /echo HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(), &["403"]),
        ("two servers", post("Host: localhost\r\nConnection: close", ""), &["403"]),
    ];
    for (name, request, wanted) in table {
        let answers = answers_to(request.as_bytes()).await;
        assert_eq!(answers.iter().map(|answer| answer.0.as_str()).collect::<Vec<_>>(), wanted, "{name}: {answers:?}");
        // What comes behind it on the same line is not taken for a request of its own.
        let followed = answers_to(format!("{request}{second}").as_bytes()).await;
        assert!(followed.iter().all(|answer| answer.1 != "two"), "{name}: {followed:?}");
    }
    let in_order = answers_to(format!("{}{second}", post("Content-Length: 3", "one")).as_bytes()).await;
    assert_eq!(in_order, [("200".to_owned(), "one".to_owned()), ("200".to_owned(), "two".to_owned())]);
}
