//! The engine: one pure state machine that turns a plan and stamped inputs into events.
//!
//! Contract: `step(at, input, effects)` fires every alarm due by `at`, each **at its own due time**, then takes the
//! input at `at`; `next_wakeup()` says when the next alarm is due. `at` never goes back. Alarms at one instant fire in
//! the order they were set; an input at an instant comes after the alarms of that instant. Same plan and same stamped
//! inputs give the same effects, always, whoever steps it and however late.

use std::sync::Arc;

use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;
use crate::sim::time::SimTime;

pub mod input;
pub mod effect;

/// Who plays the phones that no session has claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phones {
    /// The engine. A phone that says hello over a socket is played from outside from then on.
    Simulated,
    /// Nobody: a phone is offline until it says hello.
    Outside,
}

/// The state machine of one run.
pub struct Engine {
    plan: Arc<Plan>,
    people: Arc<Population>,
    phones: Phones,
}

impl Engine {
    /// A run that has not begun. The first `step` begins it.
    pub fn new(plan: Arc<Plan>, people: Arc<Population>, phones: Phones) -> Engine {
        Engine { plan, people, phones }
    }

    /// Lets time pass to `at`, then takes the input. Effects are appended in the order in which they happen.
    pub fn step(&mut self, _at: SimTime, _input: Option<Input>, _effects: &mut Vec<Effect>) {
        let _ = (&self.plan, &self.people, self.phones);
    }

    /// When the next alarm is due; `None` when the run is over.
    pub fn next_wakeup(&self) -> Option<SimTime> {
        None
    }

    /// Whether `RunEnded` has happened. Every later step does nothing.
    pub fn ended(&self) -> bool {
        true
    }
}
