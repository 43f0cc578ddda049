//! `unbalanced`: won by which the agency's books differ from the truth.
//!
//! Set: everybody who got a notice with an amount that a rule of the desk counts, and every payment whose money moved.
//! Counts: the two sides differ: a press that was never counted, one that was counted twice, money that moved twice or
//! that the agency has not heard of. Measure: the difference. A notice that nobody answered is open: it is in the set,
//! and its books have to be empty. So zero means that what was claimed, what was donated and what is open add up, to
//! the won, to what was sent out.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED_AND_PAID, Fact, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "unbalanced",
    ko: "기관 장부와 실제(누른 것, 나간 돈)가 어긋난 사람, 금액은 어긋난 돈 (원)",
    en: "accounts whose books differ from what people pressed and paid; the sum is the difference in won",
    unit: Unit::Won,
    population: OF_PEOPLE,
    outcomes: &[],
    aggregates: COUNTED_AND_PAID,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, _query: &Query<'_>) -> Fact {
    match (row.deed, row.amount) {
        (Deed::Balance, 0) => Fact::No,
        (Deed::Balance, gap) => Fact::Value(u64::from(gap) * 100),
        (_, _) => Fact::Outside,
    }
}
