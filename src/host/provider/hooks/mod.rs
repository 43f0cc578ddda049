//! Webhooks: what the books come to know is told to the application, at its own address, until it says that it heard.
//!
//! One task follows the run that goes on. A contract says what a report looks like, when it is due, what counts as
//! heard, and how often it is tried ([`Reports`]). [`queue`] keeps what waits; a cursor over the books' news says what was
//! looked at; at most [`IN_FLIGHT_MAX`] requests are on their way, so a sink that never answers costs little memory.
//!
//! Never lost: every try that came out is an input of the run, on disk before anything else happens. So a run that was
//! rebuilt after a crash knows what was taken and what was given up, tells everything else again (at least once), and
//! goes on with the schedule of what was being tried. What was given up is an event of the run, and no report tells it.
//!
//! Intervals are simulated time: at x60 five minutes take five seconds, and while a run stands still nothing is tried. In
//! lock-step a retry is an alarm of the leases: time jumps to that instant, and stands until the answer is there; and
//! webhooks go out one at a time, when the engine and the applications have done what they had to at this instant, so that
//! what is told by which call does not depend on the machine. A run that is over tells what it knows, tries what
//! waits once more, and lets go.
//!
//! Addresses are loopback only.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue};
use bytes::Bytes;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use crate::host::control::books::{Books, Place, Try};
use crate::host::control::lease::{Attending, Leases};
use crate::host::control::run::{Run, State};
use crate::host::provider::{Providers, ears};
use crate::sim::engine::call::{HookHow, HookWord, Tale};
use crate::sim::model::event::Claim;
use crate::sim::model::ids::AttemptId;
use crate::sim::time::{SimTime, Span};

pub mod post;
pub mod queue;

use post::{Sink, SinkError};
use queue::{Parcel, Queue};

/// Requests on their way at one time.
pub const IN_FLIGHT_MAX: usize = 64;
/// News looked at in one go.
const LOT_MAX: usize = 2_000;
/// How often an instant is looked at again while a run stands still or its pace may change.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// One request to the application's address.
#[derive(Clone, Debug)]
pub struct Hook {
    /// Its body.
    pub body: Bytes,
    /// Its headers, `content-type` included.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What the application has heard once it took this.
    pub tells: Vec<Tale>,
    /// The call, or the first of the calls, on which it reports as a whole.
    pub whole: Option<u32>,
}

/// How a contract tells.
pub trait Reports: Send + Sync {
    /// The word of the calls that are this contract's.
    fn contract(&self) -> &'static str;

    /// The requests that these news are worth, as the books stand now; news of which nothing is to be told yet, or any
    /// more, give none.
    fn hooks(&self, providers: &Providers, run: &Run, news: &[Place]) -> Vec<Hook>;

    /// Whether the application has taken it.
    fn taken(&self, hook: &Hook, status: u16, body: &[u8]) -> bool;

    /// How long to wait before each further try; as many tries as rows, and the first.
    fn waits(&self) -> &'static [Duration];

    /// How long the application has for its answer.
    fn patience(&self) -> Duration;
}

/// Tells about every run of the process, one after the other, until the process ends.
pub async fn follow(providers: Arc<Providers>, contracts: Vec<Arc<dyn Reports>>) {
    let (mut shutdown, mut begun) = (providers.shutdown.clone(), providers.runs.begun());
    loop {
        let run = providers.run().filter(|run| run.paced);
        let told = async {
            match run {
                Some(run) => tell_all(&providers, run, &contracts).await,
                None => drop(begun.changed().await),
            }
        };
        tokio::select! {
            () = shutdown.asked() => return,
            () = told => {}
        }
    }
}

