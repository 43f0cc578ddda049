//! `time_to_reconnect`: from a lost session to the next one.
//!
//! Set: sessions lost, on `network=` if named. Measure: to the person's next session on that network; one who did not come
//! back before the run ended takes longer than any length. Windows go by the moment of the loss.

use crate::sim::expect::ledger::LossRow;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_SESSIONS, TIMED, Unit};

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_reconnect",
    ko: "세션이 끊긴 뒤 다시 연결되기까지 (돌아오지 않으면 무한대)",
    en: "from a lost session to the next; one that never came back counts as longer than any time",
    unit: Unit::Duration,
    population: OF_SESSIONS,
    outcomes: &[Label::Network],
    aggregates: TIMED,
    within: false,
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
