//! `audience`: people to whom channels of the census wrote, and who got it.
//!
//! Set: every recipient of every call. Counts: recipients of calls whose last recipient has it, within `within=` of
//! the call. One call is all or nothing, so the figure errs to the channel's disadvantage by less than a call.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "audience",
    ko: "채널들이 한꺼번에 보낸 것을 받은 사람",
    en: "people who got what channels of the census sent",
    unit: Unit::Count,
    population: &[Label::Hit],
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if !row.is(Deed::Blast, query) {
        return Fact::Outside;
    }
    let there = row.done_in_time(query);
    Fact::Many { counted: if there { u64::from(row.amount) } else { 0 }, of: u64::from(row.amount) }
}
