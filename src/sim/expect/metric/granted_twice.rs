//! `granted_twice`: a second grant of one thing to one person, whatever the rule allows.
//!
//! Set: grants of stocks, of `stock=` if named. Counts: the second and every later grant of a stock to the same person.
//! `oversold` asks whether a rule kept to itself; this asks what the person has.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "granted_twice",
    ko: "같은 사람이 같은 것을 두 번째로 받음",
    en: "the second and later grants of a stock to one person, whatever the rule says",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Stock],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if row.deed != Deed::Granted || query.filter.stock.is_some_and(|stock| stock.0 != row.of) {
        return Fact::Outside;
    }
    Fact::of(row.amount > 1)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn a_second_one_for_the_same_person_is_counted() {
        let script = "
            0s created n0 p0
            1m granted p0 1
            2m granted p1 2
            3m granted p0 3
            9m end stop";
        judge_all(
            script,
            &[
                ("count(granted_twice{stock=emoticon}) == 0", "broken: 1, exactly 0 expected"),
                ("ratio(granted_twice) <= 40%", "held: 1 of 3 = 33.3333 %, at most 40 % expected"),
            ],
        );
    }

    #[test]
    fn no_grant_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(granted_twice) == 0", EMPTY)]);
    }
}
