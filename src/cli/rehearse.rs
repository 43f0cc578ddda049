//! One run in virtual time, from a scenario to what reports show of it.

use crate::cli::interrupt::Interrupt;
use crate::host::control::{RecordError, Recorder};
use crate::host::drive::virtual_time::{self, Between};
use crate::report::view::{PaceView, RunView};
use crate::sim::engine::Phones;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::model::event::Rejection;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

/// Keeps nothing of a run but its verdict.
pub struct Nowhere;

/// Listens for the end and tells how far the run is.
struct Watcher<'a> {
    interrupt: &'a Interrupt,
    stopped: bool,
    progress: &'a mut dyn FnMut(SimTime),
}

/// Runs to the end, or to where somebody asks for it. The error is the recorder's: the run could not be written down.
pub fn in_virtual_time(
    scenario: &Scenario,
    recorder: &mut dyn Recorder,
    interrupt: &Interrupt,
    progress: &mut dyn FnMut(SimTime),
) -> Result<RunView, RecordError> {
    let rehearsal = Rehearsal::new(scenario, Phones::Simulated);
    let mut watcher = Watcher { interrupt, stopped: false, progress };
    let (rehearsal, recorded) = virtual_time::run(rehearsal, recorder, &mut watcher);
    recorded?;
    Ok(judged(rehearsal, PaceView::Virtual))
}

/// Judges a run that is over.
pub fn judged(rehearsal: Rehearsal, pace: PaceView) -> RunView {
    let plan = rehearsal.plan().clone();
    let verdict = rehearsal.into_watch().finish();
    RunView::of(&plan, &[], &verdict, pace)
}

impl Between for Watcher<'_> {
    fn next(&mut self, at: SimTime) -> Option<Input> {
        (self.progress)(at);
        let stop = self.interrupt.is_asked() && !self.stopped;
        self.stopped |= stop;
        stop.then_some(Input::Stop)
    }

    fn taken(&mut self, _rejected: Option<Rejection>) {}
}

impl Recorder for Nowhere {
    fn input(&mut self, _at: SimTime, _input: &Input) -> Result<(), RecordError> {
        Ok(())
    }

    fn fault_named(&mut self, _name: &str) -> Result<(), RecordError> {
        Ok(())
    }

    fn take(&mut self, _effects: &[Effect]) -> Result<(), RecordError> {
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Nowhere, in_virtual_time};
    use crate::cli::interrupt::Interrupt;
    use crate::cli::io::Io;
    use crate::cli::reading::{self, Changes};
    use crate::sim::expect::verdict::Overall;
    use crate::sim::model::event::End;
    use crate::sim::time::SimTime;

    #[test]
    fn a_run_that_is_asked_to_end_ends_at_once_and_is_judged_all_the_same() {
        let io = Io::new(Vec::new(), Vec::new());
        let scenario = reading::read("first-minute", &Changes::default(), &io).expect("built in");
        let interrupt = Interrupt::default();
        interrupt.ask();
        let mut seen = Vec::new();
        let view = in_virtual_time(&scenario, &mut Nowhere, &interrupt, &mut |at| seen.push(at));
        let view = view.expect("nothing is written");
        assert_eq!((view.verdict, view.end), (Overall::Stopped, Some(End::Asked)));
        assert!(view.clock.ended < SimTime::from_micros(1_000_000), "{}", view.clock.ended);
        assert!(!seen.is_empty());
    }
}
