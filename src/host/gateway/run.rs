//! One run as the gateway sees it: its logs, its gates, its sessions, and the task that carries out the engine's orders.
//!
//! The order task is the only one that appends to logs and admits sessions, so that what it does between two orders
//! needs no further locking. It never waits for a session nor for the engine.

use std::collections::HashMap;
use std::convert::Infallible;
use std::iter::Peekable;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior};

use crate::host::control::gauges::Traffic;
use crate::host::gateway::dense::DenseMap;
use crate::host::gateway::ear::{Ear, List};
use crate::host::gateway::gate::Gate;
use crate::host::gateway::hearing::{Hearing, listen_all};
use crate::host::gateway::line::Line;
use crate::host::gateway::mailbox::{Log, Row};
use crate::host::gateway::outbox::{End, Outbox};
use crate::host::gateway::scribe::Scribe;
use crate::host::gateway::words::ErrorCode;
use crate::host::link::{Board, Past, ToEngine, ToGateway};
use crate::host::shutdown::Shutdown;
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{PersonId, SessionId};
use crate::sim::model::medium::Network;

/// Sessions that may catch up at one time; the others wait for a place.
pub const CATCH_UPS_MAX: usize = 64;
/// Batches of orders carried out before what they filled is written.
const BATCHES_AT_ONCE: usize = 16;
/// Sessions looked up at one time.
const SESSIONS_AT_ONCE: usize = 64;
/// Look-ups, and what they wrote, before others get their turn.
const TURNS_AT_ONCE: usize = 4;
/// How often turned-away connections are reported to the engine.
const REFUSED_EVERY: Duration = Duration::from_secs(1);

/// One run.
#[derive(Debug)]
pub struct Run {
    /// What may be read of it without asking.
    pub board: Arc<Board>,
    /// The way to the engine's task.
    pub inputs: mpsc::Sender<ToEngine>,
    /// Who writes its notices as frames.
    pub scribe: Scribe,
    /// Where it counts what crosses its sockets.
    pub traffic: Arc<Traffic>,
    /// Places for sessions that catch up.
    pub catch_ups: Semaphore,
    /// Who listens to sessions that have caught up; if there is nobody, they hear for themselves.
    pub ear: Option<Ear>,
    logs: [Mutex<Log>; Network::COUNT],
    gates: [Gate; Network::COUNT],
    table: Mutex<Table>,
    next_session: AtomicU32,
    over: watch::Sender<Option<End>>,
}

/// Messages on record that are to be written. One for the life of a run, so that none is made for each batch.
#[derive(Debug, Default)]
struct Load {
    rows: Vec<Row>,
    stretches: Vec<Stretch>,
}

/// Rows one behind the other that are for one session: where they begin and end.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    session: SessionId,
    begins: usize,
    ends: usize,
}

/// Who is connected.
#[derive(Debug, Default)]
struct Table {
    sessions: DenseMap<SessionId, Arc<Outbox>>,
    owners: DenseMap<(Network, PersonId), SessionId>,
    phones: [u32; Network::COUNT],
}

impl Run {
    /// The same with an ear, which somebody will listen with.
    pub fn with_ear(board: Arc<Board>, inputs: mpsc::Sender<ToEngine>, past: Past, ear: Ear) -> Run {
        Run { ear: Some(ear), ..Run::new(board, inputs, past) }
    }

    /// A run that nobody is connected to yet.
    pub fn new(board: Arc<Board>, inputs: mpsc::Sender<ToEngine>, past: Past) -> Run {
        let run = Run {
            scribe: Scribe::new(Arc::clone(&board)),
            board,
            inputs,
            traffic: Arc::default(),
            catch_ups: Semaphore::new(CATCH_UPS_MAX),
            ear: None,
            logs: std::array::from_fn(|_| Mutex::default()),
            gates: std::array::from_fn(|_| Gate::open()),
            table: Mutex::default(),
            next_session: AtomicU32::new(past.last_session + 1),
            over: watch::Sender::new(None),
        };
        // Nobody is connected yet, so there is nobody to write to; and a run that goes on has no end in its past.
        for order in past.orders {
            let _ = run.carry_out(order);
        }
        run
    }

