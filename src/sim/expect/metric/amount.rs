//! `amount`: won that a counter stands for.
//!
//! Set: counts of all counters. Measure: the amount of the notice that was answered, 0 where its text has none. With
//! `name=`, only counts of that counter add up.

use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_PEOPLE, PAID, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::CountRow;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "amount",
    ko: "집계된 금액 (원)",
    en: "the amounts behind the counts of the desk, in won",
    unit: Unit::Won,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: PAID,
    within: Within::Unused,
    look: Look::Count(look),
    live: None,
};

fn look(count: &CountRow, query: &Query<'_>) -> Fact {
    match query.filter.counter {
        Some(counter) if count.counter != counter => Fact::No,
        Some(_) | None => Fact::Value(u64::from(count.amount) * 100),
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, judge_all};

    #[test]
    fn amounts_add_up_in_won() {
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
        judge_all(script, &[("sum(amount{name=paid}) == 180000", "held: 180,000 won, exactly 180,000 won expected")]);
    }

    #[test]
    fn no_count_is_an_empty_set() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            9m  end stop";
        judge_all(script, &[("sum(amount) <= 5", EMPTY)]);
    }
}
