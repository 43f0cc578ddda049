//! `filed`: forms that became a case.
//!
//! Set: people who sent a form, once an intake, by `name=` if named. Counts: a case was opened, by `within=` after they
//! first sent it if named.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "filed",
    ko: "접수된 신고 (보낸 사람 중)",
    en: "people whose form became a case (of those who sent one)",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let named = query.filter.counter.is_none_or(|counter| counter.0 == row.of);
    match (row.deed, row.at.time(), row.done.time()) {
        (Deed::Form, Some(sent), Some(opened)) if named => Fact::of(query.in_time(sent, opened)),
        (Deed::Form, _, _) if named => Fact::No,
        (_, _, _) => Fact::Outside,
    }
}
