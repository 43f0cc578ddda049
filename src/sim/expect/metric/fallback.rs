//! `fallback`: the sender went on to the next leg.
//!
//! Set: every attempt. Counts: the sender gave it up for another medium, with `from=`, `to=` and `cause=` as labelled.

use crate::sim::expect::live::sum;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::AttemptRecord;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "fallback",
    ko: "다음 매체로 넘어간 시도",
    en: "attempts given up for the next medium",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::From, Label::To, Label::Cause],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Attempt(look),
    live: Some(|tallies, filter| {
        (tallies.fallbacks(filter.from, filter.to, filter.cause), sum(&tallies.attempts, None))
    }),
};

fn look(view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    Fact::of(query.fell(view, attempt).is_some())
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, TWO_HOMES, judge_all};

    #[test]
    fn fallbacks_count_by_where_and_why() {
        judge_all(
            TWO_HOMES,
            &[
                ("count(fallback{to=lms, hit=silence-10m}) >= 1", "held: 1, at least 1 expected"),
                ("count(fallback{from=alimtalk, cause=no_receipt}) == 1", "held: 1, exactly 1 expected"),
                ("count(fallback{cause=failed}) == 0", "held: 0, exactly 0 expected"),
                ("ratio(fallback) <= 50%", "held: 1 of 3 = 33.3333 %, at most 50 % expected"),
            ],
        );
    }

    #[test]
    fn nothing_submitted_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("count(fallback) == 0", EMPTY)]);
    }
}
