//! Rebuild: the run of a process that died, brought to where it stood, from its inputs alone.
//!
//! The same steps as a replay, up to the last instant that was on disk and no further: what was due later was shown to
//! nobody. It says what the new process must know besides: what was transmitted, which doors are shut, and which
//! sessions died with the old process.

use std::collections::BTreeSet;

use crate::host::control::{Made, Recorder};
use crate::host::drive::replay::ReplayError;
use crate::host::drive::stepper::{Stepper, made};
use crate::host::link::{Past, ToGateway};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::model::ids::{KindId, PersonId, SessionId};
use crate::sim::rehearsal::Rehearsal;
use crate::sim::time::SimTime;

/// A run as it stood.
#[derive(Debug)]
pub struct Rebuilt {
    /// The run.
    pub rehearsal: Rehearsal,
    /// What the gateway needs to go on where the old one was.
    pub past: Past,
    /// Goodbyes for the sessions that were open.
    pub byes: Vec<Input>,
    /// What became of the notices that were submitted from outside.
    pub made: Vec<Submitted>,
}

/// One notice that was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// Which input it was, counted from 0.
    pub input: u64,
    /// What kind.
    pub kind: KindId,
    /// For whom.
    pub person: PersonId,
    /// What became of it; nothing, of a run that had ended.
    pub made: Option<Made>,
}

/// Steps the run through its recorded inputs and on to `upto`. The recorder sees everything again.
pub fn run<E>(
    rehearsal: Rehearsal,
    inputs: impl Iterator<Item = Result<(SimTime, Input), E>>,
    upto: SimTime,
    recorder: &mut dyn Recorder,
) -> Result<Rebuilt, ReplayError<E>> {
    let mut stepper = Stepper::new(rehearsal, recorder);
    let mut seen = Seen::default();
    seen.effects(stepper.advance(SimTime::ZERO).map_err(ReplayError::Record)?);
    for (place, input) in inputs.enumerate() {
        let (at, input) = input.map_err(ReplayError::Recording)?;
        if at < stepper.at() {
            return Err(ReplayError::Backwards { input: place + 1 });
        }
        if at > stepper.at() {
            seen.effects(stepper.advance(at).map_err(ReplayError::Record)?);
        }
        seen.input(&input);
        let asked = if let Input::Submit { kind, person } = &input { Some((*kind, *person)) } else { None };
        let effects = stepper.input(input).map_err(ReplayError::Record)?;
        if let Some((kind, person)) = asked {
            seen.made.push(Submitted { input: place as u64, kind, person, made: made(effects) });
        }
        seen.effects(effects);
    }
    seen.effects(stepper.advance(upto).map_err(ReplayError::Record)?);
    let byes = seen.open.into_iter().map(|session| Input::Bye { session }).collect();
    Ok(Rebuilt { rehearsal: stepper.into_rehearsal(), past: seen.past, byes, made: seen.made })
}

#[derive(Default)]
struct Seen {
    past: Past,
    open: BTreeSet<SessionId>,
    made: Vec<Submitted>,
}

impl Seen {
    fn input(&mut self, input: &Input) {
        match input {
            Input::Hello { session, .. } => {
                self.past.last_session = self.past.last_session.max(session.0);
                self.open.insert(*session);
            }
            Input::Bye { session } => drop(self.open.remove(session)),
            Input::Delivered { .. }
            | Input::Read { .. }
            | Input::Press { .. }
            | Input::Say { .. }
            | Input::Follow { .. }
            | Input::Unfollow { .. }
            | Input::Block { .. }
            | Input::PostFault(_)
            | Input::LiftFault(_)
            | Input::Submit { .. }
            | Input::Call(_)
            | Input::Denied(_)
            | Input::RequestsRefused { .. }
            | Input::HungUp { .. }
            | Input::Heard { .. }
            | Input::Hook(_)
            | Input::Note(_)
            | Input::HandshakesRefused { .. }
            | Input::SlowSessionCut { .. }
            | Input::Stop
            | Input::StopCondition(_) => {}
        }
    }

    /// Sessions of the old process are nobody's any more: of the orders only what was said and which doors are shut
    /// still matters.
    fn effects(&mut self, effects: &[Effect]) {
        let lasting = effects.iter().filter(|effect| matches!(effect, Effect::Transmit { .. } | Effect::Gate { .. }));
        self.past.orders.extend(lasting.cloned().filter_map(ToGateway::of));
    }
}
