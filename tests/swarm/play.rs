//! Plays a drawn plan in virtual time, with phones and an API outside where the seed has them.

use std::collections::BTreeMap;
use std::sync::Arc;

use bongsu::sim::engine::effect::Effect;
use bongsu::sim::engine::input::Input;
use bongsu::sim::engine::{Engine, Phones};
use bongsu::sim::model::ids::ButtonId;
use bongsu::sim::plan::Plan;
use bongsu::sim::plan::population::Population;
use bongsu::sim::time::{SimTime, Span};

use super::dice::Dice;
use super::trace::Trace;
use super::{draw, inputs};

/// Most steps of a run: a run that needs more does not end by itself.
const STEPS_MAX: usize = 2_000_000;

/// How late the late host wakes: every 37 minutes and a bit, whatever is due.
const LATE: Span = Span::from_millis(37 * 60_000 + 123);

/// Inputs that are still to come, in order of their instants and then of their making.
type Coming = BTreeMap<(SimTime, u64), Input>;

/// Plays one seed to its end, with a host that is always on time.
pub fn play(seed: u64) -> Trace {
    let plan = Arc::new(draw::plan(seed));
    let drawn = inputs::draw(seed, &plan);
    let outside = !drawn.is_empty();
    let mut coming: Coming = (0..).zip(drawn).map(|(number, (at, input))| ((at, number), input)).collect();
    let (mut engine, mut trace) = begin(plan, outside);
    let (dice, mut steps) = (&mut Dice::new(seed, 2), 0);
    while !engine.ended() {
        steps += 1;
        assert!(steps < STEPS_MAX, "seed {seed} does not end: {:?} is due", engine.next_wakeup());
        let due = engine.next_wakeup();
        let mut effects = Vec::new();
        match coming.first_key_value().map(|(key, _)| key.0).filter(|at| due.is_none_or(|due| *at < due)) {
            Some(at) => {
                let (_, input) = coming.pop_first().expect("it has just been looked at");
                trace.inputs.push((at, input.clone()));
                engine.step(at, Some(input), &mut effects);
            }
            None => {
                let due = due.unwrap_or_else(|| panic!("seed {seed}: nothing is due, and the run has not ended"));
                engine.step(due, None, &mut effects);
            }
        }
        effects.iter().for_each(|effect| react(dice, effect, &mut coming));
        record(&mut trace, effects);
    }
    rests(&mut engine);
    trace
}

/// Plays a run's inputs again, each at its instant, with a host that looks at the clock only now and then.
pub fn replay_late(first: &Trace) -> Trace {
    let (mut engine, mut trace) = begin(first.plan.clone(), first.outside);
    let (mut inputs, mut now) = (first.inputs.iter().cloned().peekable(), SimTime::ZERO);
    while !engine.ended() {
        let mut effects = Vec::new();
        now += LATE;
        while let Some((at, input)) = inputs.next_if(|input| input.0 <= now) {
            engine.step(at, Some(input), &mut effects);
        }
        engine.step(now, None, &mut effects);
        record(&mut trace, effects);
    }
    rests(&mut engine);
    trace
}

fn begin(plan: Arc<Plan>, outside: bool) -> (Engine, Trace) {
    let people = Arc::new(Population::of(&plan));
    let phones = if outside && plan.seed.0.is_multiple_of(2) { Phones::Outside } else { Phones::Simulated };
    let engine = Engine::new(plan.clone(), people.clone(), phones);
    (engine, Trace { plan, people, outside, inputs: Vec::new(), events: Vec::new() })
}

/// A phone outside does something about what it was sent: mostly what a phone should, sometimes twice or too much.
fn react(dice: &mut Dice, effect: &Effect, coming: &mut Coming) {
    let Effect::Transmit { person, attempt, at, .. } = *effect else { return };
    let button = ButtonId(dice.below(2) as u16);
    let answers = [
        (90, Input::Delivered { person, attempt }),
        (20, Input::Delivered { person, attempt }),
        (60, Input::Read { person, attempt }),
        (30, Input::Read { person, attempt }),
        (40, Input::Press { person, attempt, button }),
        (20, Input::Press { person, attempt, button }),
    ];
    for (share, input) in answers {
        if dice.percent(share) {
            let number = u64::MAX - coming.len() as u64;
            coming.insert((at + Span::from_millis(1) + dice.span(120), number), input);
        }
    }
}

fn record(trace: &mut Trace, effects: Vec<Effect>) {
    trace.events.extend(effects.into_iter().filter_map(|effect| match effect {
        Effect::Event(event) => Some(event),
        Effect::Transmit { .. }
        | Effect::Admit { .. }
        | Effect::Sever { .. }
        | Effect::Gate { .. }
        | Effect::Handed(_)
        | Effect::CallAnswered(_)
        | Effect::Word(_) => None,
    }));
}

/// After its end an engine does nothing, whatever it is told.
fn rests(engine: &mut Engine) {
    let mut after = Vec::new();
    engine.step(SimTime::NEVER, Some(Input::Stop), &mut after);
    assert_eq!((after, engine.next_wakeup()), (Vec::new(), None), "something happened after the end");
}
