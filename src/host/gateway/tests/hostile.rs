//! Hostile clients, byte for byte, and the close code that each gets. Somebody else's session never notices.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::host::testbed::{LONG, Stage, closed, frame, say};
use crate::sim::engine::input::Input;
use crate::sim::model::ids::PersonId;
use crate::sim::model::medium::Network;
use crate::sim::plan::numbers::phone_number;

const HELLO: &[u8] = br#"{"type":"hello","phones":["010-0000-0007"]}"#;
const FIN: u8 = 0x80;
const MASKED: u8 = 0x80;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// A frame with a mask of zeros, which leaves the payload readable here.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..=125 => frame.push(MASKED | short as u8),
        long @ 126..=65_535 => {
            frame.push(MASKED | 126);
            frame.extend((long as u16).to_be_bytes());
        }
        longer => {
            frame.push(MASKED | 127);
            frame.extend((longer as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

const HANDSHAKE: &str = "GET /ws/kakao HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
    Sec-WebSocket-Protocol: bongsu.v1\r\n\r\n";

/// Shakes hands, sends the bytes, and answers the code of the close frame that comes back.
async fn code_for(stage: &Stage, bytes: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(stage.address).await.unwrap();
    stream.write_all(HANDSHAKE.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
    // The server may hang up in the middle of a flood.
    let _ = stream.write_all(bytes).await;
    loop {
        let first = stream.read_u8().await.unwrap();
        let length = match stream.read_u8().await.unwrap() {
            126 => u64::from(stream.read_u16().await.unwrap()),
            127 => stream.read_u64().await.unwrap(),
            short => u64::from(short),
        };
        let mut payload = vec![0; length as usize];
        stream.read_exact(&mut payload).await.unwrap();
        if first == FIN | CLOSE {
            return u16::from_be_bytes([payload[0], payload[1]]);
        }
    }
}

#[tokio::test]
async fn each_hostile_client_gets_its_code_and_the_others_notice_nothing() {
    let mut stage = Stage::open().await;
    let mut bystander = stage.phone(Network::Kakao, &["010-0000-0001"], None).await;
    let session = stage.hello().await;
    frame(&mut bystander).await;

    let hello = masked(FIN | TEXT, HELLO);
    let after = |frame: Vec<u8>| [hello.clone(), frame].concat();
    let mut unmasked = vec![FIN | TEXT, HELLO.len() as u8];
    unmasked.extend(HELLO);
    let flood = [hello.clone(), masked(FIN | PING, b"").repeat(5_000)].concat();
    let table: Vec<(&str, Vec<u8>, u16)> = vec![
        ("unmasked", unmasked, 1002),
        ("fragmented ping", after(masked(PING, b"x")), 1002),
        ("ping over 125 bytes", after(masked(FIN | PING, &[0; 126])), 1002),
        ("reserved bits", after(masked(FIN | 0x40 | TEXT, b"{}")), 1002),
        ("reserved opcode", after(masked(FIN | 5, b"{}")), 1002),
        ("continuation of nothing", after(masked(FIN, b"{}")), 1002),
        ("close of one byte", after(masked(FIN | CLOSE, b"x")), 1002),
        ("binary first", masked(FIN | BINARY, HELLO), 1003),
        ("binary later", after(masked(FIN | BINARY, b"{}")), 1003),
        ("not utf-8", after(masked(FIN | TEXT, b"\xff\xfe")), 1007),
        ("message over 64 KiB", after(masked(FIN | TEXT, &vec![b' '; 64 * 1_024 + 1])), 1009),
        ("64 KiB in fragments", after([masked(TEXT, &[b' '; 40_000]), masked(FIN, &[b' '; 40_000])].concat()), 1009),
        ("flood", flood, 1008),
        ("no json", masked(FIN | TEXT, b"hello"), 4001),
        ("no json later", after(masked(FIN | TEXT, b"{")), 4001),
        ("deep json", after(masked(FIN | TEXT, "[".repeat(60_000).as_bytes())), 4001),
        ("not a hello", masked(FIN | TEXT, br#"{"type":"receipt"}"#), 4001),
        ("nobody's number", masked(FIN | TEXT, br#"{"type":"hello","phones":["010-9999-9999"]}"#), 4004),
        ("no number", masked(FIN | TEXT, br#"{"type":"hello","phones":[]}"#), 4004),
    ];
    for (name, bytes, wanted) in table {
        let code = tokio::time::timeout(LONG, code_for(&stage, &bytes)).await;
        assert_eq!(code.unwrap_or_else(|_| panic!("no close frame: {name}")), wanted, "{name}");
    }

    stage.transmit(session, Network::Kakao, 1, 1).await;
    assert_eq!(frame(&mut bystander).await["seq"], 1);
}

/// Everybody comes back at once, and for every phone there is somebody with bad intentions who comes too and stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_with_hostile_clients_in_it_brings_every_phone_back() {
    const PHONES: u32 = 200;
    let mut stage = Stage::open().await;
    let hello = masked(FIN | TEXT, HELLO);
    let evil: [Vec<u8>; 7] = [
        Vec::new(),
        b"GET /ws/kakao HTTP/1.1\r\nHost: loc".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00".to_vec(),
        [HANDSHAKE.as_bytes(), &[FIN | TEXT, 1, b'x']].concat(),
        [HANDSHAKE.as_bytes(), &hello[..hello.len() / 2]].concat(),
        [HANDSHAKE.as_bytes(), &masked(FIN | PING, b"").repeat(5_000)].concat(),
        [HANDSHAKE.as_bytes(), &masked(FIN | TEXT, "[".repeat(60_000).as_bytes())].concat(),
    ];
    let mut storm = JoinSet::new();
    let mut hostile = JoinSet::new();
    for person in 0..PHONES {
        let (address, bytes) = (stage.address, evil[person as usize % evil.len()].clone());
        hostile.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            // Whoever is turned away in the middle of it has got what it came for.
            let _ = stream.write_all(&bytes).await;
            stream
        });
        let number = phone_number(PersonId(person));
        let connecting = stage.connect(Network::Kakao);
        storm.spawn(async move {
            let mut phone = connecting.await.expect("let in");
            say(&mut phone, &json!({"type": "hello", "phones": [number], "since": 0})).await;
            assert_eq!(frame(&mut phone).await["type"], "welcome");
            let notice = frame(&mut phone).await;
            assert_eq!((&notice["type"], &notice["to"]), (&json!("notice"), &json!([number])));
        });
    }
    for seq in 1..=u64::from(PHONES) {
        match stage.hear(|input| matches!(input, Input::Hello { .. })).await {
            Input::Hello { session, people, .. } => stage.transmit(session, Network::Kakao, seq, people[0].0).await,
            other => unreachable!("{other:?} was not asked for"),
        }
    }
    while let Some(back) = tokio::time::timeout(LONG, storm.join_next()).await.expect("everybody comes back") {
        back.expect("with what was sent to it");
    }
    assert_eq!(hostile.join_all().await.len(), PHONES as usize);
}

#[tokio::test]
async fn a_polite_goodbye_is_answered_in_kind() {
    let stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &["010-0000-0001"], None).await;
    frame(&mut phone).await;
    say(&mut phone, &json!({"type":"dance"})).await;
    frame(&mut phone).await;
    phone.close(None).await.unwrap();
    assert!(crate::host::testbed::next(&mut phone).await.is_none_or(|last| last.is_ok_and(|last| last.is_close())));
}

#[tokio::test]
async fn a_fatal_frame_says_so_first() {
    let stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &["010-9999-9999"], None).await;
    let error = frame(&mut phone).await;
    assert_eq!((&error["code"], &error["fatal"]), (&json!("unknown_phone"), &json!(true)));
    assert_eq!(closed(&mut phone).await, (4004, "no known phone".to_owned()));
}
