//! `notices`: what the agency set out to tell.
//!
//! Set and count alike: every notice created (in the window, of the population). A desk's replies are left out unless
//! `kind=` names their kind.

use crate::sim::expect::metric::{Fact, Form, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "notices",
    ko: "만들어진 알림",
    en: "notices created",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Notice(look),
    live: Some(|tallies, _| (tallies.notices, tallies.notices)),
};

fn look(_view: View<'_>, _query: &Query<'_>) -> Fact {
    Fact::Yes
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, judge_all};

    #[test]
    fn every_notice_counts_but_replies_only_by_their_kind() {
        let script = "
            0s created n0 p0
            1s created n1 p2
            2s created n2 p3 thanks
            9m end stop";
        judge_all(
            script,
            &[
                ("count(notices) == 2", "held: 2, exactly 2 expected"),
                ("count(notices{kind=thanks}) == 1", "held: 1, exactly 1 expected"),
                ("count(notices{group=senior}) == 1", "held: 1, exactly 1 expected"),
                ("count(notices{region=busan}) >= 1", EMPTY),
                ("count(notices{hit=silence-10m}) >= 1", EMPTY),
            ],
        );
    }
}
