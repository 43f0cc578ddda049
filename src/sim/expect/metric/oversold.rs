//! `oversold`: granted beyond what the rule allows.
//!
//! Set: answers of the desk. Counts: under `once_per: person`, the second and every later grant of one rule to one
//! person; with `grant:`, every one beyond what the stock has, whichever rules took from it. Rules without either have no
//! limit that could be passed.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::AnswerRow;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "oversold",
    ko: "규칙의 한도를 넘은 응답 (한 사람에게 두 번 이상, 또는 재고보다 많이)",
    en: "grants beyond the rule: the second and later to one person under once_per, or more than the stock has",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Rule],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Answer(look),
    live: None,
};

fn look(answer: &AnswerRow, query: &Query<'_>) -> Fact {
    Fact::of(answer.surplus && query.filter.rule.is_none_or(|rule| answer.rule == rule))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, judge_all};

    #[test]
    fn a_second_grant_to_one_person_is_too_much() {
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
            4m answered p1 counted
            4m answered p2 counted
            5m counted p1 180000
            6m created n2 p1 thanks
            9m  end stop";
        judge_all(script, &[("count(oversold) == 0", "broken: 1, exactly 0 expected")]);
    }

    #[test]
    fn one_more_than_the_stock_has_is_too_much() {
        let script = "
            0s created n0 p0
            1m answered p1 counted
            1m granted p1 1
            2m answered p2 counted
            2m granted p2 2
            3m answered p3 counted
            3m granted p3 3
            4m answered p4 counted
            4m granted p4 4
            9m end stop";
        let three = script.lines().take(8).chain(["9m end stop"]).collect::<Vec<_>>().join("\n");
        judge_all(&three, &[("count(oversold) == 0", "held: 0, exactly 0 expected")]);
        judge_all(script, &[("count(oversold) == 0", "broken: 1, exactly 0 expected")]);
    }

    #[test]
    fn no_answer_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("count(oversold) == 0", EMPTY)]);
    }
}
