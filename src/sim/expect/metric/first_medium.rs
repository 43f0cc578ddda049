//! `first_medium`: by which medium the person heard first.
//!
//! Set: notices that were reached (with `within=`: in that time). Counts: the first showing was on `is=`. With
//! `after=fault+2m` it says whether the sender went back to its first medium when the fault was over.

use crate::sim::expect::live::sum;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::view::View;
use crate::sim::model::medium::Medium;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "first_medium",
    ko: "처음 표시한 매체가 is= 인 알림 (도달한 알림 중)",
    en: "of the notices reached, those first shown by the medium of is=",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Is],
    aggregates: COUNTED,
    within: true,
    look: Look::Notice(look),
    live: Some(|tallies, filter| {
        (sum(&tallies.reached, filter.medium.map(Medium::index)), sum(&tallies.reached, None))
    }),
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    match view.reached_at() {
        Some((at, first)) if query.in_time(view.created(), at) => {
            Fact::of(query.filter.medium.is_none_or(|medium| first == medium))
        }
        Some(_) | None => Fact::Outside,
    }
}