/// Tells what becomes known in one run, until it has ended and everything was told or given up.
async fn tell_all(providers: &Arc<Providers>, run: Arc<Run>, contracts: &[Arc<dyn Reports>]) {
    let sink = providers.receipts_to(&run).and_then(|address| Sink::at(address).ok());
    let (leases, news) = (run.leases.clone(), run.news());
    let mut teller = Teller {
        providers,
        run: run.clone(),
        contracts,
        sink,
        news,
        seen: 0,
        queue: Queue::default(),
        out: BTreeSet::new(),
        over: VecDeque::new(),
        going: JoinSet::new(),
    };
    match leases {
        Some(leases) => teller.in_step(&leases, &leases.attend()).await,
        None => teller.by_the_clock().await,
    }
    teller.finish().await;
    run.webhooks.waiting.store(0, Ordering::Relaxed);
}

/// What the telling of one run needs.
struct Teller<'a> {
    providers: &'a Providers,
    run: Arc<Run>,
    contracts: &'a [Arc<dyn Reports>],
    sink: Option<Sink>,
    news: watch::Receiver<u64>,
    /// News that were looked at.
    seen: usize,
    queue: Queue,
    /// What the webhooks tell that wait or are under way. Two words of a message that are looked at late, or again after a
    /// crash, are both its last one: that is told once.
    out: BTreeSet<(AttemptId, Claim)>,
    /// Those of them that came out, until the books know it too.
    over: VecDeque<(AttemptId, Claim)>,
    going: JoinSet<Tried>,
}

/// A try that came out.
struct Tried(Parcel, Result<(), SinkError>);

