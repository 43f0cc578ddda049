//! The side of a session that others see: its phones, what waits to be sent to it, and whether it must end. And its
//! writing: whoever has something for the client writes it at once.
//!
//! The order task fills it and writes what it filled, without ever waiting: a socket that is full keeps the rest here,
//! and the session's own task goes on when the kernel says that there is room. What waits is bounded; over the bound the
//! session is ended as too slow. While a session catches up, nothing of the live stream is queued: it finds those
//! messages in the log, on the same cursor, so that none comes twice and none is missed.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use crate::host::gateway::bell::Bell;
use crate::host::gateway::frame;
use crate::host::gateway::hearing::Hearing;
use crate::host::gateway::line::Line;
use crate::host::gateway::mailbox::Row;
use crate::host::gateway::pulse::PING_EVERY;
use crate::host::gateway::scribe::{Scribe, Stamp};
use crate::host::gateway::wire::{self, Opcode};
use crate::host::gateway::words::ErrorCode;
use crate::sim::model::ids::{PersonId, SessionId};
use crate::sim::model::medium::Network;
use crate::sim::plan::numbers::Numbers;

/// What a session of one phone may have waiting; each further phone adds [`QUEUE_PER_PHONE`].
pub const QUEUE_MAX: usize = 1_024;
/// Room for each phone of a session, so that one send to all of them at once is no slowness.
pub const QUEUE_PER_PHONE: usize = 4;
/// What is handed to the socket in one write, in bytes; a frame more at most.
pub const BATCH_BYTES: usize = 32 * 1_024;
/// Answers to a client's own frames that are put together before they are written.
const ANSWERS_AT_ONCE: usize = 64;

/// The shared side of one session.
#[derive(Debug)]
pub struct Outbox {
    /// Its number.
    pub session: SessionId,
    /// The network it is connected to.
    pub network: Network,
    numbers: Numbers,
    /// Its socket. It lies here and not apart, because what a delivery touches should lie together.
    pub line: Line,
    state: Mutex<State>,
    hearing: Mutex<Hearing>,
    bell: Bell,
}

/// One thing to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// A message, rendered when it is sent.
    Row(Row),
    /// A frame that is ready, header and all.
    Frame(Box<[u8]>),
}

/// Why a session must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its line broke.
    Gone,
    /// A fault cut all its phones: the line breaks.
    Severed,
    /// It read too slowly.
    Slow,
    /// Every login was refused.
    Refused,
    /// Newer sessions carry all its phones.
    TakenOver,
    /// The run is over.
    RunEnded,
    /// The process ends.
    Shutdown,
}

/// What the engine said to the session's hello.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Admission {
    /// Whether there is something to catch up on before the live stream.
    pub behind: bool,
}

/// How writing went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pumped {
    /// Nothing is left.
    Clear,
    /// The socket is full; whether it took anything.
    Full(bool),
}

#[derive(Debug, Default)]
struct State {
    people: Vec<PersonId>,
    /// The first of them if there is no other: it lies here, they lie elsewhere in memory.
    only: Option<PersonId>,
    queue: VecDeque<Out>,
    queue_max: usize,
    /// What the socket did not take of the last write.
    unsent: Vec<u8>,
    since: Option<u64>,
    /// The last message that was handed to the socket.
    cursor: u64,
    live: bool,
    admission: Option<Admission>,
    end: Option<End>,
}

/// Where frames are put together; each thread has one, which is used and left within one call.
#[derive(Default)]
struct Scratch {
    bytes: Vec<u8>,
    stamp: Stamp,
}

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

impl Outbox {
    /// The outbox of a session that is about to say hello for so many phones.
    pub fn new(
        session: SessionId,
        network: Network,
        line: Line,
        hearing: Hearing,
        phones: usize,
        since: Option<u64>,
        numbers: Numbers,
    ) -> Outbox {
        let queue_max = QUEUE_MAX + QUEUE_PER_PHONE * phones;
        let state = State { queue_max, since, ..State::default() };
        let (state, hearing) = (Mutex::new(state), Mutex::new(hearing));
        Outbox { session, network, line, numbers, state, hearing, bell: Bell::default() }
    }

    /// The hello was answered. `last` is the network's last sequence number at this point of the order stream.
    pub fn admit(&self, people: Vec<PersonId>, refused: &[PersonId], last: u64) {
        let mut state = self.state();
        state.cursor = state.since.map_or(last, |since| since.min(last));
        state.live = state.cursor == last;
        state.admission = Some(Admission { behind: !state.live });
        if people.is_empty() {
            state.end.get_or_insert(End::Refused);
        } else {
            let beat = PING_EVERY.as_millis() as u64;
            state.queue.push_back(text(&frame::welcome(format_args!("s{}", self.session.0), last, beat)));
        }
        state.people = people;
        state.people.sort_unstable();
        state.count_people();
        if !refused.is_empty() {
            state.queue.push_back(text(&frame::error_about(ErrorCode::LoginRefused, refused, self.numbers)));
        }
        self.bell.ring();
    }

