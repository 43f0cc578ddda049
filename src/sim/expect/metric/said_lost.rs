//! `said_lost`: what people wrote and no desk ever heard.
//!
//! Set: what was said, and so what could be lost, to `channel=` if named. Counts: what a fault dropped on its way.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "said_lost",
    ko: "사라진 말",
    en: "what people wrote and no desk ever heard",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Channel],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if query.filter.channel.is_some_and(|channel| channel.0 != row.of) {
        return Fact::Outside;
    }
    let lost = row.deed == Deed::WordLost;
    if lost || row.deed == Deed::Said { Fact::of(lost) } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, TALK, judge_all};

    #[test]
    fn what_is_dropped_on_its_way_is_lost() {
        judge_all(
            TALK,
            &[
                ("count(said_lost) == 1", "held: 1, exactly 1 expected"),
                ("count(said_lost{group=senior}) == 0", "held: 0, exactly 0 expected"),
            ],
        );
        judge_all(NOTHING, &[("count(said_lost) == 0", EMPTY)]);
    }
}
