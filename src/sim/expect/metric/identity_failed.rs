//! `identity_failed`: proofs of identity that were not taken.
//!
//! Set: every try of a person to prove who they are before a document opens. Counts: those that failed, because of the
//! person or because of a fault.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "identity_failed",
    ko: "실패한 본인확인 (시도 전체 대비)",
    en: "proofs of identity that failed, of all tries",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, _query: &Query<'_>) -> Fact {
    if row.deed == Deed::Identified { Fact::of(row.wrong) } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn a_try_that_was_not_taken_counts() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 certified
            3s  shown n0/0
            4s  identified n0/0 p0 failed by silence-10m
            9m  identified n0/0 p0 passed
            20m end stop";
        judge_all(
            script,
            &[
                ("ratio(identity_failed) <= 50%", "held: 1 of 2 = 50 %, at most 50 % expected"),
                ("count(identity_failed{hit=silence-10m}) == 1", "held: 1, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn nothing_certified_is_an_empty_set() {
        judge_all(NOTHING, &[("count(identity_failed) == 0", EMPTY)]);
    }
}
