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
    use crate::sim::expect::script::{EMPTY, PRESSED_DAY, TWO_HOMES, judge_all};

    #[test]
    fn amounts_add_up_in_won() {
        judge_all(
            PRESSED_DAY,
            &[("sum(amount{name=paid}) == 180000", "held: 180,000 won, exactly 180,000 won expected")],
        );
    }

    #[test]
    fn no_count_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("sum(amount) <= 5", EMPTY)]);
    }
}
