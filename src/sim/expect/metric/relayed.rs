//! `relayed`: messages that people passed on to those they know.
//!
//! Set and count: every message to one contact; the labels choose by who passed it on.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "relayed",
    ko: "시민이 아는 사람에게 전한 알림",
    en: "messages that people passed on, one to each contact",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, _query: &Query<'_>) -> Fact {
    if row.deed == Deed::Relayed { Fact::Yes } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn every_contact_counts_for_whoever_passed_it_on() {
        let script = "
            0s created n0 p0
            2m relayed p0 1
            2m relayed p0 1
            3m relayed p5 2
            9m end stop";
        judge_all(
            script,
            &[
                ("count(relayed) == 3", "held: 3, exactly 3 expected"),
                ("count(relayed{group=senior}) == 2", "held: 2, exactly 2 expected"),
            ],
        );
    }

    #[test]
    fn nothing_passed_on_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(relayed) == 0", EMPTY)]);
    }
}
