//! A row of `intakes:`: a form that people fill in, the case that it becomes, and what they are told on the way; and an
//! `intake:` line, which says when how many of them do.

use crate::sim::dice::Spread;
use crate::sim::model::ids::{ButtonId, CounterId, KindId};
use crate::sim::model::medium::Network;
use crate::sim::plan::Audience;
use crate::sim::time::{SimTime, Span};

/// A row.
#[derive(Clone, Debug)]
pub struct Intake {
    /// Its name; intakes, grants and desks count on the same counters.
    pub counter: CounterId,
    /// The network over which the form is sent.
    pub network: Network,
    /// The button that sends the form as well, if there is one.
    pub button: Option<ButtonId>,
    /// How long a person looks at a page that says nothing.
    pub patience: Span,
    /// How often a person sends the form in all, before they let it be.
    pub tries: u8,
    /// From giving up to sending again, the first time; the second time twice as long, and so on.
    pub again_after: Spread,
    /// Whether a form of somebody who has a case already is put to that case.
    pub once: bool,
    /// What the person is told, in order.
    pub stages: Vec<Stage>,
}

/// A stage of a case.
#[derive(Clone, Debug)]
pub struct Stage {
    /// How long after the case was opened.
    pub after: Spread,
    /// What the person is told.
    pub tell: KindId,
}

/// An `intake:` line.
#[derive(Clone, Debug)]
pub struct Reports {
    /// Row of `intakes:`.
    pub intake: u16,
    /// When it begins.
    pub at: SimTime,
    /// Who sends the form.
    pub from: Audience,
    /// How many of them on each day, from `at`; what the numbers add up to stands for all.
    pub by_day: Vec<u32>,
}

impl Reports {
    /// The day, from 0, on which a person at this place of so many sends the form.
    pub fn day(&self, place: u64, of: u64) -> u64 {
        let whole: u64 = self.by_day.iter().map(|day| u64::from(*day)).sum();
        let mut rank = place * whole / of.max(1);
        for (day, count) in (0..).zip(&self.by_day) {
            if rank < u64::from(*count) {
                return day;
            }
            rank -= u64::from(*count);
        }
        self.by_day.len().saturating_sub(1) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::Reports;
    use crate::sim::model::ids::PersonId;
    use crate::sim::model::person::Groups;
    use crate::sim::plan::Audience;
    use crate::sim::time::SimTime;

    #[test]
    fn days_are_filled_in_order_whatever_the_number_of_people() {
        let from = Audience {
            first: PersonId(0),
            count: 10,
            groups: Groups::default(),
            friends_of: None,
            regions: Vec::new(),
            standing_in: Vec::new(),
        };
        let line = Reports { intake: 0, at: SimTime::ZERO, from, by_day: vec![30, 0, 50, 20] };
        let days: Vec<u64> = (0..10).map(|place| line.day(place, 10)).collect();
        assert_eq!(days, [0, 0, 0, 2, 2, 2, 2, 2, 3, 3]);
        assert_eq!((line.day(0, 1), line.day(99, 100), line.day(299, 300)), (0, 3, 3));
    }
}
