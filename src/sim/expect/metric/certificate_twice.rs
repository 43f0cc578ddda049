//! `certificate_twice`: certificates that an end was given more than once.
//!
//! Set: certificates that an end has, and every further time it was given the same one. Counts: the further times.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "certificate_twice",
    ko: "같은 쪽에 두 번 전달된 증명",
    en: "certificates that one end was given more than once",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Certificate, Label::End],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    let certified = matches!(row.deed, Deed::Certified | Deed::CertifiedAgain);
    if !certified || row.done.is_never() || !query.certificate_fits(row) {
        return Fact::Outside;
    }
    Fact::of(row.deed == Deed::CertifiedAgain)
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn the_second_time_counts() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 certified
            0s  certified n0/0 sent 2
            2s  handed n0/0 sent sender
            3s  handed n0/0 sent recipient
            4s  handed n0/0 sent sender
            20m end stop";
        judge_all(
            script,
            &[
                ("count(certificate_twice) == 0", "broken: 1, exactly 0 expected"),
                ("count(certificate_twice{end=recipient}) == 0", "held: 0, exactly 0 expected"),
            ],
        );
    }

    #[test]
    fn nothing_certified_is_an_empty_set() {
        judge_all(NOTHING, &[("count(certificate_twice) == 0", EMPTY)]);
    }
}
