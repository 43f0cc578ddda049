//! `time_to_reach`: from Created to the first showing.
//!
//! Set: every notice created; with `medium=`, only notices whose first showing was on it. One that was never reached, or
//! only after it expired, takes longer than any length: `p90(time_to_reach)` is the time after which 90 % of ALL notices
//! were reached, and "never" if fewer were. "Never" breaks every upper limit and satisfies no lower one.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_NOTICES, TIMED, Unit};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_reach",
    ko: "생성부터 첫 표시까지 (도달하지 못한 알림은 무한대)",
    en: "from creation to the first showing; one never reached counts as longer than any time",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: TIMED,
    within: false,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    match (view.reached_at(), query.filter.medium) {
        (None, None) => Fact::Never,
        (None, Some(_)) => Fact::Outside,
        (Some((_, first)), Some(medium)) if first != medium => Fact::Outside,
        (Some((at, _)), _) => Fact::Value(at.since(view.created()).micros()),
    }
}
