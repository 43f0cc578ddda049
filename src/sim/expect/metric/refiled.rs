//! `refiled`: forms that were sent again.
//!
//! Set: people who sent a form, once an intake, by `name=` if named. Counts: they sent it more than once.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "refiled",
    ko: "같은 신고를 다시 보낸 사람",
    en: "people who sent their form more than once",
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
    if row.deed == Deed::Form && named { Fact::of(row.amount > 1) } else { Fact::Outside }
}
