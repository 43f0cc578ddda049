//! What is played, and what the application says: a bill for everybody, as SOLAPI's own client writes it.

use std::fmt::Write as _;

use crate::host::bench::senders::RECIPIENTS;

/// Where a POST goes.
pub const PATH: &str = "/messages/v4/send-many/detail";

/// A run whose sender is outside, for so many people with phones that the engine plays: shown and acknowledged within a
/// second, reported to the sink.
pub fn scenario(people: u64, sink: u64) -> String {
    STORY.replace("COUNT", &people.to_string()).replace("SINK", &sink.to_string())
}

const STORY: &str = r##"scenario: bench-senders
seed: 1
clock: { start: "2022-10-15T15:20:00+09:00", stop: 30d }
sender: { drive: external, speaks: "solapi@4", receipts_to: "http://127.0.0.1:SINK/hook" }
channels: { lh: { name: { ko: "LH", en: "LH" }, search_id: "@lh" } }
people:
  tenants: { count: COUNT, kakao: { active: 100% }, reads: { after: 20m, never: 100% } }
media:
  alimtalk: { shows: "uniform(100ms, 500ms)", receipt: "uniform(100ms, 500ms)" }
notices:
  rent:
    vars: { name: person.name, amount: "won(180000..420000)", due: "date(+10d)" }
    alimtalk: { template: RENT, text: "[LH] #{name}님 12월 임대료 #{amount}원, 납부기한 #{due} (모의)" }
    lms: { title: "LH 임대료 안내", text: "[LH] #{name}님 12월 임대료 #{amount}원, 납부기한 #{due} (모의)" }
    route: [ { try: alimtalk, until: delivered, within: 60s }, { try: lms, until: delivered, within: 10m } ]
timeline: []
expect:
  - { must: "count(notices) >= 1", why: something was sent }
"##;

/// The body of a POST to everybody. Another number is another bill: its words are new, so it is nobody's retry.
pub fn body(number: u32) -> Vec<u8> {
    let mut body = String::with_capacity(RECIPIENTS as usize * 280);
    body.push_str("{\"allowDuplicates\":false,\"showMessageList\":false,\"messages\":[");
    for person in 0..RECIPIENTS {
        if person > 0 {
            body.push(',');
        }
        let amount = 180_000 + person * 7 % 240_000;
        // Writing to a string cannot fail.
        let _ = write!(
            body,
            "{{\"to\":\"0100000{person:04}\",\"from\":\"0212345678\",\"country\":\"82\",\"subject\":\"LH 12\",\"kakaoOptions\":{{\
             \"pfId\":\"KA01PF220815074019361CQYLSHQ5EGY\",\"templateId\":\"RENT\",\"variables\":{{\
             \"#{{name}}\":\"입주민 {person:05}\",\"#{{amount}}\":\"{amount}\",\"#{{due}}\":\"{number:06}번째 달 25일\"}},\
             \"disableSms\":false}}}}"
        );
    }
    body.push_str("],\"agent\":{\"sdkVersion\":\"python/5.0.3\",\"osPlatform\":\"linux | 3.13.0\"}}");
    body.into_bytes()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{body, scenario};
    use crate::host::bench::story;
    use crate::sim::plan::SenderDrive;

    #[test]
    fn the_story_waits_for_an_application_and_the_body_is_for_everybody() {
        let plan = story(&scenario(10_000, 1)).plan;
        assert_eq!((plan.people(), plan.sender.drive), (10_000, SenderDrive::External));
        let (one, other) = (body(1), body(2));
        assert!((2_650_000..2_750_000).contains(&one.len()), "{}", one.len());
        assert!(one.len() == other.len() && one != other);
        let read: Value = serde_json::from_slice(&one).expect("JSON");
        assert_eq!(read["messages"].as_array().map(Vec::len), Some(10_000));
        assert_eq!(read["messages"][9_999]["to"], "01000009999");
    }
}
