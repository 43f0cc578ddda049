//! `reached_by`: that medium showed it, first or not.
//!
//! Set: every notice created. Counts: an attempt on `medium=` (any, when absent) was shown before the notice expired
//! and, with `within=`, at most that long after the notice was created. A notice shown by two media counts for both.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "reached_by",
    ko: "그 매체로 만료 전에 표시된 알림",
    en: "notices that an attempt on that medium showed before they expired",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let medium = query.filter.medium;
    let mut shown = view.attempts().filter(|attempt| medium.is_none_or(|medium| attempt.medium == medium));
    let expiry = view.expires_at();
    Fact::of(shown.any(|attempt| {
        let at = attempt.shown.time();
        at.is_some_and(|at| expiry.is_none_or(|expiry| at <= expiry) && query.in_time(view.created(), at))
    }))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn a_notice_shown_by_two_media_counts_for_both() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            9m  end stop
            9m shown n0/0";
        judge_all(
            script,
            &[
                ("ratio(reached_by{medium=alimtalk}) >= 100%", "held: 2 of 2 = 100 %, at least 100 % expected"),
                ("ratio(reached_by{medium=lms}, within=64s) >= 50%", "held: 1 of 2 = 50 %, at least 50 % expected"),
                (
                    "ratio(reached_by{medium=alimtalk}, within=1m) >= 51%",
                    "broken: 1 of 2 = 50 %, at least 51 % expected",
                ),
            ],
        );
    }

    #[test]
    fn no_notice_is_an_empty_set() {
        judge_all(NOTHING, &[("count(reached_by{medium=sms}) == 0", EMPTY)]);
    }
}
