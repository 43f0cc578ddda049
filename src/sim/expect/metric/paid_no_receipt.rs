//! `paid_no_receipt`: money that moved without the person ever getting a receipt.
//!
//! Set: notices whose money moved. Counts: no receipt was shown before the run ended, or within `within=` of the money.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::orders::OrderRow;
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "paid_no_receipt",
    ko: "돈은 나갔으나 영수증이 닿지 않은 납부",
    en: "payments whose money moved and whose receipt no phone showed (in time, with `within=`)",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Measure,
    look: Look::Order(look),
    live: None,
};

fn look(order: &OrderRow, query: &Query<'_>) -> Fact {
    match (order.paid.time(), order.receipt.time()) {
        (None, _) => Fact::Outside,
        (Some(paid), Some(shown)) => Fact::of(!query.in_time(paid, shown)),
        (Some(_), None) => Fact::Yes,
    }
}
