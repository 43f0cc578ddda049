//! Faults that become real: severed lines, shut gates, slow readers.

use std::io;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::ClientRequestBuilder;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::host::link::ToGateway;
use crate::host::testbed::{LONG, Phone, Stage, frame, next, say};
use crate::sim::engine::input::Input;
use crate::sim::fault::DownHow;
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::medium::Network;

const ONE: &str = "010-0000-0001";
const TWO: &str = "010-0000-0002";

fn is_reset(error: &Error) -> bool {
    matches!(error, Error::Io(error) if error.kind() == io::ErrorKind::ConnectionReset)
}

#[tokio::test]
async fn a_severed_line_breaks_without_a_goodbye() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &[ONE], None).await;
    let session = stage.hello().await;
    frame(&mut phone).await;
    stage.order(ToGateway::Sever { session, people: vec![PersonId(1)], fault: FaultId(0) }).await;
    match next(&mut phone).await {
        Some(Err(error)) if is_reset(&error) => {}
        other => panic!("expected a reset, found {other:?}"),
    }
    assert_eq!(stage.hear(|_| true).await, Input::Bye { session });
    assert_eq!(stage.gateway.phones(), [0; Network::COUNT]);
}

#[tokio::test]
async fn a_session_that_loses_some_phones_keeps_the_others() {
    let mut stage = Stage::open().await;
    let mut phone = stage.phone(Network::Kakao, &[ONE, TWO], None).await;
    let session = stage.hello().await;
    frame(&mut phone).await;
    stage.order(ToGateway::Sever { session, people: vec![PersonId(1)], fault: FaultId(0) }).await;
    let lost = frame(&mut phone).await;
    assert_eq!((&lost["code"], &lost["phones"]), (&json!("session_lost"), &json!([ONE])));
    stage.transmit(session, Network::Kakao, 1, 2).await;
    assert_eq!(frame(&mut phone).await["to"], json!([TWO]));
}

async fn shut(stage: &Stage, how: DownHow) {
    stage.order(ToGateway::Gate { network: Network::Kakao, shut: Some((how, FaultId(0))) }).await;
    // Orders are carried out in turn: a session that is admitted after this one shows that it was obeyed.
    let mut phone = stage.phone(Network::Mobile, &[TWO], None).await;
    assert_eq!(frame(&mut phone).await["type"], "welcome");
}

