//! `sent_twice`: a repeated call that the platform took as a new message.
//!
//! Set: notices of which something went out. Counts: two attempts on one medium went out (billed, or shown). A sender
//! whose library repeats a call that was taken already, without a key by which the platform knows it, does this.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;
use crate::sim::model::medium::Medium;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "sent_twice",
    ko: "같은 매체로 두 번 발송된 알림 (중복 요청)",
    en: "notices sent twice on one medium, by a repeated call",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    let mut media = [0_u32; Medium::COUNT];
    let went_out = view.attempts().filter(|attempt| attempt.cost > 0 || !attempt.shown.is_never());
    went_out.for_each(|attempt| media[attempt.medium.index()] += 1);
    match media.into_iter().max() {
        None | Some(0) => Fact::Outside,
        Some(times) => Fact::of(times > 1),
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn a_fallback_is_no_repeat() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            1s  shown n0/0
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  submitted n1/1 alimtalk
            2s  shown n1/0
            2s  shown n1/1
            9m  end stop";
        judge_all(script, &[("count(sent_twice) == 0", "broken: 1, exactly 0 expected")]);
    }

    #[test]
    fn nothing_went_out() {
        judge_all(NOTHING_SENT, &[("count(sent_twice) == 0", EMPTY)]);
    }
}
