//! `time_to_reach`: from Created to the first showing.
//!
//! Set: every notice created; with `medium=`, only notices whose first showing was on it. One that was never reached,
//! or only after it expired, takes longer than any length: `p90(time_to_reach)` is the time after which 90 % of ALL
//! notices were reached, and "never" if fewer were. "Never" breaks every upper limit and satisfies no lower one.

use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_NOTICES, TIMED, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_reach",
    ko: "생성부터 첫 표시까지 (도달하지 못한 알림은 무한대)",
    en: "from creation to the first showing; one never reached counts as longer than any time",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    match (view.reached_at(), query.filter.medium) {
        (None, None) => Fact::Never,
        (None, Some(_)) => Fact::Outside,
        (Some((_, first)), Some(medium)) if first != medium => Fact::Outside,
        (Some((at, _)), _) => Fact::Value(at.since(view.created()).micros()),
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn one_never_reached_takes_longer_than_any_time() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            9m  end stop
            0s created n2 p2";
        judge_all(
            script,
            &[
                ("p50(time_to_reach) <= 64s", "held: 1m4s, at most 1m4s expected"),
                ("p66.6666(time_to_reach) < 64s", "broken: 1m4s, less than 1m4s expected"),
                ("p67(time_to_reach) <= 1h", "broken: never, at most 1h expected"),
                ("max(time_to_reach) <= 1h", "broken: never, at most 1h expected"),
                ("min(time_to_reach) <= 1s", "held: 1s, at most 1s expected"),
                ("mean(time_to_reach{medium=lms}) <= 64s", "held: 1m4s (mean of 1), at most 1m4s expected"),
                ("p95(time_to_reach{hit=silence-10m}) <= 90s", "held: 1m4s, at most 1m30s expected"),
            ],
        );
    }

    #[test]
    fn never_is_not_more_than_anything() {
        judge_all(
            NOTHING_SENT,
            &[
                ("p50(time_to_reach) >= 1s", "inconclusive: the value is \"never\", which is not more than anything"),
                ("p50(time_to_reach{medium=sms}) <= 1s", EMPTY),
            ],
        );
    }
}
