//! `clicked`: notices whose button somebody pressed, of all that a phone showed: the click rate of an offer.
//!
//! Set: notices that showed before they expired. Counts: a press of `button=`, or of any; however often, once.

use crate::sim::expect::metric::{COUNTED, Fact, Label, Look, Metric, OF_NOTICES, Unit, Within};
use crate::sim::expect::query::Query;
use crate::sim::expect::view::View;
use crate::sim::model::ids::ButtonId;

/// The row of the table.
pub(in crate::sim::expect) const METRIC: Metric = Metric {
    name: "clicked",
    ko: "버튼을 누른 알림 (표시된 알림 대비)",
    en: "notices whose button was pressed, of those shown",
    unit: Unit::Count,
    population: OF_NOTICES,
    outcomes: &[Label::Button],
    aggregates: COUNTED,
    within: Within::Unused,
    look: Look::Notice(look),
    live: None,
};

fn look(view: View<'_>, query: &Query<'_>) -> Fact {
    if view.reached_at().is_none() {
        return Fact::Outside;
    }
    let mut pressed = view.ledger.clicks.range((view.id, ButtonId(0))..=(view.id, ButtonId(u16::MAX)));
    Fact::of(pressed.any(|(_, button)| query.filter.button.is_none_or(|wanted| wanted == *button)))
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{EMPTY, NOTHING, judge_all};

    #[test]
    fn a_notice_counts_once_however_often_it_is_pressed() {
        let script = "
            0s  created n0 p0
            0s  submitted n0/0 alimtalk
            1s  shown n0/0
            0s  created n1 p1
            0s  submitted n1/0 alimtalk
            1s  shown n1/0
            0s  created n2 p2
            2m  pressed n1/0 p1 pay
            3m  pressed n1/0 p1 pay
            20m end stop";
        judge_all(
            script,
            &[
                ("ratio(clicked) >= 50%", "held: 1 of 2 = 50 %, at least 50 % expected"),
                ("count(clicked{button=pay}) == 1", "held: 1, exactly 1 expected"),
            ],
        );
    }

    #[test]
    fn nothing_is_an_empty_set() {
        judge_all(NOTHING, &[("ratio(clicked) >= 40%", EMPTY)]);
    }
}
