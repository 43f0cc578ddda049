//! The services against plans that can be counted by hand: five homes, a bill each, everything takes a second.

use std::sync::Arc;

use crate::sim::dice::{Share, Spread};
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::engine::{Engine, Phones};
use crate::sim::fault::{DownHow, Fault, FaultKind, Recover, Scope};
use crate::sim::model::event::{Event, EventKind, Leg};
use crate::sim::model::ids::{ButtonId, ChannelId, CounterId, FaultId, KindId, PersonId, SessionId, StockId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::Groups;
use crate::sim::model::service::ServiceEvent;
use crate::sim::plan::contacts::Acquaintance;
use crate::sim::plan::message::{Button, Kind, RouteLeg};
use crate::sim::plan::population::Population;
use crate::sim::plan::service::join::Join;
use crate::sim::plan::service::leave::Leave;
use crate::sim::plan::service::relay::{Moves, Relay};
use crate::sim::plan::service::stock::Stock;
use crate::sim::plan::service::terms::Terms;
use crate::sim::plan::{Audience, DeskRule, Pace, Plan, Trigger, sample};
use crate::sim::time::{SimTime, Span};

const SECOND: Span = Span::from_secs(1);
const LH: ChannelId = ChannelId(0);

/// Everybody reads their bill after a second and presses its button at once.
fn five() -> Plan {
    let mut plan = sample::rent();
    plan.cohorts[0].count = 5;
    plan.sends[0].to.count = 5;
    plan.sends[0].pace = Pace::Over(Span::ZERO);
    let habits = &mut plan.cohorts[0].habits;
    habits.reads_after = Spread::Fixed(SECOND);
    habits.presses = vec![(ButtonId(0), Share::ALL)];
    for rules in &mut plan.media {
        (rules.shows, rules.receipt) = (Spread::Fixed(SECOND), Spread::Fixed(SECOND));
    }
    plan.clock.stop = at(3_000);
    plan
}

fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + Span::from_secs(seconds)
}

fn all() -> Audience {
    Audience {
        first: PersonId(0),
        count: 5,
        groups: Groups::default(),
        friends_of: None,
        regions: Vec::new(),
        standing_in: Vec::new(),
    }
}

fn rule(when: Trigger, terms: Terms) -> DeskRule {
    DeskRule { when, from: None, once: true, count: None, reply: None, terms }
}

/// One more kind: a chat message of the channel, with these buttons.
fn chat(plan: &mut Plan, key: &str, buttons: Vec<Button>) -> KindId {
    let mut content = plan.kinds[0].contents[0].clone();
    (content.medium, content.text, content.buttons) = (Medium::Chat, sample::fixed(key), buttons);
    let route = vec![RouteLeg { medium: Medium::Chat, ..plan.kinds[0].route[0] }];
    let kind = Kind { key: key.into(), contents: vec![content], route, vars: Vec::new(), ..plan.kinds[0].clone() };
    plan.kinds.push(kind);
    KindId(plan.kinds.len() as u16 - 1)
}

fn join(from_s: u64) -> Join {
    Join { channel: LH, at: at(from_s), who: all(), share: Share::ALL, after: Spread::Fixed(Span::ZERO) }
}

fn leave(from_s: u64, block: Share) -> Leave {
    let after = Spread::Fixed(Span::ZERO);
    Leave { channel: LH, at: at(from_s), who: all(), share: Share::ALL, after, block }
}

fn fault(kind: FaultKind, from_s: u64, to_s: u64) -> Fault {
    Fault {
        name: "trouble".into(),
        scope: Scope { networks: vec![Network::Kakao], legs: kind.own_legs().to_vec(), ..Scope::default() },
        kind,
        begins: at(from_s),
        ends: Some(at(to_s)),
        recover: Recover::Drop,
        lifted: false,
        pack: None,
    }
}

fn engine(plan: Plan, phones: Phones) -> Engine {
    let people = Arc::new(Population::of(&plan));
    Engine::new(Arc::new(plan), people, phones)
}

fn run(plan: Plan) -> Vec<Event> {
    let mut engine = engine(plan, Phones::Simulated);
    let mut effects = Vec::new();
    while let Some(due) = engine.next_wakeup() {
        engine.step(due, None, &mut effects);
    }
    events(effects)
}

fn events(effects: Vec<Effect>) -> Vec<Event> {
    let event = |effect| if let Effect::Event(event) = effect { Some(event) } else { None };
    effects.into_iter().filter_map(event).collect()
}

/// What happened in the services: at which second, and what.
fn services(events: &[Event]) -> Vec<(u64, ServiceEvent)> {
    let service = |event: &Event| match event.kind {
        EventKind::Service(service) => Some((event.at.micros() / 1_000_000, service)),
        _other => None,
    };
    events.iter().filter_map(service).collect()
}

