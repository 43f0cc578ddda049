//! `said`: what people wrote to channels.
//!
//! Set: everything that was said, to `channel=` if named. Counts: all of it.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "said",
    ko: "채널에 한 말",
    en: "what people wrote to channels",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Channel],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let fits = row.deed == Deed::Said && query.filter.channel.is_none_or(|channel| channel.0 == row.of);
    if fits { Fact::Yes } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, TALK, judge_all};

    #[test]
    fn everything_that_was_said_counts() {
        judge_all(
            TALK,
            &[
                ("count(said) == 3", "held: 3, exactly 3 expected"),
                ("count(said{group=senior}) == 2", "held: 2, exactly 2 expected"),
            ],
        );
        judge_all(NOTHING, &[("count(said) == 0", EMPTY)]);
    }
}
