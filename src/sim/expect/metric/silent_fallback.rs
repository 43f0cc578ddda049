//! `silent_fallback`: the fallback worked and nobody told the sender.
//!
//! Set: notices with an attempt given up. Counts: a later attempt was shown, and the sender was never told anything final
//! of it (nothing, or only "uncertain"): its ledger misses a person who has been reached.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::record::Belief;
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
    within: false,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    if view.attempts().all(|attempt| attempt.given_up.is_never()) {
        return Fact::Outside;
    }
    Fact::of(view.attempts().skip(1).any(|attempt| !attempt.shown.is_never() && is_open(attempt.belief)))
}

fn is_open(belief: Belief) -> bool {
    match belief {
        Belief::None | Belief::Uncertain => true,
        Belief::Failed | Belief::Delivered | Belief::Shown | Belief::Opened => false,
    }
}
