//! `double_fallback`: two fallbacks for one notice, because provider and sender both do it.
//!
//! Set: notices for which a platform was called. Counts: the provider sent the next step by itself, and the sender fell
//! back too.

use crate::sim::expect::metric::{COUNTED, Fact, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;
use crate::sim::model::event::Cause;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "double_fallback",
    ko: "중계사와 발신이 둘 다 대체 발송한 알림",
    en: "notices for which both the provider and the sender fell back",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    let mut any = false;
    let (mut provider, mut sender) = (false, false);
    for attempt in view.attempts() {
        any = true;
        for fall in view.falls(attempt) {
            match fall.cause {
                Cause::Provider => provider = true,
                Cause::Failed | Cause::NoReceipt | Cause::NotOpened => sender = true,
            }
        }
    }
    if any { Fact::of(provider && sender) } else { Fact::Outside }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING_SENT, judge_all};

    #[test]
    fn one_fallback_is_enough() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            9s  fellback n0 alimtalk lms provider
            9s  submitted n0/1 lms
            60s fellback n0 lms sms no_receipt
            60s submitted n0/2 sms
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            9s  fellback n1 alimtalk lms provider
            9s  submitted n1/1 lms
            9m  end stop";
        judge_all(script, &[("count(double_fallback) == 0", "broken: 1, exactly 0 expected")]);
    }

    #[test]
    fn both_leave_the_attempt_that_was_handed_in_whoever_comes_first() {
        let provider = ["fellback n0 alimtalk sms provider", "submitted n0/"];
        let sender = ["fellback n0 alimtalk lms no_receipt", "submitted n0/"];
        for (first, second, media) in [(provider, sender, ["sms", "lms"]), (sender, provider, ["lms", "sms"])] {
            let script = format!(
                "
                0s  created n0 p0
                0s  submitted n0/0 alimtalk
                9s  {}
                9s  {}1 {}
                61s {}
                61s {}2 {}
                0s  created n1 p1
                0s  submitted n1/0 alimtalk
                9s  fellback n1 alimtalk sms provider
                9s  submitted n1/1 sms
                9m  end stop",
                first[0], first[1], media[0], second[0], second[1], media[1]
            );
            let own = if first == sender { 9 } else { 61 };
            judge_all(
                &script,
                &[
                    ("count(double_fallback) == 0", "broken: 1, exactly 0 expected"),
                    ("count(fallback{cause=provider, to=sms}) == 2", "held: 2, exactly 2 expected"),
                    ("count(fallback{cause=no_receipt, to=lms}) == 1", "held: 1, exactly 1 expected"),
                    ("count(fallback) == 2", "held: 2, exactly 2 expected"),
                    (
                        &format!("max(fallback_delay{{cause=no_receipt}}) == {own}s"),
                        &format!("held: {}, exactly {} expected", length(own), length(own)),
                    ),
                ],
            );
        }
    }

    fn length(seconds: u64) -> String {
        if seconds < 60 { format!("{seconds}s") } else { format!("{}m{}s", seconds / 60, seconds % 60) }
    }

    #[test]
    fn nobody_was_called() {
        judge_all(NOTHING_SENT, &[("count(double_fallback) == 0", EMPTY)]);
    }
}
