//! `left`: friendships that people ended while the run went on.
//!
//! Set: departures from channels, of `channel=` if named, with or without blocking. Counts: every one.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "left",
    ko: "채널을 그만둔 사람 (차단 포함, 다시 그만두면 다시 센다)",
    en: "departures from a channel (leaving again counts again)",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Channel],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let fits = row.deed == Deed::Left && query.filter.channel.is_none_or(|channel| channel.0 == row.of);
    if fits { Fact::Yes } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn every_departure_counts() {
        let script = "
            0s created n0 p0
            1m joins p0
            2m leaves p0
            3m joins p0
            4m leaves p0
            9m end stop";
        judge_all(
            script,
            &[
                ("count(left{channel=lh}) == 2", "held: 2, exactly 2 expected"),
                ("count(joined) == 2", "held: 2, exactly 2 expected"),
            ],
        );
    }

    #[test]
    fn nobody_left_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(left) == 0", EMPTY)]);
    }
}
