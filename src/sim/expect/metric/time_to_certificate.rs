//! `time_to_certificate`: from the issue of a certificate until the end it is for has it.
//!
//! Set: every certificate issued, once for each end, by `certificate=` and `end=`. One that never arrives takes longer than
//! any time.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::metric::{Fact, Label, Look, Metric, OF_NOTICES, TIMED, Unit, Within};
use crate::sim::expect::query::Query;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "time_to_certificate",
    ko: "증명 발급부터 받을 쪽에 닿기까지 (닿지 못하면 무한대)",
    en: "from the issue of a certificate to its end; one that never arrives counts as longer than any time",
    unit: Unit::Duration,
    population: OF_NOTICES,
    outcomes: &[Label::Certificate, Label::End],
    aggregates: TIMED,
    within: Within::Unused,
    look: Look::Deed(look),
    live: None,
};

fn look(row: &DeedRow, query: &Query<'_>) -> Fact {
    if row.deed != Deed::Certified || !query.certificate_fits(row) {
        return Fact::Outside;
    }
    match (row.at.time(), row.done.time()) {
        (Some(issued), Some(held)) => Fact::Value(held.since(issued).micros()),
        (_, None) | (None, _) => Fact::Never,
    }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn what_never_arrives_takes_longer_than_any_time() {
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
                ("p50(time_to_certificate) <= 2s", "held: 2s, at most 2s expected"),
                ("max(time_to_certificate{certificate=received}) <= 10m", "held: 8m56s, at most 10m expected"),
                ("max(time_to_certificate) <= 1h", "broken: never, at most 1h expected"),
            ],
        );
    }

    #[test]
    fn nothing_certified_is_an_empty_set() {
        judge_all(NOTHING, &[("p90(time_to_certificate) <= 1m", EMPTY)]);
    }
}
