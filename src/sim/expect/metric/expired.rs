//! `expired`: shown when it was harm already.
//!
//! Set: notices of kinds with `expires:` that were shown at all. Counts: the first showing of one of their attempts came
//! after the expiry. Further copies of an attempt are not looked at.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "expired",
    ko: "만료 시각이 지난 뒤에 표시된 알림",
    en: "notices that an attempt first showed after they expired",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: false,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let Some(expiry) = view.expires_at() else { return Fact::Outside };
    let mut showings = view.attempts().filter(|attempt| !attempt.shown.is_never()).peekable();
    if showings.peek().is_none() {
        return Fact::Outside;
    }
    Fact::of(showings.any(|attempt| {
        attempt.shown.time() > Some(expiry) && query.filter.medium.is_none_or(|medium| attempt.medium == medium)
    }))
}
