//! `reached_twice`: one message, shown more than once.
//!
//! Set: notices that were shown at all. Counts: shown more than once, by two attempts or by copies of one. Showings
//! after the expiry count too: a double is a double.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "reached_twice",
    ko: "두 번 이상 표시된 알림 (매체 둘, 또는 중복 사본)",
    en: "notices shown more than once, by two attempts or as copies",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: Some(|tallies, _| (tallies.twice, tallies.shown)),
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    match view.showings() {
        0 => Fact::Outside,
        1 => Fact::No,
        2.. => Fact::Yes,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, TWO_HOMES, judge_all};

    #[test]
    fn copies_and_second_media_are_doubles() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            9m  end stop
            9m shown n0/0
            9m shown n1/0";
        judge_all(
            script,
            &[
                ("count(reached_twice) == 2", "held: 2, exactly 2 expected"),
                ("ratio(reached_twice) < 100%", "broken: 2 of 2 = 100 %, less than 100 % expected"),
            ],
        );
    }

    #[test]
    fn once_is_no_double() {
        judge_all(TWO_HOMES, &[("count(reached_twice) == 0", "held: 0, exactly 0 expected")]);
    }

    #[test]
    fn a_run_in_which_nothing_arrives_does_not_pass() {
        judge_all(NOTHING_SENT, &[("count(reached_twice) == 0", EMPTY)]);
    }
}
