//! `turned_away`: people whom the desk did not serve because they were no friends of the channel.
//!
//! Set and count: refusals of that kind, of `channel=` if named.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "turned_away",
    ko: "채널 친구가 아니어서 거절된 요청",
    en: "requests that the desk turned away, of people who were no friends of the channel",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Channel],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let fits = row.deed == Deed::TurnedAway && query.filter.channel.is_none_or(|channel| channel.0 == row.of);
    if fits { Fact::Yes } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn strangers_are_counted() {
        let script = "
            0s created n0 p0
            2m stranger p1
            9m end stop";
        judge_all(script, &[("count(turned_away{channel=lh}) == 1", "held: 1, exactly 1 expected")]);
    }

    #[test]
    fn nobody_turned_away_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(turned_away) == 0", EMPTY)]);
    }
}
