//! `granted`: answers of the desk that counted.
//!
//! Set: answers of the desk, by `rule=` if named. Counts: those that counted; a repeat under `once_per: person` does not.
//! Windows go by the moment of the answer.

use crate::sim::expect::ledger::AnswerRow;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit};

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "granted",
    ko: "창구가 집계한 응답",
    en: "answers of the desk that counted (repeats under once_per do not)",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Rule],
    aggregates: COUNTED,
    within: false,
    look: Look::Answer(look),
    live: None,
};

fn look(answer: &AnswerRow, query: &Query<'_>) -> Fact {
    Fact::of(answer.counted && query.filter.rule.is_none_or(|rule| answer.rule == rule))
}
