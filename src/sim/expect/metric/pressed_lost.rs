//! `pressed_lost`: a press that nobody answered.
//!
//! Set: presses that a rule of the desk waits for, as with `answered`. Counts: no answer came before the run ended.

use crate::sim::expect::ledger::PressRow;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "pressed_lost",
    ko: "창구가 끝내 응답하지 않은 버튼 누름",
    en: "presses that a rule waits for and the desk never answered",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Button, Label::Medium],
    aggregates: COUNTED,
    within: false,
    look: Look::Press(look),
    live: None,
};

fn look(press: &PressRow, query: &Query<'_>) -> Fact {
    if !query.awaited(press) {
        return Fact::Outside;
    }
    Fact::of(press.answered.is_never() && query.pressed(press))
}