impl Teller<'_> {
    /// As the clock of the run goes, many at a time.
    async fn by_the_clock(&mut self) {
        while self.run.outcome().is_none() {
            while let Some(tried) = self.going.try_join_next() {
                self.came_out(tried.ok()).await;
            }
            self.news.mark_unchanged();
            let looked = self.queue.has_room() && self.look() > 0;
            self.start_due(self.run.status().at);
            self.show();
            if looked {
                continue;
            }
            let room = self.queue.has_room();
            let next = self.queue.first().filter(|_| self.going.len() < IN_FLIGHT_MAX);
            tokio::select! {
                Some(tried) = self.going.join_next() => self.came_out(tried.ok()).await,
                _ = self.news.changed(), if room => {}
                () = comes(&self.run, next) => {}
                _ = self.run.ended() => {}
            }
        }
    }

    /// One at a time, at instants that the run's leases know of.
    async fn in_step(&mut self, leases: &Arc<Leases>, attending: &Attending) {
        while self.run.outcome().is_none() {
            let run = self.run.clone();
            let now = tokio::select! {
                now = leases.turn() => now,
                _ = run.ended() => return,
            };
            // Taken before the news is called looked at, so that time stands until the last of it is told.
            let held = leases.in_flight("webhook");
            while self.queue.has_room() && self.look() > 0 {}
            attending.looked();
            while let Some(parcel) = self.queue.due(now) {
                let tried = self.attempt(parcel).await;
                self.came_out(tried).await;
            }
            self.show();
            drop(held);
        }
    }

    /// A run that is over: what is known is told, what waits is tried once more.
    async fn finish(&mut self) {
        while let Some(tried) = self.going.join_next().await {
            self.came_out(tried.ok()).await;
        }
        loop {
            let looked = self.queue.has_room() && self.look() > 0;
            let Some(parcel) = self.queue.due(SimTime::NEVER) else { if looked { continue } else { return } };
            // Nobody is left who could be told that it was not taken.
            if let Some(Tried(parcel, Err(why))) = self.attempt(parcel).await {
                self.given_up(&parcel, &why);
            }
        }
    }

    /// Looks at some of the news; answers at how many.
    fn look(&mut self) -> usize {
        let (seen, now) = (self.seen, self.run.status().at);
        let lots = self.run.books(|books| {
            while let Some(word) = self.over.pop_front_if(|(attempt, claim)| !is_untold(books, *attempt, *claim)) {
                self.out.remove(&word);
            }
            Lots::of(books, seen, &self.out)
        });
        self.seen += lots.looked_at;
        if self.sink.is_none() {
            return lots.looked_at;
        }
        for (place, contract) in self.contracts.iter().enumerate() {
            let mine = lots.rows.iter().filter(|row| row.2 == contract.contract());
            let mut mine: Vec<_> = mine.map(|row| (row.1, row.0)).collect();
            // What was tried together before a crash is tried together again.
            mine.sort_by_key(|row| row.0);
            for lot in mine.chunk_by(|one, other| one.0 == other.0) {
                let news: Vec<Place> = lot.iter().map(|row| row.1).collect();
                for hook in contract.hooks(self.providers, &self.run, &news) {
                    self.put(place, hook, now);
                }
            }
        }
        lots.looked_at
    }

    /// A webhook is due now, or when its schedule from before a crash says.
    fn put(&mut self, contract: usize, hook: Hook, now: SimTime) {
        let before = self.run.books(|books| newest_try(books, &hook));
        let (tries, due) = match before {
            Some(Try { at, tries, .. }) => {
                (tries, at + wait_after(&*self.contracts[contract], tries).unwrap_or(Span::ZERO))
            }
            None => (0, now),
        };
        self.out.extend(hook.tells.iter().map(|(attempt, claim, _)| (*attempt, *claim)));
        self.schedule(due.max(now), Parcel { contract, hook: Arc::new(hook), tries, alarm: None }, now);
    }

    fn schedule(&mut self, due: SimTime, parcel: Parcel, now: SimTime) {
        let leases = self.run.leases.as_ref().filter(|_| due > now);
        let alarm = leases.map(|leases| leases.alarm(due));
        self.queue.put(due, Parcel { alarm, ..parcel });
    }

    /// Sets those going that are due, as many as there are places.
    fn start_due(&mut self, now: SimTime) {
        while self.going.len() < IN_FLIGHT_MAX {
            let Some(parcel) = self.queue.due(now) else { return };
            let Some(sink) = self.sink.clone() else { return };
            let contract = self.contracts[parcel.contract].clone();
            self.going.spawn(async move { attempt(&sink, &*contract, parcel).await });
        }
    }

    async fn attempt(&self, parcel: Parcel) -> Option<Tried> {
        let sink = self.sink.as_ref()?;
        Some(attempt(sink, &*self.contracts[parcel.contract], parcel).await)
    }

    /// A try came out: the run hears of it, and the webhook waits for the next one, if there is one.
    async fn came_out(&mut self, tried: Option<Tried>) {
        // A task that broke was a bug; its news is told again after a restart.
        let Some(Tried(mut parcel, result)) = tried else { return };
        parcel.tries = parcel.tries.saturating_add(1);
        let next = wait_after(&*self.contracts[parcel.contract], parcel.tries);
        let how = match (&result, next) {
            (Ok(()), _) => HookHow::Taken,
            (Err(_), Some(_)) => HookHow::Failed,
            (Err(_), None) => HookHow::GivenUp,
        };
        let Hook { tells, whole, .. } = &*parcel.hook;
        if how != HookHow::Failed {
            self.over.extend(tells.iter().map(|(attempt, claim, _)| (*attempt, *claim)));
        }
        let word = HookWord { tells: tells.clone(), whole: *whole, tries: parcel.tries, how };
        // A run that is over has nobody who would have to know.
        let _ = self.run.hook(word).await;
        let webhooks = &self.run.webhooks;
        match (result, next) {
            (Ok(()), _) => drop(webhooks.taken.fetch_add(1, Ordering::Relaxed)),
            (Err(_), Some(wait)) => {
                webhooks.failed.fetch_add(1, Ordering::Relaxed);
                let now = self.run.status().at;
                self.schedule(now + wait, parcel, now);
            }
            (Err(why), None) => self.given_up(&parcel, &why),
        }
    }

    fn given_up(&self, parcel: &Parcel, why: &SinkError) {
        self.run.webhooks.given_up.fetch_add(1, Ordering::Relaxed);
        let contract = self.contracts[parcel.contract].contract();
        tracing::warn!(run = %self.run.id, contract, tries = parcel.tries, %why, "a webhook is given up");
    }

    fn show(&self) {
        self.run.webhooks.waiting.store(self.queue.waiting() as u64, Ordering::Relaxed);
        self.run.webhooks.under_way.store(self.going.len() as u64, Ordering::Relaxed);
    }
}

