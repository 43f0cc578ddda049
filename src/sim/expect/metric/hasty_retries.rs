//! `hasty_retries`: a sender that was asked to wait and did not.
//!
//! Set: notices for which a platform was called. Counts: after a refusal of the whole service (503, 429), which says how
//! long to wait, the same medium was called again before that time was over.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::Mark;
use crate::sim::expect::view::View;
use crate::sim::model::code::RETRY_AFTER;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "hasty_retries",
    ko: "503·429의 Retry-After를 기다리지 않고 다시 요청한 알림",
    en: "notices retried before the Retry-After of a 503 or 429 was over",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    let calls: Vec<_> = view.attempts().collect();
    if calls.is_empty() {
        return Fact::Outside;
    }
    let hasty = calls.iter().enumerate().any(|(place, first)| {
        // What is wrong with the request itself may be put right at once.
        let told_to_wait = (first.has(Mark::Refused) && !first.heard.is_denial()) || first.has(Mark::Limited);
        let again = calls[place + 1..].iter().find(|later| later.medium == first.medium);
        let pause = again.and_then(|later| Some(later.submitted.time()?.since(first.submitted.time()?)));
        told_to_wait && pause.is_some_and(|pause| pause < RETRY_AFTER)
    });
    Fact::of(hasty)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn who_is_asked_to_wait_waits() {
        let script = "
            0s created n0 p0
            0s submitted n0/0 alimtalk
            0s refused n0/0 9998
            4s submitted n0/1 alimtalk
            0s created n1 p1
            0s submitted n1/0 alimtalk
            0s refused n1/0 9998
            5s submitted n1/1 alimtalk
            0s created n2 p0
            0s submitted n2/0 alimtalk
            0s refused n2/0 9998
            1s submitted n2/1 lms
            0s created n3 p3
            0s submitted n3/0 alimtalk
            0s denied n3/0 1042
            1s submitted n3/1 alimtalk
            9m end stop";
        judge_all(script, &[("count(hasty_retries) == 0", "broken: 1, exactly 0 expected")]);
    }

    #[test]
    fn nobody_was_called() {
        judge_all(NOTHING_SENT, &[("count(hasty_retries) == 0", EMPTY)]);
    }
}
