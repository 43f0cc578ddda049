//! `sold_out`: people who asked when nothing was left.
//!
//! Set: requests that a stock could answer, granted or too late, of `stock=` if named. Counts: those that came too late.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "sold_out",
    ko: "재고가 떨어진 뒤에 온 요청",
    en: "requests that came when the stock was gone, of all that it could answer",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Stock],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let asked = matches!(row.deed, Deed::Granted | Deed::SoldOut);
    if !asked || query.filter.stock.is_some_and(|stock| stock.0 != row.of) {
        return Fact::Outside;
    }
    Fact::of(row.deed == Deed::SoldOut)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn whoever_comes_too_late_is_counted() {
        let script = "
            0s created n0 p0
            1m granted p0 1
            2m soldout p1
            9m end stop";
        judge_all(script, &[("ratio(sold_out{stock=emoticon}) == 50%", "held: 1 of 2 = 50 %, exactly 50 % expected")]);
    }

    #[test]
    fn no_request_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(sold_out) == 0", EMPTY)]);
    }
}
