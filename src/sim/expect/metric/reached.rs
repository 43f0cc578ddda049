//! `reached`: the phone showed it, on whatever medium.
//!
//! Set: every notice created. Counts: its first showing came before the notice expired and, with `within=`, at most that
//! long after it was created. What the sender was told plays no part.

use crate::sim::expect::live::sum;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "reached",
    ko: "단말에 표시된 알림 (매체 무관, 만료 전)",
    en: "notices that a phone showed before they expired, by any medium",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: true,
    look: Look::Notice(look),
    live: Some(|tallies, _| (sum(&tallies.reached, None), tallies.notices)),
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    Fact::of(view.reached_at().is_some_and(|(at, _)| query.in_time(view.created(), at)))
}
