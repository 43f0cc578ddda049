//! `amount`: won that a counter stands for.
//!
//! Set: counts of all counters. Measure: the amount of the notice that was answered, 0 where its text has none. With
//! `name=`, only counts of that counter add up.

use crate::sim::expect::ledger::CountRow;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_PEOPLE, PAID, Unit};

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "amount",
    ko: "집계된 금액 (원)",
    en: "the amounts behind the counts of the desk, in won",
    unit: Unit::Won,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: PAID,
    within: false,
    look: Look::Count(look),
    live: None,
};

fn look(count: &CountRow, query: &Query<'_>) -> Fact {
    match query.filter.counter {
        Some(counter) if count.counter != counter => Fact::No,
        Some(_) | None => Fact::Value(u64::from(count.amount) * 100),
    }
}
