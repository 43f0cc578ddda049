//! One step of a run, written down: the input first, then what it brought about.

use crate::host::control::{Made, RecordError, Recorder};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::expect::Watch;
use crate::sim::model::event::{Event, EventKind, Rejection};
use crate::sim::model::ids::NoticeId;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::time::SimTime;

/// A rehearsal with its recorder.
pub struct Stepper<R> {
    rehearsal: Rehearsal,
    recorder: R,
    at: SimTime,
    effects: Vec<Effect>,
}

impl<R: Recorder> Stepper<R> {
    /// A run that has not begun.
    pub fn new(rehearsal: Rehearsal, recorder: R) -> Stepper<R> {
        Stepper::going_on(rehearsal, SimTime::ZERO, recorder)
    }

    /// A run that was stepped to that instant already.
    pub fn going_on(rehearsal: Rehearsal, at: SimTime, recorder: R) -> Stepper<R> {
        Stepper { rehearsal, recorder, at, effects: Vec::new() }
    }

    /// Who writes it down.
    pub fn recorder(&mut self) -> &mut R {
        &mut self.recorder
    }

    /// Simulated time: the latest instant that was stepped to.
    pub fn at(&self) -> SimTime {
        self.at
    }

    /// How much waits for faults to end.
    pub fn waiting(&self) -> u64 {
        self.rehearsal.engine().held()
    }

    /// The watch that follows it.
    pub fn watch(&self) -> &Watch {
        self.rehearsal.watch()
    }

    /// When the next alarm is due; `None` when the run is over.
    pub fn next_wakeup(&self) -> Option<SimTime> {
        self.rehearsal.next_wakeup()
    }

    /// Whether the run is over.
    pub fn ended(&self) -> bool {
        self.rehearsal.ended()
    }

    /// Lets time pass; an instant that is past already is now. The answer are the effects, written down already.
    pub fn advance(&mut self, at: SimTime) -> Result<&[Effect], RecordError> {
        self.step_to(at);
        self.recorder.take(&self.effects)?;
        Ok(&self.effects)
    }

    /// The same where nobody but the recorder needs the effects.
    pub fn pass(&mut self, at: SimTime) -> Result<(), RecordError> {
        self.step_to(at);
        self.recorder.take_away(&mut self.effects)
    }

    /// Takes an input at the present instant, once every alarm due by then has fired (see [`Stepper::advance`]). If the
    /// recorder has no room for it, it has not happened.
    pub fn input(&mut self, input: Input) -> Result<&[Effect], RecordError> {
        self.step_with(input)?;
        self.recorder.take(&self.effects)?;
        Ok(&self.effects)
    }

    /// The same where nobody but the recorder needs the effects.
    pub fn hear(&mut self, input: Input) -> Result<(), RecordError> {
        self.step_with(input)?;
        self.recorder.take_away(&mut self.effects)
    }

    fn step_to(&mut self, at: SimTime) {
        self.at = self.at.max(at);
        self.effects.clear();
        self.rehearsal.step(self.at, None, &mut self.effects);
    }

    fn step_with(&mut self, input: Input) -> Result<(), RecordError> {
        let posted = match &input {
            Input::PostFault(fault) => Some(fault.name.clone()),
            _ => None,
        };
        self.recorder.input(self.at, &input)?;
        self.effects.clear();
        let over = self.rehearsal.ended();
        self.rehearsal.step(self.at, Some(input), &mut self.effects);
        // The engine numbers posted faults in the order in which it takes them; one that it rejects gets no number.
        if let Some(name) = posted
            && !over
            && rejection(&self.effects).is_none()
        {
            self.recorder.fault_named(&name)?;
        }
        Ok(())
    }

    /// Asks the recorder to make sure of what it took.
    pub fn flush(&mut self) -> Result<(), RecordError> {
        self.recorder.flush()
    }

    /// The run, to be judged.
    pub fn into_rehearsal(self) -> Rehearsal {
        self.rehearsal
    }
}

/// What became of an [`Input::Submit`]; nothing, of one that came to a run that had ended.
pub fn made(effects: &[Effect]) -> Option<Made> {
    rejection(effects).map(Err).or(notice_made(effects).map(Ok))
}

/// The notice that it made, if it made one. What fired at the same instant comes before it.
fn notice_made(effects: &[Effect]) -> Option<NoticeId> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Event(Event { kind: EventKind::Created { notice, send: None, .. }, .. }) => Some(*notice),
        _ => None,
    })
}

/// Why an input was rejected, if it was.
pub fn rejection(effects: &[Effect]) -> Option<Rejection> {
    effects.iter().find_map(|effect| match effect {
        Effect::Event(Event { kind: EventKind::InputRejected { why }, .. }) => Some(*why),
        _ => None,
    })
}
