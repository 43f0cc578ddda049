//! `recredited`: calls for a credit that a wallet had had before.
//!
//! Set: those calls, by `name=` if named. Counts: every one, whether the ledger knew it or it was credited again. Without
//! any there was nothing for a ledger to know.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "recredited",
    ko: "이미 지급된 사람에게 다시 온 지급 요청",
    en: "repeated calls for a credit, known to the ledger or not",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Name],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let named = query.filter.counter.is_none_or(|counter| counter.0 == row.of);
    if row.deed == Deed::Recredit && named { Fact::Yes } else { Fact::Outside }
}
