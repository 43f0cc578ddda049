//! `GET /conformance`: says every message back, so that somebody else's suite can test the framing of [`super::wire`].
//!
//! It is there only when `bongsu serve --conformance` asks for it. The accept loop, the reader, the framing and the
//! farewell are those of every phone; there is no protocol on top, no pulse and no engine, and messages may be as long
//! as the suite's longest.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::host::gateway::farewell::{self, Ending};
use crate::host::gateway::line::Line;
use crate::host::gateway::problem::{self, Problem};
use crate::host::gateway::reader::{Read, Reader};
use crate::host::gateway::serve::Place;
use crate::host::gateway::websocket::{judge, switching};
use crate::host::gateway::wire::{self, Heard, Opcode};
use crate::host::gateway::words::CloseWord;
use crate::host::shutdown::Shutdown;

/// Longest message, in bytes: the longest of the Autobahn cases 9.1.6 and 9.2.6.
const MESSAGE_MAX: usize = 16 * 1_024 * 1_024;
/// Connections at one time; more are answered 503.
const CONNECTIONS_MAX: usize = 16;
/// How long a client may take over one echo, and how long it may say nothing, before its line breaks.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone)]
struct Echo {
    places: Arc<Semaphore>,
    shutdown: Shutdown,
}

/// The route. The switch ends its connections with a close frame.
pub fn router(shutdown: Shutdown) -> Router {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    Router::new().route("/conformance", get(connect)).with_state(Echo { places, shutdown })
}

async fn connect(State(echo): State<Echo>, Extension(place): Extension<Place>, mut request: Request) -> Response {
    let key = match judge(request.method(), request.headers(), None) {
        Ok(key) => key,
        Err(problem) => return *problem,
    };
    let Ok(permit) = Arc::clone(&echo.places).try_acquire_owned() else {
        let detail = format!("expected at most {CONNECTIONS_MAX} connections to the echo at one time");
        return Problem::new(problem::NO_PLACE, detail).into_response();
    };
    let upgrade = hyper::upgrade::on(&mut request);
    let session = move |stream, read| Box::pin(serve(stream, read, echo.shutdown, permit)) as _;
    place.hand_over(upgrade, Box::new(session));
    switching(&key, None)
}

async fn serve(line: Line, read: Vec<u8>, mut shutdown: Shutdown, _permit: OwnedSemaphorePermit) {
    let ending = tokio::select! {
        ending = talk(&line, Reader::up_to(MESSAGE_MAX, read)) => ending,
        () = shutdown.asked() => Ending::Close(CloseWord::GoingAway),
    };
    farewell::say(&line, ending, None, Vec::new()).await;
}

async fn talk(line: &Line, mut reader: Reader) -> Ending {
    let mut out = Vec::new();
    let mut read = reader.rest(|heard| say_back(heard, &mut out));
    loop {
        if !matches!(timeout(PATIENCE, write(line, &mut out)).await, Ok(Ok(()))) {
            return Ending::Break;
        }
        match read {
            Read::Drained => {}
            Read::Stopped(ending) => return ending,
            Read::Gone => return Ending::Gone,
            Read::Broken(broken) => return Ending::of(broken),
        }
        match timeout(PATIENCE, line.ready(false)).await {
            Ok(Ok(())) => read = reader.read(line, |heard| say_back(heard, &mut out)),
            Ok(Err(_)) => return Ending::Gone,
            Err(_) => return Ending::Break,
        }
    }
}

fn say_back(heard: Heard<'_>, out: &mut Vec<u8>) -> ControlFlow<Ending> {
    match heard {
        Heard::Text(text) => wire::put_text(out, text),
        Heard::Binary(bytes) => wire::put_binary(out, bytes),
        Heard::Ping(payload) => wire::put_control(out, Opcode::Pong, payload),
        Heard::Pong => {}
        Heard::Close(code) => return ControlFlow::Break(Ending::Left(code)),
    }
    ControlFlow::Continue(())
}

/// Writes all of it before anything else is read, so that no more than one read's echo waits.
async fn write(line: &Line, out: &mut Vec<u8>) -> std::io::Result<()> {
    let mut sent = line.write_some(out)?;
    while sent < out.len() {
        line.writable().await?;
        sent += line.write_some(&out[sent..])?;
    }
    out.clear();
    Ok(())
}
