//! `pressed`: a button was pressed.
//!
//! Set and count: presses, of `button=` and on `medium=` if named (a press of another button does not count). Windows
//! (`during=`, `after=`) go by the moment of the press.

use crate::sim::expect::ledger::PressRow;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "pressed",
    ko: "버튼 누름",
    en: "presses of a button",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Button, Label::Medium],
    aggregates: COUNTED,
    within: false,
    look: Look::Press(look),
    live: None,
};

fn look(press: &PressRow, query: &Query<'_>) -> Fact {
    Fact::of(query.pressed(press))
}
