//! `paid_twice`: money that moved once too often.
//!
//! Set: notices whose money moved. Counts: it moved more than once. Measure: the won that moved beyond the first time.

use crate::sim::expect::metric::{COUNTED_AND_PAID, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::orders::OrderRow;
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "paid_twice",
    ko: "두 번 이상 나간 납부, 금액은 더 나간 돈 (원)",
    en: "payments whose money moved more than once; the sum is what moved too much",
    unit: Unit::Won,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED_AND_PAID,
    within: Within::Unused,
    look: Look::Order(look),
    live: None,
};

fn look(order: &OrderRow, _query: &Query<'_>) -> Fact {
    match order.times {
        0 => Fact::Outside,
        1 => Fact::No,
        times => Fact::Value((order.taken - order.taken / u64::from(times)) * 100),
    }
}
