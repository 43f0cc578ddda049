//! Virtual time: from alarm to alarm as fast as the machine allows. Five days of an outage take seconds.
//!
//! It reads no clock. Between batches it asks its caller whether anything came from outside (a Ctrl-C, an order).

use crate::host::control::{RecordError, Recorder};
use crate::host::drive::stepper::{Stepper, rejection};
use crate::sim::engine::input::Input;
use crate::sim::model::event::Rejection;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::time::SimTime;

/// Steps between two looks outside. An alarm takes about a microsecond, so a caller is asked about every millisecond.
const BATCH_STEPS: usize = 1_024;

/// Who is asked between batches.
pub trait Between {
    /// The next thing that came from outside; asked again until there is none. Also the place to show progress.
    fn next(&mut self, at: SimTime) -> Option<Input>;

    /// What became of the input that was handed in last.
    fn taken(&mut self, rejected: Option<Rejection>);

    /// The input that was handed in last did not happen, because the disk is full. `false`: then the run must end.
    fn full(&mut self) -> bool {
        false
    }
}

/// Nothing ever comes from outside.
pub struct Undisturbed;

impl Between for Undisturbed {
    fn next(&mut self, _at: SimTime) -> Option<Input> {
        None
    }

    fn taken(&mut self, _rejected: Option<Rejection>) {}
}

/// Runs to the end. The answer is the run, to be judged; an error means that it could not be written down any more, and
/// brings the run as far as it came.
pub fn run(
    rehearsal: Rehearsal,
    recorder: &mut dyn Recorder,
    between: &mut dyn Between,
) -> (Rehearsal, Result<(), RecordError>) {
    go_on(rehearsal, SimTime::ZERO, recorder, between)
}

/// The same for a run that was stepped to that instant already.
pub fn go_on(
    rehearsal: Rehearsal,
    at: SimTime,
    recorder: &mut dyn Recorder,
    between: &mut dyn Between,
) -> (Rehearsal, Result<(), RecordError>) {
    let mut stepper = Stepper::going_on(rehearsal, at, recorder);
    let result = to_the_end(&mut stepper, between);
    (stepper.into_rehearsal(), result)
}

fn to_the_end<R: Recorder>(stepper: &mut Stepper<R>, between: &mut dyn Between) -> Result<(), RecordError> {
    stepper.advance(SimTime::ZERO)?;
    while !stepper.ended() {
        while let Some(input) = between.next(stepper.at()) {
            match stepper.input(input) {
                Ok(effects) => {
                    let rejected = rejection(effects);
                    between.taken(rejected);
                }
                Err(error) if error.full && between.full() => {}
                Err(error) => return Err(error),
            }
        }
        batch(stepper)?;
    }
    stepper.flush()
}

fn batch<R: Recorder>(stepper: &mut Stepper<R>) -> Result<(), RecordError> {
    for _ in 0..BATCH_STEPS {
        match stepper.next_wakeup() {
            Some(due) => stepper.advance(due)?,
            // The engine has nothing more to do and nobody outside will ever say anything.
            None if !stepper.ended() => stepper.input(Input::Stop)?,
            None => break,
        };
    }
    Ok(())
}
