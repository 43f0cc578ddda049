//! `time_to_open`: from the first showing to the first opening.
//!
//! Set: notices that were shown. One that was never opened takes longer than any length, as with `time_to_reach`.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{Fact, Look, Metric, OF_NOTICES, TIMED, Unit};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_open",
    ko: "첫 표시부터 읽기까지 (읽지 않은 알림은 무한대)",
    en: "from the first showing to the first opening; one never opened counts as longer than any time",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: TIMED,
    within: false,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    match (view.shown_at(), view.notice.opened.time()) {
        (None, _) => Fact::Outside,
        (Some(_), None) => Fact::Never,
        (Some((shown, _)), Some(opened)) => Fact::Value(opened.since(shown).micros()),
    }
}
