//! `rides`: requests for a ride that a driver took.
//!
//! Set: every request; `hit=` those that a fault kept from the platform. Counts: a driver had it and the rider did not give
//! it up; with `within=`, so long after the request.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_SESSIONS, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "rides",
    ko: "배차된 호출 (호출 전체 대비)",
    en: "requests for a ride that a driver took, of all requests",
    unit: Unit::Count,
    population: OF_SESSIONS,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if !row.is(Deed::Ride, query) {
        return Fact::Outside;
    }
    Fact::of(!row.wrong && row.done_in_time(query))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn a_request_counts_when_a_driver_has_it() {
        let script = "
            0s  created n9 p9
            0s  hailed p0 r0
            20s assigned p5 r0
            1m  hailed p1 r1
            2m  assigned p5 r1
            3m  hailed p2 r2
            7m  gaveup p2 r2
            8m  freed p5 r1
            9m  hailed p3 r3
            10m assigned p5 r3
            20m end stop";
        judge_all(
            script,
            &[
                ("ratio(rides) >= 75%", "held: 3 of 4 = 75 %, at least 75 % expected"),
                ("count(rides, within=30s) == 1", "held: 1, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn nothing_is_an_empty_set() {
        judge_all(NOTHING, &[("count(rides) >= 1", EMPTY)]);
    }
}
