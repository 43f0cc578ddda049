//! `certificates`: certificates of a document that reached the end they were for.
//!
//! Set: every certificate issued, once for each end that has to get it, by `certificate=` and `end=` if named. Counts: the
//! end had it; with `within=`, at most so long after it was issued.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "certificates",
    ko: "받을 쪽에 닿은 증명 (송신·수신·열람)",
    en: "certificates that reached the end they were issued for",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Certificate, Label::End],
    aggregates: COUNTED,
    within: Within::Deadline,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if row.deed != Deed::Certified || !query.certificate_fits(row) {
        return Fact::Outside;
    }
    let (Some(issued), Some(held)) = (row.at.time(), row.done.time()) else { return Fact::No };
    Fact::of(query.in_time(issued, held))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn what_an_end_waits_for_counts_when_it_is_there() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 certified
            0s  certified n0/0 sent 1
            2s  handed n0/0 sent sender
            3s  shown n0/0
            4s  certified n0/0 received 2
            5s  handed n0/0 received sender
            9m  handed n0/0 received recipient
            9m  certified n0/0 read 1
            20m end stop";
        judge_all(
            script,
            &[
                ("ratio(certificates) >= 75%", "held: 3 of 4 = 75 %, at least 75 % expected"),
                ("ratio(certificates, within=1m) >= 75%", "broken: 2 of 4 = 50 %, at least 75 % expected"),
                ("count(certificates{certificate=received, end=recipient}) == 1", "held: 1, exactly 1 expected"),
                ("count(certificates{certificate=read}) == 1", "broken: 0, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn nothing_certified_is_an_empty_set() {
        judge_all(NOTHING, &[("count(certificates) >= 1", EMPTY)]);
    }
}
