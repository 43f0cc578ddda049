//! `redeemed_twice`: redemptions of more than somebody was ever granted.
//!
//! Set: redemptions, of `stock=` if named. Counts: those beyond what the same person had been granted of that stock, by
//! the grants themselves and not by what the desk thought.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "redeemed_twice",
    ko: "받은 것보다 더 사용함",
    en: "redemptions of more than the person was ever granted",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Stock],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if row.deed != Deed::Redeemed || query.filter.stock.is_some_and(|stock| stock.0 != row.of) {
        return Fact::Outside;
    }
    if row.done.is_never() { Fact::Outside } else { Fact::of(row.amount > 0) }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn what_is_held_is_redeemed_once() {
        let script = "
            1m granted p0 1
            2m redeemed p0
            3m redeemed p0
            4m unredeemed p1
            9m end stop";
        judge_all(script, &[("count(redeemed_twice) == 1", "held: 1, exactly 1 expected")]);
        judge_all(NOTHING, &[("count(redeemed_twice) == 0", EMPTY)]);
    }
}
