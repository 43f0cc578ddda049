//! `fallback`: the sender went on to the next leg.
//!
//! Set: every attempt. Counts: the sender gave it up for another medium, with `from=`, `to=` and `cause=` as labelled.

use crate::sim::expect::live::sum;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::record::AttemptRecord;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "fallback",
    ko: "다음 매체로 넘어간 시도",
    en: "attempts given up for the next medium",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::From, Label::To, Label::Cause],
    aggregates: COUNTED,
    within: false,
    look: Look::Attempt(look),
    live: Some(|tallies, filter| {
        (tallies.fallbacks(filter.from, filter.to, filter.cause), sum(&tallies.attempts, None))
    }),
};

fn look(_view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    Fact::of(query.fell(attempt))
}
