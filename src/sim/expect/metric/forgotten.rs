//! `forgotten`: talks that the desk forgot, because nothing was said for too long.
//!
//! Set: turns of talks to a state. Counts: the desk forgot that state before the talk went on.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "forgotten",
    ko: "창구가 잊은 대화",
    en: "turns of talks that the desk forgot, because nothing was said for too long",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, _query: &Query<'_>) -> Fact {
    if row.deed == Deed::Turned { Fact::of(!row.done.is_never()) } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, TALK, judge_all};

    #[test]
    fn a_turn_is_forgotten_or_not() {
        judge_all(
            TALK,
            &[
                ("count(forgotten) == 1", "held: 1, exactly 1 expected"),
                ("ratio(forgotten) == 50%", "held: 1 of 2 = 50 %, exactly 50 % expected"),
            ],
        );
        judge_all(NOTHING, &[("count(forgotten) == 0", EMPTY)]);
    }
}
