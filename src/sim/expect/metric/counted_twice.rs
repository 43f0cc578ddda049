//! `counted_twice`: somebody whom a counter of the desk counted more than once.
//!
//! Set: counts, of `name=` if named. Counts: the second and every later count of the same person by the same counter,
//! whatever the rule allows.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::CountRow;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "counted_twice",
    ko: "같은 사람을 두 번째로 센 집계",
    en: "counts of somebody whom the same counter had counted before",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Count(look),
    live: None,
};

fn look(row: &CountRow, query: &Query<'_>) -> Fact {
    if query.filter.counter.is_some_and(|counter| counter != row.counter) {
        return Fact::Outside;
    }
    Fact::of(row.again)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn a_person_counted_again_is_found() {
        let script = "
            0s created n0 p0
            1m counted p0 0
            2m counted p1 0
            3m counted p0 0
            9m end stop";
        judge_all(
            script,
            &[
                ("count(counted_twice{name=paid}) == 0", "broken: 1, exactly 0 expected"),
                ("ratio(counted_twice{group=senior}) <= 10%", "broken: 1 of 3 = 33.3333 %, at most 10 % expected"),
            ],
        );
    }

    #[test]
    fn no_count_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(counted_twice) == 0", EMPTY)]);
    }
}
