//! `sessions_lost`: a phone lost its session.
//!
//! Set: the people of the population, each of whom could lose one. Counts: sessions lost, on `network=` if named, for
//! whatever reason; `hit=` keeps those that a fault cut. Windows go by the moment of the loss.

use crate::sim::expect::live::sum;
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_SESSIONS, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::rows::LossRow;
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
    within: Within::Unused,
    look: Look::Loss(look),
    live: Some(|tallies, filter| (sum(&tallies.sessions_lost, filter.network.map(Network::index)), tallies.people)),
};

fn look(loss: &LossRow, query: &Query<'_>) -> Fact {
    Fact::of(query.filter.network.is_none_or(|network| loss.network == network))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, TWO_LINES_CUT, judge_all};

    #[test]
    fn sessions_are_lost_to_faults_or_otherwise() {
        judge_all(
            TWO_LINES_CUT,
            &[
                ("count(sessions_lost) == 2", "held: 2, exactly 2 expected"),
                ("count(sessions_lost{hit=silence-10m}) == 1", "held: 1, exactly 1 expected"),
                ("count(sessions_lost{network=mobile}) == 0", "held: 0, exactly 0 expected"),
                ("count(sessions_lost, during=silence-10m) == 2", "held: 2, exactly 2 expected"),
                ("worst_group(count(sessions_lost)) <= 1", "broken: group senior: 2, at most 1 expected"),
            ],
        );
    }

    #[test]
    fn people_who_are_not_there_lose_nothing() {
        judge_all(TWO_LINES_CUT, &[("count(sessions_lost{kakao=blocked}) == 0", EMPTY)]);
    }
}
