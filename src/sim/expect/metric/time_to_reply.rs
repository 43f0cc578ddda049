//! `time_to_reply`: from what was said to the first answer.
//!
//! Set: what was said, to `channel=` if named. What was never answered takes longer than any time.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_PEOPLE, TIMED, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_reply",
    ko: "말부터 첫 답까지 (답이 없으면 무한대)",
    en: "from what was said to the first answer; what was never answered counts as longer than any time",
    unit: Unit::Duration,
    population: OF_PEOPLE,
    outcomes: &[Label::Channel],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let channel = query.filter.channel;
    if row.deed != Deed::Said || channel.is_some_and(|channel| channel.0 != row.of) {
        return Fact::Outside;
    }
    match (row.at.time(), row.done.time()) {
        (Some(at), Some(done)) => Fact::Value(done.since(at).micros()),
        (_, _) => Fact::Never,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, TALK, judge_all};

    #[test]
    fn a_word_without_an_answer_takes_for_ever() {
        judge_all(
            TALK,
            &[
                ("p50(time_to_reply) <= 1m", "held: 1m, at most 1m expected"),
                ("max(time_to_reply) <= 1h", "broken: never, at most 1h expected"),
            ],
        );
        judge_all(NOTHING, &[("p50(time_to_reply) <= 1m", EMPTY)]);
    }
}
