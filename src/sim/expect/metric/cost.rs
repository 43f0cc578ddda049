//! `cost`: what the platforms bill.
//!
//! Set: every attempt, a desk's replies included. Measure: all that was charged for it, in hundredths of a won; 0 for an
//! attempt that was never handed to a network. With `medium=`, only attempts on it add up.

use crate::sim::expect::live::sum;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_NOTICES, PAID, Unit};
use crate::sim::expect::record::AttemptRecord;
use crate::sim::expect::view::View;
use crate::sim::model::medium::Medium;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "cost",
    ko: "청구 금액 (원)",
    en: "what was charged, in won",
    unit: Unit::Won,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: PAID,
    within: false,
    look: Look::Attempt(look),
    live: Some(|tallies, filter| (sum(&tallies.cost, filter.medium.map(Medium::index)), sum(&tallies.attempts, None))),
};

fn look(_view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    match query.filter.medium {
        Some(medium) if attempt.medium != medium => Fact::No,
        Some(_) | None => Fact::Value(u64::from(attempt.cost)),
    }
}