    /// The same run, counting there.
    pub fn counting(mut self, traffic: Arc<Traffic>) -> Run {
        self.traffic = traffic;
        self
    }

    /// Sessions by network, frames that wait in all of them, and the most that wait in one.
    pub fn queues(&self) -> ([u64; Network::COUNT], u64, u64) {
        let (mut sessions, mut queued, mut deepest) = ([0; Network::COUNT], 0, 0);
        for outbox in self.table().sessions.values() {
            let waiting = outbox.waiting();
            sessions[outbox.network.index()] += 1;
            queued += waiting;
            deepest = deepest.max(waiting);
        }
        (sessions, queued, deepest)
    }

    /// The log of a network, locked.
    pub fn log(&self, network: Network) -> MutexGuard<'_, Log> {
        // A poisoned lock still holds whole rows: an append happens entirely or not at all.
        self.logs[network.index()].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The gate of a network.
    pub fn gate(&self, network: Network) -> &Gate {
        &self.gates[network.index()]
    }

    /// Phones that are logged in, by network.
    pub fn phones(&self) -> [u32; Network::COUNT] {
        self.table().phones
    }

    /// A new session that is about to say hello.
    pub fn join(
        &self,
        network: Network,
        line: Line,
        hearing: Hearing,
        phones: usize,
        since: Option<u64>,
    ) -> Arc<Outbox> {
        let session = SessionId(self.next_session.fetch_add(1, Ordering::Relaxed));
        self.traffic.shook_hands();
        let numbers = self.board.people.numbers();
        let outbox = Arc::new(Outbox::new(session, network, line, hearing, phones, since, numbers));
        self.table().sessions.insert(session, Arc::clone(&outbox));
        // Either the end of the run finds the session in the table, or the session finds the end of the run here.
        if let Some(end) = *self.over.borrow() {
            outbox.end(end);
        }
        outbox
    }

    /// Waits for the end of the run: for whoever has no session yet.
    pub async fn over(&self) -> End {
        let mut over = self.over.subscribe();
        // The sender is this run's own, so that it cannot go before the waiting ends.
        over.wait_for(Option::is_some).await.ok().and_then(|end| *end).unwrap_or(End::RunEnded)
    }

    /// The session is over; nothing is queued for it any more.
    pub fn leave(&self, outbox: &Outbox) {
        let mut table = self.table();
        table.sessions.remove(&outbox.session);
        for person in outbox.people() {
            table.disown(outbox, person);
        }
    }

    /// Carries out orders until the run is over, then ends every session.
    pub async fn obey(self: Arc<Run>, orders: mpsc::Receiver<Vec<ToGateway>>, shutdown: Shutdown) {
        let end = tokio::select! {
            biased;
            end = self.carry_out_until_the_end(orders, shutdown) => end,
            never = self.report_refused_now_and_then() => match never {},
        };
        self.finish(end);
    }

