//! `notices`: what the agency set out to tell.
//!
//! Set and count alike: every notice created (in the window, of the population). A desk's replies are left out unless
//! `kind=` names their kind.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{Fact, Form, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "notices",
    ko: "만들어진 알림",
    en: "notices created",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: &[Form::Count],
    within: false,
    look: Look::Notice(look),
    live: Some(|tallies, _| (tallies.notices, tallies.notices)),
};

fn look(_view: View<'_>, _query: &Query<'_>) -> Fact {
    Fact::Yes
}
