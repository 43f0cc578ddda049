//! `receipts_late`: success reported after the sender had gone on.
//!
//! Set: attempts given up. Counts: afterwards the sender was told delivered, shown or opened all the same: where double
//! notices show in the sender's own ledger.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
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
    within: Within::Unused,
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

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, FOUR_BELIEFS, judge_all};

    #[test]
    fn success_after_the_fallback_is_late() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            65s reported n0/0 delivered
            9m  end stop";
        judge_all(
            script,
            &[
                ("count(receipts_late) == 0", "broken: 1, exactly 0 expected"),
                ("ratio(receipts_late{medium=lms}) <= 1%", "held: 0 of 1 = 0 %, at most 1 % expected"),
            ],
        );
    }

    #[test]
    fn no_fallback_is_an_empty_set() {
        judge_all(FOUR_BELIEFS, &[("count(receipts_late) == 0", EMPTY)]);
    }
}
