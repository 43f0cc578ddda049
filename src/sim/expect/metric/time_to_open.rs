//! `time_to_open`: from the first showing to the first opening.
//!
//! Set: notices that were shown. One that was never opened takes longer than any length, as with `time_to_reach`.

use crate::sim::expect::metric::{Fact, Look, Metric, OF_NOTICES, TIMED, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_open",
    ko: "첫 표시부터 읽기까지 (읽지 않은 알림은 무한대)",
    en: "from the first showing to the first opening; one never opened counts as longer than any time",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    match (view.shown_at(), view.notice.opened.time()) {
        (None, _) => Fact::Outside,
        (Some(_), None) => Fact::Never,
        (Some((shown, _)), Some(opened)) => Fact::Value(opened.since(shown).micros()),
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn reading_is_timed_from_the_first_showing() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            121s opened n1/0
            9m  end stop";
        judge_all(
            script,
            &[
                ("p50(time_to_open) <= 2m", "held: 2m, at most 2m expected"),
                ("p51(time_to_open) <= 2m", "broken: never, at most 2m expected"),
            ],
        );
    }

    #[test]
    fn nothing_shown_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("p50(time_to_open) <= 2m", EMPTY)]);
    }
}
