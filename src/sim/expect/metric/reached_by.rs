//! `reached_by`: that medium showed it, first or not.
//!
//! Set: every notice created. Counts: an attempt on `medium=` (any, when absent) was shown before the notice expired and,
//! with `within=`, at most that long after the notice was created. A notice shown by two media counts for both.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "reached_by",
    ko: "그 매체로 표시된 알림",
    en: "notices that an attempt on that medium showed",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: true,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let medium = query.filter.medium;
    let mut shown = view.attempts().filter(|attempt| medium.is_none_or(|medium| attempt.medium == medium));
    let expiry = view.expires_at();
    Fact::of(shown.any(|attempt| {
        let at = attempt.shown.time();
        at.is_some_and(|at| expiry.is_none_or(|expiry| at <= expiry) && query.in_time(view.created(), at))
    }))
}
