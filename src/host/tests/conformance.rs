//! The echo of `--conformance`: there when asked for and only then, and longer than any phone's message.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::host::serve::{ServeOptions, serve};
use crate::host::tests::shelf;
use crate::host::tests::sockets::{LONG, get, options};

#[tokio::test]
async fn without_the_flag_there_is_no_echo_and_a_wrong_method_is_told_everywhere() {
    let server = serve(options(None), shelf()).await.expect("loopback");
    let answer = get(server.address, "GET /conformance HTTP/1.1\r\nHost: localhost").await;
    assert!(answer.starts_with("HTTP/1.1 404 Not Found\r\n"), "{answer}");
    // Also where the address is not the API's own.
    for line in ["PUT /v1/inbox", "POST /", "DELETE /ws/kakao"] {
        let answer = get(server.address, &format!("{line} HTTP/1.1\r\nHost: localhost")).await;
        assert!(answer.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"), "{answer}");
        assert!(answer.contains("/problems/method-not-allowed"), "{answer}");
    }
    assert!(server.end().await);
}

#[tokio::test]
async fn the_echo_says_back_what_no_phone_may_say_and_closes_with_the_server() {
    let server = serve(ServeOptions { conformance: true, ..options(None) }, shelf()).await.expect("loopback");
    let plain = get(server.address, "GET /conformance HTTP/1.1\r\nHost: localhost").await;
    assert!(plain.starts_with("HTTP/1.1 426 Upgrade Required\r\n"), "{plain}");

    let stream = TcpStream::connect(server.address).await.expect("it answers");
    let (line, _) = client_async(format!("ws://{}/conformance", server.address), stream).await.expect("a handshake");
    let (mut sink, mut stream) = line.split();
    let long = vec![7; 3_000_000];
    let said = [Message::text("봉수"), Message::binary(long), Message::text("x".repeat(130_000)), Message::text("")];
    let all = said.clone();
    let saying = tokio::spawn(async move {
        for message in all {
            sink.send(message).await.expect("sent");
        }
        sink
    });
    for message in said {
        let heard = timeout(LONG, stream.next()).await.expect("in time").expect("an answer").expect("a frame");
        assert!(heard == message, "{} bytes came back for {}", heard.len(), message.len());
    }
    let sink = saying.await.expect("no panic");

    let ended = tokio::spawn(server.end());
    let close = timeout(LONG, stream.next()).await.expect("in time").expect("a last word").expect("a frame");
    assert!(matches!(&close, Message::Close(Some(frame)) if frame.code == CloseCode::Away), "{close:?}");
    drop((sink, stream));
    assert!(timeout(LONG, ended).await.expect("in time").expect("no panic"));
}
