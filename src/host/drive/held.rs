//! What a waking brought about and nobody has seen yet: held until the inputs are on disk.

use crate::host::control::{RecordError, Recorder};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// A recorder that shows nothing. Bounded by what its drive takes at one waking.
#[derive(Debug, Default)]
pub struct Held {
    inputs: Vec<(SimTime, Input)>,
    acts: Vec<Act>,
}

/// One call of a recorder, to be repeated.
#[derive(Debug)]
pub enum Act {
    /// The next of the inputs.
    Input,
    /// A posted fault was taken.
    Named(String),
    /// What a step brought about.
    Effects(Vec<Effect>),
}

impl Held {
    /// Whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.acts.is_empty()
    }

    /// The inputs, in the order in which they were taken.
    pub fn inputs(&self) -> &[(SimTime, Input)] {
        &self.inputs
    }

    /// All of it, inputs and acts, each in its order. Nothing is held afterwards.
    pub fn release(&mut self) -> (Vec<(SimTime, Input)>, Vec<Act>) {
        (std::mem::take(&mut self.inputs), std::mem::take(&mut self.acts))
    }
}

impl Recorder for Held {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        self.inputs.push((at, input.clone()));
        self.acts.push(Act::Input);
        Ok(())
    }

    fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
        self.acts.push(Act::Named(name.to_owned()));
        Ok(())
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        match self.acts.last_mut() {
            _ if effects.is_empty() => {}
            Some(Act::Effects(held)) => held.extend_from_slice(effects),
            _ => self.acts.push(Act::Effects(effects.to_vec())),
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}
