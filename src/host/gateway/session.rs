//! One session on one network, from the first frame to the last: a task that reads, keeps the pulse and ends; and that
//! writes only what a full socket left over, or what it catches up on.
//!
//! It alone waits for its own client and for room in the engine's channel; nobody waits for it. What frames mean is in
//! `inbound`, how a session ends in `farewell`. Its memory is counted in bytes: no buffer lives across a wait.

use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::SemaphorePermit;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::{Instant, Sleep, sleep_until, timeout};

use crate::host::gateway::cut::CutStream;
use crate::host::gateway::farewell::{self, Ending};
use crate::host::gateway::inbound;
use crate::host::gateway::outbox::{Outbox, Pumped};
use crate::host::gateway::pulse::{Due, Pulse};
use crate::host::gateway::reader::{Read, Reader};
use crate::host::gateway::run::Run;
use crate::host::gateway::wire::{self, Heard, Opcode};
use crate::host::gateway::words::CloseWord;
use crate::host::link::ToEngine;
use crate::sim::engine::input::Input;
use crate::sim::model::medium::Network;

/// How long a client may take to say hello.
pub const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Rows read from the log in one go while a session catches up.
const PAGE_ROWS: usize = 256;

/// A session that has said hello.
struct Session {
    line: Arc<CutStream>,
    reader: Reader,
    run: Arc<Run>,
    outbox: Arc<Outbox>,
    pulse: Pulse,
    catching_up: bool,
}

/// Serves one connection from its handshake to its end; `read` is what came after the handshake already. Where the line
/// must break instead of close, the cut is armed before the stream is dropped.
pub async fn serve(stream: CutStream, read: Vec<u8>, run: Arc<Run>, network: Network) {
    let line = Arc::new(stream);
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
    let outbox = run.join(network, Arc::clone(&line), hello.people.len(), hello.since);
    let mut session = Session { line, reader, run, outbox, pulse: Pulse::new(Instant::now()), catching_up: false };
    let ending = match session.begin(hello).await {
        Ok(()) => session.live().await,
        Err(ending) => ending,
    };
    session.finish(ending).await;
}

/// The first message, which must be a hello.
async fn first_message(line: &CutStream, reader: &mut Reader, run: &Run) -> Result<inbound::Hello, Ending> {
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
fn pong(line: &CutStream, payload: &[u8]) -> Result<(), Ending> {
    let mut frame = Vec::new();
    wire::put_control(&mut frame, Opcode::Pong, payload);
    match line.write_some(&frame) {
        Ok(sent) if sent == frame.len() => Ok(()),
        _ => Err(Ending::Break),
    }
}

impl Session {
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
        let (mut inputs, mut stop) = (Vec::new(), None);
        let read = {
            let (outbox, run, pulse) = (&self.outbox, &self.run, &mut self.pulse);
            self.reader.rest(|heard| hear(run, outbox, pulse, heard, &mut inputs))
        };
        self.heard(read, &mut stop);
        self.tell_all(inputs).await?;
        stop.map_or(Ok(()), Err)
    }

    /// Reads and writes until the session ends.
    async fn live(&mut self) -> Ending {
        let run = Arc::clone(&self.run);
        let mut place = None;
        // One alarm for the whole life, moved only when it rings or must ring sooner: arming it costs more than a read.
        let mut alarm = std::pin::pin!(sleep_until(self.pulse.next()));
        loop {
            if let Err(ending) = self.write(&mut place) {
                return ending;
            }
            if self.pulse.next() < alarm.deadline() {
                alarm.as_mut().reset(self.pulse.next());
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

    /// Waits for something to do; `true` if the socket may have something to read.
    async fn turn<'r>(
        &mut self,
        run: &'r Run,
        place: &mut Option<SemaphorePermit<'r>>,
        mut alarm: Pin<&mut Sleep>,
    ) -> Result<bool, Ending> {
        let going_on = place.is_some() && !self.pulse.is_flushing();
        if !self.catching_up {
            return self.usual_turn(alarm.as_mut()).await;
        }
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

    /// The same for a session that has caught up. By hand, because this is what a receipt wakes.
    async fn usual_turn(&mut self, mut alarm: Pin<&mut Sleep>) -> Result<bool, Ending> {
        poll_fn(|cx| {
            if self.outbox.poll_changed(cx).is_ready() {
                return Poll::Ready(Ok(false));
            }
            if let Poll::Ready(ready) = self.line.poll_ready(cx, self.pulse.is_flushing()) {
                return Poll::Ready(ready.map(|()| true).map_err(|_| Ending::Gone));
            }
            alarm.as_mut().poll(cx).map(|()| {
                let beaten = self.beat(Instant::now());
                alarm.as_mut().reset(self.pulse.next());
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
        match pumped {
            Pumped::Clear => self.pulse.flushed(),
            Pumped::Full(moved) => {
                if moved {
                    self.pulse.flushed();
                }
                self.pulse.flushing(Instant::now());
            }
        }
        Ok(())
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
        let (mut inputs, mut stop) = (Vec::new(), None);
        let read = {
            let (outbox, run, pulse) = (&self.outbox, &self.run, &mut self.pulse);
            self.reader.read(&self.line, |heard| hear(run, outbox, pulse, heard, &mut inputs))
        };
        self.heard(read, &mut stop);
        self.tell_all(inputs).await?;
        stop.map_or(Ok(()), Err)
    }

    fn heard(&self, read: Read<Ending>, stop: &mut Option<Ending>) {
        *stop = match read {
            Read::Drained => None,
            Read::Stopped(ending) => Some(ending),
            Read::Gone => Some(Ending::Gone),
            Read::Broken(broken) => Some(Ending::of(broken)),
        };
    }

    fn beat(&mut self, now: Instant) -> Result<(), Ending> {
        match self.pulse.due(now) {
            None => {}
            Some(Due::Silent) => return Err(Ending::Break),
            Some(Due::Stalled) => return Err(Ending::Slow),
            Some(Due::Ping) => {
                self.pulse.pinged(now);
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
    async fn finish(self, ending: Ending) {
        self.run.leave(&self.outbox);
        let session = self.outbox.session;
        if ending == Ending::Slow {
            let _ = self.run.inputs.send(ToEngine(Input::SlowSessionCut { session })).await;
        }
        // Also after a sever: the engine keeps the session, without phones, until it hears that it is gone.
        let _ = self.run.inputs.send(ToEngine(Input::Bye { session })).await;
        let words = self.outbox.last_words();
        farewell::say(&self.line, ending, Some(session), words).await;
    }
}

/// Hears one message: what it means for the engine is put behind `inputs`, what it means for the client is queued.
fn hear(
    run: &Run,
    outbox: &Outbox,
    pulse: &mut Pulse,
    heard: Heard<'_>,
    inputs: &mut Vec<Input>,
) -> ControlFlow<Ending> {
    if !pulse.heard(Instant::now()) {
        return ControlFlow::Break(Ending::Close(CloseWord::Flood));
    }
    match heard {
        Heard::Text(text) => match inbound::hear(run, outbox, text, inputs) {
            Ok(()) => ControlFlow::Continue(()),
            Err(ending) => ControlFlow::Break(ending),
        },
        Heard::Binary(_) => ControlFlow::Break(Ending::Close(CloseWord::Binary)),
        Heard::Ping(payload) => {
            outbox.control(Opcode::Pong, payload, &run.scribe);
            ControlFlow::Continue(())
        }
        Heard::Pong => ControlFlow::Continue(()),
        Heard::Close(code) => ControlFlow::Break(Ending::Left(code)),
    }
}
