//! Drawn faults: every kind, on any leg, for anybody, with any end.

use bongsu::sim::fault::{DownHow, Fault, FaultKind, LieClaim, Over, Recover, Scope, Stage, Then};
use bongsu::sim::medium::Capability;
use bongsu::sim::model::code::Code;
use bongsu::sim::model::event::Leg;
use bongsu::sim::model::ids::{GroupId, RegionId};
use bongsu::sim::model::medium::{Medium, Network};
use bongsu::sim::model::person::Groups;
use bongsu::sim::plan::Send;
use bongsu::sim::time::{SimTime, Span};

use super::dice::Dice;

/// None for a third of all seeds, else up to five, in order of time; many begin when one of these lines does.
pub fn draw(dice: &mut Dice, sends: &[Send], stop_s: u64) -> Vec<Fault> {
    if dice.percent(33) {
        return Vec::new();
    }
    let mut faults: Vec<Fault> = (0..dice.between(1, 5)).map(|number| one(dice, number, stop_s)).collect();
    for fault in &mut faults {
        if dice.percent(60) {
            let length = fault.ends.map(|ends| ends.since(fault.begins));
            fault.begins = dice.one(sends).at;
            fault.ends = length.map(|length| fault.begins + length);
        }
    }
    faults.sort_by_key(|fault| fault.begins);
    faults
}

/// One fault, by number so that names differ.
pub fn one(dice: &mut Dice, number: u64, stop_s: u64) -> Fault {
    let kind = kind(dice, stop_s);
    // Lines send in the first three quarters of a run, so that is where trouble is worth having.
    let begins = SimTime::ZERO + dice.span(stop_s * 5 / 8);
    let length = dice.one(&[60, stop_s / 20, stop_s / 8, stop_s / 4]);
    Fault {
        name: format!("f{number}"),
        scope: scope(dice, &kind),
        kind,
        begins,
        ends: dice.percent(95).then(|| begins + Span::from_millis(1) + dice.span(length)),
        recover: recover(dice, stop_s),
        lifted: false,
        pack: None,
    }
}

fn kind(dice: &mut Dice, stop_s: u64) -> FaultKind {
    // Turns that come too fast would only make the run long.
    let turn = Span::from_secs(stop_s / 60);
    // What holds messages, cuts sessions or keeps answers back comes thrice as often, because what follows has more ways to go wrong.
    let number = dice.below(27);
    match if number < 17 { number } else { [0, 1, 9, 12, 16][number as usize % 5] } {
        0 => FaultKind::Down { how: dice.one(&[DownHow::Reject, DownHow::Hang, DownHow::Reset]) },
        1 => FaultKind::Silence,
        2 => FaultKind::Refuse { code: dice.one(&[Code::INTERNAL, Code::NOT_A_USER, Code::TEMPLATE_MISMATCH]) },
        3 => FaultKind::LateFailure { after: dice.spread(60), code: Code::UNKNOWN },
        4 => FaultKind::Latency { add: dice.spread(60) },
        5 => FaultKind::Loss,
        6 => FaultKind::Duplicate { copies: dice.between(1, 3) as u8, after: dice.spread(60) },
        7 => FaultKind::Reorder { window: dice.span(60) },
        8 => FaultKind::Throttle {
            per_second: dice.between(1, 5) as u32,
            over: dice.one(&[Over::Queue, Over::Drop, Over::TooMany]),
        },
        9 => FaultKind::Freeze { release: dice.percent(50).then(|| dice.span(stop_s / 2)) },
        10 => FaultKind::Lie { claim: dice.one(&[LieClaim::Delivered, LieClaim::Failed]) },
        11 => FaultKind::Sever { every: dice.percent(50).then_some(turn) },
        12 => FaultKind::Flap { down: turn + dice.span(60), up: turn + dice.span(60) },
        13 => FaultKind::Login,
        14 => FaultKind::Creep { code: Code::INTERNAL, from: dice.share(), rises: dice.span(stop_s / 4) },
        15 => FaultKind::SenderDown,
        _ => FaultKind::AcceptThen { then: dice.one(&[Then::Reset, Then::Close, Then::Answer(Span::from_secs(20))]) },
    }
}

fn scope(dice: &mut Dice, kind: &FaultKind) -> Scope {
    let mut networks = dice.some(&Network::ALL, 60);
    if networks.is_empty() {
        networks = vec![Network::Kakao];
    }
    let mut legs = kind.own_legs().to_vec();
    if dice.percent(25) {
        legs = vec![dice.one(&Leg::ALL)];
    }
    if matches!(kind, FaultKind::Down { .. } | FaultKind::Flap { .. }) && dice.percent(50) {
        // Only logins fail: what is handed in meanwhile waits for phones to come back.
        legs = vec![Leg::Connect];
    }
    Scope {
        networks,
        media: if dice.percent(10) { vec![Medium::Alimtalk] } else { Vec::new() },
        legs,
        share: dice.percent(25).then(|| dice.share()),
        sticky: dice.percent(50),
        groups: if dice.percent(10) { Groups::default().with(GroupId(1)) } else { Groups::default() },
        regions: if dice.percent(10) { vec![RegionId(0)] } else { Vec::new() },
    }
}

fn recover(dice: &mut Dice, stop_s: u64) -> Recover {
    let per_second = dice.percent(50).then(|| dice.between(1, 20) as u32);
    match dice.below(4) {
        0 => Recover::Drop,
        1 => Recover::Flush { per_second, newest_first: false },
        2 => Recover::Flush { per_second, newest_first: true },
        _ => {
            let mut after: Vec<Span> = (0..3).map(|_| dice.span(stop_s / 4)).collect();
            after.sort();
            let gives = [Capability::Text, Capability::Channel, Capability::Alimtalk];
            Recover::Staged(after.into_iter().zip(gives).map(|(after, gives)| Stage { after, gives }).collect())
        }
    }
}
