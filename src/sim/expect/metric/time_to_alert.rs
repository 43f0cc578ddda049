//! `time_to_alert`: from the beginning of an alert until a person has it on a screen, by whatever notice and medium.
//!
//! Set: people, not notices: everybody for whom there is a notice of the set, each once. Measure: from the first notice of
//! the set, whoever it was for, to the person's first showing on any medium, before it expired. `p90(time_to_alert)` is
//! the time after which nine in ten know, and "never" if fewer did.

use crate::sim::expect::metric::{Fact, Look, Metric, OF_NOTICES, TIMED, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;
use crate::sim::time::SimTime;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_alert",
    ko: "첫 알림 생성부터 그 시민의 첫 표시까지, 시민마다 한 번 (닿지 못하면 무한대)",
    en: "from the first notice of the set to a person's first showing on any medium, each person once; never reached counts as longer than any time",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Told(look),
    live: None,
};

fn look(notices: &[View<'_>], began: SimTime, _query: &Query<'_>) -> Fact {
    let first = notices.iter().filter_map(|view| view.reached_at()).map(|(at, _)| at).min();
    first.map_or(Fact::Never, |at| Fact::Value(at.since(began).micros()))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn a_person_is_told_once_by_whatever_came_first() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            9s  shown n0/0
            30s created n1 p0
            30s submitted n1/0 broadcast
            35s shown n1/0
            30s created n2 p1
            30s submitted n2/0 broadcast
            34s shown n2/0
            30s created n3 p2
            9m  end stop";
        judge_all(
            script,
            &[
                ("p50(time_to_alert) <= 34s", "held: 34s, at most 34s expected"),
                ("min(time_to_alert) <= 9s", "held: 9s, at most 9s expected"),
                ("p90(time_to_alert) <= 1h", "broken: never, at most 1h expected"),
            ],
        );
    }

    #[test]
    fn nobody_told_is_an_empty_set() {
        judge_all(NOTHING, &[("p90(time_to_alert) <= 60s", EMPTY)]);
    }
}
