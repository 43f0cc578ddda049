//! What a waking brought about and nobody has seen yet: held until the inputs are on disk.

use crate::host::control::{RecordError, Recorder};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::time::SimTime;

/// A recorder that shows nothing. Bounded by what its drive takes at one waking.
#[derive(Debug, Default)]
pub struct Held(Lot);

/// Calls of a recorder, to be repeated: three plain lists, because a rebuild makes a million of them.
#[derive(Debug, Default)]
pub struct Lot {
    inputs: Vec<(SimTime, Input)>,
    effects: Vec<Effect>,
    acts: Vec<Act>,
}

/// One call.
#[derive(Debug)]
enum Act {
    /// The next of the inputs.
    Input,
    /// A posted fault was taken.
    Named(String),
    /// So many of the effects.
    Effects(usize),
}

impl Held {
    /// Whether nothing happened.
    pub fn is_empty(&self) -> bool {
        self.0.acts.is_empty()
    }

    /// The inputs, in the order in which they were taken.
    pub fn inputs(&self) -> &[(SimTime, Input)] {
        &self.0.inputs
    }

    /// All of it. Nothing is held afterwards.
    pub fn release(&mut self) -> Lot {
        std::mem::take(&mut self.0)
    }
}

impl Lot {
    /// Makes the calls again, as if all of it had been one step: what many steps brought about is shown at once, behind
    /// their inputs, so that a thousand receipts do not wake a thousand times those who watch. Only the name of a fault
    /// comes before what happened after it.
    pub fn repeat(&self, recorder: &mut dyn Recorder) -> Result<(), RecordError> {
        let (mut inputs, mut left, mut happened) = (self.inputs.iter(), self.effects.as_slice(), 0);
        for act in &self.acts {
            match act {
                Act::Input => {
                    let (at, input) = inputs.next().expect("every input that is held has its act");
                    recorder.input(*at, input)?;
                }
                Act::Named(name) => {
                    left = show(recorder, left, std::mem::take(&mut happened))?;
                    recorder.fault_named(name)?;
                }
                Act::Effects(count) => happened += count,
            }
        }
        show(recorder, left, happened).map(drop)
    }

    /// So many effects come next.
    fn happened(&mut self, more: usize) {
        match self.acts.last_mut() {
            _ if more == 0 => {}
            Some(Act::Effects(count)) => *count += more,
            Some(Act::Input | Act::Named(_)) | None => self.acts.push(Act::Effects(more)),
        }
    }

    /// The effects, to be looked at.
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// The effects, in their order.
    pub fn into_effects(self) -> impl Iterator<Item = Effect> {
        self.effects.into_iter()
    }
}

/// Shows so many of the effects, and answers those that are left.
fn show<'a>(recorder: &mut dyn Recorder, effects: &'a [Effect], count: usize) -> Result<&'a [Effect], RecordError> {
    let (these, left) = effects.split_at(count);
    if these.is_empty() { Ok(left) } else { recorder.take(these).map(|()| left) }
}

impl Recorder for Held {
    fn input(&mut self, at: SimTime, input: &Input) -> Result<(), RecordError> {
        self.0.inputs.push((at, input.clone()));
        self.0.acts.push(Act::Input);
        Ok(())
    }

    fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
        self.0.acts.push(Act::Named(name.to_owned()));
        Ok(())
    }

    fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
        self.0.happened(effects.len());
        self.0.effects.extend_from_slice(effects);
        Ok(())
    }

    fn take_away(&mut self, effects: &mut Vec<Effect>) -> Result<(), RecordError> {
        self.0.happened(effects.len());
        self.0.effects.append(effects);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Held;
    use crate::host::control::{RecordError, Recorder};
    use crate::sim::engine::effect::Effect;
    use crate::sim::engine::input::Input;
    use crate::sim::model::event::{Event, EventKind, Rejection};
    use crate::sim::model::ids::SessionId;
    use crate::sim::time::SimTime;

    /// Writes down what it is told.
    #[derive(Default)]
    struct Told(Vec<String>);

    impl Recorder for Told {
        fn input(&mut self, at: SimTime, _input: &Input) -> Result<(), RecordError> {
            self.0.push(format!("input {}", at.micros()));
            Ok(())
        }

        fn fault_named(&mut self, name: &str) -> Result<(), RecordError> {
            self.0.push(format!("named {name}"));
            Ok(())
        }

        fn take(&mut self, effects: &[Effect]) -> Result<(), RecordError> {
            self.0.push(format!("{} effects", effects.len()));
            Ok(())
        }

        fn flush(&mut self) -> Result<(), RecordError> {
            Ok(())
        }
    }

    #[test]
    fn what_was_held_is_shown_at_once_but_not_past_a_name() {
        let (mut held, mut told) = (Held::default(), Told::default());
        let at = SimTime::from_micros;
        let event = |micros| {
            Effect::Event(Event { at: at(micros), kind: EventKind::InputRejected { why: Rejection::UnknownFault } })
        };
        let bye = Input::Bye { session: SessionId(1) };
        held.take(&[event(1)]).expect("held");
        held.take(&[]).expect("held");
        held.take_away(&mut vec![event(2), event(3)]).expect("held");
        held.take_away(&mut Vec::new()).expect("held");
        held.input(at(4), &bye).expect("held");
        held.fault_named("cut").expect("held");
        held.take(&[event(4)]).expect("held");
        held.input(at(5), &bye).expect("held");
        held.take(&[event(5)]).expect("held");
        assert_eq!(held.inputs().len(), 2);
        let lot = held.release();
        lot.repeat(&mut told).expect("told");
        assert_eq!(told.0, ["input 4", "3 effects", "named cut", "input 5", "2 effects"]);
        assert_eq!(lot.into_effects().collect::<Vec<_>>(), [1, 2, 3, 4, 5].map(event));
        assert!(held.is_empty());
    }
}
