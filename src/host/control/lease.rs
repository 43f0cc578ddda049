//! Leases on time: outside applications that hold a lock-step run still until they have nothing left to do.
//!
//! In lock-step simulated time moves only when nobody has anything to do at this instant: every lease says that it is
//! idle, and nothing is in flight ([`Leases::in_flight`]). Then it jumps to the earliest of the engine's next wake-up and
//! the instants for which the idle applications have set their timers. Before the first lease time stands; after the
//! last one it runs on by itself, so that a run always comes to its verdict. A lease that says nothing for
//! [`SILENT_MAX`] of real time is dropped and remembered: an application that died cannot freeze a run.
//!
//! Whoever works on behalf of the application holds an [`InFlight`]: a request that is being answered, a webhook that
//! has not been delivered. It must be taken in the very call in which the work becomes known (in a recorder's `take`,
//! before a handler's first await); taken a moment later, time may have jumped already.
//!
//! A call of an application outside (`books`) is answered at a later instant, and its caller, who is busy, cannot be idle
//! before. So a call holds time until the engine has it and again from its answer on; in between it stands for one
//! busy lease, because one of them waits for it: time moves when no more leases are busy than calls are waiting.
//!
//! The drive moves time, and it alone ([`Leases::clear`], [`Leases::moved`]); nothing here decides what happens in it.
//! Whoever must do something at a later instant sets an [`Alarm`]: time goes no further than that, and stands there until
//! the alarm is dropped. What happens by itself at an instant (a group of messages whose date has come) has an alarm of the
//! first sort ([`Leases::alarm_first`]): applications that wait for that instant are woken when it is dropped. Webhooks wait for their turn ([`Leases::turn`]): the engine has done all that happens at this
//! instant, and the applications have done what they had to; so what is told in one call, and in which order, does not
//! depend on how fast a machine is.
//!
//! None of this is an input of the engine: what leases change is when inputs come, and inputs are stamped.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::sim::time::SimTime;

mod hold;
pub use hold::{Alarm, Attending, DriveWaits, InFlight};

/// Leases of a run at one time; one more is refused.
pub const LEASES_MAX: usize = 64;
/// Real time without a word after which a lease is dropped. An idle call that waits is a word.
pub const SILENT_MAX: Duration = Duration::from_secs(10);
/// Real time for which a webhook waits for applications that are busy, in case one of them waits for it.
pub const TURN_MAX: Duration = Duration::from_secs(1);
/// Leases that are over and still told; the oldest makes room.
pub const GONE_MAX: usize = 64;

/// The number of a lease of a run, from 1. Written `l1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeaseId(pub u32);

/// The leases of one lock-step run.
#[derive(Debug, Default)]
pub struct Leases {
    book: Mutex<Book>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Book {
    at: SimTime,
    last: u32,
    held: Vec<Lease>,
    gone: VecDeque<Gone>,
    in_flight: BTreeMap<&'static str, usize>,
    calls: BTreeMap<u32, CallStands>,
    /// Those who promised to look at news, and whether there are some that they have not looked at.
    attending: BTreeMap<u32, bool>,
    /// Instants at which somebody has something to do.
    alarms: BTreeMap<u64, Due>,
    last_alarm: u64,
    /// The drive has nothing more to do at this instant.
    drive_waits: bool,
    over: bool,
}

/// An instant at which somebody has something to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Due {
    at: SimTime,
    /// Whether before applications do.
    first: bool,
}

/// Where a call of an application outside stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CallStands {
    /// On its way to the engine.
    Comes,
    /// The engine has it, and answers at an instant of its own.
    Waits,
    /// It is answered; its caller is being told.
    Answered,
}

/// One lease, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Its number.
    pub id: LeaseId,
    /// What its application calls itself.
    pub name: String,
    /// What the application is doing.
    pub stands: Stands,
    /// When it was last heard of, by the real clock.
    pub heard: Instant,
    /// The idle call that waits: calls are counted, so that a newer one takes the place of an older.
    waiting: Option<u64>,
    calls: u64,
}

/// What an application is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// It works: time stands. Why it does: what woke it.
    Busy(Woken),
    /// It has nothing to do before that instant; `None`: before something happens to it.
    Idle(Option<SimTime>),
}

/// Why an idle call is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The instant that it waited for has come. The lease is busy.
    Due,
    /// The lease was said to be busy, by another call or because it was just taken.
    Busy,
    /// A newer idle call took its place.
    Replaced,
    /// Its real time is up. The lease is still idle: call again.
    Waiting,
    /// The run is over and judged.
    Ended,
}

/// A lease that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its number.
    pub id: LeaseId,
    /// What its application called itself.
    pub name: String,
    /// Whether it was dropped because nothing was heard of it; otherwise its application gave it back.
    pub dropped: bool,
    /// When, in simulated time.
    pub at: SimTime,
}

