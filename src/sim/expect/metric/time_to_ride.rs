//! `time_to_ride`: from the request to the driver who took it.
//!
//! Set: every request; `hit=` those that a fault kept from the platform. One that nobody took, or that the rider gave up,
//! takes longer than any time.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Look, Metric, OF_SESSIONS, TIMED, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_ride",
    ko: "호출부터 배차까지 (배차되지 않으면 무한대)",
    en: "from a request for a ride to a driver; one that nobody took counts as longer than any time",
    unit: Unit::Duration,
    population: OF_SESSIONS,
    outcomes: &[],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if !row.is(Deed::Ride, query) {
        return Fact::Outside;
    }
    match (row.at.time(), row.done.time()) {
        (Some(asked), Some(taken)) if !row.wrong => Fact::Value(taken.since(asked).micros()),
        (_, _) => Fact::Never,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn who_gave_up_waits_for_ever() {
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
                ("p75(time_to_ride) <= 1m", "held: 1m, at most 1m expected"),
                ("max(time_to_ride) <= 1h", "broken: never, at most 1h expected"),
            ],
        );
    }

    #[test]
    fn nothing_is_an_empty_set() {
        judge_all(NOTHING, &[("p90(time_to_ride) <= 60s", EMPTY)]);
    }
}
