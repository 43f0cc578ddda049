//! `status_mismatch`: the sender's ledger against the phones.
//!
//! Set: notices of which the sender was told anything at all about an attempt, right or wrong ("uncertain" is no claim,
//! nor is silence). Counts: an attempt whose last claim at the end of the run contradicts the truth: claimed delivered,
//! shown or opened, and that attempt was never shown; or claimed failed, and it was. `claim=` and `medium=` choose
//! which.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
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
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let mut claims = view.attempts().filter(|attempt| is_claim(attempt.belief())).peekable();
    if claims.peek().is_none() {
        return Fact::Outside;
    }
    Fact::of(claims.any(|attempt| {
        attempt.belief().is_success() == attempt.shown.is_never()
            && query.filter.claim.is_none_or(|claim| attempt.belief() == claim)
            && query.filter.medium.is_none_or(|medium| attempt.medium == medium)
    }))
}

fn is_claim(belief: Belief) -> bool {
    match belief {
        Belief::None | Belief::Uncertain => false,
        Belief::Failed | Belief::Delivered | Belief::Shown | Belief::Opened => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, FOUR_BELIEFS, TWO_HOMES, judge_all};

    #[test]
    fn claims_are_held_against_the_phone() {
        judge_all(
            FOUR_BELIEFS,
            &[
                ("count(status_mismatch) == 0", "broken: 2, exactly 0 expected"),
                ("ratio(status_mismatch{claim=delivered}) <= 10%", "broken: 1 of 3 = 33.3333 %, at most 10 % expected"),
                ("count(status_mismatch{claim=failed, medium=lms}) == 0", "held: 0, exactly 0 expected"),
            ],
        );
    }

    #[test]
    fn a_refusal_is_a_claim_until_it_is_taken_back() {
        let script = "
            0s created n0 p0
            0s submitted n0/0 alimtalk
            1s refused n0/0 9998
            2s retried n0/0
            3s accepted n0/0
            4s shown n0/0
            0s created n1 p1
            0s submitted n1/0 alimtalk
            1s refused n1/0 3019
            9m end stop";
        judge_all(
            script,
            &[
                ("count(status_mismatch) == 0", "held: 0, exactly 0 expected"),
                ("ratio(status_mismatch) < 50%", "held: 0 of 1 = 0 %, less than 50 % expected"),
            ],
        );
    }

    #[test]
    fn no_claim_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(status_mismatch) == 0", EMPTY)]);
    }
}
