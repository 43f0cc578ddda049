//! `returned`: letters that came back to the sender.
//!
//! Set: every attempt on a medium that can come back (its rules give a share of returns), and every attempt that did.
//! Counts: came back.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
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
    within: Within::Unused,
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

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn letters_that_come_back_count() {
        let script = "
            0s created n0 p0
            0s submitted n0/0 letter
            72h returned n0/0
            73h end stop";
        judge_all(script, &[("ratio(returned{medium=letter}) <= 5%", "broken: 1 of 1 = 100 %, at most 5 % expected")]);
    }

    #[test]
    fn media_that_never_come_back_are_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(returned) == 0", EMPTY)]);
    }
}
