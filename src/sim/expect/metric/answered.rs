//! `answered`: a press that the desk answered.
//!
//! Set: presses that a rule of the desk waits for (its button, its kind of notice), of `button=` if named. Counts: an
//! answer came; with `within=`, at most that long after the press. An answer belongs to the person's oldest unanswered
//! press of the rule's button.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::PressRow;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "answered",
    ko: "창구가 응답한 버튼 누름",
    en: "presses that the desk answered, of those that a rule waits for",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Button, Label::Medium],
    aggregates: COUNTED,
    within: Within::Deadline,
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

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, PRESSED_DAY, TWO_HOMES, judge_all};

    #[test]
    fn an_answer_goes_to_the_oldest_press_that_a_rule_waits_for() {
        judge_all(
            PRESSED_DAY,
            &[
                ("ratio(answered) >= 50%", "held: 1 of 2 = 50 %, at least 50 % expected"),
                ("ratio(answered, within=119s) >= 50%", "broken: 0 of 2 = 0 %, at least 50 % expected"),
            ],
        );
    }

    #[test]
    fn an_answer_before_the_press_is_not_its_answer() {
        let script = "
            0s created n0 p0
            0s submitted n0/0 alimtalk
            1s answered p0 counted
            2s pressed n0/0 p0 pay
            9m end stop";
        judge_all(script, &[("ratio(answered) >= 1%", "broken: 0 of 1 = 0 %, at least 1 % expected")]);
    }

    #[test]
    fn no_press_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("ratio(answered) >= 1%", EMPTY)]);
    }
}
