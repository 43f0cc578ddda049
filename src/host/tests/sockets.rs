//! Real sockets: a live run that is replayed, and a server from its ready line to its end.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, http::HeaderValue};

use crate::host::control::runs::{Source, Start};
use crate::host::drive::replay;
use crate::host::journal::compare::Compare;
use crate::host::journal::meta::Meta;
use crate::host::journal::reader;
use crate::host::journal::store::purge::Retention;
use crate::host::journal::writer::Writer;
use crate::host::play::run_live;
use crate::host::serve::{ServeError, ServeOptions, serve};
use crate::host::shutdown::shutdown;
use crate::host::stage::archive::DataOptions;
use crate::host::tests::{blackout, shelf, wanted};
use crate::report::names::Names;
use crate::sim::dice::Share;
use crate::sim::engine::Phones;
use crate::sim::plan::Pace;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;
use crate::sim::time::{SimTime, Span};

pub const LONG: Duration = Duration::from_secs(60);

/// The blackout for few people and little time: a bill each within a minute, down from the 20th to the 40th second.
fn short() -> Scenario {
    let mut scenario = blackout();
    let plan = &mut scenario.plan;
    plan.cohorts.truncate(1);
    plan.magic = None;
    plan.cohorts[0].count = 40;
    plan.sends[0].to.count = 40;
    plan.sends[0].pace = Pace::Over(Span::from_secs(60));
    plan.faults[0].begins = SimTime::ZERO + Span::from_secs(20);
    plan.faults[0].ends = Some(SimTime::ZERO + Span::from_secs(40));
    plan.clock.stop = SimTime::ZERO + Span::from_secs(180);
    scenario
}

#[tokio::test]
async fn nobody_waits_for_phones_where_every_phone_is_dark() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut scenario = short();
    scenario.plan.cohorts[0].dark = Share::ALL;
    scenario.plan.clock.stop = SimTime::ZERO + Span::from_secs(60);
    let meta = Meta::of("rent", scenario.plan.seed.0, Phones::Outside, Some(600));
    let names = Names::of(&scenario.plan);
    let mut writer = Writer::create(folder.path(), &meta, "scenario: rent\n", names).expect("a fresh folder");
    let (_hand, stop) = shutdown();
    // Phones that might come are given twenty seconds.
    let soon = Duration::from_secs(15);
    let played = timeout(soon, run_live(&scenario, 600, &mut writer, &mut |_| (), stop)).await;
    assert!(played.expect("without a wait").expect("loopback").rehearsal.ended());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_live_run_on_real_sockets_is_replayed_byte_for_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = short();
    let meta = Meta::of("rent", scenario.plan.seed.0, Phones::Outside, Some(60));
    let names = Names::of(&scenario.plan);
    let mut writer = Writer::create(folder.path(), &meta, "scenario: rent\n", names.clone()).expect("a fresh folder");
    let (_hand, stop) = shutdown();
    let mut told = 0;
    let played = timeout(LONG, run_live(&scenario, 60, &mut writer, &mut |_| told += 1, stop)).await;
    let played = played.expect("in time").expect("loopback");
    assert_eq!(played.recorded, Ok(()));
    assert!(played.rehearsal.ended() && told > 0);
    assert!(played.phones.shown >= 40 && played.phones.lost >= 40, "{:?}", played.phones);

    let events = std::fs::read_to_string(folder.path().join("events.ndjson")).expect("events");
    for event in ["session_opened", "session_closed", "shown", "fell_back"] {
        assert!(events.contains(&format!("\"event\":\"{event}\"")), "no {event}");
    }
    let mut compare = Compare::open(folder.path(), names).expect("events");
    let inputs = reader::inputs(folder.path()).expect("inputs");
    let replayed = replay::run(Rehearsal::new(&scenario, Phones::Outside), inputs, &mut compare);
    let compared = compare.finish().expect("readable");
    assert_eq!(compared, Ok(events.lines().count() as u64));
    assert!(replayed.is_ok());
}

fn kept_in(folder: &std::path::Path) -> DataOptions {
    DataOptions { folder: folder.to_owned(), stay: Retention::default(), bytes_max: None }
}

pub fn options(data: Option<&std::path::Path>) -> ServeOptions {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    ServeOptions { data: data.map(kept_in), ..ServeOptions::at(listen) }
}

