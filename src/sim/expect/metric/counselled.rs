//! `counselled`: people who asked for somebody at the desk and were answered by somebody.
//!
//! Set: what was put through to somebody who works at the desk, of `channel=` if named. Counts: that person's answer
//! came; with `within=`, at most that long after it was put through. The machine's "we are closed" does not count.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "counselled",
    ko: "상담원의 답을 받은 말",
    en: "what was put through to somebody at the desk and answered by somebody",
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
    if row.deed != Deed::PutThrough || channel.is_some_and(|channel| channel.0 != row.of) {
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
    fn the_machine_is_nobody() {
        judge_all(
            TALK,
            &[
                ("ratio(counselled) == 100%", "held: 1 of 1 = 100 %, exactly 100 % expected"),
                ("count(counselled, within=2m) == 0", "held: 0, exactly 0 expected"),
            ],
        );
        judge_all(NOTHING, &[("ratio(counselled) == 100%", EMPTY)]);
    }
}
