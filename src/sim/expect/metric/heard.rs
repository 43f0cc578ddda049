//! `heard`: people, not notices, whom something has reached.
//!
//! Set: everybody, unless nothing was sent at all. Counts: whose phone showed at least one notice before it expired, of `kind=` if named, by the instant
//! `at=` or by the end. Somebody who got the same message from three friends counts once.

use crate::sim::expect::metric::{COUNTED, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "heard",
    ko: "알림을 하나라도 받은 시민 (알림 수가 아니라 사람 수)",
    en: "people whom at least one notice has reached by at=, or by the end; somebody reached twice counts once",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Kind],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Person(look),
    live: None,
};

fn look(query: &Query<'_>) -> Option<Vec<bool>> {
    let mut heard = vec![false; query.ledger.people.all().len()];
    for view in query.ledger.views() {
        let of_kind = query.filter.kind.is_none_or(|kind| view.notice.kind() == kind);
        let reached = of_kind && view.reached_at().is_some_and(|(at, _)| at <= query.instant);
        if let Some(one) = heard.get_mut(view.notice.person().index()).filter(|_| reached) {
            *one = true;
        }
    }
    query.ledger.views().next().map(|_| heard)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, TWO_HOMES, judge_all};

    #[test]
    fn people_are_counted_and_not_notices() {
        judge_all(
            TWO_HOMES,
            &[
                ("count(heard) == 2", "held: 2, exactly 2 expected"),
                ("ratio(heard{kind=rent}, at=5s) == 10%", "held: 1 of 10 = 10 %, exactly 10 % expected"),
                ("count(heard{kind=thanks}) == 0", "held: 0, exactly 0 expected"),
            ],
        );
    }

    #[test]
    fn nothing_sent_is_an_empty_set() {
        judge_all(NOTHING, &[("count(heard) == 0", EMPTY)]);
    }

    #[test]
    fn somebody_reached_twice_counts_once() {
        let script = "
            0s created n0 p0
            0s submitted n0/0 alimtalk
            1s shown n0/0
            0s created n1 p0
            0s submitted n1/0 alimtalk
            1s shown n1/0
            9m end stop";
        judge_all(script, &[("count(heard) == 1", "held: 1, exactly 1 expected")]);
    }
}
