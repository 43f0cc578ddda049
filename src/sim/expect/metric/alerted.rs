//! `alerted`: people who had at least one of their notices on a screen, by whatever medium.
//!
//! Set: everybody for whom there is a notice of the set, each once. Counts: a showing before its notice expired; with
//! `within=`, at most so long after the first notice of the set, whoever that was for.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;
use crate::sim::time::SimTime;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "alerted",
    ko: "어느 매체로든 알림을 본 시민 (시민마다 한 번)",
    en: "people whom at least one of their notices reached, by any medium",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Told(look),
    live: None,
};

fn look(notices: &[View<'_>], began: SimTime, query: &Query<'_>) -> Fact {
    let first = notices.iter().filter_map(|view| view.reached_at()).map(|(at, _)| at).min();
    Fact::of(first.is_some_and(|at| query.in_time(began, at)))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn two_notices_for_one_person_are_one() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            30s created n1 p0
            30s submitted n1/0 broadcast
            35s shown n1/0
            30s created n2 p1
            9m  end stop";
        judge_all(
            script,
            &[
                ("ratio(alerted) >= 50%", "held: 1 of 2 = 50 %, at least 50 % expected"),
                ("count(alerted, within=34s) == 1", "broken: 0, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn nobody_told_is_an_empty_set() {
        judge_all(NOTHING, &[("count(alerted) == 0", EMPTY)]);
    }
}
