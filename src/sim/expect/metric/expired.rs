//! `expired`: shown when it was harm already.
//!
//! Set: notices of kinds with `expires:` that were shown at all. Counts: the first showing of one of their attempts
//! came after the expiry. Further copies of an attempt are not looked at.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "expired",
    ko: "만료 시각이 지난 뒤에 표시된 알림",
    en: "notices that an attempt first showed after they expired",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let Some(expiry) = view.expires_at() else { return Fact::Outside };
    let mut showings = view.attempts().filter(|attempt| !attempt.shown.is_never()).peekable();
    if showings.peek().is_none() {
        return Fact::Outside;
    }
    Fact::of(showings.any(|attempt| {
        attempt.shown.time() > Some(expiry) && query.filter.medium.is_none_or(|medium| attempt.medium == medium)
    }))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn a_showing_after_the_expiry_is_harm() {
        let script = "
            0s created n0 p0
            0s submitted n0/0 alimtalk
            24h shown n0/0
            0s created n1 p1
            0s submitted n1/0 alimtalk
            25h shown n1/0
            26h end stop";
        judge_all(
            script,
            &[
                ("count(expired) == 0", "broken: 1, exactly 0 expected"),
                ("ratio(expired{medium=lms}) < 1%", "held: 0 of 2 = 0 %, less than 1 % expected"),
            ],
        );
    }

    #[test]
    fn nothing_shown_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("count(expired) == 0", EMPTY)]);
    }
}
