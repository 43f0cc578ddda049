//! `reached_after`: from the instant of the `send:` line to the first showing, of those whom it reached at all.
//!
//! Set: notices of a `send:` line that a phone showed before they expired; with `medium=`, first on it. Who was never
//! reached is left out, so that `max(reached_after)` is when the last one knew: "time to all" of two ways side by side,
//! neither of which reaches everybody. Say beside it how many were reached.

use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_NOTICES, TIMED, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "reached_after",
    ko: "닿은 알림만 센, send: 행의 시각부터 첫 표시까지",
    en: "from the instant of the send: line to the first showing, of those reached alone",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let line = view.notice.send().and_then(|send| view.ledger.plan.sends.get(send.index()));
    let (Some(line), Some((at, medium))) = (line, view.reached_at()) else { return Fact::Outside };
    if query.filter.medium.is_some_and(|wanted| wanted != medium) {
        return Fact::Outside;
    }
    Fact::Value(at.since(line.at).micros())
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn who_was_never_reached_is_left_out() {
        let script = "
            1h created n0 p0
            1h submitted n0/0 call
            61m shown n0/0
            1h created n1 p1
            2h end stop";
        judge_all(
            script,
            &[
                ("max(reached_after) <= 2h", "held: 1h1m, at most 2h expected"),
                ("max(reached_after{medium=lms}) <= 2h", EMPTY),
            ],
        );
    }

    #[test]
    fn nobody_reached_is_an_empty_set() {
        judge_all(NOTHING, &[("max(reached_after) <= 1h", EMPTY)]);
    }
}
