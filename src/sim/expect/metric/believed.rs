//! `believed`: what the sender holds, beside what is true.
//!
//! Set: every notice with an attempt. Counts: the best that the sender was last told of any of its attempts is `claim=`
//! (any claim at all, when absent), and, with `status=`, the notice was `shown` or `not_shown`.

use crate::sim::expect::expression::Status;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::Belief;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "believed",
    ko: "발신이 claim= 이라고 믿는 알림 (status= 로 실제와 비교)",
    en: "notices of which the sender believes claim=, beside the truth of status=",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Claim, Label::Status],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    if view.attempts().next().is_none() {
        return Fact::Outside;
    }
    let believed = match query.filter.claim {
        Some(claim) => view.belief() == claim,
        None => view.belief() != Belief::None,
    };
    let truth = match query.filter.status {
        Some(Status::Shown) => view.shown_at().is_some(),
        Some(Status::NotShown) => view.shown_at().is_none(),
        Some(Status::Refused | Status::Held) => false,
        None => true,
    };
    Fact::of(believed && truth)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, FOUR_BELIEFS, NOTHING_SENT, judge_all};

    #[test]
    fn belief_stands_beside_truth() {
        judge_all(
            FOUR_BELIEFS,
            &[
                ("count(believed{claim=delivered, status=not_shown}) == 0", "broken: 1, exactly 0 expected"),
                ("ratio(believed{claim=uncertain}) <= 25%", "held: 1 of 4 = 25 %, at most 25 % expected"),
                ("count(believed) == 4", "held: 4, exactly 4 expected"),
                ("count(believed{claim=none}) == 0", "held: 0, exactly 0 expected"),
            ],
        );
    }

    #[test]
    fn nothing_submitted_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("count(believed{claim=failed}) == 0", EMPTY)]);
    }
}
