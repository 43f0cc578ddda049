//! A run, for those who watch it: where it stands, for everybody who asks. The drive writes it; readers never wait.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::host::control::books::Books;
use crate::host::control::faults::{FaultRow, Stands};
use crate::host::control::gauges::Webhooks;
use crate::host::control::keep::Keyed;
use crate::host::control::lease::Leases;
use crate::host::control::ledger::Ledger;
use crate::host::control::log::{Log, Page};
use crate::host::control::pace::Pace;
use crate::host::control::refusals::Gathered;
use crate::host::control::runs::Told;
use crate::host::control::tally::{Counts, Tally};
use crate::host::control::{Made, ORDERS_MAX, Order, Ordered, RecordError, Recorder, Refusal, Submission, WatchCopy};
use crate::host::link::{ToEngine, Words};
use crate::sim::engine::Phones;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::expect::Promise;
use crate::sim::fault::Fault;
use crate::sim::model::event::{End, Event, EventKind};
use crate::sim::model::ids::{FaultId, KindId, PersonId};
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;
use crate::sim::time::SimTime;

/// The number of a run of this process, from 1. Written `r1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(pub u32);

/// One run, for those who watch it.
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// What happens in it.
    pub plan: Arc<Plan>,
    /// Who there is.
    pub people: Arc<Population>,
    /// What is expected of it.
    pub promise: Promise,
    /// The scenario as resolved.
    pub resolved: String,
    /// Who plays the phones that no session has claimed.
    pub phones: Phones,
    /// Whether it follows the real clock.
    pub paced: bool,
    /// Who holds its time; `None` unless it runs in lock-step.
    pub leases: Option<Arc<Leases>>,
    /// When it began: seconds since 1970 by the real clock.
    pub begun_s: i64,
    orders: mpsc::Sender<Ordered>,
    now: Mutex<Now>,
    changed: watch::Sender<u64>,
    /// Words that applications outside handed in, for phones.
    pub words: Arc<Words>,
    /// Calls of applications outside, and what became of them.
    books: Mutex<Books>,
    /// Wakes when a provider was told something.
    news: watch::Sender<u64>,
    /// Refused requests of nobody, that wait to be told to it.
    gathered: Mutex<Gathered>,
    /// How its webhooks fare.
    pub webhooks: Webhooks,
    /// Where applications outside are heard.
    pub(in crate::host::control) applications: OnceLock<mpsc::WeakSender<ToEngine>>,
}

/// Where a run stands.
#[derive(Clone, Debug)]
pub struct Status {
    /// Simulated time.
    pub at: SimTime,
    /// What it is doing.
    pub state: State,
    /// Simulated seconds a real second; `None` for virtual time.
    pub speed: Option<u32>,
    /// Running counts.
    pub counts: Counts,
    /// Messages, receipts and calls that wait for faults to end; known of a live run.
    pub waiting: u64,
}

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Going on.
    Running,
    /// Standing still.
    Paused,
    /// Standing still until the disk has room again.
    Held,
    /// Over.
    Ended,
}

/// How a run came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Why it ended; `None` when it could not be gone on with.
    pub end: Option<End>,
    /// When, in simulated time.
    pub at: SimTime,
    /// The judgement in one word: `PASS`, `FAIL`, `INCONCLUSIVE`, `STOPPED`.
    pub verdict: &'static str,
    /// The exit code that goes with it.
    pub exit: u8,
    /// The whole of it, as `verdict.json`.
    pub document: String,
    /// What a list shows of it; nothing, where the document does not say.
    pub told: Option<Told>,
    /// The whole of it for eyes, as `report.html`, of a run that has no folder with one.
    pub report: Option<String>,
    /// Why the run could not be written down, if it could not: a lowercase fragment.
    pub unrecorded: Option<String>,
    /// When it was over: seconds since 1970 by the real clock.
    pub ended_s: i64,
}

struct Now {
    at: SimTime,
    pace: Option<Pace>,
    held: bool,
    waiting: u64,
    tally: Tally,
    log: Log,
    ledger: Ledger,
    faults: Vec<FaultRow>,
    end: Option<End>,
    outcome: Option<Arc<Outcome>>,
}

