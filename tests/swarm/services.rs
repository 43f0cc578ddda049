//! Services of a drawn plan, from a stream of luck of their own, and the law that they keep.

use std::collections::{BTreeMap, BTreeSet};

use bongsu::sim::dice::Spread;
use bongsu::sim::model::event::EventKind;
use bongsu::sim::model::ids::{ChannelId, CounterId, KindId, PersonId, StockId};
use bongsu::sim::model::person::Groups;
use bongsu::sim::model::service::ServiceEvent;
use bongsu::sim::plan::contacts::{Acquaintance, Contacts};
use bongsu::sim::plan::population::Population;
use bongsu::sim::plan::service::join::Join;
use bongsu::sim::plan::service::leave::Leave;
use bongsu::sim::plan::service::relay::{Moves, Relay};
use bongsu::sim::plan::service::stock::Stock;
use bongsu::sim::plan::service::terms::Terms;
use bongsu::sim::plan::{Audience, DeskRule, Plan, Trigger};
use bongsu::sim::time::{SimTime, Span};

use super::dice::Dice;
use super::trace::Trace;

/// Puts services into half of all plans.
pub fn draw(dice: &mut Dice, plan: &mut Plan, stop_s: u64) {
    if dice.percent(50) {
        return;
    }
    let channel = ChannelId(dice.below(plan.channels.len() as u64) as u16);
    let reply = KindId(plan.kinds.len() as u16 - 1);
    plan.services.stocks = vec![Stock { key: "gift".into(), count: dice.one(&[None, Some(1), Some(3)]) }];
    for _ in 0..dice.between(1, 3) {
        let (at, after) = (SimTime::ZERO + dice.span(stop_s), dice.spread(600));
        let who = everybody(plan);
        plan.services.joins.push(Join { channel, at, who, share: dice.share(), after });
        let (at, after) = (SimTime::ZERO + dice.span(stop_s), dice.spread(600));
        let (who, share, block) = (everybody(plan), dice.share(), dice.share());
        plan.services.leaves.push(Leave { channel, at, who, share, after, block });
    }
    for rule in &mut plan.desk {
        rule.terms = terms(dice, channel, reply);
    }
    let follow = DeskRule {
        when: dice.one(&[Trigger::Follow(channel), Trigger::Leave(channel)]),
        from: None,
        once: dice.percent(50),
        count: Some(CounterId(0)),
        reply: dice.percent(50).then_some(reply),
        terms: Terms { friend_of: None, ..terms(dice, channel, reply) },
    };
    let mark = DeskRule {
        when: Trigger::Reaches(CounterId(0), dice.between(1, 4) as u32),
        from: None,
        once: false,
        count: None,
        reply: None,
        terms: Terms { tell: Some(reply), ..Terms::default() },
    };
    plan.desk.extend([follow, mark]);
    relays(dice, plan, reply);
}

fn terms(dice: &mut Dice, channel: ChannelId, reply: KindId) -> Terms {
    Terms {
        friend_of: dice.percent(30).then_some(channel),
        otherwise: dice.percent(50).then_some(reply),
        redeem: None,
        grant: dice.percent(50).then_some(StockId(0)),
        sold_out: dice.percent(50).then_some(reply),
        repeat: dice.percent(50).then_some(reply),
        tell: None,
    }
}

fn relays(dice: &mut Dice, plan: &mut Plan, reply: KindId) {
    for cohort in &mut plan.cohorts {
        cohort.contacts = Acquaintance { household: dice.below(4) as u32, others: dice.below(3) as u32 * 2 };
    }
    plan.services.relays.push(Relay {
        passes: vec![KindId(0), reply],
        when: Moves::Opened,
        by: everybody(plan),
        share: dice.share(),
        contacts: dice.one(&[None, Some(1), Some(2)]),
        after: Spread::Uniform(Span::ZERO, dice.span(600)),
        kind: reply,
        hops_max: dice.between(1, 3) as u8,
    });
}

fn everybody(plan: &Plan) -> Audience {
    let count = plan.people();
    Audience {
        first: PersonId(0),
        count,
        groups: Groups::default(),
        friends_of: None,
        regions: Vec::new(),
        standing_in: Vec::new(),
    }
}

/// A stock is granted one by one and never beyond; friends come and go by turns; a mark is reached once, by as many
/// different people as were counted; people pass on only to those they know, and not through too many hands.
pub fn law(trace: &Trace) -> Vec<String> {
    let plan = &trace.plan;
    let (people, contacts) = (Population::of(plan), Contacts::of(plan));
    let mut findings = Vec::new();
    let mut friends: BTreeMap<(PersonId, ChannelId), bool> = BTreeMap::new();
    let (mut granted, mut counted, mut marks) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    for event in &trace.events {
        let fits = match event.kind {
            EventKind::Counted { counter, person, .. } => {
                counted.insert((counter, person));
                true
            }
            EventKind::Service(ServiceEvent::FriendAdded { person, channel }) => {
                let was = people.get(person).is_some_and(|who| who.friends.has(channel));
                !friends.insert((person, channel), true).unwrap_or(was)
            }
            EventKind::Service(ServiceEvent::FriendLeft { person, channel, blocked }) => {
                let was = people.get(person).is_some_and(|who| who.friends.has(channel));
                friends.insert((person, channel), false).unwrap_or(was) || blocked
            }
            EventKind::Service(ServiceEvent::Granted { stock, number, .. }) => {
                let last = granted.insert(stock, number).unwrap_or(0);
                number == last + 1 && plan.services.stocks[stock.index()].count.is_none_or(|count| number <= count)
            }
            EventKind::Service(ServiceEvent::ThresholdReached { counter, count, people }) => {
                let different = counted.iter().filter(|(of, _)| *of == counter).count() as u32;
                marks.insert((counter, count)) && people == different
            }
            EventKind::Service(ServiceEvent::Relayed { person, to, hops, .. }) => {
                let relay = &plan.services.relays[0];
                hops <= u32::from(relay.hops_max) && contacts.known_to(plan, person).contains(&to)
            }
            _ => true,
        };
        if !fits {
            findings.push(format!("{event:?}"));
        }
    }
    findings
}

#[test]
fn half_of_all_plans_have_services() {
    let with = (0..100).filter(|seed| !super::draw::plan(*seed).services.relays.is_empty()).count();
    assert!((30..70).contains(&with), "{with} of 100");
}
