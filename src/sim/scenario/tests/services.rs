//! Channels' services in the file: friends, stocks, terms of the desk, contacts and relays; and what is wrong with them.

use super::{Reading, reading};
use crate::sim::dice::Share;
use crate::sim::model::ids::{ButtonId, ChannelId, CounterId, KindId, StockId};
use crate::sim::plan::Trigger;
use crate::sim::plan::contacts::Acquaintance;
use crate::sim::plan::service::relay::Moves;

const GIFTS: &str = "scenario: gifts
channels: { gg: {} }
people:
  some: { count: 10, friends_of: { gg: 50% }, contacts: { household: 2, others: 4 } }
stocks: { emoticon: { count: 3 }, card: {} }
notices:
  offer:
    chat: { text: \"받으십시오\", buttons: [{ get: BK, label: \"받기\" }] }
  add-first: { chat: \"먼저 채널을 추가해 주십시오\" }
relays:
  - { passes: offer, when: \"press(get)\", by: some, share: 50%, contacts: 3, after: 1m, as: offer, hops: 2 }
desk:
  - { when: \"follow(gg)\", once_per: person, grant: card }
  - { when: \"press(get)\", needs: friend, grant: emoticon, count: given, otherwise: add-first, sold_out: \"다 나갔습니다\" }
  - { when: \"reaches(given, 3)\", tell: \"모두 나갔습니다\" }
timeline:
  - { at: 0s, send: offer, to: { friends_of: gg } }
  - { at: 1m, leave: gg, to: some, share: 20%, over: 5m, block: 30% }
";

fn gifts(from: &str, to: &str) -> Reading {
    assert!(GIFTS.contains(from), "{from}");
    reading(GIFTS.replace(from, to))
}

#[test]
fn services_become_what_they_say() {
    let plan = reading(GIFTS).good().plan;
    let services = &plan.services;
    let counts: Vec<Option<u32>> = services.stocks.iter().map(|stock| stock.count).collect();
    assert_eq!(counts, [Some(3), None]);
    assert_eq!(
        (services.leaves[0].share, services.leaves[0].block),
        (Share::from_ppm(200_000), Share::from_ppm(300_000))
    );
    let relay = &services.relays[0];
    assert_eq!((relay.when, relay.contacts, relay.hops_max), (Moves::Pressed(ButtonId(0)), Some(3), 2));
    assert_eq!(plan.cohorts[0].contacts, Acquaintance { household: 2, others: 4 });
    assert_eq!(plan.desk[0].when, Trigger::Follow(ChannelId(0)));
    assert_eq!((plan.desk[0].once, plan.desk[0].terms.grant), (true, Some(StockId(1))));
    let terms = &plan.desk[1].terms;
    assert_eq!((terms.friend_of, terms.otherwise), (Some(ChannelId(0)), Some(KindId(1))));
    assert_eq!(terms.sold_out.map(|kind| plan.kinds[kind.index()].key.as_str()), Some("sold_out/2"));
    assert_eq!(plan.desk[2].when, Trigger::Reaches(CounterId(0), 3));
    let replies: Vec<&str> = plan.replies().map(|kind| plan.kinds[kind.index()].key.as_str()).collect();
    assert_eq!(replies, ["add-first", "sold_out/2", "tell/3"]);
}

#[test]
fn services_read_back_from_the_resolved_file() {
    let first = reading(GIFTS).good();
    let again = reading(first.resolved.as_str()).good();
    assert_eq!(std::format!("{:?}", again.plan), std::format!("{:?}", first.plan));
    assert_eq!(again.resolved, first.resolved);
}

#[test]
fn what_is_not_there_is_said_where_it_is_named() {
    gifts("grant: card", "grant: crad").says(&["13:52 there is no stock `crad`"]);
    gifts("follow(gg)", "follow(gk)").says(&["13:13 there is no channel `gk`"]);
    gifts("reaches(given, 3)", "reaches(gvien, 3)").says(&["15:13 no rule counts `gvien`"]);
    gifts("as: offer", "as: ofer").says(&["11:92 there is no notice `ofer`"]);
    gifts("leave: gg", "leave: gk").says(&["18:22 there is no channel `gk`"]);
}

#[test]
fn what_does_not_go_together_is_said() {
    gifts("tell: \"모두 나갔습니다\"", "count: more")
        .says(&["15:5 `tell` is missing", "15:34 `count` does not go with this trigger"]);
    gifts("once_per: person, grant: card", "tell: add-first").says(&["13:27 `tell` does not go with this trigger"]);
    gifts("needs: friend, ", "").says(&["14:58 `otherwise` goes with `needs` only"]);
    gifts("grant: emoticon, ", "").says(&["14:78 `sold_out` goes with `grant` only"]);
    gifts("others: 4", "others: 5").says(&["4:81 `others` is odd"]);
    gifts("over: 5m", "over: 5m, after: 1m").says(&["18:48 `after` and `over` exclude each other"]);
}

#[test]
fn wrong_values_are_said_in_korean_too() {
    let ko = |reading: Reading| {
        let problems = reading.problems();
        problems.list().iter().map(|problem| problem.message.ko.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ko(gifts("needs: friend", "needs: frend")), ["`needs`에 쓸 수 없는 값입니다"]);
    assert_eq!(ko(gifts("count: 3", "count: many")), ["`count`의 값은 정수 형식이 아닙니다"]);
    assert_eq!(ko(gifts("given, 3", "given, 0")), ["`when`의 값은 계기 형식이 아닙니다"]);
    assert_eq!(ko(gifts("when: \"press(get)\", by", "when: sometimes, by")), ["`when`의 값은 계기 형식이 아닙니다"]);
    assert_eq!(ko(gifts("others: 4", "others: 5")), ["`others`가 홀수입니다"]);
}
