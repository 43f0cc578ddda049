//! `overcalled`: a sender that does not know when to stop.
//!
//! Set: notices for which a platform was called. Counts: called more than [`CALLS_MAX`] times for one medium. A call of
//! an application outside is an attempt each; the retries of a built-in sender are one attempt, and bounded anyway.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;
use crate::sim::model::medium::Medium;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "overcalled",
    ko: "한 매체로 네 번 넘게 발송을 요청한 알림",
    en: "notices for which one medium was called more than four times",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

/// A first call and three more: what HTTP clients of senders do (the npm SDK of SOLAPI, measured 2026-11: four in all).
const CALLS_MAX: usize = 4;

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    let mut media = [0_usize; Medium::COUNT];
    view.attempts().for_each(|attempt| media[attempt.medium.index()] += 1);
    match media.into_iter().max() {
        None | Some(0) => Fact::Outside,
        Some(calls) => Fact::of(calls > CALLS_MAX),
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn the_fifth_call_for_one_medium_is_too_many() {
        let script = "
            0s created n0 p0
            0s submitted n0/0 alimtalk
            1s submitted n0/1 alimtalk
            2s submitted n0/2 alimtalk
            3s submitted n0/3 alimtalk
            4s submitted n0/4 lms
            0s created n1 p1
            0s submitted n1/0 alimtalk
            1s submitted n1/1 alimtalk
            2s submitted n1/2 alimtalk
            3s submitted n1/3 alimtalk
            4s submitted n1/4 alimtalk
            9m end stop";
        judge_all(script, &[("count(overcalled) == 0", "broken: 1, exactly 0 expected")]);
    }

    #[test]
    fn nobody_was_called() {
        judge_all(NOTHING_SENT, &[("count(overcalled) == 0", EMPTY)]);
    }
}
