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
        match attempt.fell {
            Some((Cause::Provider, _)) => provider = true,
            Some((Cause::Failed | Cause::NoReceipt | Cause::NotOpened, _)) => sender = true,
            None => {}
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
    fn nobody_was_called() {
        judge_all(NOTHING_SENT, &[("count(double_fallback) == 0", EMPTY)]);
    }
}
