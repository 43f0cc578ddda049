//! `blasts`: calls of channels of the census, each for many recipients.
//!
//! Set: every call, by `hit=` if named. Counts: every one.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "blasts",
    ko: "채널들의 일괄 발송 요청",
    en: "calls of channels of the census, each for many recipients",
    unit: Unit::Count,
    population: &[Label::Hit],
    outcomes: &[],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if row.is(Deed::Blast, query) { Fact::Yes } else { Fact::Outside }
}