/// How the leases stand.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Simulated time.
    pub at: SimTime,
    /// Those that are held, by number.
    pub held: Vec<Lease>,
    /// The newest that are over, oldest first.
    pub gone: Vec<Gone>,
    /// What is in flight, and how often.
    pub in_flight: Vec<(&'static str, usize)>,
}

/// There are [`LEASES_MAX`] already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// No lease of that number is held: it was given back, it was dropped, or there never was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotHeld;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// There is no news that was not looked at, and no alarm has come.
    Nothing,
    /// The drive goes on stepping, or something happens by itself.
    Drive,
    /// Applications work, or are being answered.
    Applications,
    /// That of whoever waits for it.
    Yours,
}

/// An idle call that waits; dropped with it, however it ends.
struct Call<'a> {
    leases: &'a Leases,
    id: LeaseId,
    number: u64,
}

impl Leases {
    /// Takes a lease. It is busy until its application says otherwise.
    pub fn take(&self, name: String) -> Result<Lease, Full> {
        let mut book = self.book();
        if book.held.len() >= LEASES_MAX {
            return Err(Full);
        }
        book.last += 1;
        let (id, stands) = (LeaseId(book.last), Stands::Busy(Woken::Busy));
        let lease = Lease { id, name, stands, heard: Instant::now(), waiting: None, calls: 0 };
        book.held.push(lease.clone());
        drop(book);
        self.tell();
        Ok(lease)
    }

    /// The application works, or goes on working. An idle call of it that waits is answered.
    pub fn busy(&self, id: LeaseId) -> Result<Lease, NotHeld> {
        let mut book = self.book();
        let lease = book.find(id)?;
        lease.heard = Instant::now();
        let was_idle = matches!(lease.stands, Stands::Idle(_));
        if was_idle {
            lease.stands = Stands::Busy(Woken::Busy);
        }
        let lease = lease.clone();
        drop(book);
        if was_idle {
            self.tell();
        }
        Ok(lease)
    }

    /// The application has nothing to do before `until`. Answers when that has come, or something else happened, or
    /// `wait` of real time is up; an instant that is past is there at once.
    pub async fn idle(&self, id: LeaseId, until: Option<SimTime>, wait: Duration) -> Result<Woken, NotHeld> {
        let mut changes = self.changed.subscribe();
        let deadline = Instant::now() + wait;
        let call = self.begin(id, until)?;
        self.tell();
        loop {
            changes.borrow_and_update();
            if let Some(woken) = call.answer()? {
                return Ok(woken);
            }
            match timeout_at(deadline, changes.changed()).await {
                // The sender lives as long as the leases, so this is a change.
                Ok(_) => {}
                Err(_) => return Ok(call.answer()?.unwrap_or(Woken::Waiting)),
            }
        }
    }

