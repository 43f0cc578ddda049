//! One session on one network, from the first frame to the last: a task that reads, writes, keeps the pulse and ends.
//!
//! It alone waits for its own client and for room in the engine's channel; nobody waits for it. What frames mean is in
//! `inbound`, how a session ends in `farewell`.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Sink, SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, Bytes, Message};

use crate::host::gateway::cut::Cut;
use crate::host::gateway::farewell::{self, Ending};
use crate::host::gateway::frame;
use crate::host::gateway::inbound;
use crate::host::gateway::outbox::{Out, Outbox};
use crate::host::gateway::pulse::{Due, PING_EVERY, Pulse};
use crate::host::gateway::run::Run;
use crate::host::gateway::words::CloseWord;
use crate::host::link::ToEngine;
use crate::sim::engine::input::Input;
use crate::sim::model::medium::Network;

/// How long a client may take to say hello.
pub const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Longest message from a client, in bytes.
pub const MESSAGE_MAX: usize = 64 * 1_024;
/// What is handed to the socket in one go, in bytes; a frame more at most.
const BATCH_BYTES: usize = 64 * 1_024;
/// Rows read from the log in one go while a session catches up.
const PAGE_ROWS: usize = 256;
/// The socket's own write buffer: one batch, one frame and the pongs fit with room to spare.
const WRITE_BUFFER_MAX: usize = 256 * 1_024;

/// The sizes of a session's buffers. The library's own defaults are 128 KiB each, allocated at once, and no maximum.
pub fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(4_096)
        .write_buffer_size(16 * 1_024)
        .max_write_buffer_size(WRITE_BUFFER_MAX)
        .max_message_size(Some(MESSAGE_MAX))
        .max_frame_size(Some(MESSAGE_MAX))
}

/// A session that has said hello.
pub struct Session<S> {
    pub(super) socket: WebSocketStream<S>,
    pub(super) run: Arc<Run>,
    pub(super) outbox: Arc<Outbox>,
    pulse: Pulse,
    cursor: u64,
    catching_up: bool,
}

/// What happened on the socket.
enum Turn {
    Heard(Message),
    Flushed,
    Gone(Ending),
}

/// Serves one connection from its handshake to its end. Where the line must break instead of close, the cut is armed
/// before the socket is dropped.
pub async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: WebSocketStream<S>,
    run: Arc<Run>,
    network: Network,
    cut: &Cut,
) {
    let first = tokio::select! {
        first = timeout(HELLO_WITHIN, first_frame(&mut socket)) => first,
        end = run.over() => Ok(Err(Ending::of_end(end))),
    };
    let hello = match first {
        Ok(Ok(text)) => inbound::hello(&run, &text),
        Ok(Err(ending)) => Err(ending),
        Err(_) => Err(Ending::Close(CloseWord::NoHello)),
    };
    let hello = match hello {
        Ok(hello) => hello,
        Err(ending) => return farewell::say(&mut socket, cut, ending, None, &[]).await,
    };
    let outbox = run.join(network, hello.people.len(), hello.since);
    let mut session = Session { socket, run, outbox, pulse: Pulse::new(Instant::now()), cursor: 0, catching_up: false };
    let ending = match session.begin(hello).await {
        Ok(()) => session.live().await,
        Err(ending) => ending,
    };
    session.finish(ending, cut).await;
}

