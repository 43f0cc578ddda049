//! One session on one network, from the first frame to the last: a task that greets, catches up, keeps the pulse and
//! ends; and that reads and writes whenever that is not usual.
//!
//! It alone waits for its own client and for room in the engine's channel; nobody waits for it. Once it has caught up and
//! its socket takes all, it lends the socket to the run's `ear` and has nothing to do but the pulse, until something is
//! handed back (see `hearing`). What frames mean is in `inbound`, how a session ends in `farewell`. Its memory is counted
//! in bytes: no buffer lives across a wait.

use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::SemaphorePermit;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::host::gateway::farewell::{self, Ending};
use crate::host::gateway::hearing::{Hearing, Left};
use crate::host::gateway::inbound;
use crate::host::gateway::line::Line;
use crate::host::gateway::outbox::{Outbox, Pumped};
use crate::host::gateway::pulse::{Due, Pulse};
use crate::host::gateway::reader::{Read, Reader};
use crate::host::gateway::run::Run;
use crate::host::gateway::wire::{self, Heard, Opcode};
use crate::host::gateway::words::CloseWord;
use crate::host::link::{Seat, ToEngine};
use crate::sim::engine::input::Input;
use crate::sim::model::medium::Network;

/// How long a client may take to say hello.
pub const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Rows read from the log in one go while a session catches up.
const PAGE_ROWS: usize = 256;

/// A session that has said hello.
struct Session {
    run: Arc<Run>,
    outbox: Arc<Outbox>,
    catching_up: bool,
    /// Who knows the socket.
    lent: Lent,
}

/// Where the socket of a session stands with the ear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lent {
    /// The session's own task waits for it.
    No,
    /// The ear knows it, and listens unless it has handed it back.
    Yes,
}

/// Serves one connection from its handshake to its end; `read` is what came after the handshake already. Where the line
/// must break instead of close, the cut is armed before the stream is dropped. A seat's connection carries the seat's
/// phone and no other, and ends with the seat.
pub async fn serve(line: Line, read: Vec<u8>, run: Arc<Run>, network: Network, seat: Option<Seat>) {
    let mut reader = Reader::beginning_with(read);
    let first = tokio::select! {
        first = timeout(HELLO_WITHIN, first_message(&line, &mut reader, &run)) => first,
        end = run.over() => Ok(Err(Ending::of_end(end))),
    };
    let hello = match first {
        Ok(Ok(hello)) => hello,
        Ok(Err(ending)) => return farewell::say(&line, ending, None, Vec::new()).await,
        Err(_) => return farewell::say(&line, Ending::Close(CloseWord::NoHello), None, Vec::new()).await,
    };
    let hello = match seat.as_ref().map_or(Ok(()), |seat| seat_of(&hello, seat)) {
        Ok(()) => hello,
        Err(ending) => return farewell::say(&line, ending, None, Vec::new()).await,
    };
    let hearing = Hearing::new(reader, Instant::now());
    let outbox = run.join(network, line, hearing, hello.people.len(), hello.since);
    let mut session = Session { run, outbox, catching_up: false, lent: Lent::No };
    let ending = match seat {
        None => session.whole(hello).await,
        // Boxed: only these few sessions pay for the wait.
        Some(seat) => Box::pin(session.seated(hello, seat)).await,
    };
    session.finish(ending).await;
}

/// Whether a hello names the seat's phone alone.
fn seat_of(hello: &inbound::Hello, seat: &Seat) -> Result<(), Ending> {
    if hello.people == [seat.person] { Ok(()) } else { Err(Ending::Close(CloseWord::NobodyKnown)) }
}

/// The first message, which must be a hello.
async fn first_message(line: &Line, reader: &mut Reader, run: &Run) -> Result<inbound::Hello, Ending> {
    let mut pulse = Pulse::new(Instant::now());
    let mut each = |heard: Heard<'_>| {
        if !pulse.heard(Instant::now()) {
            return ControlFlow::Break(Err(Ending::Close(CloseWord::Flood)));
        }
        match heard {
            Heard::Text(text) => ControlFlow::Break(inbound::hello(run, text)),
            Heard::Binary(_) => ControlFlow::Break(Err(Ending::Close(CloseWord::Binary))),
            Heard::Close(code) => ControlFlow::Break(Err(Ending::Left(code))),
            Heard::Pong => ControlFlow::Continue(()),
            Heard::Ping(payload) => match pong(line, payload) {
                Ok(()) => ControlFlow::Continue(()),
                Err(ending) => ControlFlow::Break(Err(ending)),
            },
        }
    };
    let mut read = reader.rest(&mut each);
    loop {
        match read {
            Read::Stopped(hello) => return hello,
            Read::Gone => return Err(Ending::Gone),
            Read::Broken(broken) => return Err(Ending::of(broken)),
            Read::Drained => {}
        }
        line.ready(false).await.map_err(|_| Ending::Gone)?;
        read = reader.read(line, &mut each);
    }
}

