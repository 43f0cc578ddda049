//! `link_expired`: documents whose link ran out before anybody opened them.
//!
//! Set and count: every link that ran out unread.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "link_expired",
    ko: "읽히지 않은 채 기한이 지난 문서",
    en: "documents whose link ran out unread",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, _query: &Query<'_>) -> Fact {
    if row.deed == Deed::Expired { Fact::Yes } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn every_one_counts() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 certified
            3s  shown n0/0
            9m  expired n0/0 p0
            20m end stop";
        judge_all(
            script,
            &[
                ("count(link_expired) == 1", "held: 1, exactly 1 expected"),
                ("count(link_expired{group=senior}) == 1", "held: 1, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn nothing_certified_is_an_empty_set() {
        judge_all(NOTHING, &[("count(link_expired) >= 1", EMPTY)]);
    }
}
