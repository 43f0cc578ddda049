//! `reminded`: documents of which the platform reminded a person.
//!
//! Set and count: every reminder.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "reminded",
    ko: "열람을 다시 알린 문서",
    en: "documents of which a person was reminded",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, _query: &Query<'_>) -> Fact {
    if row.deed == Deed::Reminded { Fact::Yes } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn every_one_counts() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 certified
            3s  shown n0/0
            9m  reminded n0/0 p0
            20m end stop";
        judge_all(
            script,
            &[
                ("count(reminded) == 1", "held: 1, exactly 1 expected"),
                ("count(reminded{group=senior}) == 1", "held: 1, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn nothing_certified_is_an_empty_set() {
        judge_all(NOTHING, &[("count(reminded) >= 1", EMPTY)]);
    }
}
