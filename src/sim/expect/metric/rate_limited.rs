//! `rate_limited`: over a capacity.
//!
//! Set: every attempt. Counts: refused with 429 (`status=refused`) or made to wait for room (`status=held`) at least
//! once.

use crate::sim::expect::expression::Status;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::{AttemptRecord, Mark};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "rate_limited",
    ko: "처리 한도에 걸린 시도 (429 거절 또는 대기)",
    en: "attempts refused with 429 or made to wait for room",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Status, Label::Medium],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Attempt(look),
    live: None,
};

fn look(_view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    let on_medium = query.filter.medium.is_none_or(|medium| attempt.medium == medium);
    let limited = match query.filter.status {
        Some(Status::Refused) => attempt.has(Mark::Limited),
        Some(Status::Held) => attempt.has(Mark::Queued),
        Some(Status::Shown | Status::NotShown) => false,
        None => attempt.has(Mark::Limited) || attempt.has(Mark::Queued),
    };
    Fact::of(on_medium && limited)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn refusals_and_waits_are_both_limits() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            65s refused n0/0 9429
            65s refused n0/0 9429
            66s waits n1/0
            9m  end stop";
        judge_all(
            script,
            &[
                ("count(rate_limited) == 2", "held: 2, exactly 2 expected"),
                ("count(rate_limited{status=refused}) == 1", "held: 1, exactly 1 expected"),
                ("ratio(rate_limited{status=held, medium=lms}) < 1%", "held: 0 of 3 = 0 %, less than 1 % expected"),
            ],
        );
    }

    #[test]
    fn nothing_submitted_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("count(rate_limited) == 0", EMPTY)]);
    }
}
