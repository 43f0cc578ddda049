//! `attempts`: calls to a platform, one a medium and notice.
//!
//! Set: every attempt of the population's notices, a desk's replies included. Counts: those on `medium=`. A retry of the
//! same attempt is not another attempt.

use crate::sim::expect::live::sum;
use crate::sim::expect::measure::Query;
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit};
use crate::sim::expect::record::AttemptRecord;
use crate::sim::expect::view::View;
use crate::sim::model::medium::Medium;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "attempts",
    ko: "시도 (알림 하나를 매체 하나로 보낸 것)",
    en: "attempts: one notice on one medium",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: false,
    look: Look::Attempt(look),
    live: Some(|tallies, filter| {
        (sum(&tallies.attempts, filter.medium.map(Medium::index)), sum(&tallies.attempts, None))
    }),
};

fn look(_view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    Fact::of(query.filter.medium.is_none_or(|medium| attempt.medium == medium))
}