/// Before the hello nothing of ours waits for the socket: if not even a pong fits, nobody reads there.
fn pong(line: &Line, payload: &[u8]) -> Result<(), Ending> {
    let mut frame = Vec::new();
    wire::put_control(&mut frame, Opcode::Pong, payload);
    match line.write_some(&frame) {
        Ok(sent) if sent == frame.len() => Ok(()),
        _ => Err(Ending::Break),
    }
}

impl Session {
    /// From the hello to the end.
    async fn whole(&mut self, hello: inbound::Hello) -> Ending {
        match self.begin(hello).await {
            Ok(()) => self.live().await,
            Err(ending) => ending,
        }
    }

    /// The same, until the seat is given up.
    async fn seated(&mut self, hello: inbound::Hello, seat: Seat) -> Ending {
        tokio::select! {
            ending = self.whole(hello) => ending,
            () = seat.given_up() => Ending::Close(CloseWord::SeatGivenUp),
        }
    }

    /// Hello to the engine, and its answer, which the order task has queued already.
    async fn begin(&mut self, hello: inbound::Hello) -> Result<(), Ending> {
        if let Some(error) = hello.error {
            self.outbox.say(&error, &self.run.scribe);
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
        self.catching_up = admission.behind;
        // Frames that came right behind the hello.
        let mut inputs = Vec::new();
        let ending = self.outbox.hearing().rest(&self.run, &self.outbox, Instant::now(), &mut inputs);
        self.tell_all(inputs).await?;
        ending.map_or(Ok(()), Err)
    }

    /// Reads and writes until the session ends.
    async fn live(&mut self) -> Ending {
        let run = Arc::clone(&self.run);
        let mut place = None;
        // One alarm for the whole life, moved only when it rings or must ring sooner: arming it costs more than a read.
        let mut alarm = std::pin::pin!(sleep_until(self.next_beat()));
        loop {
            if let Err(ending) = self.write(&mut place) {
                return ending;
            }
            if let Err(ending) = self.take_up_left().await {
                return ending;
            }
            if let Err(ending) = self.lend() {
                return ending;
            }
            let next = self.next_beat();
            if next < alarm.deadline() {
                alarm.as_mut().reset(next);
            }
            let turn = self.turn(&run, &mut place, alarm.as_mut()).await;
            let read = match turn {
                Ok(read) => read,
                Err(ending) => return ending,
            };
            if read && let Err(ending) = self.read().await {
                return ending;
            }
        }
    }

    /// Does what the ear could not, before anything else is read.
    async fn take_up_left(&self) -> Result<(), Ending> {
        let Left { inputs, ending } = std::mem::take(&mut self.outbox.hearing().left);
        self.tell_all(inputs).await?;
        ending.map_or(Ok(()), Err)
    }

    /// Leaves the socket to the ear, if all is usual. What came while nobody listened calls when the ear does.
    fn lend(&mut self) -> Result<(), Ending> {
        let Some(ear) = self.run.ear.as_ref().filter(|ear| ear.is_listening()) else { return Ok(()) };
        {
            let mut hearing = self.outbox.hearing();
            if hearing.by_ear || self.catching_up || hearing.pulse.is_flushing() {
                return Ok(());
            }
            hearing.by_ear = true;
        }
        let (line, session) = (&self.outbox.line, self.outbox.session);
        let known = match self.lent {
            Lent::Yes => ear.again(line, session),
            Lent::No => line.unwatch().and_then(|()| ear.add(line, session)),
        };
        self.lent = Lent::Yes;
        known.or_else(|_| self.take_back())
    }

    /// Takes the socket back from the ear.
    fn take_back(&mut self) -> Result<(), Ending> {
        if self.lent == Lent::No {
            return Ok(());
        }
        self.lent = Lent::No;
        self.outbox.hearing().by_ear = false;
        if let Some(ear) = &self.run.ear {
            ear.remove(&self.outbox.line);
        }
        self.outbox.line.watch().map_err(|_| Ending::Gone)
    }

    fn next_beat(&self) -> Instant {
        self.outbox.hearing().pulse.next()
    }

    fn is_flushing(&self) -> bool {
        self.outbox.hearing().pulse.is_flushing()
    }

    /// Waits for something to do; `true` if the socket may have something to read.
    async fn turn<'r>(
        &mut self,
        run: &'r Run,
        place: &mut Option<SemaphorePermit<'r>>,
        mut alarm: Pin<&mut Sleep>,
    ) -> Result<bool, Ending> {
        if !self.catching_up {
            return self.usual_turn(alarm.as_mut()).await;
        }
        let going_on = place.is_some() && !self.is_flushing();
        tokio::select! {
            biased;
            turn = self.usual_turn(alarm.as_mut()) => turn,
            taken = run.catch_ups.acquire(), if place.is_none() => {
                *place = taken.ok();
                Ok(false)
            }
            () = tokio::task::yield_now(), if going_on => Ok(false),
        }
    }

