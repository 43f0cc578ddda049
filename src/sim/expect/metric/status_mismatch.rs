//! `status_mismatch`: the sender's ledger against the phones.
//!
//! Set: notices of which the sender was told anything at all about an attempt, right or wrong ("uncertain" is no claim,
//! nor is silence). Counts: an attempt whose last claim at the end of the run contradicts the truth: claimed delivered,
//! shown or opened, and that attempt was never shown; or claimed failed, and it was. `claim=` and `medium=` choose which.

use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::record::Belief;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "status_mismatch",
    ko: "발신이 들은 결과와 단말의 사실이 어긋난 알림",
    en: "notices with an attempt whose last reported result contradicts the phone",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Claim, Label::Medium],
    aggregates: COUNTED,
    within: false,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let mut claims = view.attempts().filter(|attempt| is_claim(attempt.belief)).peekable();
    if claims.peek().is_none() {
        return Fact::Outside;
    }
    Fact::of(claims.any(|attempt| {
        attempt.belief.is_success() == attempt.shown.is_never()
            && query.filter.claim.is_none_or(|claim| attempt.belief == claim)
            && query.filter.medium.is_none_or(|medium| attempt.medium == medium)
    }))
}

fn is_claim(belief: Belief) -> bool {
    match belief {
        Belief::None | Belief::Uncertain => false,
        Belief::Failed | Belief::Delivered | Belief::Shown | Belief::Opened => true,
    }
}
