//! `time_from_send`: from the moment a `send:` line begins to the first showing.
//!
//! Set: notices of a `send:` line; replies and submissions from outside have none. Measure: from the line's own
//! instant, not from the notice's creation, so that pacing counts: the last bill of a line that runs for twenty minutes
//! is created twenty minutes after the first. Never reached is longer than any time, as with `time_to_reach`.

use crate::sim::expect::metric::{Fact, Look, Metric, OF_NOTICES, TIMED, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_from_send",
    ko: "send: 행의 시각부터 첫 표시까지 (도달하지 못한 알림은 무한대)",
    en: "from the instant of the send: line to the first showing; one never reached counts as longer than any time",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, _query: &Query<'_>) -> Fact {
    let line = view.notice.send().and_then(|send| view.ledger.plan.sends.get(send.index()));
    match (line, view.reached_at()) {
        (None, _) => Fact::Outside,
        (Some(_), None) => Fact::Never,
        (Some(line), Some((at, _))) => Fact::Value(at.since(line.at).micros()),
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, judge_all};

    #[test]
    fn the_time_before_a_notice_was_made_counts() {
        let script = "
            1h created n0 p0
            1h submitted n0/0 call
            61m shown n0/0
            1h created n1 p1
            2h end stop";
        judge_all(
            script,
            &[
                ("p50(time_from_send) >= 1h", "held: 1h1m, at least 1h expected"),
                ("p90(time_from_send) <= 1h", "broken: never, at most 1h expected"),
            ],
        );
    }

    #[test]
    fn a_reply_has_no_line() {
        let script = "
            1h created n0 p0 thanks
            2h end stop";
        judge_all(script, &[("max(time_from_send{kind=thanks}) <= 1h", EMPTY)]);
    }
}