    /// Messages of the live stream, in order: written at once, as far as the socket takes them, if nothing waits before
    /// them; else queued. Over the bound the session ends as too slow.
    pub fn send<'r>(&self, rows: impl Iterator<Item = &'r Row>, scribe: &Scribe) {
        let mut rows = rows.peekable();
        let mut state = self.state();
        if !state.live || state.end.is_some() {
            return;
        }
        let mut full = !state.unsent.is_empty() || !state.queue.is_empty();
        while !full && rows.peek().is_some() {
            match state.write_rows(&self.line, &mut rows, scribe) {
                Ok(written) => full = written != Pumped::Clear,
                Err(_) => state.end = Some(End::Gone),
            }
            full |= state.end.is_some();
        }
        for row in rows {
            if state.queue.len() >= state.queue_max {
                state.end.get_or_insert(End::Slow);
                break;
            }
            state.queue.push_back(Out::Row(*row));
        }
        if full {
            self.bell.ring();
        }
    }

    /// Frames that wait, because the socket is full or something is about to be written.
    pub fn waiting(&self) -> u64 {
        self.state().queue.len() as u64
    }

    /// A frame of the session's own task, behind what waits already. Over the bound the session ends as too slow.
    pub fn say(&self, frame: &str, scribe: &Scribe) {
        self.put(text(frame), scribe);
    }

    /// A ping or a pong, likewise.
    pub fn control(&self, opcode: Opcode, payload: &[u8], scribe: &Scribe) {
        let mut frame = Vec::with_capacity(2 + payload.len());
        wire::put_control(&mut frame, opcode, payload);
        self.put(Out::Frame(frame.into()), scribe);
    }

    fn put(&self, out: Out, scribe: &Scribe) {
        let mut state = self.state();
        // Many answers to one read need not wait for its end.
        if state.queue.len() >= ANSWERS_AT_ONCE && state.end.is_none() && state.pump(&self.line, scribe).is_err() {
            state.end = Some(End::Gone);
        }
        if state.queue.len() >= state.queue_max {
            state.end.get_or_insert(End::Slow);
        } else {
            state.queue.push_back(out);
        }
    }

    /// Writes answers to what was just heard, as far as the socket takes them.
    pub fn answer(&self, scribe: &Scribe) -> Pumped {
        let mut state = self.state();
        // An end is the session's own task's business, and its bell was rung for it.
        if state.queue.is_empty() || state.end.is_some() {
            return Pumped::Clear;
        }
        state.pump(&self.line, scribe).unwrap_or_else(|_| {
            state.end.get_or_insert(End::Gone);
            Pumped::Full(false)
        })
    }

    /// Its hearing, locked.
    pub fn hearing(&self) -> MutexGuard<'_, Hearing> {
        // What was read and not heard is lost with a panic, which ends the process's run of it anyway.
        self.hearing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rings for the session's own task.
    pub fn ring(&self) {
        self.bell.ring();
    }

    /// Takes phones off the session; the session ends when it has none left.
    pub fn take_off(&self, people: &[PersonId], why: ErrorCode, end: End) {
        let mut state = self.state();
        state.people.retain(|person| !people.contains(person));
        state.count_people();
        if state.people.is_empty() {
            state.end.get_or_insert(end);
        }
        state.queue.push_back(text(&frame::error_about(why, people, self.numbers)));
        self.bell.ring();
    }

    /// Ends the session.
    pub fn end(&self, end: End) {
        self.state().end.get_or_insert(end);
        self.bell.ring();
    }

    /// Writes what waits, as far as the socket takes it; nothing once the session must end. An error is the line's.
    pub fn pump(&self, scribe: &Scribe) -> Result<Pumped, End> {
        let mut state = self.state();
        let pumped = if state.end.is_some() { Ok(Pumped::Clear) } else { state.pump(&self.line, scribe) };
        pumped.map_err(|_| *state.end.get_or_insert(End::Gone))
    }

    /// Writes rows of the log, in order, until the socket is full or the batch is; it finds where to go on by
    /// [`Outbox::cursor`]. For a session that catches up, when nothing is left of the write before.
    pub fn send_page(&self, page: &[Row], scribe: &Scribe) -> Result<Pumped, End> {
        let mut state = self.state();
        let sent = state.write_rows(&self.line, &mut page.iter(), scribe);
        sent.map_err(|_| *state.end.get_or_insert(End::Gone))
    }

    /// What has to be written before the last frame: the rest of the frame under way and the frames that are ready,
    /// passing over messages.
    pub fn last_words(&self) -> Vec<u8> {
        let mut state = self.state();
        let mut words = std::mem::take(&mut state.unsent);
        while let Some(out) = state.queue.pop_front() {
            if let Out::Frame(frame) = out {
                words.extend_from_slice(&frame);
            }
        }
        words
    }

    /// Why the session must end, if it must.
    pub fn ended(&self) -> Option<End> {
        self.state().end
    }

    /// What the engine said to the hello, once it has.
    pub fn admission(&self) -> Option<Admission> {
        self.state().admission
    }

    /// The last message that was handed to the socket, or the one where the stream begins.
    pub fn cursor(&self) -> u64 {
        self.state().cursor
    }

    /// From now on the live stream is queued. Call it while the network's log is locked and has nothing after the cursor.
    pub fn go_live(&self) {
        self.state().live = true;
    }

    /// The phones it carries, in order.
    pub fn people(&self) -> Vec<PersonId> {
        self.state().people.clone()
    }

    /// Whether it carries the phone.
    pub fn carries(&self, person: PersonId) -> bool {
        self.state().people.binary_search(&person).is_ok()
    }

    /// One of its phones: the only one, if `alone`.
    pub fn first(&self, alone: bool) -> Option<PersonId> {
        let state = self.state();
        state.only.or_else(|| state.people.first().copied().filter(|_| !alone))
    }

    /// Waits until something changes. For the session's own task only.
    pub async fn changed(&self) {
        poll_fn(|cx| self.poll_changed(cx)).await;
    }

    /// The same for a task that waits for other things too.
    pub fn poll_changed(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.bell.poll_heard(cx)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics between lock and unlock; a poisoned lock still holds a whole state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn count_people(&mut self) {
        self.only = match self.people.as_slice() {
            [only] => Some(*only),
            _ => None,
        };
    }

    fn pump(&mut self, line: &Line, scribe: &Scribe) -> io::Result<Pumped> {
        let mut moved = false;
        if !self.unsent.is_empty() {
            let sent = line.write_some(&self.unsent)?;
            self.unsent.drain(..sent);
            if !self.unsent.is_empty() {
                return Ok(Pumped::Full(sent > 0));
            }
            (self.unsent, moved) = (Vec::new(), true);
        }
        while !self.queue.is_empty() {
            let pumped = SCRATCH.with_borrow_mut(|scratch| {
                scratch.bytes.clear();
                while scratch.bytes.len() < BATCH_BYTES
                    && let Some(out) = self.queue.pop_front()
                {
                    self.put(&out, scribe, scratch);
                }
                self.write(line, &scratch.bytes)
            })?;
            if let Pumped::Full(some) = pumped {
                return Ok(Pumped::Full(some || moved));
            }
            moved = true;
        }
        // Most sessions never need it again.
        self.queue = VecDeque::new();
        Ok(Pumped::Clear)
    }

    /// Writes one batch of messages.
    fn write_rows<'r>(
        &mut self,
        line: &Line,
        rows: &mut impl Iterator<Item = &'r Row>,
        scribe: &Scribe,
    ) -> io::Result<Pumped> {
        SCRATCH.with_borrow_mut(|scratch| {
            scratch.bytes.clear();
            while scratch.bytes.len() < BATCH_BYTES
                && let Some(row) = rows.next()
            {
                self.put_row(row, scribe, scratch);
            }
            self.write(line, &scratch.bytes)
        })
    }

    fn put(&mut self, out: &Out, scribe: &Scribe, scratch: &mut Scratch) {
        match out {
            Out::Frame(frame) => scratch.bytes.extend_from_slice(frame),
            Out::Row(row) => self.put_row(row, scribe, scratch),
        }
    }

    /// Puts a message into the batch, unless it was sent already: then it is at or before the cursor.
    fn put_row(&mut self, row: &Row, scribe: &Scribe, scratch: &mut Scratch) {
        if row.seq > self.cursor {
            self.cursor = row.seq;
            scribe.put_frame(row, &mut scratch.stamp, &mut scratch.bytes);
        }
    }

    fn write(&mut self, line: &Line, bytes: &[u8]) -> io::Result<Pumped> {
        let sent = line.write_some(bytes)?;
        if sent == bytes.len() {
            return Ok(Pumped::Clear);
        }
        self.unsent.extend_from_slice(&bytes[sent..]);
        Ok(Pumped::Full(sent > 0))
    }
}

fn text(frame: &str) -> Out {
    let mut out = Vec::with_capacity(frame.len() + 4);
    wire::put_text(&mut out, frame);
    Out::Frame(out.into())
}
