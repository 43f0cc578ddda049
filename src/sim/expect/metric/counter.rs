//! `counter`: a counter of the desk.
//!
//! Set: counts of all counters. Counts: those of `name=`. The bare name of a counter is a metric as well: `count(paid)`
//! is `count(counter{name=paid})`, unless a metric is called so. Windows go by the moment of the count.

use crate::sim::expect::live::sum;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::CountRow;
use crate::sim::model::ids::CounterId;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "counter",
    ko: "창구 집계",
    en: "counts of the desk, by the name of the counter",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Count(look),
    live: Some(|tallies, filter| {
        let all = sum(&tallies.counters, None);
        (sum(&tallies.counters, filter.counter.map(CounterId::index)), all)
    }),
};

fn look(count: &CountRow, query: &Query<'_>) -> Fact {
    Fact::of(query.filter.counter.is_none_or(|counter| count.counter == counter))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, PRESSED_DAY, judge_all};

    #[test]
    fn a_counter_goes_by_its_name_in_two_ways() {
        judge_all(
            PRESSED_DAY,
            &[
                ("count(counter{name=paid}) == 1", "held: 1, exactly 1 expected"),
                ("count(paid) == 1", "held: 1, exactly 1 expected"),
                ("count(paid{group=senior}) == 1", "held: 1, exactly 1 expected"),
                ("count(paid{group=disabled}) == 0", EMPTY),
            ],
        );
    }
}
