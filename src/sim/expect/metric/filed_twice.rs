//! `filed_twice`: forms that became more than one case.
//!
//! Set: people who have a case, once an intake, by `name=` if named. Counts: they have several.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "filed_twice",
    ko: "접수번호가 둘 이상인 사람",
    en: "people whose forms became more than one case",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let named = query.filter.counter.is_none_or(|counter| counter.0 == row.of);
    match (row.deed, row.times) {
        (Deed::Form, 1..) if named => Fact::of(row.times > 1),
        (_, _) => Fact::Outside,
    }
}
