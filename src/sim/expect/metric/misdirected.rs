//! `misdirected`: a notice to somebody whom its `send:` line did not mean.
//!
//! Set: notices of `send:` lines. Counts: those to people outside the line's `to:`, by its people, groups and regions, and
//! by who was a friend of the channel at the instant at which the line began. Found from the people and from what
//! happened; the engine is not asked.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "misdirected",
    ko: "send: 행이 뜻하지 않은 사람에게 간 알림",
    en: "notices to somebody whom their send: line did not mean",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    match query.ledger.meant(view) {
        None => Fact::Outside,
        Some(meant) => Fact::of(!meant),
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, judge_all, must, plan, watch};
    use crate::sim::expect::verdict::Outcome;
    use crate::sim::model::ids::ChannelId;
    use crate::sim::model::person::Groups;
    use crate::sim::plan::Plan;
    use crate::sim::time::{SimTime, Span};

    const ONE_NOTICE: &str = "
        30s joins p1
        60s created n0 p1
        9m end stop";

    fn outcome(plan: Plan) -> Outcome {
        let promise = must(&plan, &["count(misdirected) == 0"]);
        watch(plan, ONE_NOTICE, promise).finish().clauses[0].outcome
    }

    #[test]
    fn whoever_is_outside_the_line_was_not_meant() {
        assert_eq!(outcome(plan()), Outcome::Held);
        let mut disabled = plan();
        disabled.sends[0].to.groups = Groups(2);
        assert_eq!(outcome(disabled), Outcome::Broken, "person 1 is senior");
        let mut few = plan();
        few.sends[0].to.count = 1;
        assert_eq!(outcome(few), Outcome::Broken, "only person 0 is meant");
    }

    #[test]
    fn a_friend_is_one_when_the_line_begins() {
        let mut later = plan();
        later.sends[0].to.friends_of = Some(ChannelId(0));
        later.sends[0].at = SimTime::ZERO + Span::from_secs(60);
        assert_eq!(outcome(later), Outcome::Held);
        let mut earlier = plan();
        earlier.sends[0].to.friends_of = Some(ChannelId(0));
        assert_eq!(outcome(earlier), Outcome::Broken, "person 1 joined after the line began");
    }

    #[test]
    fn notices_of_no_line_are_an_empty_set() {
        judge_all("9m end stop", &[("count(misdirected) == 0", EMPTY)]);
    }
}
