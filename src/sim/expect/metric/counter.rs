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
    use crate::sim::expect::script::{EMPTY, judge_all};

    #[test]
    fn a_counter_goes_by_its_name_in_two_ways() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            2m pressed n1/0 p1 pay
            2m pressed n1/0 p1 pay
            3m pressed n0/1 p0 more
            4m answered p1 counted
            5m counted p1 180000
            6m created n2 p1 thanks
            9m  end stop";
        judge_all(
            script,
            &[
                ("count(counter{name=paid}) == 1", "held: 1, exactly 1 expected"),
                ("count(paid) == 1", "held: 1, exactly 1 expected"),
                ("count(paid{group=senior}) == 1", "held: 1, exactly 1 expected"),
                ("count(paid{group=disabled}) == 0", EMPTY),
            ],
        );
    }
}
