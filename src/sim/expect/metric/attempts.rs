//! `attempts`: calls to a platform, one a medium and notice.
//!
//! Set: every attempt of the population's notices, a desk's replies included. Counts: those on `medium=`. A retry of
//! the same attempt is not another attempt.

use crate::sim::expect::live::sum;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::AttemptRecord;
use crate::sim::expect::view::View;
use crate::sim::model::medium::Medium;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "attempts",
    ko: "시도 (알림 하나를 매체 하나로 보낸 것)",
    en: "attempts: one notice on one medium",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Attempt(look),
    live: Some(|tallies, filter| {
        (sum(&tallies.attempts, filter.medium.map(Medium::index)), sum(&tallies.attempts, None))
    }),
};

fn look(_view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    Fact::of(query.filter.medium.is_none_or(|medium| attempt.medium == medium))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, TWO_HOMES, judge_all};

    #[test]
    fn attempts_count_by_medium() {
        judge_all(
            TWO_HOMES,
            &[
                ("count(attempts) == 3", "held: 3, exactly 3 expected"),
                ("ratio(attempts{medium=lms}) <= 50%", "held: 1 of 3 = 33.3333 %, at most 50 % expected"),
                ("count(attempts{medium=sms}) == 0", "held: 0, exactly 0 expected"),
            ],
        );
    }

    #[test]
    fn nothing_submitted_is_an_empty_set() {
        judge_all(NOTHING_SENT, &[("count(attempts{medium=lms}) == 0", EMPTY)]);
    }
}
