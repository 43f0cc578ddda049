//! `redeemed`: requests to redeem what had been granted.
//!
//! Set: requests to redeem, of `stock=` if named. Counts: those of people who held one.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "redeemed",
    ko: "받은 것을 사용한 요청",
    en: "requests to redeem one of a stock, of people who held one",
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
    Fact::of(!row.done.is_never())
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
        judge_all(
            script,
            &[
                ("count(redeemed) == 2", "held: 2, exactly 2 expected"),
                ("ratio(redeemed) <= 70%", "held: 2 of 3 = 66.6666 %, at most 70 % expected"),
            ],
        );
        judge_all(NOTHING, &[("count(redeemed) == 0", EMPTY)]);
    }
}