/// Writes a run down for those who watch, as one of its recorders.
pub struct RunWriter {
    run: Arc<Run>,
    posted: Option<(SimTime, Box<Fault>)>,
}

impl RunId {
    /// Reads `r1`; `None` for anything else.
    pub fn parse(text: &str) -> Option<RunId> {
        let digits = text.strip_prefix('r')?;
        let plain = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        if plain { digits.parse().ok().map(RunId) } else { None }
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

impl State {
    /// The word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Paused => "paused",
            State::Held => "held",
            State::Ended => "ended",
        }
    }
}

/// What a run begins with.
pub struct Opening {
    /// Its number.
    pub id: RunId,
    /// What happens in it.
    pub plan: Arc<Plan>,
    /// Who there is.
    pub people: Arc<Population>,
    /// What is expected of it.
    pub promise: Promise,
    /// The scenario as resolved.
    pub resolved: String,
    /// Who plays the phones that no session has claimed.
    pub phones: Phones,
    /// Its pace; `None` for virtual time.
    pub pace: Option<Pace>,
    /// When it began: seconds since 1970 by the real clock.
    pub begun_s: i64,
}

impl Run {
    /// A run that has not begun, and where its drive receives orders.
    pub fn open(opening: Opening) -> (Arc<Run>, mpsc::Receiver<Ordered>) {
        let (orders, receiver) = mpsc::channel(ORDERS_MAX);
        let Opening { id, plan, people, promise, resolved, phones, pace, begun_s } = opening;
        let faults = plan.faults.iter().map(|fault| FaultRow::of(fault, None)).collect();
        let now = Now {
            at: SimTime::ZERO,
            pace,
            held: false,
            waiting: 0,
            tally: Tally::of(&plan, &people, phones),
            log: Log::default(),
            ledger: Ledger::default(),
            faults,
            end: None,
            outcome: None,
        };
        let (changed, _) = watch::channel(0);
        let paced = pace.is_some();
        let (news, _) = watch::channel(0);
        let (now, books, words, applications) = (Mutex::new(now), Mutex::default(), Arc::default(), OnceLock::new());
        let leases = pace.filter(Pace::lockstep).map(|_| Arc::default());
        let run = Run {
            id,
            plan,
            people,
            promise,
            resolved,
            phones,
            paced,
            begun_s,
            leases,
            orders,
            now,
            changed,
            words,
            books,
            news,
            gathered: Mutex::default(),
            webhooks: Webhooks::default(),
            applications,
        };
        (Arc::new(run), receiver)
    }

