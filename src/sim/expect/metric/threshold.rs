//! `threshold`: a counter came to the mark that a rule waits for.
//!
//! Set: marks that were reached, of the counter `name=` if named. Measure: how many *different* people the counter had
//! counted by then, found from its own counts; so `min(threshold{name=agreed}) == 500` says that nothing opened early.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "threshold",
    ko: "집계가 목표에 이른 때까지 센 서로 다른 사람 수",
    en: "different people that a counter had counted when it came to its mark",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: &[Form::Count, Form::Min, Form::Max],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let fits = row.deed == Deed::Reached && query.filter.counter.is_none_or(|counter| counter.0 == row.of);
    if fits { Fact::Value(u64::from(row.amount)) } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn somebody_counted_twice_does_not_make_two_people() {
        let script = "
            0s created n0 p0
            1m counted p0 0
            2m counted p1 0
            3m counted p0 0
            3m threshold p0 3
            9m end stop";
        judge_all(
            script,
            &[
                ("min(threshold{name=paid}) == 3", "broken: 2, exactly 3 expected"),
                ("count(threshold) == 1", "held: 1, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn no_mark_reached_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(threshold) == 1", EMPTY)]);
    }
}
