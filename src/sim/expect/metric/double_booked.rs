//! `double_booked`: drivers who were given a ride while they were on another.
//!
//! Set: every ride that a driver was given. Counts: given before the driver's last one was over.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "double_booked",
    ko: "운행 중에 또 배차된 기사",
    en: "rides given to a driver who was on another",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, _query: &Query<'_>) -> Fact {
    if row.deed == Deed::Assigned { Fact::of(row.wrong) } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn a_second_ride_before_the_first_is_over_counts() {
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
                ("count(double_booked) == 0", "broken: 1, exactly 0 expected"),
                ("ratio(double_booked) <= 34%", "held: 1 of 3 = 33.3333 %, at most 34 % expected"),
            ],
        );
    }

    #[test]
    fn nothing_is_an_empty_set() {
        judge_all(NOTHING, &[("count(double_booked) == 0", EMPTY)]);
    }
}
