//! `exposed`: letters that went astray with the person's name or number open in them.
//!
//! Set: every attempt on paper (a medium of the post) that the post took. Counts: it is lost, in whatever hands, and its
//! words name the person openly: the whole name or the whole phone number, not a masked one. What stands on the
//! envelope is left out, because a letter cannot do without. A letter that came back was in the post's hands only, and
//! does not count.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::{AttemptRecord, Mark};
use crate::sim::expect::view::View;
use crate::sim::model::medium::Network;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "exposed",
    ko: "이름이나 번호를 드러낸 채 없어진 우편",
    en: "letters that were lost with the person's whole name or number in them",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Attempt(look),
    live: None,
};

fn look(view: View<'_>, attempt: &AttemptRecord, query: &Query<'_>) -> Fact {
    let plan = &view.ledger.plan;
    if plan.medium(attempt.medium).network != Network::Post || !attempt.has(Mark::Accepted) {
        return Fact::Outside;
    }
    let kind = plan.kinds.get(view.notice.kind().index());
    let open = kind.is_some_and(|kind| kind.names_openly(attempt.medium));
    let asked = query.filter.medium.is_none_or(|medium| attempt.medium == medium);
    Fact::of(attempt.has(Mark::Lost) && open && asked)
}
