//! A rehearsal: one run of one scenario, judged while it goes on. The engine makes events, the watch follows them.
//!
//! Every driver (virtual time, live, replay) steps a rehearsal and nothing else, so a `stop:` condition ends a run at
//! the same instant in all of them: it is looked at after each instant of simulated time, however far a step reaches.

use std::sync::Arc;

use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::engine::{Engine, Phones};
use crate::sim::expect::Watch;
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

/// One run under judgement.
#[derive(Debug)]
pub struct Rehearsal {
    plan: Arc<Plan>,
    people: Arc<Population>,
    engine: Engine,
    watch: Watch,
    /// Whether anything can stop the run from inside, so that every instant must be looked at by itself.
    stoppable: bool,
}

impl Rehearsal {
    /// A run that has not begun.
    pub fn new(scenario: &Scenario, phones: Phones) -> Rehearsal {
        let plan = Arc::new(scenario.plan.clone());
        let people = Arc::new(Population::of(&plan));
        let watch = Watch::new(plan.clone(), people.clone(), scenario.promise.clone());
        let engine = Engine::new(plan.clone(), people.clone(), phones);
        Rehearsal { plan, people, engine, watch, stoppable: !scenario.promise.stop.is_empty() }
    }

    /// Lets time pass to `at`, then takes the input; see [`Engine::step`]. Effects are appended.
    pub fn step(&mut self, at: SimTime, input: Option<Input>, effects: &mut Vec<Effect>) {
        while self.stoppable
            && let Some(due) = self.engine.next_wakeup().filter(|due| *due <= at)
        {
            self.follow(due, None, effects);
            if self.stop_if_met(effects) {
                return;
            }
        }
        self.follow(at, input, effects);
        self.stop_if_met(effects);
    }

    /// When the next alarm is due; see [`Engine::next_wakeup`].
    pub fn next_wakeup(&self) -> Option<SimTime> {
        self.engine.next_wakeup()
    }

    /// Whether the run is over.
    pub fn ended(&self) -> bool {
        self.engine.ended()
    }

    /// What is being run.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Who is in it.
    pub fn people(&self) -> &Arc<Population> {
        &self.people
    }

    /// The engine, to read from.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The watch, to read from while the run goes on.
    pub fn watch(&self) -> &Watch {
        &self.watch
    }

    /// The watch of a run that is over, to judge it.
    pub fn into_watch(self) -> Watch {
        self.watch
    }

    fn follow(&mut self, at: SimTime, input: Option<Input>, effects: &mut Vec<Effect>) {
        let (before, faults) = (effects.len(), self.engine.faults().all().len());
        self.engine.step(at, input, effects);
        // The plan's own faults are there from the first step on; those that come later were posted.
        if faults > 0 || self.plan.faults.is_empty() {
            for posted in &self.engine.faults().all()[faults..] {
                self.watch.fault_posted(&posted.fault.name);
            }
        }
        for effect in &effects[before..] {
            if let Effect::Event(event) = effect {
                self.watch.observe(event);
            }
        }
    }

    fn stop_if_met(&mut self, effects: &mut Vec<Effect>) -> bool {
        if !self.stoppable || self.engine.ended() {
            return self.engine.ended();
        }
        if let Some(condition) = self.watch.stopped() {
            self.follow(self.engine.now(), Some(Input::StopCondition(condition)), effects);
        }
        self.engine.ended()
    }
}

#[cfg(test)]
mod tests;
