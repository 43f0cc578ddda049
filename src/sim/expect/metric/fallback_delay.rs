//! `fallback_delay`: how long the sender waited before it went on.
//!
//! Set: attempts given up, with `from=`, `to=` and `cause=` as labelled. Measure: from Submitted to FellBack.

use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_NOTICES, TIMED, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::AttemptRecord;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "fallback_delay",
    ko: "제출부터 다음 매체로 넘어가기까지",
    en: "from submission of the attempt given up to the fallback",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[Label::From, Label::To, Label::Cause],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Attempt(look),
    live: None,
};

fn look(view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    match (attempt.submitted.time(), query.fell(view, attempt)) {
        (Some(from), Some(at)) => Fact::Value(at.since(from).micros()),
        (_, _) => Fact::Outside,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn the_wait_is_from_submission_to_fallback() {
        judge_all(
            TWO_HOMES,
            &[
                ("min(fallback_delay{cause=no_receipt}) >= 60s", "held: 1m, at least 1m expected"),
                ("min(fallback_delay) > 60s", "broken: 1m, more than 1m expected"),
                ("min(fallback_delay{cause=failed}) >= 1s", EMPTY),
            ],
        );
    }
}
