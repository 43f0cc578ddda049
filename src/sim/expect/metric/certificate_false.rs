//! `certificate_false`: certificates of what had not happened.
//!
//! Set: every certificate issued or held. Counts: "received" of what no phone had shown by then, "read" of what nobody had
//! opened by then, or one that an end holds and nobody issued.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "certificate_false",
    ko: "사실이 없는데 발급된 증명",
    en: "certificates of something that had not happened when they were issued",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Certificate, Label::End],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if row.deed != Deed::Certified || !query.certificate_fits(row) {
        return Fact::Outside;
    }
    Fact::of(row.wrong)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn a_certificate_before_its_fact_is_false() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 certified
            0s  certified n0/0 sent 1
            2s  certified n0/0 received 1
            3s  shown n0/0
            4s  certified n0/0 read 1
            5s  opened n0/0
            6s  handed n0/0 read recipient
            20m end stop";
        judge_all(
            script,
            &[
                ("count(certificate_false) == 0", "broken: 3, exactly 0 expected"),
                ("count(certificate_false{certificate=sent}) == 0", "held: 0, exactly 0 expected"),
                ("count(certificate_false{end=recipient}) == 1", "held: 1, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn nothing_certified_is_an_empty_set() {
        judge_all(NOTHING, &[("count(certificate_false) == 0", EMPTY)]);
    }
}
