//! `reached`: the phone showed it, on whatever medium.
//!
//! Set: every notice created. Counts: its first showing came before the notice expired and, with `within=`, at most
//! that long after it was created. What the sender was told plays no part.

use crate::sim::expect::live::sum;
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "reached",
    ko: "단말에 표시된 알림 (매체 무관, 만료 전)",
    en: "notices that a phone showed before they expired, by any medium",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Notice(look),
    live: Some(|tallies, _| (sum(&tallies.reached, None), tallies.notices)),
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    Fact::of(view.reached_at().is_some_and(|(at, _)| query.in_time(view.created(), at)))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn reached_is_shown_in_time_whatever_was_reported() {
        let script = "
            0s created n0 p0
            0s submitted n0/0 alimtalk
            1s reported n0/0 delivered
            0s created n1 p1
            0s submitted n1/0 alimtalk
            30m shown n1/0
            0s created n2 p2
            0s submitted n2/0 alimtalk
            24h shown n2/0
            0s created n3 p3
            0s submitted n3/0 alimtalk
            25h shown n3/0
            26h end stop";
        judge_all(
            script,
            &[
                ("ratio(reached) >= 50%", "held: 2 of 4 = 50 %, at least 50 % expected"),
                ("ratio(reached, within=30m) >= 50%", "broken: 1 of 4 = 25 %, at least 50 % expected"),
                ("ratio(reached, within=1799s) >= 1%", "broken: 0 of 4 = 0 %, at least 1 % expected"),
                ("ratio(reached{group=disabled}) >= 100%", "held: 1 of 1 = 100 %, at least 100 % expected"),
            ],
        );
    }

    #[test]
    fn a_notice_too_young_for_its_time_counts_against_and_is_said_so() {
        let script = "
            8m created n0 p0
            9m end stop";
        judge_all(
            script,
            &[(
                "ratio(reached, within=30m) >= 50%",
                "broken: 0 of 1 = 0 %, at least 50 % expected (1 of the rest were still in time when the run ended)",
            )],
        );
    }

    #[test]
    fn no_notice_is_an_empty_set() {
        judge_all(NOTHING, &[("ratio(reached) >= 1%", EMPTY), ("count(reached) < 5", EMPTY)]);
    }
}
