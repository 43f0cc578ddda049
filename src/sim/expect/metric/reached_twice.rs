//! `reached_twice`: one message, shown more than once.
//!
//! Set: notices that were shown at all. Counts: shown more than once, by two attempts or by copies of one. Showings after
//! the expiry count too: a double is a double.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "reached_twice",
    ko: "두 번 이상 표시된 알림 (매체 둘, 또는 중복 사본)",
    en: "notices shown more than once, by two attempts or as copies",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: false,
    look: Look::Notice(look),
    live: Some(|tallies, _| (tallies.twice, tallies.shown)),
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    match view.showings() {
        0 => Fact::Outside,
        1 => Fact::No,
        2.. => Fact::Yes,
    }
}
