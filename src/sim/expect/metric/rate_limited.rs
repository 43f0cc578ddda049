//! `rate_limited`: over a capacity.
//!
//! Set: every attempt. Counts: refused with 429 (`status=refused`) or made to wait for room (`status=held`) at least once.

use crate::sim::expect::expression::Status;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
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
    within: false,
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