    fn begin(&self, id: LeaseId, until: Option<SimTime>) -> Result<Call<'_>, NotHeld> {
        let mut book = self.book();
        let (at, held) = (book.at, book.is_held_back());
        let lease = book.find(id)?;
        let due = until.is_some_and(|until| until < at || (until == at && !held));
        lease.stands = if due { Stands::Busy(Woken::Due) } else { Stands::Idle(until) };
        lease.calls += 1;
        lease.waiting = Some(lease.calls);
        Ok(Call { leases: self, id, number: lease.calls })
    }

    /// Gives a lease back.
    pub fn release(&self, id: LeaseId) -> Result<Gone, NotHeld> {
        let mut book = self.book();
        let place = book.held.iter().position(|lease| lease.id == id).ok_or(NotHeld)?;
        let gone = book.remove(place, false);
        drop(book);
        self.tell();
        Ok(gone)
    }

    /// Drops the leases of which nothing was heard for too long, and answers them.
    pub fn sweep(&self, now: Instant) -> Vec<Gone> {
        let mut book = self.book();
        let silent = |lease: &Lease| lease.waiting.is_none() && now.duration_since(lease.heard) > SILENT_MAX;
        let mut dropped = Vec::new();
        while let Some(place) = book.held.iter().position(silent) {
            dropped.push(book.remove(place, true));
        }
        drop(book);
        if !dropped.is_empty() {
            self.tell();
        }
        dropped
    }

    /// Holds time while something is done on behalf of an application; `what` in a word, for those who wonder why
    /// time stands.
    pub fn in_flight(self: &Arc<Self>, what: &'static str) -> InFlight {
        *self.book().in_flight.entry(what).or_default() += 1;
        InFlight { leases: Arc::clone(self), what }
    }

    /// A call of an application outside comes in: time stands until the engine has it.
    pub fn call_comes(&self, call: u32) {
        self.book().calls.insert(call, CallStands::Comes);
    }

    /// The engine's line has it.
    pub fn call_waits(&self, call: u32) {
        // One that has its answer already has waited.
        if let Some(stands) = self.book().calls.get_mut(&call)
            && *stands == CallStands::Comes
        {
            *stands = CallStands::Waits;
        }
        self.tell();
    }

    /// It is answered: time stands while its caller is told. Said in the step that answers it.
    pub fn call_answered(&self, call: u32) {
        if let Some(stands) = self.book().calls.get_mut(&call) {
            *stands = CallStands::Answered;
        }
    }

    /// Its caller has the answer, or has hung up.
    pub fn call_over(&self, call: u32) {
        self.book().calls.remove(&call);
        self.tell();
    }

    /// Promises to look at news.
    pub fn attend(self: &Arc<Self>) -> Attending {
        let mut book = self.book();
        let number = book.attending.last_key_value().map_or(0, |(last, _)| last + 1);
        book.attending.insert(number, false);
        Attending { leases: Arc::clone(self), number }
    }

    /// There is news. Said in the step that brings it.
    pub fn news(&self) {
        self.book().attending.values_mut().for_each(|unseen| *unseen = true);
        self.tell();
    }

    /// Waits until time may move, and answers where to: the earliest of `wakeup` and the instants that applications
    /// wait for. For the drive.
    pub async fn clear(&self, wakeup: Option<SimTime>) -> SimTime {
        let mut changes = self.changed.subscribe();
        let _waits = self.drive_waits();
        loop {
            changes.borrow_and_update();
            if let Some(at) = self.book().clear(wakeup) {
                return at;
            }
            // The sender lives as long as the leases, so this is a change.
            let _ = changes.changed().await;
        }
    }

    /// The drive has nothing to do at this instant. For the drive.
    pub fn drive_waits(&self) -> DriveWaits<'_> {
        self.book().drive_waits = true;
        self.tell();
        DriveWaits(self)
    }

    /// Sets an alarm; time stands at that instant until it is dropped, at once if the instant is past.
    pub fn alarm(self: &Arc<Self>, at: SimTime) -> Alarm {
        self.set_alarm(Due { at, first: false })
    }

    /// The same, for what is done before applications are woken that wait for this instant.
    pub fn alarm_first(self: &Arc<Self>, at: SimTime) -> Alarm {
        self.set_alarm(Due { at, first: true })
    }

    fn set_alarm(self: &Arc<Self>, due: Due) -> Alarm {
        let mut book = self.book();
        book.last_alarm += 1;
        let number = book.last_alarm;
        book.alarms.insert(number, due);
        Alarm { leases: Arc::clone(self), number }
    }

    /// Waits until time has come to that instant, and all that happened there has been shown.
    pub async fn reached(&self, at: SimTime) {
        let mut changes = self.changed.subscribe();
        while self.book().at < at {
            // The sender lives as long as the leases, so this is a change.
            let _ = changes.changed().await;
        }
    }

    /// Waits until there is news that was not looked at, or an alarm whose instant has come, and it is nobody else's
    /// turn; answers the instant. Applications that are busy are waited for, but not for long: one of them may wait for
    /// what is to be told it.
    pub async fn turn(&self) -> SimTime {
        let mut changes = self.changed.subscribe();
        let mut until = None;
        loop {
            changes.borrow_and_update();
            let (turn, at) = {
                let book = self.book();
                (book.turn(), book.at)
            };
            // The sender lives as long as the leases, so each of these is a change, or the end of patience.
            match turn {
                Turn::Yours => return at,
                Turn::Nothing | Turn::Drive => drop(changes.changed().await),
                Turn::Applications => {
                    let until = *until.get_or_insert_with(|| Instant::now() + TURN_MAX);
                    if timeout_at(until, changes.changed()).await.is_err() {
                        return at;
                    }
                }
            }
        }
    }

    /// Time has come to that instant, and all that happened there has been shown: applications that waited for it work
    /// from now on. For the drive.
    pub fn moved(&self, at: SimTime) {
        let mut book = self.book();
        book.at = book.at.max(at);
        let woken = book.wake() | book.alarms.values().any(|due| due.at <= at);
        drop(book);
        if woken {
            self.tell();
        }
    }

    /// The run is over and judged.
    pub fn end(&self) {
        self.book().over = true;
        self.tell();
    }

    /// Waits until somebody has taken the first lease.
    pub async fn begun(&self) {
        let mut changes = self.changed.subscribe();
        while self.book().last == 0 {
            // As above.
            let _ = changes.changed().await;
        }
    }

    /// How they stand.
    pub fn standing(&self) -> Standing {
        let book = self.book();
        let calls = [("call waits", true), ("call", false)].map(|(what, waits)| {
            let of = |stands: &&CallStands| (**stands == CallStands::Waits) == waits;
            (what, book.calls.values().filter(of).count())
        });
        let unseen = ("news", book.attending.values().filter(|unseen| **unseen).count());
        let counted = book.in_flight.iter().map(|(what, count)| (*what, *count));
        Standing {
            at: book.at,
            held: book.held.clone(),
            gone: book.gone.iter().cloned().collect(),
            in_flight: counted.chain(calls.into_iter().chain([unseen]).filter(|row| row.1 > 0)).collect(),
        }
    }

    fn tell(&self) {
        self.changed.send_replace(());
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Plain data, and no change of it is left half done.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn find(&mut self, id: LeaseId) -> Result<&mut Lease, NotHeld> {
        self.held.iter_mut().find(|lease| lease.id == id).ok_or(NotHeld)
    }

    fn remove(&mut self, place: usize, dropped: bool) -> Gone {
        let lease = self.held.remove(place);
        let gone = Gone { id: lease.id, name: lease.name, dropped, at: self.at };
        if self.gone.len() >= GONE_MAX {
            self.gone.pop_front();
        }
        self.gone.push_back(gone.clone());
        gone
    }

    /// Where time may jump to; `None` while somebody works, or has not come yet.
    fn clear(&self, wakeup: Option<SimTime>) -> Option<SimTime> {
        if self.last == 0 || !self.in_flight.is_empty() || self.has_work() || self.applications_work() {
            return None;
        }
        let idle = self.held.iter().filter_map(|lease| match lease.stands {
            Stands::Busy(_) => None,
            Stands::Idle(until) => until,
        });
        wakeup.into_iter().chain(idle).chain(self.alarms.values().map(|due| due.at)).min()
    }

    /// Whether somebody who attends has news to look at, or an alarm has come.
    fn has_work(&self) -> bool {
        self.attending.values().any(|unseen| *unseen) || self.alarms.values().any(|due| due.at <= self.at)
    }

    /// Whether something comes before the applications at this instant.
    fn is_held_back(&self) -> bool {
        self.alarms.values().any(|due| due.first && due.at <= self.at)
    }

    /// Wakes the applications whose instant has come, unless something comes before them; whether there were any.
    fn wake(&mut self) -> bool {
        let (at, held) = (self.at, self.is_held_back());
        let mut woken = false;
        for lease in self.held.iter_mut().filter(|_| !held) {
            if let Stands::Idle(Some(until)) = lease.stands
                && until <= at
            {
                lease.stands = Stands::Busy(Woken::Due);
                woken = true;
            }
        }
        woken
    }

    /// Whether applications have something to do at this instant: each waits, or is idle, or is busy and the one that waits
    /// for a call.
    fn applications_work(&self) -> bool {
        let waiting = self.calls.values().filter(|stands| **stands == CallStands::Waits).count();
        let busy = self.held.iter().filter(|lease| matches!(lease.stands, Stands::Busy(_))).count();
        waiting < self.calls.len() || busy > waiting
    }

    fn turn(&self) -> Turn {
        match () {
            () if !self.has_work() => Turn::Nothing,
            () if !self.drive_waits || self.is_held_back() => Turn::Drive,
            () if !self.in_flight.is_empty() || self.applications_work() => Turn::Applications,
            () => Turn::Yours,
        }
    }
}

