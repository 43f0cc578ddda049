//! `granted`: answers of the desk that counted.
//!
//! Set: answers of the desk, by `rule=` if named. Counts: those that counted; a repeat under `once_per: person` does
//! not. Windows go by the moment of the answer.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::AnswerRow;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "granted",
    ko: "창구가 집계한 응답",
    en: "answers of the desk that counted (repeats under once_per do not)",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Rule],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Answer(look),
    live: None,
};

fn look(answer: &AnswerRow, query: &Query<'_>) -> Fact {
    Fact::of(answer.counted && query.filter.rule.is_none_or(|rule| answer.rule == rule))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn answers_that_count_are_granted() {
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
            4m answered p1 repeated
            5m counted p1 180000
            6m created n2 p1 thanks
            9m  end stop";
        judge_all(
            script,
            &[
                ("count(granted{rule=1}) == 1", "held: 1, exactly 1 expected"),
                ("ratio(granted) >= 50%", "held: 1 of 2 = 50 %, at least 50 % expected"),
            ],
        );
    }

    #[test]
    fn no_answer_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(granted) <= 5", EMPTY)]);
    }
}