    /// Asks something of the run and waits for the answer.
    pub async fn ask(&self, order: Order) -> Result<(), Refusal> {
        let (reply, answer) = oneshot::channel();
        self.orders.try_send(Ordered { order, reply }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refusal::Busy,
            mpsc::error::TrySendError::Closed(_) => Refusal::Ended,
        })?;
        answer.await.unwrap_or(Err(Refusal::Ended))
    }

    /// A copy of the run's watch, for a follower that has missed events; `None` of a run that is over, or in virtual time.
    /// Blocks its thread until the drive has time for it.
    pub fn watch_copy(&self) -> Option<WatchCopy> {
        let (copy, told) = oneshot::channel();
        let (reply, _answer) = oneshot::channel();
        self.orders.try_send(Ordered { order: Order::Watch(copy), reply }).ok()?;
        told.blocking_recv().ok()
    }

    /// Submits notices, all at one instant. The answer is on record: it outlives a crash as the run does.
    pub async fn submit(&self, items: Vec<(KindId, PersonId)>, key: Option<Keyed>) -> Result<Vec<Made>, Refusal> {
        let (made, answer) = oneshot::channel();
        self.ask(Order::Submit(Submission { items, key, made })).await?;
        let made = answer.await.map_err(|_| Refusal::Ended)?;
        made.into_iter().collect::<Option<_>>().ok_or(Refusal::Ended)
    }

    /// Where the run stands.
    pub fn status(&self) -> Status {
        let now = self.lock();
        let paused = now.pace.is_some_and(|pace| pace.paused());
        let state = match (&now.outcome, paused) {
            (Some(_), _) => State::Ended,
            (None, _) if now.held => State::Held,
            (None, true) => State::Paused,
            (None, false) => State::Running,
        };
        let at = match (state, now.pace) {
            (State::Running, Some(pace)) => now.at.max(pace.now(Instant::now())),
            (State::Running | State::Paused | State::Held | State::Ended, _) => now.at,
        };
        // A clock that is fast goes beyond the end; the run does not.
        let at = at.min(self.plan.clock.stop);
        let speed = now.pace.map(|pace| pace.speed());
        let waiting = if state == State::Ended { 0 } else { now.waiting };
        Status { at, state, speed, counts: now.tally.counts().clone(), waiting }
    }

    /// Every fault of the run, by number.
    pub fn faults(&self) -> Vec<FaultRow> {
        self.lock().faults.clone()
    }

    /// The fault of that name.
    pub fn fault_named(&self, name: &str) -> Option<FaultId> {
        let place = self.lock().faults.iter().position(|fault| fault.name == name)?;
        u16::try_from(place).ok().map(FaultId)
    }

    /// The faults whose windows are open.
    pub fn faults_on(&self) -> Vec<FaultId> {
        let now = self.lock();
        let on = now.faults.iter().zip(0_u16..).filter(|(fault, _)| fault.stands == Stands::On);
        on.map(|(_, place)| FaultId(place)).collect()
    }

    /// How the run came out; `None` while it goes on.
    pub fn outcome(&self) -> Option<Arc<Outcome>> {
        self.lock().outcome.clone()
    }

    /// At most `limit` events after the one numbered `since`.
    pub fn events(&self, since: u64, limit: usize) -> Page {
        self.lock().log.after(since, limit)
    }

    /// The number of the last event.
    pub fn last_event(&self) -> u64 {
        self.lock().log.last()
    }

    /// The number of the last event before that instant.
    pub fn last_before(&self, at: SimTime) -> u64 {
        self.lock().log.before(at)
    }

    /// Reads the ledger under a short lock: look at a few thousand rows at most.
    pub fn ledger<T>(&self, read: impl FnOnce(&Ledger) -> T) -> T {
        read(&self.lock().ledger)
    }

    /// Lets go of events and ledger; counts and outcome stay.
    pub fn forget_events(&self) {
        let mut now = self.lock();
        now.log.forget();
        now.ledger.forget();
        drop(now);
        self.books(|books| *books = Books::default());
    }

    /// Whether its events were let go of.
    pub fn is_forgotten(&self) -> bool {
        self.lock().log.is_forgotten()
    }

    /// Wakes whenever there are new events, or the run has ended.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Reads or writes the provider's books under a short lock.
    pub fn books<T>(&self, look: impl FnOnce(&mut Books) -> T) -> T {
        look(&mut self.books.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Refused requests of nobody.
    pub(in crate::host::control) fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes whenever a provider was told something.
    pub fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// Waits until the run has ended.
    pub async fn ended(&self) -> Arc<Outcome> {
        let mut changes = self.changes();
        loop {
            if let Some(outcome) = self.outcome() {
                return outcome;
            }
            // The sender lives as long as this run, so this cannot fail.
            let _ = changes.changed().await;
        }
    }

    /// The drive changed the pace.
    pub fn set_pace(&self, pace: Pace) {
        self.lock().pace = Some(pace);
    }

    /// The drive waits for room on the disk, or no longer does.
    pub fn set_held(&self, held: bool) {
        self.lock().held = held;
    }

    /// The drive reached this instant, everybody was shown what happened by then, and so much waits for faults to end.
    pub fn set_time(&self, at: SimTime, waiting: u64) {
        {
            let mut now = self.lock();
            (now.at, now.waiting) = (at, waiting);
        }
        if let Some(leases) = &self.leases {
            leases.moved(at);
        }
    }

    /// Why the run ended, once it has.
    pub fn end(&self) -> Option<End> {
        self.lock().end
    }

    /// The drive is done. Everything about the run must have been written before.
    pub fn close(&self, outcome: Outcome) {
        let mut now = self.lock();
        now.at = outcome.at;
        now.outcome = Some(Arc::new(outcome));
        drop(now);
        self.changed.send_modify(|version| *version += 1);
        if let Some(leases) = &self.leases {
            leases.end();
        }
    }

    /// What the provider's books need of these effects.
    fn note(&self, effects: &[Effect]) {
        let outside =
            |effect: &&Effect| matches!(effect, Effect::Handed(_) | Effect::CallAnswered(_) | Effect::Word(_));
        let mut told = effects.iter().filter(outside).peekable();
        if told.peek().is_none() {
            return;
        }
        self.books(|books| {
            for effect in told {
                match effect {
                    Effect::Handed(handed) => {
                        self.words.add(handed.attempt, handed.said.clone());
                        books.note_handed(handed);
                    }
                    Effect::CallAnswered(answer) => {
                        // Before its caller can know of it.
                        if let Some(leases) = &self.leases {
                            leases.call_answered(answer.call);
                        }
                        books.note_answer(answer);
                    }
                    Effect::Word(word) => books.note_word(word),
                    Effect::Event(_)
                    | Effect::Transmit { .. }
                    | Effect::Admit { .. }
                    | Effect::Sever { .. }
                    | Effect::Gate { .. } => {}
                }
            }
        });
        if let Some(leases) = &self.leases {
            leases.news();
        }
        self.news.send_modify(|version| *version += 1);
    }

    fn take(&self, effects: &[Effect]) {
        let mut now = self.lock();
        let mut events = 0_usize;
        for effect in effects {
            if let Effect::Event(event) = effect {
                events += 1;
                now.at = now.at.max(event.at);
                now.tally.observe(event);
                now.ledger.observe(event);
                now.log.push(*event);
                now.note(event);
            }
        }
        drop(now);
        // Waking nobody costs more than all the rest. Whoever begins to listen looks at what there is first, so they miss
        // nothing: either they are counted here, or they find these events under the lock.
        if events > 0 && self.changed.receiver_count() > 0 {
            self.changed.send_modify(|version| *version += 1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        // Plain data: a reader that panicked cannot have left it half written.
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Now {
    fn note(&mut self, event: &Event) {
        match event.kind {
            EventKind::FaultBegan { fault } => {
                if let Some(row) = self.faults.get_mut(fault.index()) {
                    row.begins_at(event.at);
                }
            }
            EventKind::FaultEnded { fault, lifted } => {
                if let Some(row) = self.faults.get_mut(fault.index()) {
                    row.ends_at(event.at, lifted);
                }
            }
            EventKind::RunEnded { end } => self.end = Some(end),
            _ => {}
        }
    }
}

impl RunWriter {
    /// The writer of a run; it has only one.
    pub fn new(run: Arc<Run>) -> RunWriter {
        RunWriter { run, posted: None }
    }
}

impl Recorder for RunWriter {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        match input {
            Input::PostFault(fault) => self.posted = Some((at, fault.clone())),
            Input::Call(call) => self.run.books(|books| books.note_call(at, call)),
            Input::Denied(all) => self.run.books(|books| books.note_denied(all.len())),
            Input::Hook(word) => self.run.books(|books| books.note_hook(at, word)),
            Input::Note(note) => self.run.books(|books| books.note_note(note)),
            Input::Heard { attempt, claim, .. } => self.run.books(|books| books.note_heard(*attempt, *claim)),
            _ => {}
        }
        Ok(())
    }

    fn fault_named(&mut self, _name: &str) -> Result<(), RecordError> {
        let (at, fault) = self.posted.take().expect("a fault is named only after it was posted");
        self.run.lock().faults.push(FaultRow::of(&fault, Some(at)));
        Ok(())
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        self.run.note(effects);
        self.run.take(effects);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::RunId;

    #[test]
    fn a_run_id_reads_back_what_it_prints() {
        assert_eq!(RunId::parse("r17"), Some(RunId(17)));
        assert_eq!(RunId(17).to_string(), "r17");
        for wrong in ["", "r", "17", "r-1", "r017", "r99999999999", "R1", "r1 "] {
            assert_eq!(RunId::parse(wrong), None, "{wrong}");
        }
    }
}
