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
    use crate::sim::expect::script::{EMPTY, judge_all};

    #[test]
    fn a_press_without_an_answer_is_lost() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            2m pressed n1/0 p1 pay
            2m pressed n1/0 p1 pay
            3m pressed n0/1 p0 more
            4m answered p1 counted
            5m counted p1 180000
            6m created n2 p1 thanks
            9m  end stop";
        judge_all(
            script,
            &[
                ("count(pressed_lost) == 0", "broken: 1, exactly 0 expected"),
                ("ratio(pressed_lost{button=more}) < 1%", "held: 0 of 2 = 0 %, less than 1 % expected"),
            ],
        );
    }

    #[test]
    fn no_press_is_an_empty_set() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            9m  end stop";
        judge_all(script, &[("count(pressed_lost) == 0", EMPTY)]);
    }
}
