//! Plays a drawn plan in virtual time.

use std::sync::Arc;

use bongsu::sim::engine::effect::Effect;
use bongsu::sim::engine::{Engine, Phones};
use bongsu::sim::plan::population::Population;
use bongsu::sim::time::{SimTime, Span};

use super::trace::Trace;
use super::{draw, inputs};

/// When the host steps the engine.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stride {
    /// Whenever an alarm is due.
    Exact,
    /// Every 37 minutes and a bit, whatever is due.
    Late,
}

/// Most steps of a run: a run that needs more does not end by itself.
const STEPS_MAX: usize = 2_000_000;

const LATE: Span = Span::from_millis(37 * 60_000 + 123);

/// Plays one seed to its end.
pub fn play(seed: u64, stride: Stride) -> Trace {
    let plan = Arc::new(draw::plan(seed));
    let people = Arc::new(Population::of(&plan));
    let inputs = inputs::draw(seed, &plan);
    let phones = if !inputs.is_empty() && seed.is_multiple_of(2) { Phones::Outside } else { Phones::Simulated };
    let outside = !inputs.is_empty();
    let mut engine = Engine::new(plan.clone(), people.clone(), phones);
    let (mut effects, mut steps, mut now) = (Vec::new(), 0, SimTime::ZERO);
    let mut inputs = inputs.into_iter().peekable();
    while !engine.ended() {
        steps += 1;
        assert!(steps < STEPS_MAX, "seed {seed} does not end: {:?} at {now}", engine.next_wakeup());
        let due = match (stride, engine.next_wakeup()) {
            (Stride::Exact, Some(due)) => due,
            (Stride::Late, Some(_)) => now + LATE,
            (_, None) => SimTime::NEVER,
        };
        match inputs.next_if(|input| input.0 < due) {
            Some((at, input)) => engine.step(at, Some(input), &mut effects),
            None if due == SimTime::NEVER => panic!("seed {seed}: nothing is due at {now}, and the run has not ended"),
            None => engine.step(due, None, &mut effects),
        }
        now = now.max(due.min(inputs.peek().map_or(due, |input| input.0)));
    }
    let mut after = Vec::new();
    engine.step(SimTime::NEVER, None, &mut after);
    assert!(after.is_empty(), "seed {seed}: something happened after the end: {after:?}");
    let events = effects.into_iter().filter_map(|effect| match effect {
        Effect::Event(event) => Some(event),
        Effect::Transmit { .. } | Effect::Admit { .. } | Effect::Sever { .. } | Effect::Gate { .. } => None,
    });
    Trace { events: events.collect(), plan, people, outside }
}
