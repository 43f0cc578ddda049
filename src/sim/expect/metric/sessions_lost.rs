//! `sessions_lost`: a phone lost its session.
//!
//! Set: the people of the population, each of whom could lose one. Counts: sessions lost, on `network=` if named, for
//! whatever reason; `hit=` keeps those that a fault cut. Windows go by the moment of the loss.

use crate::sim::expect::ledger::LossRow;
use crate::sim::expect::live::sum;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_SESSIONS, Unit};
use crate::sim::model::medium::Network;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "sessions_lost",
    ko: "끊긴 세션",
    en: "sessions lost, for whatever reason; hit= keeps those that a fault cut",
    unit: Unit::Count,
    population: OF_SESSIONS,
    outcomes: &[Label::Network],
    aggregates: &[Form::Count],
    within: false,
    look: Look::Loss(look),
    live: Some(|tallies, filter| (sum(&tallies.sessions_lost, filter.network.map(Network::index)), tallies.people)),
};

fn look(loss: &LossRow, query: &Query<'_>) -> Fact {
    Fact::of(query.filter.network.is_none_or(|network| loss.network == network))
}
