//! What a session hears of its client: its reader and its pulse, and who of two listens at the moment.
//!
//! A session that has caught up and whose socket takes all is heard by the run's `ear`, for all such sessions at once and
//! without waking anybody. Whatever is not usual (a goodbye, a broken frame, an engine without room, a full socket) is
//! handed back to the session's own task, which alone may wait and alone ends the session. Whoever listens holds the
//! hearing's lock until the engine has what was heard, so that nothing overtakes.

use std::ops::ControlFlow;
use std::sync::{Arc, MutexGuard};

use tokio::sync::mpsc::error::TrySendError;
use tokio::time::Instant;

use crate::host::gateway::ear::{Call, Ear};
use crate::host::gateway::farewell::Ending;
use crate::host::gateway::inbound;
use crate::host::gateway::outbox::{Outbox, Pumped};
use crate::host::gateway::pulse::Pulse;
use crate::host::gateway::reader::{Read, Reader};
use crate::host::gateway::run::Run;
use crate::host::gateway::wire::{Heard, Opcode};
use crate::host::gateway::words::CloseWord;
use crate::host::link::ToEngine;
use crate::sim::engine::input::Input;

/// Times that the ear reads on from one socket before others have their turn.
const READS_AT_ONCE: usize = 4;

/// The hearing of one session.
#[derive(Debug)]
pub struct Hearing {
    /// What was read.
    pub reader: Reader,
    /// When it was heard last, and the like.
    pub pulse: Pulse,
    /// Whether the ear listens, and not the session's own task.
    pub by_ear: bool,
    /// What the ear left to the session's own task.
    pub left: Left,
}

/// What the ear could not do itself.
#[derive(Debug, Default)]
pub struct Left {
    /// Inputs that the engine had no room for.
    pub inputs: Vec<Input>,
    /// How the session must end.
    pub ending: Option<Ending>,
}

/// How the ear found a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// All is heard that there was.
    Heard,
    /// There may be more.
    More,
    /// It is no longer the ear's.
    HandedBack,
}

/// A session that was just heard.
struct Listened<'a> {
    outbox: &'a Outbox,
    hearing: MutexGuard<'a, Hearing>,
    turn: Turn,
    /// Where its inputs end among those of all.
    ends: usize,
}

impl Hearing {
    /// A session that hears for itself.
    pub fn new(reader: Reader, now: Instant) -> Hearing {
        Hearing { reader, pulse: Pulse::new(now), by_ear: false, left: Left::default() }
    }

    /// Reads once: what it means for the engine is put behind `inputs`, what it means for the client is queued. Answers
    /// how the session must end, if it must.
    pub fn read(&mut self, run: &Run, outbox: &Outbox, now: Instant, inputs: &mut Vec<Input>) -> Option<Ending> {
        let pulse = &mut self.pulse;
        ending(self.reader.read(&outbox.line, |heard| hear(run, outbox, pulse, now, heard, inputs)))
    }

    /// The same with what was read already.
    pub fn rest(&mut self, run: &Run, outbox: &Outbox, now: Instant, inputs: &mut Vec<Input>) -> Option<Ending> {
        let pulse = &mut self.pulse;
        ending(self.reader.rest(|heard| hear(run, outbox, pulse, now, heard, inputs)))
    }

    /// The ear's turn. `closing` if the kernel says that the client is done: then the end of the stream is read for.
    fn listen(&mut self, run: &Run, outbox: &Outbox, now: Instant, closing: bool, inputs: &mut Vec<Input>) -> Turn {
        // It may have been taken back meanwhile.
        if !self.by_ear {
            return Turn::HandedBack;
        }
        for _ in 0..READS_AT_ONCE {
            self.left.ending = self.read(run, outbox, now, inputs);
            if outbox.answer(&run.scribe) != Pumped::Clear || self.left.ending.is_some() {
                return Turn::HandedBack;
            }
            if !closing && !self.reader.may_have_left() {
                return Turn::Heard;
            }
        }
        Turn::More
    }
}

/// Hears some sessions for the ear, each in its turn; `found` are the outboxes of the calls, `inputs` is room for what is
/// heard. The engine is told once for all of them: it would otherwise be woken for each.
pub fn listen_all(
    run: &Run,
    ear: &Ear,
    calls: &[Call],
    found: &[Option<Arc<Outbox>>],
    now: Instant,
    inputs: &mut Vec<Input>,
) {
    let mut all = Vec::with_capacity(calls.len());
    for (outbox, call) in found.iter().zip(calls) {
        if let Some(outbox) = outbox {
            let mut hearing = outbox.hearing();
            let turn = hearing.listen(run, outbox, now, call.closing, inputs);
            all.push(Listened { outbox, hearing, turn, ends: inputs.len() });
        }
    }
    tell(run, &mut all, inputs);
    for Listened { outbox, mut hearing, turn, .. } in all {
        let goes_on = match turn {
            Turn::Heard => true,
            // The kernel tells of it once more.
            Turn::More => ear.again(&outbox.line, outbox.session).is_ok(),
            Turn::HandedBack => false,
        };
        if !goes_on {
            hearing.by_ear = false;
            drop(hearing);
            outbox.ring();
        }
    }
}

/// Tells the engine, as far as it has room; the rest goes back to its sessions.
fn tell(run: &Run, all: &mut [Listened<'_>], inputs: &mut Vec<Input>) {
    let mut told = 0;
    let mut inputs = inputs.drain(..);
    let refused = loop {
        let Some(input) = inputs.next() else { return };
        match run.inputs.try_send(ToEngine(input)) {
            Ok(()) => told += 1,
            Err(TrySendError::Full(ToEngine(input))) => break Some(input),
            Err(TrySendError::Closed(_)) => break None,
        }
    };
    let ended = refused.is_none();
    let mut rest = refused.into_iter().chain(inputs);
    for listened in all {
        if listened.ends <= told {
            continue;
        }
        listened.turn = Turn::HandedBack;
        if ended {
            listened.hearing.left.ending = Some(Ending::Close(CloseWord::RunEnded));
        } else {
            listened.hearing.left.inputs.extend(rest.by_ref().take(listened.ends - told));
            told = listened.ends;
        }
    }
}

fn ending(read: Read<Ending>) -> Option<Ending> {
    match read {
        Read::Drained => None,
        Read::Stopped(ending) => Some(ending),
        Read::Gone => Some(Ending::Gone),
        Read::Broken(broken) => Some(Ending::of(broken)),
    }
}

/// Hears one message.
fn hear(
    run: &Run,
    outbox: &Outbox,
    pulse: &mut Pulse,
    now: Instant,
    heard: Heard<'_>,
    inputs: &mut Vec<Input>,
) -> ControlFlow<Ending> {
    if !pulse.heard(now) {
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
