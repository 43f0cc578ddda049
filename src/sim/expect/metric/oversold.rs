//! `oversold`: granted beyond what the rule allows.
//!
//! Set: answers of the desk. Counts: under `once_per: person`, the second and every later grant of one rule to one person.
//! Rules without `once_per` have no limit that could be passed.

use crate::sim::expect::ledger::AnswerRow;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit};

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "oversold",
    ko: "규칙의 한도를 넘은 응답 (한 사람에게 두 번 이상)",
    en: "grants beyond the rule: the second and later to one person under once_per",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Rule],
    aggregates: COUNTED,
    within: false,
    look: Look::Answer(look),
    live: None,
};

fn look(answer: &AnswerRow, query: &Query<'_>) -> Fact {
    Fact::of(answer.surplus && query.filter.rule.is_none_or(|rule| answer.rule == rule))
}
