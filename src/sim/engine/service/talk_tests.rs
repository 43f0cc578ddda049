//! Talks against the engine: what is said by people from outside, under faults and outside the hours.

use std::sync::Arc;

use crate::sim::dice::Spread;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::engine::{Engine, Phones};
use crate::sim::fault::{DownHow, Fault, FaultKind, Recover, Scope};
use crate::sim::model::event::{EventKind, Rejection};
use crate::sim::model::ids::{ChannelId, CounterId, FaultId, KindId, PersonId, StateId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::service::ServiceEvent as S;
use crate::sim::plan::message::{RouteLeg, Until};
use crate::sim::plan::population::Population;
use crate::sim::plan::service::talk::{Counter, Hours, Human, Turn};
use crate::sim::plan::{DeskRule, Plan, Trigger, sample};
use crate::sim::time::{SimTime, Span};

const LH: ChannelId = ChannelId(0);
const KIM: PersonId = PersonId(3);

/// A desk that asks after "rent", understands "yes" only then, puts "help" through, and is puzzled by anything else.
/// The run begins at 15:20; somebody works there from nine to six; a talk is forgotten after ten minutes.
fn plan() -> Plan {
    let mut plan = sample::rent();
    plan.sends.clear();
    plan.clock.stop = SimTime::ZERO + Span::from_hours(24);
    let mut reply = plan.kinds[0].clone();
    reply.contents[0].medium = Medium::Chat;
    reply.contents.truncate(1);
    reply.route = vec![RouteLeg { medium: Medium::Chat, until: Until::Delivered, within: None, arrives: None }];
    plan.kinds.push(reply);
    let say = |word: &str| DeskRule {
        when: Trigger::Say(word.into()),
        from: None,
        once: false,
        count: None,
        reply: Some(KindId(1)),
        terms: Default::default(),
    };
    plan.counters = vec!["puzzled".into()];
    plan.desk = vec![say("rent"), say("yes"), say("help"), DeskRule { count: Some(CounterId(0)), ..say("") }];
    let asked = Some(StateId(0));
    let human = Human { takes: Spread::Fixed(Span::from_secs(600)), closed: Some(KindId(1)) };
    let talk = &mut plan.services.talk;
    talk.states = vec!["asked".into()];
    talk.turns = vec![
        Turn { goto: Some(asked), ..Turn::default() },
        Turn { only_in: vec![asked], goto: Some(None), ..Turn::default() },
        Turn { human: Some(human), ..Turn::default() },
    ];
    let hours = Some(Hours { from_s: 9 * 3_600, to_s: 18 * 3_600 });
    talk.counters = vec![Counter { hours, forgets: Some(Span::from_secs(600)) }];
    plan
}

fn down(minutes: std::ops::Range<u64>, kind: FaultKind, recover: Recover) -> Fault {
    let legs = kind.own_legs().to_vec();
    Fault {
        name: "trouble".into(),
        kind,
        scope: Scope { networks: vec![Network::Kakao], legs, ..Scope::default() },
        begins: SimTime::ZERO + Span::from_secs(minutes.start * 60),
        ends: Some(SimTime::ZERO + Span::from_secs(minutes.end * 60)),
        recover,
        lifted: false,
        pack: None,
    }
}

/// Kim says these words, at these minutes; answers what happened in the talk, with its minute, and how often the desk
/// was puzzled.
fn talk(plan: Plan, words: &[(u64, &str)]) -> (Vec<(u64, S)>, usize) {
    let people = Arc::new(Population::of(&plan));
    let mut engine = Engine::new(Arc::new(plan), people, Phones::Simulated);
    let mut effects = Vec::new();
    for (minute, text) in words {
        let at = SimTime::ZERO + Span::from_secs(minute * 60);
        engine.step(at, Some(Input::Say { person: KIM, channel: LH, text: (*text).into() }), &mut effects);
    }
    while let Some(due) = engine.next_wakeup() {
        engine.step(due, None, &mut effects);
    }
    let (mut said, mut puzzled) = (Vec::new(), 0);
    for effect in effects {
        let Effect::Event(event) = effect else { continue };
        match event.kind {
            EventKind::Service(service) => said.push((event.at.micros() / 60_000_000, service)),
            EventKind::Counted { .. } => puzzled += 1,
            _ => {}
        }
    }
    (said, puzzled)
}

fn said(word: u32) -> S {
    S::Said { person: KIM, channel: LH, word }
}

fn replied(word: u32, human: bool) -> S {
    S::Replied { person: KIM, channel: LH, word, human }
}

fn turned() -> S {
    S::TalkTurned { person: KIM, channel: LH, state: StateId(0) }
}

fn forgotten() -> S {
    S::TalkForgotten { person: KIM, channel: LH, state: StateId(0) }
}

#[test]
fn a_word_is_understood_where_the_talk_stands() {
    let (events, puzzled) = talk(plan(), &[(1, "yes"), (2, "my rent?"), (3, "yes, please"), (4, "yes")]);
    let expected = [
        (1, said(0)),
        (1, replied(0, false)),
        (2, said(1)),
        (2, turned()),
        (2, replied(1, false)),
        (3, said(2)),
        (3, replied(2, false)),
        (4, said(3)),
        (4, replied(3, false)),
    ];
    assert_eq!((events, puzzled), (expected.to_vec(), 2));
}

#[test]
fn a_silent_talk_is_forgotten_ten_minutes_after_the_last_word() {
    // "rent" again at minute 8 keeps the talk in its state until 18.
    let (events, puzzled) = talk(plan(), &[(1, "rent"), (8, "rent"), (19, "yes")]);
    let forgets: Vec<&(u64, S)> = events.iter().filter(|row| row.1 == forgotten()).collect();
    assert_eq!((forgets, puzzled), (vec![&(18, forgotten())], 1));
}

#[test]
fn whoever_asks_at_night_is_told_so_and_answered_next_morning() {
    // 15:30, and 18:20; the desk opens 17 h 40 m after the start.
    let through = |word, open| S::PutThrough { person: KIM, channel: LH, word, open };
    let (events, _) = talk(plan(), &[(10, "help"), (180, "help")]);
    let expected = [
        (10, said(0)),
        (10, through(0, true)),
        (20, replied(0, true)),
        (180, said(1)),
        (180, through(1, false)),
        (180, replied(1, false)),
        (1_070, replied(1, true)),
    ];
    assert_eq!(events, expected);
}

#[test]
fn what_is_said_while_the_network_is_down_waits_on_the_phone() {
    let mut plan = plan();
    plan.faults.push(down(5..9, FaultKind::Down { how: DownHow::Reject }, Recover::Drop));
    let (events, puzzled) = talk(plan, &[(1, "rent"), (6, "yes")]);
    let answered = events.iter().find(|row| row.1 == replied(1, false)).expect("an answer");
    assert!((9..=11).contains(&answered.0), "{answered:?}");
    assert_eq!(puzzled, 0);
}

#[test]
fn what_a_fault_drops_is_lost_and_what_it_holds_comes_later() {
    let silent = |recover| {
        let mut plan = plan();
        plan.faults.push(down(5..30, FaultKind::Freeze { release: None }, recover));
        plan.faults[0].scope.legs = vec![crate::sim::model::event::Leg::Receipt];
        talk(plan, &[(1, "rent"), (6, "yes")])
    };
    let (events, _) = silent(Recover::Drop);
    let lost = S::WordLost { person: KIM, channel: LH, word: 1, fault: Some(FaultId(0)) };
    assert!(events.contains(&(30, lost)), "{events:?}");
    // Held for twenty-four minutes, and the desk has forgotten by then what it asked.
    let (events, puzzled) = silent(Recover::Flush { per_second: None, newest_first: false });
    assert!(events.contains(&(30, replied(1, false))), "{events:?}");
    assert_eq!(puzzled, 1);
}

#[test]
fn a_word_to_no_channel_is_rejected() {
    let plan = plan();
    let people = Arc::new(Population::of(&plan));
    let mut engine = Engine::new(Arc::new(plan), people, Phones::Simulated);
    let mut effects = Vec::new();
    let input = Input::Say { person: KIM, channel: ChannelId(9), text: "rent".into() };
    engine.step(SimTime::ZERO, Some(input), &mut effects);
    let rejected = EventKind::InputRejected { why: Rejection::UnknownChannel };
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Event(event) if event.kind == rejected)));
}