impl Call<'_> {
    /// What the call is answered, if it is time.
    fn answer(&self) -> Result<Option<Woken>, NotHeld> {
        let mut book = self.leases.book();
        if book.over {
            return Ok(Some(Woken::Ended));
        }
        let lease = book.find(self.id)?;
        Ok(match lease.stands {
            _ if lease.calls != self.number => Some(Woken::Replaced),
            Stands::Busy(woken) => Some(woken),
            Stands::Idle(_) => None,
        })
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut book = self.leases.book();
        // A lease that is gone has nothing to be noted on.
        let Ok(lease) = book.find(self.id) else { return };
        if lease.waiting == Some(self.number) {
            lease.waiting = None;
            lease.heard = Instant::now();
        }
    }
}

impl Lease {
    /// Whether an idle call of it waits for an answer.
    pub fn waits(&self) -> bool {
        self.waiting.is_some()
    }
}

impl LeaseId {
    /// Reads `l1`; `None` for anything else.
    pub fn parse(text: &str) -> Option<LeaseId> {
        let digits = text.strip_prefix('l')?;
        let plain = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        if plain { digits.parse().ok().map(LeaseId) } else { None }
    }
}

impl fmt::Display for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "l{}", self.0)
    }
}

impl Woken {
    /// The word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            Woken::Due => "due",
            Woken::Busy => "busy",
            Woken::Replaced => "replaced",
            Woken::Waiting => "waiting",
            Woken::Ended => "ended",
        }
    }
}

#[cfg(test)]
mod tests;
