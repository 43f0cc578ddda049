//! `returned`: letters that came back to the sender.
//!
//! Set: every attempt on a medium that can come back (its rules give a share of returns), and every attempt that did.
//! Counts: came back.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::record::{AttemptRecord, Mark};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "returned",
    ko: "반송된 우편",
    en: "letters that came back",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: false,
    look: Look::Attempt(look),
    live: None,
};

fn look(view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    let returned = attempt.has(Mark::Returned);
    if !returned && view.ledger.plan.medium(attempt.medium).returned.ppm() == 0 {
        return Fact::Outside;
    }
    Fact::of(returned && query.filter.medium.is_none_or(|medium| attempt.medium == medium))
}
