//! `hops`: through how many hands a message went that people passed on.
//!
//! Set: messages passed on. Measure: 1 from somebody whom the agency itself had told, 2 from somebody whom such a person
//! had told, and so on.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "hops",
    ko: "전달된 알림이 거친 사람 수",
    en: "hands that a message passed on had gone through; 1 from somebody whom the agency had told",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[],
    aggregates: &[Form::Min, Form::Max, Form::Mean, Form::Percentile],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, _query: &Query<'_>) -> Fact {
    if row.deed == Deed::Relayed { Fact::Value(u64::from(row.amount)) } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn the_farthest_message_is_found() {
        let script = "
            0s created n0 p0
            2m relayed p0 1
            3m relayed p5 2
            9m end stop";
        judge_all(
            script,
            &[("max(hops) == 2", "held: 2, exactly 2 expected"), ("min(hops) == 1", "held: 1, exactly 1 expected")],
        );
    }

    #[test]
    fn nothing_passed_on_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("max(hops) <= 5", EMPTY)]);
    }
}
