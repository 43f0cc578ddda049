//! `first_medium`: by which medium the person heard first.
//!
//! Set: notices that were reached (with `within=`: in that time). Counts: the first showing was on `is=`. With
//! `after=fault+2m` it says whether the sender went back to its first medium when the fault was over.

use crate::sim::expect::live::sum;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;
use crate::sim::model::medium::Medium;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "first_medium",
    ko: "처음 표시한 매체가 is= 인 알림 (도달한 알림 중)",
    en: "of the notices reached, those first shown by the medium of is=",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Is],
    aggregates: COUNTED,
    within: Within::Measure,
    look: Look::Notice(look),
    live: Some(|tallies, filter| {
        (sum(&tallies.reached, filter.medium.map(Medium::index)), sum(&tallies.reached, None))
    }),
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    match view.reached_at() {
        Some((at, first)) if query.in_time(view.created(), at) => {
            Fact::of(query.filter.medium.is_none_or(|medium| first == medium))
        }
        Some(_) | None => Fact::Outside,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, judge_all};

    #[test]
    fn only_notices_reached_after_the_fault_are_asked() {
        let script = "
            5m  began silence-10m
            15m ended silence-10m
            16m created n0 p0
            16m submitted n0/0 lms
            16m shown n0/0
            17m created n1 p1
            17m submitted n1/0 alimtalk
            17m shown n1/0
            18m created n2 p2
            20m end stop";
        judge_all(
            script,
            &[
                (
                    "ratio(first_medium{is=alimtalk}, after=silence-10m+2m) >= 90%",
                    "held: 1 of 1 = 100 %, at least 90 % expected",
                ),
                (
                    "ratio(first_medium{is=alimtalk}, after=silence-10m) >= 90%",
                    "broken: 1 of 2 = 50 %, at least 90 % expected",
                ),
                ("ratio(first_medium{is=alimtalk}, during=silence-10m) >= 90%", EMPTY),
                ("ratio(first_medium{is=alimtalk}, after=silence-10m+1h) >= 90%", EMPTY),
            ],
        );
    }

    #[test]
    fn a_window_that_never_came_is_inconclusive() {
        let script = "
            5m began silence-10m
            6m created n0 p0
            9m end stop";
        judge_all(
            script,
            &[(
                "ratio(first_medium{is=alimtalk}, after=silence-10m+2m) >= 90%",
                "inconclusive: the run ended before fault silence-10m did",
            )],
        );
    }
}
