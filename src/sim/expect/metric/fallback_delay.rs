//! `fallback_delay`: how long the sender waited before it went on.
//!
//! Set: attempts given up, with `from=`, `to=` and `cause=` as labelled. Measure: from Submitted to FellBack.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_NOTICES, TIMED, Unit};
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
    within: false,
    look: Look::Attempt(look),
    live: None,
};

fn look(_view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    match (attempt.submitted.time(), attempt.given_up.time()) {
        (Some(from), Some(at)) if query.fell(attempt) => Fact::Value(at.since(from).micros()),
        (_, _) => Fact::Outside,
    }
}
