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
    use crate::sim::expect::script::{EMPTY, judge_all};

    #[test]
    fn presses_count_by_button() {
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
                ("count(pressed{button=pay}) == 2", "held: 2, exactly 2 expected"),
                ("ratio(pressed{medium=lms}) <= 40%", "held: 1 of 3 = 33.3333 %, at most 40 % expected"),
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
        judge_all(script, &[("count(pressed) < 5", EMPTY)]);
    }
}
