//! The plain HTTP side: handshakes that are none, strangers, the inbox.

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
        ("", 400, "bad-query"),
        ("?phone=010-0000-0001&since=-1", 400, "bad-query"),
        ("?phone=010-0000-0001&limit=257", 400, "bad-query"),
        ("?phone=010-0000-0001&limit=0", 400, "bad-query"),
        ("?phone=010-0000-0001&network=pigeon", 404, "unknown-network"),
        ("?phone=010-9999-0000", 404, "unknown-phone"),
    ] {
        let (head, body) = stage.get(&format!("/v1/inbox{query}"), LOCAL).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{query}: {head}");
        assert!(body.contains(&format!("/problems/{kind}\"")), "{query}: {body}");
    }
}