#[tokio::test]
async fn a_network_that_rejects_answers_that_it_is_down() {
    let mut stage = Stage::open().await;
    shut(&stage, DownHow::Reject).await;
    for _ in 0..3 {
        match stage.connect(Network::Kakao).await {
            Err(Error::Http(answer)) => {
                assert_eq!(answer.status(), 503);
                assert_eq!(answer.headers()["content-type"], "application/problem+json");
                assert!(!answer.headers().contains_key("retry-after"), "nobody knows for how long");
            }
            other => panic!("expected an answer, found {other:?}"),
        }
    }
    let refused = stage.hear(|input| matches!(input, Input::HandshakesRefused { .. })).await;
    assert_eq!(refused, Input::HandshakesRefused { network: Network::Kakao, count: 3 });
    let inbox = "/v1/inbox?phone=010-0000-0001";
    let (head, body) = stage.get(inbox, "Host: localhost\r\n").await;
    assert!(head.starts_with("HTTP/1.1 503 ") && body.contains("/problems/network-down"), "{head}\n{body}");
    let (head, body) = stage.get(&format!("{inbox}&network=mobile"), "Host: localhost\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert_eq!(body, r#"{"frames":[],"next":0}"#);
    stage.order(ToGateway::Gate { network: Network::Kakao, shut: None }).await;
    let mut phone = loop {
        match stage.connect(Network::Kakao).await {
            Ok(phone) => break phone,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    say(&mut phone, &json!({"type":"hello","phones":[ONE]})).await;
    assert_eq!(frame(&mut phone).await["type"], "welcome");
}

#[tokio::test]
async fn a_network_that_resets_breaks_the_handshake() {
    let stage = Stage::open().await;
    shut(&stage, DownHow::Reset).await;
    match stage.connect(Network::Kakao).await {
        Err(error) if is_reset(&error) => {}
        other => panic!("expected a reset, found {other:?}"),
    }
}

#[tokio::test]
async fn a_network_that_hangs_never_answers() {
    let stage = Stage::open().await;
    shut(&stage, DownHow::Hang).await;
    let mut stream = TcpStream::connect(stage.address).await.unwrap();
    let request = "GET /ws/kakao HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    // The count says that the request has been read and judged.
    while stage.gateway.hanging()[0] == 0 {
        tokio::task::yield_now().await;
    }
    let mut answer = [0; 1];
    assert_eq!(stream.try_read(&mut answer).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    // Whoever gives up frees the place.
    let mut other = TcpStream::connect(stage.address).await.unwrap();
    other.write_all(request.as_bytes()).await.unwrap();
    while stage.gateway.hanging()[0] < 2 {
        tokio::task::yield_now().await;
    }
    drop(other);
    while stage.gateway.hanging()[0] > 1 {
        tokio::task::yield_now().await;
    }
    stage.order(ToGateway::Gate { network: Network::Kakao, shut: None }).await;
    let dropped = tokio::time::timeout(LONG, stream.read(&mut answer)).await.unwrap();
    assert!(matches!(dropped, Ok(0)), "the line is dropped without an answer: {dropped:?}");
}

/// A phone whose kernel holds as little as it can be made to.
async fn narrow(stage: &Stage, number: &str) -> Phone {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let stream = socket.connect(stage.address).await.unwrap();
    let uri = format!("ws://{}/ws/kakao", stage.address).parse().unwrap();
    let request = ClientRequestBuilder::new(uri).with_sub_protocol("bongsu.v1");
    let (mut phone, _): (WebSocketStream<TcpStream>, _) =
        tokio_tungstenite::client_async(request, stream).await.unwrap();
    say(&mut phone, &json!({"type":"hello","phones":[number]})).await;
    phone
}

#[tokio::test]
async fn a_slow_reader_is_cut_and_nobody_waits_for_it() {
    let mut stage = Stage::open().await;
    let mut slow = narrow(&stage, ONE).await;
    let lazy = stage.hello().await;
    frame(&mut slow).await;
    let mut quick = stage.phone(Network::Kakao, &[TWO], None).await;
    let eager = stage.hello().await;
    frame(&mut quick).await;
    let orders = stage.orders.clone();
    let sender = tokio::spawn(async move {
        // The slow one gets messages until it is cut; what is sent to it later is only logged.
        for round in 0..4_000_u64 {
            for (session, person) in [(lazy, 1), (eager, 2)] {
                let seq = round * 2 + u64::from(person);
                let order = crate::host::testbed::transmission(session, Network::Kakao, seq, person);
                orders.send(vec![order]).await.unwrap();
            }
            if round % 100 == 99 {
                tokio::task::yield_now().await;
            }
        }
    });
    for round in 0..4_000_u64 {
        assert_eq!(frame(&mut quick).await["seq"], round * 2 + 2);
    }
    sender.await.unwrap();
    let cut = stage.hear(|input| matches!(input, Input::SlowSessionCut { .. })).await;
    assert_eq!(cut, Input::SlowSessionCut { session: lazy });
    assert_eq!(stage.hear(|_| true).await, Input::Bye { session: lazy });
    // What was in the pipe may still be read; then the line is found broken, or closed with the code.
    loop {
        match next(&mut slow).await {
            Some(Ok(Message::Text(_))) => {}
            Some(Ok(Message::Close(Some(frame)))) => break assert_eq!(u16::from(frame.code), 1013),
            Some(Err(error)) if is_reset(&error) => break,
            other => panic!("expected a cut, found {other:?}"),
        }
    }
}