/// The text of the first message; pings before it are answered by the library.
async fn first_frame<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>) -> Result<String, Ending> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
            Some(Ok(Message::Binary(_))) => return Err(Ending::Close(CloseWord::Binary)),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(Ending::of(&error)),
            None => return Err(Ending::Gone),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    /// Hello to the engine, its answer to the client, and a place to catch up if there is something to catch up on.
    async fn begin(&mut self, hello: inbound::Hello) -> Result<(), Ending> {
        if let Some(error) = hello.error {
            self.send(error)?;
        }
        let input = Input::Hello { session: self.outbox.session, network: self.outbox.network, people: hello.people };
        self.tell(input).await?;
        let admission = loop {
            match (self.outbox.ended(), self.outbox.admission()) {
                (Some(end), _) => return Err(Ending::of_end(end)),
                (None, Some(admission)) => break admission,
                (None, None) => self.outbox.changed().await,
            }
        };
        let beat = PING_EVERY.as_millis() as u64;
        self.send(frame::welcome(format_args!("s{}", self.outbox.session.0), admission.seq, beat))?;
        self.cursor = admission.cursor;
        self.catching_up = admission.cursor < admission.seq;
        Ok(())
    }

    /// Reads and writes until the session ends.
    async fn live(&mut self) -> Ending {
        let (run, outbox) = (Arc::clone(&self.run), Arc::clone(&self.outbox));
        let mut place = None;
        loop {
            if let Some(end) = outbox.ended() {
                return Ending::of_end(end);
            }
            if !self.catching_up {
                place = None;
            }
            if (!self.catching_up || place.is_some())
                && let Err(ending) = self.fill()
            {
                return ending;
            }
            let (due, flushing) = (self.pulse.next(), self.pulse.is_flushing());
            let turn = tokio::select! {
                () = outbox.changed() => continue,
                () = sleep_until(due) => match self.beat(Instant::now()) {
                    Ok(()) => continue,
                    Err(ending) => return ending,
                },
                taken = run.catch_ups.acquire(), if self.catching_up && place.is_none() => {
                    place = taken.ok();
                    continue;
                }
                turn = poll_fn(|cx| self.poll_turn(cx, flushing)) => turn,
            };
            match turn {
                Turn::Flushed => self.pulse.flushed(),
                Turn::Gone(ending) => return ending,
                Turn::Heard(message) => {
                    if let Err(ending) = self.hear(message).await {
                        return ending;
                    }
                }
            }
        }
    }

    /// Reads; and writes, while something is on its way out.
    fn poll_turn(&mut self, cx: &mut Context<'_>, flushing: bool) -> Poll<Turn> {
        if flushing && let Poll::Ready(flushed) = self.socket.poll_flush_unpin(cx) {
            return Poll::Ready(flushed.map_or_else(|error| Turn::Gone(Ending::of(&error)), |()| Turn::Flushed));
        }
        self.socket.poll_next_unpin(cx).map(|message| match message {
            Some(Ok(message)) => Turn::Heard(message),
            Some(Err(error)) => Turn::Gone(Ending::of(&error)),
            None => Turn::Gone(Ending::Gone),
        })
    }

    async fn hear(&mut self, message: Message) -> Result<(), Ending> {
        if !self.pulse.heard(Instant::now()) {
            return Err(Ending::Close(CloseWord::Flood));
        }
        match message {
            Message::Text(text) => inbound::hear(self, &text).await,
            Message::Binary(_) => Err(Ending::Close(CloseWord::Binary)),
            // The library answers pings and closes itself; frames in the raw it never hands out.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => Ok(()),
        }
    }

    fn beat(&mut self, now: Instant) -> Result<(), Ending> {
        match self.pulse.due(now) {
            None => Ok(()),
            Some(Due::Silent) => Err(Ending::Break),
            Some(Due::Stalled) => Err(Ending::Slow),
            Some(Due::Ping) => {
                self.pulse.pinged(now);
                self.hand_over(Message::Ping(Bytes::new()))
            }
        }
    }

    /// Hands the socket the next batch, if it has taken the one before.
    fn fill(&mut self) -> Result<(), Ending> {
        if self.pulse.is_flushing() {
            return Ok(());
        }
        if self.catching_up { self.fill_from_log() } else { self.fill_from_queue() }
    }

    fn fill_from_log(&mut self) -> Result<(), Ending> {
        let run = Arc::clone(&self.run);
        let log = run.log(self.outbox.network);
        let page = log.page(&self.outbox.people(), self.cursor, PAGE_ROWS);
        if page.is_empty() {
            // The log is still locked: what is appended after this finds the session live.
            self.outbox.go_live();
            self.catching_up = false;
            self.outbox.nudge();
            return Ok(());
        }
        drop(log);
        let mut bytes = 0;
        for row in page {
            bytes += self.send_row(&Out::Row(row))?;
            if bytes >= BATCH_BYTES {
                break;
            }
        }
        Ok(())
    }

    fn fill_from_queue(&mut self) -> Result<(), Ending> {
        let mut bytes = 0;
        while bytes < BATCH_BYTES {
            let Some(out) = self.outbox.pop() else { break };
            bytes += self.send_row(&out)?;
        }
        Ok(())
    }

    /// Hands one thing to the socket and answers its length. A message at or before the cursor was sent already.
    fn send_row(&mut self, out: &Out) -> Result<usize, Ending> {
        let text = match out {
            Out::Frame(text) => Some(text.clone()),
            Out::Row(row) if row.seq <= self.cursor => None,
            Out::Row(row) => {
                self.cursor = row.seq;
                frame::notice(&self.run.board, row)
            }
        };
        let Some(text) = text else { return Ok(0) };
        let length = text.len();
        self.send(text)?;
        Ok(length)
    }

    pub(super) fn send(&mut self, text: String) -> Result<(), Ending> {
        self.hand_over(Message::text(text))
    }

    fn hand_over(&mut self, message: Message) -> Result<(), Ending> {
        self.pulse.flushing(Instant::now());
        match std::pin::Pin::new(&mut self.socket).start_send(message) {
            Ok(()) => Ok(()),
            // Only answers to a client's own frames can pile up here, while it reads none of them.
            Err(tungstenite::Error::WriteBufferFull(_)) => Err(Ending::Slow),
            Err(error) => Err(Ending::of(&error)),
        }
    }

    /// Sends an input to the engine's task. While it has no room, this session reads nothing; it can still be ended.
    pub(super) async fn tell(&self, input: Input) -> Result<(), Ending> {
        let mut sending = std::pin::pin!(self.run.inputs.send(ToEngine(input)));
        loop {
            tokio::select! {
                biased;
                sent = &mut sending => return sent.map_err(|_| Ending::Close(CloseWord::RunEnded)),
                () = self.outbox.changed() => {}
            }
            if let Some(end) = self.outbox.ended() {
                return Err(Ending::of_end(end));
            }
        }
    }

    /// Leaves the table, tells the engine, then the client.
    async fn finish(mut self, ending: Ending, cut: &Cut) {
        self.run.leave(&self.outbox);
        let session = self.outbox.session;
        if ending == Ending::Slow {
            let _ = self.run.inputs.send(ToEngine(Input::SlowSessionCut { session })).await;
        }
        // Also after a sever: the engine keeps the session, without phones, until it hears that it is gone.
        let _ = self.run.inputs.send(ToEngine(Input::Bye { session })).await;
        let last_words: Vec<String> = std::iter::from_fn(|| self.outbox.pop_frame()).collect();
        farewell::say(&mut self.socket, cut, ending, Some(session), &last_words).await;
    }
}
