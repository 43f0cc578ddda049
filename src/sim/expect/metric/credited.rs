//! `credited`: people who have what a credit is meant to give them.
//!
//! Set: everybody whom a credit is for, once a credit, by `name=` if named; whoever the job forgot is in it. Counts: it
//! is in the wallet, by `within=` after the job began if named. Measure: the won, all times together.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED_AND_PAID, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "credited",
    ko: "지급받은 사람 (지급 대상 중), 금액은 지급된 돈 전부 (원)",
    en: "people who got a credit that is for them; the sum is all won that were credited",
    unit: Unit::Won,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: COUNTED_AND_PAID,
    within: Within::Deadline,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let named = query.filter.counter.is_none_or(|counter| counter.0 == row.of);
    if row.deed != Deed::Credit || !named {
        return Fact::Outside;
    }
    match (row.at.time(), row.done.time()) {
        (Some(began), Some(done)) if query.in_time(began, done) => Fact::Value(u64::from(row.amount) * 100),
        (_, _) => Fact::No,
    }
}
