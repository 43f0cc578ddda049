//! `receipts_late`: success reported after the sender had gone on.
//!
//! Set: attempts given up. Counts: afterwards the sender was told delivered, shown or opened all the same: where double
//! notices show in the sender's own ledger.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::record::{AttemptRecord, Mark};
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "receipts_late",
    ko: "포기한 뒤에 성공 보고가 온 시도",
    en: "attempts reported a success after the sender had given them up",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: false,
    look: Look::Attempt(look),
    live: None,
};

fn look(_view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    if attempt.given_up.is_never() {
        return Fact::Outside;
    }
    let on_medium = query.filter.medium.is_none_or(|medium| attempt.medium == medium);
    Fact::of(on_medium && attempt.has(Mark::LateReceipt))
}
