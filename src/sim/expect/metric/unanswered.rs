//! `unanswered`: people who never heard what became of their form.
//!
//! Set: people who sent a form, once an intake, by `name=` if named. Counts: neither the page nor the first notice told
//! them before the run ended, or within `within=` of their first sending.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "unanswered",
    ko: "아무 답도 듣지 못한 신고자",
    en: "people whom neither the page nor the first notice told that their form arrived (in time, with `within=`)",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: COUNTED,
    within: Within::Measure,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let named = query.filter.counter.is_none_or(|counter| counter.0 == row.of);
    match (row.deed, row.at.time(), row.done.time()) {
        (Deed::Answer, Some(sent), Some(heard)) if named => Fact::of(!query.in_time(sent, heard)),
        (Deed::Answer, _, _) if named => Fact::Yes,
        (_, _, _) => Fact::Outside,
    }
}
