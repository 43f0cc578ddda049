//! Drawn inputs: what sockets and the API may send, in any order, often nonsense.

use bongsu::sim::engine::call::{Denied, HookHow, HookWord};
use bongsu::sim::engine::input::Input;
use bongsu::sim::model::code::Code;
use bongsu::sim::model::denial::{COUNT, Denial};
use bongsu::sim::model::event::{Claim, Ear};
use bongsu::sim::model::ids::{AttemptId, ButtonId, ChannelId, FaultId, KindId, NoticeId, PersonId, SessionId};
use bongsu::sim::model::medium::{Medium, Network};
use bongsu::sim::plan::Plan;
use bongsu::sim::time::{SimTime, Span};

use super::dice::Dice;
use super::faults;

/// Inputs of a seed in order of time; none for most seeds.
pub fn draw(seed: u64, plan: &Plan) -> Vec<(SimTime, Input)> {
    let dice = &mut Dice::new(seed, 1);
    if dice.percent(70) {
        return Vec::new();
    }
    let stop_s = plan.clock.stop.micros() / 1_000_000;
    let mut inputs: Vec<(SimTime, Input)> = (0..dice.between(1, 300))
        .map(|number| {
            let at = SimTime::ZERO + dice.span(stop_s);
            (at, one(dice, plan, number, stop_s))
        })
        .collect();
    inputs.sort_by_key(|input| input.0);
    if dice.percent(20) {
        let last = inputs.last().map_or(SimTime::ZERO, |input| input.0);
        inputs.push((last + Span::from_secs(1), dice.one(&[Input::Stop, Input::StopCondition(3)])));
    }
    inputs
}

fn one(dice: &mut Dice, plan: &Plan, number: u64, stop_s: u64) -> Input {
    let people = u64::from(plan.people());
    // Some are for magic people, who stand by behind the others; one id in ten or so is nobody's.
    let person = PersonId(dice.below(u64::from(plan.everyone()) + people / 10 + 1) as u32);
    let attempt = AttemptId { notice: NoticeId(dice.below(60) as u32), ordinal: dice.below(3) as u8 };
    let button = ButtonId(dice.below(3) as u16);
    let channel = ChannelId(dice.below(3) as u16);
    let session = SessionId(dice.below(12) as u32);
    let network = dice.one(&Network::ALL);
    match dice.below(21) {
        0 | 1 | 16 | 17 => Input::Hello {
            session,
            network,
            people: (0..dice.below(10)).map(|_| PersonId(dice.below(people + 2) as u32)).collect(),
        },
        2 => Input::Bye { session },
        3 | 4 => Input::Delivered { person, attempt },
        5 => Input::Read { person, attempt },
        6 => Input::Press { person, attempt, button },
        7 => Input::Say { person, channel, text: dice.one(&["안녕하세요", "", "뭐라고요?"]).into() },
        8 => Input::Follow { person, channel },
        9 => Input::Unfollow { person, channel },
        10 => Input::Block { person, channel },
        11 if number < 20 => Input::PostFault(Box::new(faults::one(dice, number % 8, stop_s))),
        12 => Input::LiftFault(FaultId(dice.below(8) as u16)),
        13 => Input::Submit { kind: KindId(dice.below(plan.kinds.len() as u64 + 1) as u16), person },
        14 => Input::HandshakesRefused { network, count: dice.below(100) as u32 },
        15 => Input::Heard { attempt, claim: Claim::Shown, code: Code::OK, ear: dice.one(&[Ear::Answer, Ear::Poll]) },
        18 => Input::Hook(Box::new(hook(dice, attempt))),
        19 if dice.percent(80) => Input::Denied((0..dice.below(4)).map(|_| denied(dice, plan)).collect()),
        19 => Input::RequestsRefused { said: said(dice), count: dice.below(100) as u32 },
        _ => Input::SlowSessionCut { session },
    }
}

/// A message that a provider did not take, for nobody: an application outside knows nothing of the routes by which the
/// laws judge a sender, so that its own notices are left to the tests of the provider.
fn denied(dice: &mut Dice, plan: &Plan) -> Denied {
    let person = PersonId(plan.everyone() + dice.below(9) as u32);
    let kind = dice.percent(60).then(|| KindId(dice.below(plan.kinds.len() as u64 + 1) as u16));
    Denied { person, kind, medium: dice.one(&[Medium::Alimtalk, Medium::Sms, Medium::Lms]), said: said(dice) }
}

fn said(dice: &mut Dice) -> Denial {
    Denial::all().nth(dice.below(COUNT as u64) as usize).expect("there are so many")
}

/// A try of a webhook, about a message or about a whole call.
fn hook(dice: &mut Dice, attempt: AttemptId) -> HookWord {
    let tells = if dice.percent(50) { vec![(attempt, Claim::Failed, Code(3018))] } else { Vec::new() };
    let whole = tells.is_empty().then(|| dice.below(9) as u32);
    let how = dice.one(&[HookHow::Taken, HookHow::Failed, HookHow::GivenUp]);
    HookWord { tells, whole, tries: dice.between(1, 5) as u8, how }
}
