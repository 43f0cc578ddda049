//! `late`: shown, but after the time that was promised.
//!
//! Set: notices that were shown and to which a time was promised: `within=`, or else the sum of the `within:` of all
//! legs of their route (a route with a leg without a time promises none). Counts: the first showing came later than
//! that. What was never shown is not late; `reached` sees it.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "late",
    ko: "약속한 시간(within= 또는 경로의 합)보다 늦게 표시된 알림",
    en: "notices first shown later than promised: within=, or the sum of their route",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Measure,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    match (view.shown_at(), query.within.or_else(|| view.promised())) {
        (Some((at, _)), Some(promised)) => Fact::of(at.since(view.created()) > promised),
        (_, _) => Fact::Outside,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn late_is_after_the_sum_of_the_legs_or_within() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            660s created n2 p2
            660s submitted n2/0 alimtalk
            1320s shown n2/0
            1320s created n3 p3
            1320s submitted n3/0 alimtalk
            1981s shown n3/0
            34m end stop";
        judge_all(
            script,
            &[
                ("count(late) == 1", "held: 1, exactly 1 expected"),
                ("ratio(late, within=1s) <= 50%", "broken: 3 of 4 = 75 %, at most 50 % expected"),
            ],
        );
    }

    #[test]
    fn nothing_shown_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("count(late) == 0", EMPTY)]);
    }
}
