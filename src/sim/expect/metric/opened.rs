//! `opened`: the person read it.
//!
//! Set: every notice created, not only those shown: what was never shown was never read. Counts: opened, on `medium=`
//! if named; with `within=`, at most that long after it was created (the first opening, whatever its medium).

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::Mark;
use crate::sim::expect::view::View;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "opened",
    ko: "시민이 읽은 알림 (만들어진 알림 전체 대비)",
    en: "notices that the person read, of all created",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Medium],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    let in_time = view.notice.opened.time().is_some_and(|at| query.in_time(view.created(), at));
    let on_medium = |medium| view.attempts().any(|a| a.medium == medium && a.has(Mark::Opened));
    Fact::of(in_time && query.filter.medium.is_none_or(on_medium))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn what_was_never_shown_was_never_read() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            60s fellback n0 alimtalk lms no_receipt by silence-10m
            60s submitted n0/1 lms
            64s shown n0/1
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            2m  opened n1/0
            9m  end stop";
        judge_all(
            script,
            &[
                ("ratio(opened) >= 50%", "held: 1 of 2 = 50 %, at least 50 % expected"),
                ("ratio(opened, within=1m) >= 50%", "broken: 0 of 2 = 0 %, at least 50 % expected"),
                ("ratio(opened{medium=lms}) >= 50%", "broken: 0 of 2 = 0 %, at least 50 % expected"),
            ],
        );
    }

    #[test]
    fn no_notice_is_an_empty_set() {
        judge_all(NOTHING, &[("ratio(opened) <= 5%", EMPTY)]);
    }
}
