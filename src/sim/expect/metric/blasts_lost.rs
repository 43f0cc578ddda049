//! `blasts_lost`: calls of channels of the census whose last recipient does not have it when the run ends.
//!
//! Set: every call, by `hit=` if named. Counts: those that were given up, were dropped, or still wait.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "blasts_lost",
    ko: "끝까지 전달되지 못한 일괄 발송 요청",
    en: "calls of channels of the census whose last recipient never got it",
    unit: Unit::Count,
    population: &[Label::Hit],
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if row.is(Deed::Blast, query) { Fact::of(row.done.is_never()) } else { Fact::Outside }
}