fn count(events: &[Event], wanted: impl Fn(&EventKind) -> bool) -> usize {
    events.iter().filter(|event| wanted(&event.kind)).count()
}

fn written_to(events: &[Event], wanted: KindId) -> Vec<PersonId> {
    let created = events.iter().filter_map(|event| match event.kind {
        EventKind::Created { person, kind, .. } if kind == wanted => Some(person),
        _other => None,
    });
    created.collect()
}

#[test]
fn a_stock_of_three_is_three_for_five_who_press_at_once() {
    let mut plan = five();
    plan.services.stocks = vec![Stock { key: "emoticon".into(), count: Some(3) }];
    let sold_out = chat(&mut plan, "sold out", Vec::new());
    let terms = Terms { grant: Some(StockId(0)), sold_out: Some(sold_out), ..Terms::default() };
    plan.desk = vec![rule(Trigger::Press(ButtonId(0)), terms)];
    let events = run(plan);
    let numbers: Vec<u32> = services(&events)
        .iter()
        .filter_map(|(_, event)| if let ServiceEvent::Granted { number, .. } = event { Some(*number) } else { None })
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(written_to(&events, sold_out).len(), 2, "the other two are told");
    assert_eq!(count(&events, |kind| matches!(kind, EventKind::Answered { counted: true, .. })), 3);
}

#[test]
fn strangers_are_turned_away_until_they_add_the_channel() {
    let mut plan = five();
    plan.buttons.push("add".into());
    plan.cohorts[0].habits.presses.push((ButtonId(1), Share::ALL));
    plan.services.stocks = vec![Stock { key: "emoticon".into(), count: None }];
    let button = |id, kind: &str| Button { id: ButtonId(id), label: "x".into(), kind: kind.into() };
    let first_add = chat(&mut plan, "add first", vec![button(1, "AC")]);
    let now_get = chat(&mut plan, "now get", vec![button(0, "BK")]);
    let terms = Terms { friend_of: Some(LH), otherwise: Some(first_add), grant: Some(StockId(0)), ..Terms::default() };
    let follow = DeskRule { reply: Some(now_get), ..rule(Trigger::Follow(LH), Terms::default()) };
    plan.desk = vec![follow, rule(Trigger::Press(ButtonId(0)), terms)];
    let person = PersonId(2);
    let events = run(plan);
    let theirs: Vec<&'static str> = services(&events)
        .iter()
        .filter(|(_, event)| event.person() == Some(person))
        .map(|(_, event)| event.name())
        .collect();
    assert_eq!(theirs, ["turned_away", "friend_added", "granted"]);
}

#[test]
fn a_gift_on_friend_add_is_given_once_over_leaving_and_returning() {
    let mut plan = five();
    plan.sends.clear();
    plan.services.stocks = vec![Stock { key: "emoticon".into(), count: None }];
    plan.services.joins = vec![join(10), join(30), join(50)];
    plan.services.leaves = vec![leave(20, Share::NONE), leave(40, Share::ALL)];
    let terms = Terms { grant: Some(StockId(0)), ..Terms::default() };
    plan.desk = vec![rule(Trigger::Follow(LH), terms)];
    let granted =
        |plan: Plan| count(&run(plan), |kind| matches!(kind, EventKind::Service(ServiceEvent::Granted { .. })));
    assert_eq!(granted(plan.clone()), 5, "one each, over two returns, one of them from a block");
    plan.desk[0].once = false;
    assert_eq!(granted(plan), 15, "the naive rule gives three each");
}

#[test]
fn a_wish_waits_for_the_network_and_a_lost_one_is_lost() {
    let mut plan = five();
    plan.sends.clear();
    plan.services.joins = vec![join(10)];
    plan.cohorts[0].count = 1;
    let added = |fault| {
        let mut plan = plan.clone();
        plan.faults = vec![fault];
        services(&run(plan))
    };
    let (person, channel) = (PersonId(0), LH);
    let down = added(fault(FaultKind::Down { how: DownHow::Reject }, 5, 100));
    assert!(matches!(down[..], [(100.., ServiceEvent::FriendAdded { .. })]), "{down:?}");
    let mut loss = fault(FaultKind::Loss, 5, 100);
    loss.scope.legs = vec![Leg::Receipt];
    let lost = added(loss);
    let expected = ServiceEvent::FriendLost { person, channel, fault: Some(FaultId(0)) };
    assert_eq!(lost, [(10, expected)]);
    let held = added(fault(FaultKind::Silence, 5, 100));
    assert_eq!(held, [(100, expected)], "a silence that drops what it held drops this, too");
    let mut latency = fault(FaultKind::Latency { add: Spread::Fixed(Span::from_secs(7)) }, 5, 100);
    latency.scope.legs = vec![Leg::Receipt];
    let slow = added(latency);
    assert_eq!(slow, [(17, ServiceEvent::FriendAdded { person, channel })]);
}

