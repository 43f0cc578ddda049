//! SIGTERM while peers do what peers do: the process is gone within ten seconds, and whoever listens is told.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::TcpStream as StdStream;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::{WebSocketStream, client_async};

use super::Served;
use super::durable::wait_for;

const WITHIN: Duration = Duration::from_secs(10);
/// Phones that listen.
const LISTENERS: usize = 8;

type Line = WebSocketStream<TcpStream>;

async fn line(address: &str, phone: Option<usize>) -> Line {
    let stream = TcpStream::connect(address).await.expect("it answers");
    let uri = format!("ws://{address}/ws/kakao").parse().expect("an address");
    let request = ClientRequestBuilder::new(uri).with_sub_protocol("bongsu.v1");
    let (mut line, _) = client_async(request, stream).await.expect("a handshake");
    if let Some(phone) = phone {
        let hello = format!(r#"{{"type":"hello","phones":["010-0000-{phone:04}"]}}"#);
        line.send(Message::text(hello)).await.expect("sent");
        line.next().await.expect("the line is up").expect("a welcome");
    }
    line
}

/// The code and words of the close frame that ends a line.
async fn farewell(mut line: Line) -> (u16, String) {
    loop {
        match line.next().await.expect("a close frame before the end").expect("a frame") {
            Message::Close(Some(frame)) => return (frame.code.into(), frame.reason.to_string()),
            Message::Close(None) => panic!("a close frame without a code"),
            _ => {}
        }
    }
}

/// A peer that sends these bytes and then neither reads, writes nor closes.
fn stuck(served: &Served, bytes: &str) -> StdStream {
    let mut stream = StdStream::connect(&served.address).expect("it answers");
    stream.write_all(bytes.replace("HOST", &served.address).as_bytes()).expect("sent");
    stream
}

#[test]
fn sigterm_ends_within_ten_seconds_whatever_peers_do() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    let run = |people: u32, clock: &str| {
        let text = format!(
            "scenario: stop\\ntimeline:\\n  - {{ at: 0s, send: '[구청] 모의 알림', to: {people} people, over: 10m }}\\n"
        );
        let body = format!("{{\"scenario\":\"{text}\",\"clock\":\"{clock}\"}}");
        let (status, answer) = served.ask("POST", "/v1/runs", &body);
        assert_eq!(status, 201, "{answer}");
    };
    run(20_000, "virtual");
    wait_for(&served, "r1", |run| run["state"] == "ended");
    run(100, "real");

    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: HOST\r\n\r\n");
    let upgrade = "GET /ws/kakao HTTP/1.1\r\nHost: HOST\r\nConnection: upgrade\r\nUpgrade: websocket\r\n";
    let post = "POST /v1/runs HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{";
    let peers: Vec<StdStream> = [
        String::new(),
        "GET /healthz HT".to_owned(),
        upgrade.to_owned(),
        post.to_owned(),
        // Megabytes that nobody takes.
        get("/v1/events/stream?run=r1&since=0"),
        get("/v1/runs/r1/events?limit=10000"),
        get("/v1/runs/current/live"),
        get("/v1/wait?event=run_ended&timeout_ms=60000"),
    ]
    .iter()
    .map(|bytes| stuck(&served, bytes))
    .collect();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let (silent, mute, listening) = runtime.block_on(async {
        let (silent, mute) = (line(&served.address, None).await, line(&served.address, Some(50)).await);
        let mut listening = Vec::new();
        for phone in 0..LISTENERS {
            listening.push(tokio::spawn(farewell(line(&served.address, Some(phone)).await)));
        }
        (silent, mute, listening)
    });
    let begun = Instant::now();
    assert_eq!(served.terminate(), (Some(0), String::new()));
    let took = begun.elapsed();
    assert!(took < WITHIN, "it took {took:?}");
    let mut hints = BTreeSet::new();
    for told in listening {
        let (code, words) = runtime.block_on(told).expect("a farewell");
        let hint = words.strip_prefix("going away; reconnect_ms=").and_then(|millis| millis.parse::<u32>().ok());
        assert_eq!(code, 1001, "{words}");
        assert!(hint.is_some_and(|millis| (500..5_000).contains(&millis)), "{words}");
        hints.insert(hint);
    }
    assert!(hints.len() > LISTENERS / 2, "they would all come back at once: {hints:?}");
    drop((silent, mute, peers));
}
