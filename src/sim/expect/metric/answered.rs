//! `answered`: a press that the desk answered.
//!
//! Set: presses that a rule of the desk waits for (its button, its kind of notice), of `button=` if named. Counts: an
//! answer came; with `within=`, at most that long after the press. An answer belongs to the person's oldest unanswered
//! press of the rule's button.

use crate::sim::expect::ledger::PressRow;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "answered",
    ko: "창구가 응답한 버튼 누름",
    en: "presses that the desk answered, of those that a rule waits for",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Button, Label::Medium],
    aggregates: COUNTED,
    within: true,
    look: Look::Press(look),
    live: None,
};

fn look(press: &PressRow, query: &Query<'_>) -> Fact {
    if !query.awaited(press) {
        return Fact::Outside;
    }
    let in_time = match (press.at.time(), press.answered.time()) {
        (Some(at), Some(answered)) => query.in_time(at, answered),
        (_, _) => false,
    };
    Fact::of(in_time && query.pressed(press))
}
