//! `joined`: friendships that people began while the run went on.
//!
//! Set: additions of channels, by `channel=` if named. Counts: every one; somebody who comes back joins again.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Form, Label, Look, Metric, OF_PEOPLE, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "joined",
    ko: "채널을 추가한 사람 (다시 추가하면 다시 센다)",
    en: "additions of a channel (coming back counts again)",
    unit: Unit::Count,
    population: OF_PEOPLE,
    outcomes: &[Label::Channel],
    aggregates: &[Form::Count],
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let fits = row.deed == Deed::Joined && query.filter.channel.is_none_or(|channel| channel.0 == row.of);
    if fits { Fact::Yes } else { Fact::Outside }
}
