//! What the servers of the benchmark play.

use std::fmt::Write as _;

/// Simulated time between two steps, in seconds: longer than any notice takes.
pub const STEP_S: u64 = 120;

/// A run for so many people: nothing until the first step of the clock, then at each step what `steps` says, all at once:
/// which notice, and how many times.
pub fn scenario(people: u32, steps: &[(&str, u32)]) -> String {
    let mut text = STORY.replace("COUNT", &people.to_string());
    for (place, (notice, times)) in steps.iter().enumerate() {
        // A little after the step began, so that a step lets everything of its own pass.
        let at = place as u64 * STEP_S + STEP_S / 2;
        for _ in 0..*times {
            let _ = writeln!(text, "  - {{ at: {at}s, send: {notice}, to: tenants }}");
        }
    }
    text
}

/// One notice that says the same to everybody, and one with words of the person's own.
const STORY: &str = r##"scenario: bench-fanout
seed: 1
clock: { start: "2022-10-15T15:20:00+09:00", stop: 30d }
channels: { lh: { name: { ko: "LH", en: "LH" }, search_id: "@lh" } }
people:
  tenants: { count: COUNT, kakao: { active: 100% }, reads: { after: 20m, never: 100% } }
notices:
  news:
    alimtalk: { template: NEWS, text: "[LH] 공공임대 입주민 안내 (모의)\n\n오늘 오후 3시 20분부터 데이터센터 화재로 일부 알림이 늦게 도착할 수 있습니다. 같은 내용을 문자로도 보내 드립니다. 불편을 드려 죄송합니다." }
    route: [ { try: alimtalk, until: delivered, within: 60s } ]
  rent:
    vars: { name: person.name, amount: "won(180000..420000)", due: "date(+10d)" }
    alimtalk: { template: RENT, text: "[LH] #{name}님 12월 임대료 #{amount}원, 납부기한 #{due}" }
    route: [ { try: alimtalk, until: delivered, within: 60s } ]
expect:
  - { must: "count(notices) >= 1", why: something was sent }
timeline:
"##;

#[cfg(test)]
mod tests {
    use super::scenario;
    use crate::host::bench::story;

    #[test]
    fn the_run_sends_what_its_steps_say() {
        let plan = story(&scenario(7, &[("rent", 1), ("news", 3)])).plan;
        let sends: Vec<(u64, u16)> =
            plan.sends.iter().map(|send| (send.at.micros() / 1_000_000, send.kind.0)).collect();
        assert_eq!(sends, [(60, 1), (180, 0), (180, 0), (180, 0)]);
    }
}