    /// Tells the engine now and then how many were turned away.
    pub async fn report_refused_now_and_then(&self) -> Infallible {
        let mut refused = tokio::time::interval_at(Instant::now() + REFUSED_EVERY, REFUSED_EVERY);
        refused.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            refused.tick().await;
            self.report_refused();
        }
    }

    /// Carries out orders likewise on this thread, which also hears the sessions meanwhile. It needs no runtime.
    pub fn obey_and_listen(&self, list: List, orders: mpsc::Receiver<Vec<ToGateway>>, shutdown: Shutdown) {
        let Some(ear) = &self.ear else { return };
        let (mut found, mut inputs) = (Vec::with_capacity(SESSIONS_AT_ONCE), Vec::new());
        let end = ear.listen(list, self.carry_out_until_the_end(orders, shutdown), |calls| {
            let now = Instant::now();
            for calls in calls.chunks(SESSIONS_AT_ONCE) {
                {
                    let table = self.table();
                    look_up(&table, calls.iter().map(|call| call.session), &mut found);
                }
                listen_all(self, ear, calls, &found, now, &mut inputs);
                found.clear();
            }
        });
        self.finish(end);
    }

    /// Nothing is obeyed any more: every session is ended.
    pub fn finish(&self, end: End) {
        self.over.send_replace(Some(end));
        self.gates.iter().for_each(|gate| gate.set(None));
        self.table().sessions.values().for_each(|outbox| outbox.end(end));
    }

    async fn carry_out_until_the_end(&self, mut orders: mpsc::Receiver<Vec<ToGateway>>, mut shutdown: Shutdown) -> End {
        let mut taken = Vec::with_capacity(BATCHES_AT_ONCE);
        let mut load = Load::default();
        loop {
            let count = tokio::select! {
                biased;
                () = shutdown.asked() => return End::Shutdown,
                count = orders.recv_many(&mut taken, BATCHES_AT_ONCE) => count,
            };
            // Without an engine there is no run: as good as ended.
            if count == 0 {
                return End::RunEnded;
            }
            if let Some(end) = self.carry_out_all(&mut taken, &mut load).await {
                return end;
            }
        }
    }

    /// Carries out what the engine ordered meanwhile: messages for one session become one write.
    async fn carry_out_all(&self, taken: &mut Vec<Vec<ToGateway>>, load: &mut Load) -> Option<End> {
        let mut orders = taken.drain(..).flatten().peekable();
        loop {
            self.keep_all(&mut orders, load);
            self.deliver(load).await;
            let order = orders.next()?;
            if let Some(end) = self.carry_out(order) {
                return Some(end);
            }
        }
    }

    /// Puts the messages at the front of the orders on record.
    fn keep_all(&self, orders: &mut Peekable<impl Iterator<Item = ToGateway>>, load: &mut Load) {
        let mut logs: [Option<MutexGuard<'_, Log>>; Network::COUNT] = Default::default();
        while let Some(&ToGateway::Transmit { session, network, seq, attempt, person, kind, medium, at }) =
            orders.peek()
        {
            orders.next();
            let row = Row { seq, at, attempt, person, kind, medium };
            keep(logs[network.index()].get_or_insert_with(|| self.log(network)), network, row);
            load.push(session, row);
        }
    }

    /// Carries out one order but for the writing of a message, which is only put on record; answers the run's end.
    fn carry_out(&self, order: ToGateway) -> Option<End> {
        match order {
            ToGateway::Transmit { network, seq, attempt, person, kind, medium, at, .. } => {
                keep(&mut self.log(network), network, Row { seq, at, attempt, person, kind, medium });
            }
            ToGateway::Admit { session, people, refused } => {
                let refused: Vec<PersonId> = refused.into_iter().map(|(person, _)| person).collect();
                self.admit(session, people, &refused);
            }
            ToGateway::Sever { session, people, fault: _ } => self.sever(session, &people),
            ToGateway::Gate { network, shut } => self.gate(network).set(shut.map(|(how, _)| how)),
            ToGateway::RunEnded => return Some(End::RunEnded),
            ToGateway::Shutdown => return Some(End::Shutdown),
        }
        None
    }

    /// Writes messages that the log has already, session by session; what a session gets stays in its order.
    async fn deliver(&self, load: &mut Load) {
        let Load { rows, stretches } = load;
        self.traffic.transmitted(rows.len() as u64);
        stretches.sort_by_key(|stretch| stretch.session);
        let mut chunks = stretches.chunk_by(|one, next| one.session == next.session);
        let (mut found, mut turned) = (Vec::with_capacity(SESSIONS_AT_ONCE), Vec::with_capacity(SESSIONS_AT_ONCE));
        for turn in 1.. {
            turned.extend(chunks.by_ref().take(SESSIONS_AT_ONCE));
            if turned.is_empty() {
                break;
            }
            look_up(&self.table(), turned.iter().map(|own: &&[Stretch]| own[0].session), &mut found);
            for (outbox, own) in found.drain(..).zip(turned.drain(..)) {
                if let Some(outbox) = outbox {
                    let own = own.iter().flat_map(|stretch| &rows[stretch.begins..stretch.ends]);
                    outbox.send(own, &self.scribe);
                }
            }
            if turn % TURNS_AT_ONCE == 0 {
                tokio::task::yield_now().await;
            }
        }
        drop(found);
        rows.clear();
        stretches.clear();
    }

    fn admit(&self, session: SessionId, people: Vec<PersonId>, refused: &[PersonId]) {
        let mut table = self.table();
        // A session that left while the engine thought has its Bye on the way.
        let Some(outbox) = table.sessions.get(&session).cloned() else { return };
        let mut robbed: HashMap<SessionId, Vec<PersonId>> = HashMap::new();
        for person in &people {
            match table.owners.insert((outbox.network, *person), session) {
                Some(older) if older != session => robbed.entry(older).or_default().push(*person),
                Some(_) => {}
                None => table.phones[outbox.network.index()] += 1,
            }
        }
        for (older, lost) in robbed {
            if let Some(older) = table.sessions.get(&older) {
                older.take_off(&lost, ErrorCode::TakenOver, End::TakenOver);
            }
        }
        drop(table);
        let last = self.log(outbox.network).last();
        outbox.admit(people, refused, last);
    }

    fn sever(&self, session: SessionId, people: &[PersonId]) {
        let mut table = self.table();
        let Some(outbox) = table.sessions.get(&session).cloned() else { return };
        people.iter().for_each(|person| table.disown(&outbox, *person));
        drop(table);
        outbox.take_off(people, ErrorCode::SessionLost, End::Severed);
    }

    /// Tells the engine how many were turned away; what does not fit now is told a second later.
    fn report_refused(&self) {
        for network in Network::ALL {
            let gate = self.gate(network);
            let count = gate.take_refused();
            if count > 0 && self.inputs.try_send(ToEngine(Input::HandshakesRefused { network, count })).is_err() {
                gate.put_back(count);
            }
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        // As with the logs: no change of the table is left half done by a panic elsewhere.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Load {
    fn push(&mut self, session: SessionId, row: Row) {
        let begins = self.rows.len();
        self.rows.push(row);
        match self.stretches.last_mut() {
            Some(last) if last.session == session => last.ends = begins + 1,
            _ => self.stretches.push(Stretch { session, begins, ends: begins + 1 }),
        }
    }
}

/// Finds outboxes, in the order of the sessions; `None` for one that has left.
///
/// Each is looked at before any is taken hold of: looks can wait for memory all at once, holds only one after the other.
fn look_up(table: &Table, sessions: impl Iterator<Item = SessionId>, found: &mut Vec<Option<Arc<Outbox>>>) {
    let mut seen = [None; SESSIONS_AT_ONCE];
    let mut count = 0;
    for (spot, session) in seen.iter_mut().zip(sessions) {
        *spot = table.sessions.get(&session).filter(|outbox| outbox.session == session);
        count += 1;
    }
    found.extend(seen[..count].iter().map(|outbox| outbox.cloned()));
}

fn keep(log: &mut Log, network: Network, row: Row) {
    if !log.append(row) && row.seq.is_multiple_of(1_000_000) {
        tracing::warn!(network = network.name(), seq = row.seq, "mailbox full: nobody can catch up on new messages");
    }
}

impl Table {
    /// The phone is no longer this session's, if it was.
    fn disown(&mut self, outbox: &Outbox, person: PersonId) {
        let key = (outbox.network, person);
        if self.owners.get(&key) == Some(&outbox.session) {
            self.owners.remove(&key);
            self.phones[outbox.network.index()] -= 1;
        }
    }
}
