//! `time_to_reconnect`: from a lost session to the next one.
//!
//! Set: sessions lost, on `network=` if named. Measure: to the person's next session on that network; one who did not
//! come back before the run ended takes longer than any length. Windows go by the moment of the loss.

use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_SESSIONS, TIMED, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::LossRow;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_reconnect",
    ko: "세션이 끊긴 뒤 다시 연결되기까지 (돌아오지 않으면 무한대)",
    en: "from a lost session to the next; one that never came back counts as longer than any time",
    unit: Unit::Duration,
    population: OF_SESSIONS,
    outcomes: &[Label::Network],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Loss(look),
    live: None,
};

fn look(loss: &LossRow, query: &Query<'_>) -> Fact {
    if query.filter.network.is_some_and(|network| loss.network != network) {
        return Fact::Outside;
    }
    match (loss.at.time(), loss.back.time()) {
        (Some(lost), Some(back)) => Fact::Value(back.since(lost).micros()),
        (_, _) => Fact::Never,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_HOMES, TWO_LINES_CUT, judge_all};

    #[test]
    fn one_who_never_comes_back_takes_longer_than_any_time() {
        judge_all(
            TWO_LINES_CUT,
            &[
                ("p50(time_to_reconnect) <= 2m", "held: 2m, at most 2m expected"),
                ("max(time_to_reconnect) <= 2m", "broken: never, at most 2m expected"),
                ("max(time_to_reconnect{hit=silence-10m}) <= 2m", "held: 2m, at most 2m expected"),
            ],
        );
    }

    #[test]
    fn no_lost_session_is_an_empty_set() {
        judge_all(TWO_HOMES, &[("max(time_to_reconnect) <= 2m", EMPTY)]);
    }
}