    /// The same for a session that has caught up. By hand, without lists of waiters.
    async fn usual_turn(&mut self, mut alarm: Pin<&mut Sleep>) -> Result<bool, Ending> {
        let flushing = self.is_flushing();
        poll_fn(|cx| {
            if self.outbox.poll_changed(cx).is_ready() {
                return Poll::Ready(Ok(false));
            }
            if let Poll::Ready(ready) = self.outbox.line.poll_ready(cx, flushing) {
                return Poll::Ready(ready.map(|()| true).map_err(|_| Ending::Gone));
            }
            alarm.as_mut().poll(cx).map(|()| {
                let beaten = self.beat(Instant::now());
                alarm.as_mut().reset(self.next_beat());
                beaten.map(|()| false)
            })
        })
        .await
    }

    /// Writes what waits, and the next page of the log if the session catches up and has a place for it.
    fn write(&mut self, place: &mut Option<SemaphorePermit<'_>>) -> Result<(), Ending> {
        if let Some(end) = self.outbox.ended() {
            return Err(Ending::of_end(end));
        }
        let mut pumped = self.outbox.pump(&self.run.scribe).map_err(Ending::of_end)?;
        if self.catching_up && place.is_some() && pumped == Pumped::Clear {
            pumped = self.page()?;
        }
        if !self.catching_up {
            *place = None;
        }
        let mut hearing = self.outbox.hearing();
        match pumped {
            Pumped::Clear => hearing.pulse.flushed(),
            Pumped::Full(moved) => {
                if moved {
                    hearing.pulse.flushed();
                }
                hearing.pulse.flushing(Instant::now());
            }
        }
        drop(hearing);
        // Only a watched socket tells when it has room.
        if pumped == Pumped::Clear { Ok(()) } else { self.take_back() }
    }

    fn page(&mut self) -> Result<Pumped, Ending> {
        let run = Arc::clone(&self.run);
        let log = run.log(self.outbox.network);
        let page = log.page(&self.outbox.people(), self.outbox.cursor(), PAGE_ROWS);
        if page.is_empty() {
            // The log is still locked: what is appended after this finds the session live.
            self.outbox.go_live();
            self.catching_up = false;
            return Ok(Pumped::Clear);
        }
        drop(log);
        self.outbox.send_page(&page, &run.scribe).map_err(Ending::of_end)
    }

    /// Reads once, and tells the engine what was said.
    async fn read(&mut self) -> Result<(), Ending> {
        let mut inputs = Vec::new();
        let ending = self.outbox.hearing().read(&self.run, &self.outbox, Instant::now(), &mut inputs);
        self.tell_all(inputs).await?;
        ending.map_or(Ok(()), Err)
    }

    fn beat(&self, now: Instant) -> Result<(), Ending> {
        let mut hearing = self.outbox.hearing();
        match hearing.pulse.due(now) {
            None => {}
            Some(Due::Silent) => return Err(Ending::Break),
            Some(Due::Stalled) => return Err(Ending::Slow),
            Some(Due::Ping) => {
                hearing.pulse.pinged(now);
                self.outbox.control(Opcode::Ping, &[], &self.run.scribe);
            }
        }
        Ok(())
    }

    async fn tell_all(&self, inputs: Vec<Input>) -> Result<(), Ending> {
        for input in inputs {
            match self.run.inputs.try_send(ToEngine(input)) {
                Ok(()) => {}
                Err(TrySendError::Full(ToEngine(input))) => self.tell(input).await?,
                Err(TrySendError::Closed(_)) => return Err(Ending::Close(CloseWord::RunEnded)),
            }
        }
        Ok(())
    }

    /// Sends an input to the engine's task. While it has no room, this session reads nothing; it can still be ended.
    async fn tell(&self, input: Input) -> Result<(), Ending> {
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
    async fn finish(mut self, ending: Ending) {
        // A line that the runtime cannot watch can only break.
        let ending = self.take_back().err().unwrap_or(ending);
        self.run.leave(&self.outbox);
        let session = self.outbox.session;
        if ending == Ending::Slow {
            let _ = self.run.inputs.send(ToEngine(Input::SlowSessionCut { session })).await;
        }
        // Also after a sever: the engine keeps the session, without phones, until it hears that it is gone.
        let _ = self.run.inputs.send(ToEngine(Input::Bye { session })).await;
        let words = self.outbox.last_words();
        farewell::say(&self.outbox.line, ending, Some(session), words).await;
    }
}
