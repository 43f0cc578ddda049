//! Time limits of a session, in paused time: a socket of loopback is ready at once, so only waiting moves the clock.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;

use crate::host::gateway::cut::CutStream;
use crate::host::gateway::run::Run;
use crate::host::gateway::session;
use crate::host::link::{Board, Past, ToEngine, ToGateway};
use crate::host::shutdown::shutdown;
use crate::sim::engine::input::Input;
use crate::sim::model::medium::Network;
use crate::sim::plan::population::Population;
use crate::sim::plan::sample;

const HELLO: &[u8] = br#"{"type":"hello","phones":["010-0000-0001"]}"#;

/// A session over a socket, admitted by a peer, and how long it lived.
async fn lived(hello: bool, play: impl AsyncFnOnce(TcpStream)) -> Duration {
    let plan = Arc::new(sample::rent());
    let people = Arc::new(Population::of(&plan));
    let (inputs, mut heard) = mpsc::channel::<ToEngine>(16);
    let (orders, obeyed) = mpsc::channel(16);
    let run = Arc::new(Run::new(
        Arc::new(Board { run: "r1".to_owned(), plan, people, words: Arc::default() }),
        inputs,
        Past::default(),
    ));
    let (_trigger, shutdown) = shutdown();
    tokio::spawn(Arc::clone(&run).obey(obeyed, shutdown));
    tokio::spawn(async move {
        while let Some(ToEngine(input)) = heard.recv().await {
            if let Input::Hello { session, people, .. } = input {
                orders.send(vec![ToGateway::Admit { session, people, refused: Vec::new() }]).await.unwrap();
            }
        }
    });
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mut ours = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (theirs, _) = listener.accept().await.unwrap();
    if hello {
        ours.write_all(&[&[0x81, 0x80 | HELLO.len() as u8, 0, 0, 0, 0], HELLO].concat()).await.unwrap();
    }
    let place = Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap();
    let theirs = CutStream::new(theirs, Arc::default(), place).into_line().unwrap();
    let started = Instant::now();
    let serve = async {
        session::serve(theirs, Vec::new(), run, Network::Kakao, None).await;
        started.elapsed()
    };
    let (lived, ()) = tokio::join!(serve, play(ours));
    lived
}

#[tokio::test(start_paused = true)]
async fn whoever_says_no_hello_is_closed_after_ten_seconds() {
    let lived = lived(false, async |mut line: TcpStream| {
        let mut told = Vec::new();
        line.read_to_end(&mut told).await.unwrap();
        assert_eq!(told[2..4], 4000_u16.to_be_bytes());
    });
    let lived = lived.await;
    assert!((10..=12).contains(&lived.as_secs()), "{lived:?}");
}

#[tokio::test(start_paused = true)]
async fn a_half_open_line_is_freed_within_35_seconds() {
    let lived = lived(true, async |mut line: TcpStream| {
        let mut told = Vec::new();
        let broken = line.read_to_end(&mut told).await.unwrap_err();
        assert_eq!(broken.kind(), std::io::ErrorKind::ConnectionReset);
        assert!(told.ends_with(&[0x89, 0]), "the last that was said was a ping");
    });
    let lived = lived.await;
    assert!((30..=35).contains(&lived.as_secs()), "{lived:?}");
}

#[tokio::test(start_paused = true)]
async fn whoever_answers_pings_stays() {
    let lived = lived(true, async |mut line: TcpStream| {
        let mut byte = [0; 2];
        let mut pings = 0;
        while pings < 10 {
            line.read_exact(&mut byte[1..]).await.unwrap();
            if byte == [0x89, 0] {
                pings += 1;
                line.write_all(&[0x8a, 0x80, 0, 0, 0, 0]).await.unwrap();
            }
            byte[0] = byte[1];
        }
    });
    let lived = lived.await;
    assert!((200..=210).contains(&lived.as_secs()), "{lived:?}");
}
