//! `each:`: what stands once in the file and many times in the run.

use super::{FIRST_MINUTE, reading};

const MARKET: &str = r#"scenario: market
each: { shop: 12 }
channels: { "shop-<shop>": {} }
people: { regulars: { count: 9, friends_of: { "shop-<shop>": 50% } } }
notices:
  sale-<shop>: { channel: "shop-<shop>", chat: "모의 <shop>호 할인" }
timeline:
  - { at: 0s, send: "sale-<shop>", to: { friends_of: "shop-<shop>" } }
"#;

#[test]
fn what_has_the_mark_is_repeated_with_its_number() {
    let plan = reading(MARKET).good().plan;
    let keys: Vec<&str> = plan.channels.iter().map(|channel| channel.key.as_str()).collect();
    assert_eq!((keys.len(), keys[0], keys[11]), (12, "shop-01", "shop-12"));
    assert_eq!((plan.kinds.len(), plan.sends.len(), plan.cohorts[0].friends.len()), (12, 12, 12));
    assert_eq!(plan.kinds[plan.sends[11].kind.index()].key, "sale-12");
}

#[test]
fn a_mark_that_repeats_nothing_is_said() {
    reading(MARKET.replace("12 }", "0 }")).says(&["2:15 so often nothing can be repeated"]);
    let nowhere = FIRST_MINUTE.replace("timeline:", "each: { stall: 3 }\ntimeline:");
    reading(nowhere).says(&["2:9 `<stall>` stands nowhere"]);
    let alone = MARKET.replace("scenario: market", "scenario: market\ntitle: \"<shop>\"");
    reading(alone).says(&["3:9 `<shop>` stands where nothing is repeated"]);
}
