//! The side of a session that others see: its phones, what waits to be sent to it, and whether it must end.
//!
//! The order task fills it and never waits; the session's own task empties it. What waits is bounded; over the bound
//! the session is ended as too slow. While a session catches up, nothing of the live stream is queued: it finds those
//! messages in the log, on the same cursor, so that none comes twice and none is missed.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::host::gateway::frame;
use crate::host::gateway::mailbox::Row;
use crate::host::gateway::words::ErrorCode;
use crate::sim::model::ids::{PersonId, SessionId};
use crate::sim::model::medium::Network;

/// What a session of one phone may have waiting; each further phone adds [`QUEUE_PER_PHONE`].
pub const QUEUE_MAX: usize = 1_024;
/// Room for each phone of a session, so that one send to all of them at once is no slowness.
pub const QUEUE_PER_PHONE: usize = 4;

/// The shared side of one session.
#[derive(Debug)]
pub struct Outbox {
    /// Its number.
    pub session: SessionId,
    /// The network it is connected to.
    pub network: Network,
    state: Mutex<State>,
    wake: Notify,
}

/// One thing to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// A message, rendered when it is sent.
    Row(Row),
    /// A frame that is ready.
    Frame(String),
}

/// Why a session must end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
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
    /// The last sequence number of the network at that moment.
    pub seq: u64,
    /// Where its stream begins.
    pub cursor: u64,
}

#[derive(Debug, Default)]
struct State {
    people: Vec<PersonId>,
    queue: VecDeque<Out>,
    queue_max: usize,
    since: Option<u64>,
    live: bool,
    admission: Option<Admission>,
    end: Option<End>,
}

impl Outbox {
    /// The outbox of a session that is about to say hello for so many phones.
    pub fn new(session: SessionId, network: Network, phones: usize, since: Option<u64>) -> Outbox {
        let queue_max = QUEUE_MAX + QUEUE_PER_PHONE * phones;
        let state = State { queue_max, since, ..State::default() };
        Outbox { session, network, state: Mutex::new(state), wake: Notify::new() }
    }

    /// The hello was answered. `last` is the network's last sequence number at this point of the order stream.
    pub fn admit(&self, people: Vec<PersonId>, refused: &[PersonId], last: u64) {
        let mut state = self.state();
        let cursor = state.since.map_or(last, |since| since.min(last));
        state.live = cursor == last;
        state.admission = Some(Admission { seq: last, cursor });
        if people.is_empty() {
            state.end.get_or_insert(End::Refused);
        }
        state.people = people;
        state.people.sort_unstable();
        if !refused.is_empty() {
            state.queue.push_back(Out::Frame(frame::error_about(ErrorCode::LoginRefused, refused)));
        }
        self.wake.notify_one();
    }

    /// A message of the live stream. Over the bound the session ends as too slow.
    pub fn push(&self, row: Row) {
        let mut state = self.state();
        if !state.live || state.end.is_some() {
            return;
        }
        if state.queue.len() >= state.queue_max {
            state.end = Some(End::Slow);
        } else {
            state.queue.push_back(Out::Row(row));
        }
        self.wake.notify_one();
    }

    /// Takes phones off the session; the session ends when it has none left.
    pub fn take_off(&self, people: &[PersonId], why: ErrorCode, end: End) {
        let mut state = self.state();
        state.people.retain(|person| !people.contains(person));
        if state.people.is_empty() {
            state.end.get_or_insert(end);
        }
        state.queue.push_back(Out::Frame(frame::error_about(why, people)));
        self.wake.notify_one();
    }

    /// Ends the session.
    pub fn end(&self, end: End) {
        self.state().end.get_or_insert(end);
        self.wake.notify_one();
    }

    /// Why the session must end, if it must.
    pub fn ended(&self) -> Option<End> {
        self.state().end
    }

    /// What the engine said to the hello, once it has.
    pub fn admission(&self) -> Option<Admission> {
        self.state().admission
    }

    /// The next thing to send.
    pub fn pop(&self) -> Option<Out> {
        self.state().queue.pop_front()
    }

    /// The next frame that is ready, passing over messages: for a session that says its last words.
    pub fn pop_frame(&self) -> Option<String> {
        let mut state = self.state();
        std::iter::from_fn(|| state.queue.pop_front()).find_map(|out| match out {
            Out::Frame(frame) => Some(frame),
            Out::Row(_) => None,
        })
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
        if alone && state.people.len() != 1 { None } else { state.people.first().copied() }
    }

    /// Wakes the session's own task, as any change does.
    pub fn nudge(&self) {
        self.wake.notify_one();
    }

    /// Waits until something changes. For the session's own task only.
    pub async fn changed(&self) {
        self.wake.notified().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics between lock and unlock; a poisoned lock still holds a whole state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
