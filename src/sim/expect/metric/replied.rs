//! `replied`: what people wrote and the desk answered.
//!
//! Set: what was said, to `channel=` if named. Counts: an answer came, by the machine or by somebody who works there;
//! with `within=`, at most that long after it was said.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "replied",
    ko: "답을 받은 말",
    en: "what people wrote and the desk answered, by machine or by hand",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Channel],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let channel = query.filter.channel;
    if row.deed != Deed::Said || channel.is_some_and(|channel| channel.0 != row.of) {
        return Fact::Outside;
    }
    match (row.at.time(), row.done.time()) {
        (Some(at), Some(done)) => Fact::of(query.in_time(at, done)),
        (_, _) => Fact::No,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, TALK, judge_all};

    #[test]
    fn the_first_answer_counts() {
        judge_all(
            TALK,
            &[
                ("ratio(replied) >= 60%", "held: 2 of 3 = 66.6666 %, at least 60 % expected"),
                ("count(replied, within=30s) == 1", "held: 1, exactly 1 expected"),
            ],
        );
        judge_all(NOTHING, &[("ratio(replied) >= 1%", EMPTY)]);
    }
}
