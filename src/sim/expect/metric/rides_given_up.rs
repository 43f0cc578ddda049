//! `rides_given_up`: riders who waited in vain and went to the street or to the telephone.
//!
//! Set: every request; `hit=` those that a fault kept from the platform. Counts: given up.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_SESSIONS, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "rides_given_up",
    ko: "기다리다 그만둔 호출 (호출 전체 대비)",
    en: "requests that the rider gave up for the street or the telephone",
    unit: Unit::Count,
    population: OF_SESSIONS,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if row.is(Deed::Ride, query) { Fact::of(row.wrong) } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn giving_up_counts() {
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
        judge_all(script, &[("ratio(rides_given_up) <= 25%", "held: 1 of 4 = 25 %, at most 25 % expected")]);
    }

    #[test]
    fn nothing_is_an_empty_set() {
        judge_all(NOTHING, &[("count(rides_given_up) == 0", EMPTY)]);
    }
}