/// Whether the books know of no webhook that told this, or was given up.
fn is_untold(books: &Books, attempt: AttemptId, claim: Claim) -> bool {
    books.place(attempt).and_then(|place| books.step(place)).is_some_and(|step| step.is_untold(claim))
}

/// News of the books, each with the try before it, if it comes again, and its contract.
struct Lots {
    looked_at: usize,
    rows: Vec<Lot>,
}

/// One of the news: where it stands, the try before it, and its contract.
type Lot = (Place, Option<(SimTime, u8)>, String);

impl Lots {
    /// Some of the news after the first `seen`, but for what is `out` already. After a crash all news come again; what
    /// was told then is in the books.
    fn of(books: &Books, seen: usize, out: &BTreeSet<(AttemptId, Claim)>) -> Lots {
        let lot = books.news(seen, LOT_MAX);
        let is_out = |place: Place| {
            let step = books.step(place);
            step.and_then(|step| Some((step.attempt, ears::said(step.told?)))).is_some_and(|word| out.contains(&word))
        };
        let before =
            |place: Place| books.step(place)?.hook.filter(|hook| !hook.is_over()).map(|hook| (hook.at, hook.tries));
        let news = lot.iter().filter(|place| !is_out(**place));
        let rows = news.filter_map(|place| Some((*place, before(*place), books.call(place.call)?.contract.clone())));
        Lots { looked_at: lot.len(), rows: rows.collect() }
    }
}

/// The newest try of a webhook that an earlier process made, if it comes again.
fn newest_try(books: &Books, hook: &Hook) -> Option<Try> {
    let newest = match (hook.whole, hook.tells.first()) {
        (Some(call), _) => books.call(call)?.whole,
        (None, Some((attempt, claim, _))) => {
            let hook = books.step(books.place(*attempt)?)?.hook;
            hook.filter(|hook| hook.claim == Some(*claim))
        }
        (None, None) => None,
    };
    newest.filter(|newest| !newest.is_over())
}

/// How long to wait after so many tries; `None` if that was the last.
fn wait_after(contract: &dyn Reports, tries: u8) -> Option<Span> {
    let wait = contract.waits().get(usize::from(tries).checked_sub(1)?)?;
    Some(Span::from_micros(u64::try_from(wait.as_micros()).unwrap_or(u64::MAX)))
}

/// Waits until that simulated instant; for ever, if there is none.
async fn comes(run: &Run, due: Option<SimTime>) {
    let Some(due) = due else { return std::future::pending().await };
    loop {
        let status = run.status();
        if status.at >= due {
            return;
        }
        let left = Duration::from_micros(due.since(status.at).micros()) / status.speed.unwrap_or(1).max(1);
        let wait = if status.state == State::Running { left.min(LOOK_EVERY) } else { LOOK_EVERY };
        // Not before the instant: a microsecond more, where the division rounded.
        sleep_until(Instant::now() + wait + Duration::from_micros(1)).await;
    }
}

/// Sends one request.
async fn attempt(sink: &Sink, contract: &dyn Reports, parcel: Parcel) -> Tried {
    let answer = timeout(contract.patience(), sink.post(&parcel.hook)).await;
    let result = match answer {
        Ok(Ok((status, body))) if contract.taken(&parcel.hook, status, &body) => Ok(()),
        Ok(Ok((status, _))) => Err(SinkError(format!("answered {status}"))),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(SinkError("no answer in time".to_owned())),
    };
    Tried(parcel, result)
}
