//! `credited_twice`: a credit that reached a wallet more than once.
//!
//! Set: people who got a credit, once a credit, by `name=` if named. Counts: they got it again. Measure: the won beyond
//! the first time.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED_AND_PAID, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "credited_twice",
    ko: "두 번 이상 지급받은 사람, 금액은 더 지급된 돈 (원)",
    en: "people who got a credit more than once; the sum is what was credited too much",
    unit: Unit::Won,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: COUNTED_AND_PAID,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let named = query.filter.counter.is_none_or(|counter| counter.0 == row.of);
    match (row.deed, row.times) {
        (Deed::Credit, 1) if named => Fact::No,
        (Deed::Credit, times @ 2..) if named => {
            Fact::Value(u64::from(row.amount - row.amount / u32::from(times)) * 100)
        }
        (_, _) => Fact::Outside,
    }
}
