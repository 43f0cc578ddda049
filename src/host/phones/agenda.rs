//! What the people of one socket will do, by the instant they do it: one heap, no task for each.
//!
//! What falls due while the line is broken waits and is done when it stands again: people read without a network too,
//! and their app reports it later.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tokio::time::Instant;

use crate::sim::model::ids::{AttemptId, ButtonId, PersonId};

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Reads.
    Read(AttemptId),
    /// Presses a button.
    Press(AttemptId, ButtonId),
    /// Says something to a channel: a row of the plan's `says`.
    Say(u16),
}

/// The heap.
#[derive(Debug, Default)]
pub struct Agenda {
    heap: BinaryHeap<Reverse<(Instant, PersonId, Act)>>,
}

impl Agenda {
    /// Somebody will do something.
    pub fn add(&mut self, when: Instant, who: PersonId, act: Act) {
        self.heap.push(Reverse((when, who, act)));
    }

    /// When the next thing is due.
    pub fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((when, _, _))| *when)
    }

    /// The next thing that is due by now, and who does it.
    pub fn pop_due(&mut self, now: Instant) -> Option<(PersonId, Act)> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse((_, who, act))| (who, act))
    }

    /// Takes out what these people will do.
    pub fn split_off(&mut self, people: &[PersonId]) -> Agenda {
        let (theirs, ours) = self.heap.drain().partition(|Reverse((_, who, _))| people.contains(who));
        self.heap = ours;
        Agenda { heap: theirs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::model::ids::NoticeId;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn acts_come_in_order_of_time_and_move_with_their_people() {
        let now = Instant::now();
        let read = |notice| Act::Read(AttemptId { notice: NoticeId(notice), ordinal: 0 });
        let mut agenda = Agenda::default();
        agenda.add(now + Duration::from_secs(2), PersonId(1), read(1));
        agenda.add(now + Duration::from_secs(1), PersonId(2), read(2));
        assert_eq!(agenda.pop_due(now), None);
        let mut moved = agenda.split_off(&[PersonId(2)]);
        let later = now + Duration::from_secs(5);
        assert_eq!((moved.pop_due(later), moved.pop_due(later)), (Some((PersonId(2), read(2))), None));
        assert_eq!(agenda.pop_due(later), Some((PersonId(1), read(1))));
    }
}