#[test]
fn a_line_to_friends_means_the_friends_of_that_instant() {
    let mut plan = five();
    plan.sends[0].to.friends_of = Some(LH);
    plan.services.joins = vec![Join { who: Audience { count: 3, ..all() }, ..join(60) }];
    plan.services.leaves = vec![Leave { who: Audience { count: 1, ..all() }, ..leave(120, Share::NONE) }];
    let told = |seconds| {
        let mut plan = plan.clone();
        plan.sends[0].at = at(seconds);
        written_to(&run(plan), KindId(0))
    };
    assert_eq!(told(30), []);
    assert_eq!(told(90), [PersonId(0), PersonId(1), PersonId(2)]);
    assert_eq!(told(150), [PersonId(1), PersonId(2)]);
}

#[test]
fn a_mark_is_reached_once_and_everybody_counted_is_told() {
    let mut plan = five();
    plan.counters = vec!["agreed".into()];
    let opened = chat(&mut plan, "opened", Vec::new());
    let agree = DeskRule { count: Some(CounterId(0)), ..rule(Trigger::Press(ButtonId(0)), Terms::default()) };
    let mark = rule(Trigger::Reaches(CounterId(0), 3), Terms { tell: Some(opened), ..Terms::default() });
    plan.desk = vec![agree, mark];
    let events = run(plan);
    let reached = ServiceEvent::ThresholdReached { counter: CounterId(0), count: 3, people: 3 };
    assert_eq!(services(&events).iter().map(|(_, event)| *event).collect::<Vec<_>>(), [reached]);
    assert_eq!(written_to(&events, opened).len(), 3, "those who had agreed, and not the two who come later");
}

/// Ten people in homes of five; the first two get the bill, and whoever reads it passes it on at home.
fn homes() -> Plan {
    let mut plan = five();
    plan.cohorts[0].count = 10;
    plan.cohorts[0].contacts = Acquaintance { household: 5, others: 0 };
    plan.sends[0].to.count = 1;
    let passed_on = chat(&mut plan, "passed on", Vec::new());
    plan.services.relays = vec![Relay {
        passes: vec![KindId(0), passed_on],
        when: Moves::Opened,
        by: Audience { count: 10, ..all() },
        share: Share::ALL,
        contacts: None,
        after: Spread::Fixed(SECOND),
        kind: passed_on,
        hops_max: 8,
    }];
    plan
}

#[test]
fn what_is_passed_on_goes_from_hand_to_hand_and_stays_among_those_who_know_each_other() {
    let events = run(homes());
    let hops: Vec<u32> = services(&events)
        .iter()
        .filter_map(|(_, event)| if let ServiceEvent::Relayed { hops, .. } = event { Some(*hops) } else { None })
        .collect();
    assert_eq!(hops.iter().filter(|hops| **hops == 1).count(), 4, "the first tells four at home");
    assert_eq!(hops.len(), 5 * 4, "each of the five passes it on once, to four");
    assert!(written_to(&events, KindId(1)).iter().all(|person| person.0 < 5), "the other home hears nothing");
    let mut short = homes();
    short.services.relays[0].hops_max = 1;
    assert_eq!(count(&run(short), |kind| matches!(kind, EventKind::Service(ServiceEvent::Relayed { .. }))), 4);
}

#[test]
fn a_wish_from_outside_does_what_the_engines_own_people_do() {
    let mut plan = five();
    plan.sends.clear();
    plan.services.stocks = vec![Stock { key: "emoticon".into(), count: None }];
    plan.desk = vec![rule(Trigger::Follow(LH), Terms { grant: Some(StockId(0)), ..Terms::default() })];
    plan.faults = vec![fault(FaultKind::Silence, 5, 100)];
    plan.faults[0].recover = Recover::Flush { per_second: None, newest_first: false };
    let mut engine = engine(plan, Phones::Outside);
    let (person, mut effects) = (PersonId(1), Vec::new());
    let session = SessionId(1);
    engine.step(at(1), Some(Input::Follow { person, channel: LH }), &mut effects);
    assert_eq!(services(&events(effects.clone())), [], "a phone that is not there says nothing");
    engine.step(at(2), Some(Input::Hello { session, network: Network::Kakao, people: vec![person] }), &mut effects);
    engine.step(at(6), Some(Input::Unfollow { person, channel: LH }), &mut effects);
    engine.step(at(200), None, &mut effects);
    let told: Vec<(u64, &str)> = services(&events(effects)).iter().map(|(at, event)| (*at, event.name())).collect();
    assert_eq!(told, [(2, "friend_added"), (2, "granted"), (100, "friend_left")]);
}
