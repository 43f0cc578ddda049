//! The class: one at a time, beside the run that goes on. Students take seats by a short code; each is one of the people of
//! the run, or plays a role that knows some things and not others; a teacher tells, asks, and reveals.
//!
//! The state machine (`room`) is pure and knows no clock; `books` folds a run's events into what was true and what the
//! sender believed; `view` says to each role only what that role may know; `door` lets seats in where everything else
//! needs a token. All of it is in memory alone: a class that ends leaves nothing, and no nickname is in any event, file
//! or log. It drives no run and holds no socket: pausing is the API's, phones are the gateway's.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use crate::host::class::books::Books;
use crate::host::class::bucket::Guesses;
use crate::host::class::code::{Code, SeatKey};
use crate::host::class::problem::Problem;
use crate::host::class::room::{Member, Room};
use crate::host::control::deeds::Deeds;
use crate::host::control::run::{Run, RunId};
use crate::host::control::runs::Runs;
use crate::host::shutdown::Shutdown;

pub mod code;
pub mod bucket;
pub mod nickname;
pub mod role;
pub mod persona;
pub mod room;
pub mod people;
pub mod books;
pub mod figures;
pub mod view;
pub mod debrief;
pub mod problem;
pub mod body;
pub mod teacher;
pub mod student;
pub mod live;
pub mod door;
pub mod deeds;
pub mod routes;
pub mod document;

/// Streams of a class that may be open at once: three a member, and some for the teacher.
const STREAMS_MAX: usize = room::MEMBERS_MAX * 3 + 16;
/// Debriefs that are worked out at once.
const DEBRIEFS_MAX: usize = 2;
/// Events read from a run at once, under its lock.
const EVENTS_AT_ONCE: usize = 16_384;

/// The class of a process: open or not.
pub struct Class {
    runs: Runs,
    /// Where students find `/join`, the best first.
    addresses: Vec<String>,
    began: Instant,
    room: Mutex<Option<Open>>,
    guesses: Mutex<Guesses>,
    books: Mutex<Option<(RunId, Books)>>,
    streams: Arc<Semaphore>,
    debriefs: Semaphore,
    deeds: Deeds,
    shutdown: Shutdown,
}

/// A class that is open.
struct Open {
    room: Room,
    /// By seat: told when the seat is given up.
    seats: Vec<(u32, watch::Sender<bool>)>,
}

impl Class {
    /// No class is open. `addresses` are those of this server, as students type them; `deeds` is the operator's log.
    pub fn new(runs: Runs, addresses: Vec<String>, deeds: Deeds, shutdown: Shutdown) -> Class {
        Class {
            runs,
            addresses,
            began: Instant::now(),
            room: Mutex::default(),
            guesses: Mutex::default(),
            books: Mutex::default(),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            debriefs: Semaphore::new(DEBRIEFS_MAX),
            deeds,
            shutdown,
        }
    }

    /// Real time since this process began, for buckets.
    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn guesses(&self) -> MutexGuard<'_, Guesses> {
        self.guesses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Open>> {
        // Plain data: whoever panicked cannot have left it half written.
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a class; a problem if one is open.
    fn open(&self, seats: usize) -> Result<(), Problem> {
        let mut room = self.lock();
        if room.is_some() {
            return Err(Problem::new(problem::CLASS_OPEN, "end it before the next one"));
        }
        let code = Code::draw().map_err(|_| Problem::new(problem::FAILED, "this machine gives no random numbers"))?;
        *room = Some(Open { room: Room::new(code, seats), seats: Vec::new() });
        Ok(())
    }

    /// Ends the class: every seat is given up, and nothing of it is left.
    fn close(&self) -> Result<usize, Problem> {
        let open = self.lock().take().ok_or_else(Problem::no_class)?;
        // The senders go with it, which tells every seat's sockets.
        Ok(open.room.members().len())
    }

    /// Does something with the room of the class that is open, which first hears of the run that goes on.
    fn room<T>(&self, act: impl FnOnce(&mut Room) -> Result<T, Problem>) -> Result<T, Problem> {
        let current = self.runs.current().map(|run| run.id);
        let mut open = self.lock();
        let open = open.as_mut().ok_or_else(Problem::no_class)?;
        if let Some(run) = current {
            open.room.follow(run);
        }
        act(&mut open.room)
    }

    /// The same with the member of a seat.
    fn seat<T>(&self, key: &SeatKey, act: impl FnOnce(&mut Room, u32) -> Result<T, Problem>) -> Result<T, Problem> {
        self.room(|room| {
            let number = room.seat(key).map(|member| member.number);
            act(room, number.ok_or_else(|| Problem::new(problem::UNKNOWN_SEAT, "nobody sits there"))?)
        })
    }

    /// Somebody takes a seat.
    fn join(&self, code: &str, wish: room::Wish) -> Result<Member, Problem> {
        let key = SeatKey::draw().map_err(|_| Problem::new(problem::FAILED, "this machine gives no random numbers"))?;
        let mut open = self.lock();
        let open = open.as_mut().ok_or_else(Problem::no_class)?;
        if !open.room.code().is(code) {
            return Err(Problem::new(problem::WRONG_CODE, "the code is on the teacher's screen"));
        }
        let member = open.room.join(key, wish)?.clone();
        open.seats.push((member.number, watch::Sender::new(false)));
        Ok(member)
    }

    /// A seat is given up, by its member or by the teacher.
    fn leave(&self, number: u32) -> Result<(), Problem> {
        let mut open = self.lock();
        let open = open.as_mut().ok_or_else(Problem::no_class)?;
        open.room.leave(number)?;
        open.seats.retain(|(of, _)| *of != number);
        Ok(())
    }

    /// Tells whoever waits for it that a seat is no more.
    fn seat_over(&self, number: u32) -> Option<watch::Receiver<bool>> {
        let open = self.lock();
        open.as_ref()?.seats.iter().find(|(of, _)| *of == number).map(|(_, over)| over.subscribe())
    }

    /// The run that the class follows: the one that goes on, else the last one that it has seen.
    fn run(&self) -> Option<Arc<Run>> {
        self.runs.current().or_else(|| {
            let followed = self.lock().as_ref().and_then(|open| open.room.run())?;
            self.runs.get(followed)
        })
    }

    /// Reads the books of a run, brought up to its last event: a page at a time, so that nobody waits long.
    async fn books<T>(&self, run: &Run, read: impl FnOnce(&Books) -> T) -> T {
        loop {
            if self.catch_up(run) {
                let mut kept = self.books.lock().unwrap_or_else(PoisonError::into_inner);
                // Somebody who still looks at another run may have put its books there meanwhile.
                if let Some((_, books)) = kept.as_mut().filter(|(of, _)| *of == run.id) {
                    books.time_is(run.status().at);
                    return read(books);
                }
            }
            tokio::task::yield_now().await;
        }
    }

    /// Takes a page of events into the books; `true` if it was the last.
    fn catch_up(&self, run: &Run) -> bool {
        let mut kept = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|(of, _)| *of != run.id) {
            *kept = Some((run.id, Books::of(run)));
        }
        let (_, books) = kept.as_mut().expect("it was put there");
        let page = run.events(books.since(), EVENTS_AT_ONCE);
        if !page.events.is_empty() {
            books.take(&page);
        }
        page.events.len() < EVENTS_AT_ONCE
    }
}
