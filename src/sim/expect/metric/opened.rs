//! `opened`: the person read it.
//!
//! Set: every notice created, not only those shown: what was never shown was never read. Counts: opened, on `medium=` if
//! named; with `within=`, at most that long after it was created (the first opening, whatever its medium).

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::record::Mark;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "opened",
    ko: "시민이 읽은 알림 (만들어진 알림 전체 대비)",
    en: "notices that the person read, of all created",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: true,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let in_time = view.notice.opened.time().is_some_and(|at| query.in_time(view.created(), at));
    let on_medium = |medium| view.attempts().any(|a| a.medium == medium && a.has(Mark::Opened));
    Fact::of(in_time && query.filter.medium.is_none_or(on_medium))
}
