//! `pressed_lost`: a press that nobody answered.
//!
//! Set: presses that a rule of the desk waits for, as with `answered`. Counts: no answer came before the run ended.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::PressRow;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "pressed_lost",
    ko: "창구가 끝내 응답하지 않은 버튼 누름",
    en: "presses that a rule waits for and the desk never answered",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Button, Label::Medium],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Press(look),
    live: None,
};

fn look(press: &PressRow, query: &Query<'_>) -> Fact {
    if !query.awaited(press) {
        return Fact::Outside;
    }
    Fact::of(press.answered.is_never() && query.pressed(press))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, PRESSED_DAY, TWO_HOMES, judge_all};

    #[test]
    fn a_press_without_an_answer_is_lost() {
        judge_all(
            PRESSED_DAY,
            &[
                ("count(pressed_lost) == 0", "broken: 1, exactly 0 expected"),
                ("ratio(pressed_lost{button=more}) < 1%", "held: 0 of 2 = 0 %, less than 1 % expected"),
            ],
        );
    }

    #[test]
    fn no_press_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(pressed_lost) == 0", EMPTY)]);
    }
}
