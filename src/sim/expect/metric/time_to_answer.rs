//! `time_to_answer`: from first sending a form to the first answer.
//!
//! Set and measure: people who sent a form, once an intake, by `name=` if named; somebody who never heard waits longer
//! than any time.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_PEOPLE, TIMED, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_answer",
    ko: "처음 보낸 때부터 첫 답까지 (못 들으면 무한대)",
    en: "from first sending a form to the first answer, by page or notice; never heard is longer than any time",
    unit: Unit::Duration,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let named = query.filter.counter.is_none_or(|counter| counter.0 == row.of);
    match (row.deed, row.at.time(), row.done.time()) {
        (Deed::Answer, Some(sent), Some(heard)) if named => Fact::Value(heard.since(sent).micros()),
        (Deed::Answer, _, _) if named => Fact::Never,
        (_, _, _) => Fact::Outside,
    }
}
