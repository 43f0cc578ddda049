//! `time_to_blast`: from a channel's call to its last recipient.
//!
//! Set: every call of the census; one that was lost took longer than any time. Every call weighs the same, however many
//! its recipients are.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Label, Look, Metric, TIMED, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_blast",
    ko: "일괄 발송 요청부터 마지막 수신자까지",
    en: "from a channel's call to its last recipient; longer than any time when it was lost",
    unit: Unit::Duration,
    population: &[Label::Hit],
    outcomes: &[],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if !row.is(Deed::Blast, query) {
        return Fact::Outside;
    }
    match (row.at.time(), row.done.time()) {
        (Some(at), Some(done)) => Fact::Value(done.since(at).micros()),
        (_, _) => Fact::Never,
    }
}
