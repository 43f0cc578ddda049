//! `late`: shown, but after the time that was promised.
//!
//! Set: notices that were shown and to which a time was promised: `within=`, or else the sum of the `within:` of all legs
//! of their route (a route with a leg without a time promises none). Counts: the first showing came later than that.
//! What was never shown is not late; `reached` sees it.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "late",
    ko: "약속한 시간(within= 또는 경로의 합)보다 늦게 표시된 알림",
    en: "notices first shown later than promised: within=, or the sum of their route",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: true,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    match (view.shown_at(), query.within.or_else(|| view.promised())) {
        (Some((at, _)), Some(promised)) => Fact::of(at.since(view.created()) > promised),
        (_, _) => Fact::Outside,
    }
}
