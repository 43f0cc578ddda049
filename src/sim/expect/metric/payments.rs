//! `payments`: notices whose money moved.
//!
//! Set: notices that somebody asked to pay. Counts: money moved, by `within=` after the first asking if named. Measure:
//! the won that moved, all times together.

use crate::sim::expect::metric::{COUNTED_AND_PAID, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::orders::OrderRow;
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "payments",
    ko: "돈이 나간 납부 (요청한 것 중), 금액은 나간 돈 전부 (원)",
    en: "payments asked for whose money moved; the sum is all won that moved",
    unit: Unit::Won,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED_AND_PAID,
    within: Within::Deadline,
    look: Look::Order(look),
    live: None,
};

fn look(order: &OrderRow, query: &Query<'_>) -> Fact {
    match (order.at.time(), order.paid.time()) {
        (Some(asked), Some(paid)) if query.in_time(asked, paid) => Fact::Value(order.taken * 100),
        (_, _) => Fact::No,
    }
}
