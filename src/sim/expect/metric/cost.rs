//! `cost`: what the platforms bill.
//!
//! Set: every attempt, a desk's replies included. Measure: all that was charged for it, in hundredths of a won; 0 for
//! an attempt that was never handed to a network. With `medium=`, only attempts on it add up.

use crate::sim::expect::live::sum;
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_NOTICES, PAID, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::AttemptRecord;
use crate::sim::expect::view::View;
use crate::sim::model::medium::Medium;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "cost",
    ko: "청구 금액 (원)",
    en: "what was charged, in won",
    unit: Unit::Won,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: PAID,
    within: Within::Unused,
    look: Look::Attempt(look),
    live: Some(|tallies, filter| (sum(&tallies.cost, filter.medium.map(Medium::index)), sum(&tallies.attempts, None))),
};

fn look(_view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    match query.filter.medium {
        Some(medium) if attempt.medium != medium => Fact::No,
        Some(_) | None => Fact::Value(u64::from(attempt.cost)),
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn money_adds_up_by_medium() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            61s charged n0/1 2700
            62s charged n1/0 650
            9m  end stop";
        judge_all(
            script,
            &[
                ("sum(cost) <= 33.5", "held: 33.5 won, at most 33.5 won expected"),
                ("sum(cost) < 33.5won", "broken: 33.5 won, less than 33.5 won expected"),
                ("sum(cost{medium=lms}) == 27", "held: 27 won, exactly 27 won expected"),
                ("sum(cost{medium=sms}) <= 1", "held: 0 won, at most 1 won expected"),
                ("mean(cost) <= 11", "broken: about 11.16 won (mean of 3), at most 11 won expected"),
                ("max(cost{medium=sms}) <= 1", "inconclusive: nothing in the set has a value to measure"),
            ],
        );
    }

    #[test]
    fn nothing_submitted_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("sum(cost) <= 25000", EMPTY)]);
    }
}
