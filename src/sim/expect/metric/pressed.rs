//! `pressed`: a button was pressed.
//!
//! Set and count: presses, of `button=` and on `medium=` if named (a press of another button does not count). Windows
//! (`during=`, `after=`) go by the moment of the press.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::PressRow;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "pressed",
    ko: "버튼 누름",
    en: "presses of a button",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Button, Label::Medium],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Press(look),
    live: None,
};

fn look(press: &PressRow, query: &Query<'_>) -> Fact {
    Fact::of(query.pressed(press))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, PRESSED_DAY, TWO_HOMES, judge_all};

    #[test]
    fn presses_count_by_button() {
        judge_all(
            PRESSED_DAY,
            &[
                ("count(pressed{button=pay}) == 2", "held: 2, exactly 2 expected"),
                ("ratio(pressed{medium=lms}) <= 40%", "held: 1 of 3 = 33.3333 %, at most 40 % expected"),
            ],
        );
    }

    #[test]
    fn no_press_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(pressed) < 5", EMPTY)]);
    }
}
