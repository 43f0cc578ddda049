//! Receipts that a line took a short while before it broke. The server may have died with them, and nobody tells a phone
//! what is on a disk; so they are sent once more on the next line. One for what is known already changes nothing.
//!
//! Presses are not repeated: who presses twice has pressed twice.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::host::phones::report::Report;
use crate::sim::model::ids::{AttemptId, PersonId};

/// Receipts that were given to a line so long before the network was last heard are on its disk.
const UNSURE_FOR: Duration = Duration::from_secs(30);
/// Most receipts that are remembered; beyond it the oldest are forgotten.
const RECEIPTS_MAX: usize = 1_024;

/// The receipts, oldest first.
#[derive(Debug, Default)]
pub struct Recent(VecDeque<(Instant, What, PersonId, AttemptId)>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Shown,
    Read,
}

impl Recent {
    /// A line has taken a report.
    pub fn add(&mut self, now: Instant, report: &Report) {
        let shown = report.delivered.iter().map(|(who, attempt)| (now, What::Shown, *who, *attempt));
        self.0.extend(shown.chain(report.read.iter().map(|(who, attempt)| (now, What::Read, *who, *attempt))));
        let over = self.0.len().saturating_sub(RECEIPTS_MAX);
        self.0.drain(..over);
        self.forget_before(now);
    }

    /// The line broke; the network was last heard then. What must be said again, oldest first.
    pub fn unsure(&mut self, heard: Instant) -> Report {
        self.forget_before(heard);
        let mut report = Report::default();
        for (_, what, who, attempt) in self.0.drain(..) {
            match what {
                What::Shown => report.delivered.push((who, attempt)),
                What::Read => report.read.push((who, attempt)),
            }
        }
        report
    }

    /// Takes out what is about these people.
    pub fn split_off(&mut self, people: &[PersonId]) -> Recent {
        let (theirs, ours) = self.0.drain(..).partition(|(_, _, who, _)| people.contains(who));
        self.0 = ours;
        Recent(theirs)
    }

    fn forget_before(&mut self, heard: Instant) {
        while self.0.front().is_some_and(|(at, ..)| heard.saturating_duration_since(*at) > UNSURE_FOR) {
            self.0.pop_front();
        }
        if self.0.is_empty() {
            // Ten thousand phones that have nothing to say keep nothing.
            self.0 = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{RECEIPTS_MAX, Recent, UNSURE_FOR};
    use crate::host::phones::report::Report;
    use crate::sim::model::ids::{AttemptId, NoticeId, PersonId};

    fn pair(n: u32) -> (PersonId, AttemptId) {
        (PersonId(n), AttemptId { notice: NoticeId(n), ordinal: 0 })
    }

    fn shown(n: u32) -> Report {
        Report { delivered: vec![pair(n)], ..Report::default() }
    }

    #[test]
    fn what_was_taken_shortly_before_the_network_was_last_heard_is_said_again() {
        let (begun, mut recent) = (Instant::now(), Recent::default());
        recent.add(begun, &shown(1));
        recent.add(begun + Duration::from_secs(1), &Report { read: vec![pair(1)], ..Report::default() });
        recent.add(begun + UNSURE_FOR + Duration::from_secs(1), &shown(2));
        let mut theirs = recent.split_off(&[PersonId(2)]);
        let again = recent.unsure(begun + UNSURE_FOR + Duration::from_millis(500));
        assert_eq!((again.delivered, again.read), (vec![], vec![pair(1)]));
        assert_eq!(theirs.unsure(begun).delivered, [pair(2)], "however late the break is noticed");
        assert!(recent.unsure(begun).is_empty(), "once");
    }

    #[test]
    fn over_the_bound_the_oldest_are_forgotten() {
        let (now, mut recent) = (Instant::now(), Recent::default());
        (0..RECEIPTS_MAX as u32 + 5).for_each(|n| recent.add(now, &shown(n)));
        let again = recent.unsure(now);
        assert_eq!((again.delivered.len(), again.delivered[0]), (RECEIPTS_MAX, pair(5)));
    }
}