/// One request over a socket of its own; the whole answer.
pub async fn get(address: SocketAddr, head: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("it answers");
    let request = format!("{head}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    timeout(LONG, stream.read_to_string(&mut answer)).await.expect("in time").expect("UTF-8");
    answer
}

#[tokio::test]
async fn a_server_says_where_it_answers_and_ends_in_good_order() {
    let data = tempfile::tempdir().expect("a folder");
    let server = serve(options(Some(data.path())), shelf()).await.expect("loopback");
    let (address, mut line) = (server.address, Vec::new());
    server.say_ready(&mut line).expect("memory");
    assert_eq!(String::from_utf8(line).expect("UTF-8"), format!("listening on http://{address}\n"));
    let health = get(address, "GET /healthz HTTP/1.1\r\nHost: localhost").await;
    assert!(health.starts_with("HTTP/1.1 200 OK\r\n") && health.ends_with("ok\n"), "{health}");
    let foreign = get(address, "GET /healthz HTTP/1.1\r\nHost: evil.example").await;
    assert!(foreign.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{foreign}");

    let start = Start { phones: Phones::Outside, ..wanted(Some(1)) };
    let run = server.start(start).await.expect("the library has it");
    let mut request = format!("ws://{address}/ws/kakao").into_client_request().expect("an address");
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("bongsu.v1"));
    let stream = TcpStream::connect(address).await.expect("it answers");
    let (mut phone, _) = client_async(request, stream).await.expect("a handshake");
    phone.send(Message::text(r#"{"type":"hello","phones":["010-0000-0007"]}"#)).await.expect("sent");
    let welcome = phone.next().await.expect("an answer").expect("a frame").into_text().expect("text");
    assert!(welcome.contains("\"type\":\"welcome\""), "{welcome}");

    let ended = tokio::spawn(server.end());
    let close = loop {
        match timeout(LONG, phone.next()).await.expect("in time") {
            Some(Ok(Message::Close(close))) => break close.expect("a code"),
            Some(Ok(_)) => {}
            other => panic!("closed without a word: {other:?}"),
        }
    };
    assert_eq!(close.code, CloseCode::Away, "{close:?}");
    drop(phone);
    assert!(timeout(LONG, ended).await.expect("in time").expect("no panic"), "everything was written");
    let outcome = run.outcome().expect("judged");
    assert_eq!((outcome.verdict, outcome.exit, &outcome.unrecorded), ("PASS", 0, &None));
    let entries = std::fs::read_dir(data.path()).expect("there").map(|entry| entry.expect("readable").path());
    let folder = entries.into_iter().find(|path| path.is_dir()).expect("one");
    let inputs = std::fs::read_to_string(folder.join("inputs.ndjson")).expect("inputs");
    assert!(inputs.lines().last().is_some_and(|line| line.ends_with("\"in\":{\"stop\":{}}}")), "{inputs}");
}

#[tokio::test]
async fn beyond_loopback_a_token_is_needed() {
    let listen = SocketAddr::from(([0, 0, 0, 0], 0));
    let refused = serve(ServeOptions { listen, ..options(None) }, shelf()).await.err().expect("refused");
    assert!(matches!(refused, ServeError::Open(_)));
    let expected = "listening on 0.0.0.0:0, beyond loopback, needs a token of 32 bytes or more";
    assert_eq!(refused.to_string(), expected);

    let token = crate::host::api::guard::Guard::new("0123456789abcdef0123456789abcdef");
    let server = serve(ServeOptions { token, ..options(None) }, shelf()).await.expect("loopback");
    let without = get(server.address, "GET /v1/runs HTTP/1.1\r\nHost: localhost").await;
    assert!(without.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{without}");
    let bearer = "Authorization: Bearer 0123456789abcdef0123456789abcdef";
    let with = get(server.address, &format!("GET /v1/runs HTTP/1.1\r\nHost: localhost\r\n{bearer}")).await;
    assert!(with.starts_with("HTTP/1.1 200 OK\r\n"), "{with}");
    assert!(server.end().await);
}

#[tokio::test]
async fn an_unknown_scenario_gives_its_claim_back() {
    let server = serve(options(None), shelf()).await.expect("loopback");
    for _ in 0..3 {
        let start = Start { scenario: Source::Name("tent".to_owned()), ..wanted(Some(1)) };
        assert!(server.start(start).await.is_err());
    }
    server.start(wanted(Some(1))).await.expect("there is room");
    assert!(server.end().await);
}
