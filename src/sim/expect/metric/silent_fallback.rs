//! `silent_fallback`: the fallback worked and nobody told the sender.
//!
//! Set: notices with an attempt given up. Counts: a later attempt was shown, and the sender was never told anything
//! final of it (nothing, or only "uncertain"): its ledger misses a person who has been reached.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "silent_fallback",
    ko: "대체 발송은 표시됐지만 발신은 결과를 듣지 못한 알림",
    en: "notices shown by a fallback of which the sender was told nothing final",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    if view.attempts().all(|attempt| attempt.given_up.is_never()) {
        return Fact::Outside;
    }
    Fact::of(view.silent_fallback().is_some())
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, TWO_HOMES, judge_all};

    #[test]
    fn a_fallback_that_nobody_reports_is_silent() {
        judge_all(TWO_HOMES, &[("count(silent_fallback) == 0", "broken: 1, exactly 0 expected")]);
    }

    #[test]
    fn a_reported_fallback_is_not_silent() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            70s reported n0/1 delivered
            9m  end stop";
        judge_all(script, &[("ratio(silent_fallback) <= 1%", "held: 0 of 1 = 0 %, at most 1 % expected")]);
    }

    #[test]
    fn no_fallback_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("count(silent_fallback) == 0", EMPTY)]);
    }
}
