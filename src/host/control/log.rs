//! The newest events of a run, kept in memory for those who watch it. The whole of them is in the run's folder.
//!
//! A reader comes with the number of the event it wants next. One that has fallen behind the oldest kept event is told
//! how many it missed; nobody waits for it.

use std::collections::VecDeque;

use crate::sim::model::event::Event;
use crate::sim::time::SimTime;

/// Events kept of one run; older ones make room. 32 bytes each.
pub const KEPT_MAX: usize = 1 << 20;

/// The newest events, numbered from 1 in the order in which they happened.
#[derive(Debug, Default)]
pub struct Log {
    first: u64,
    events: VecDeque<Event>,
}

/// A stretch of the log.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// Number of the first event of the page.
    pub first: u64,
    /// How many events after the asked one are no longer kept.
    pub missed: u64,
    /// The events.
    pub events: Vec<Event>,
}

impl Log {
    /// Adds an event; the oldest makes room when the log is full.
    pub fn push(&mut self, event: Event) {
        if self.events.len() == KEPT_MAX {
            self.events.pop_front();
            self.first += 1;
        }
        self.events.push_back(event);
    }

    /// Number of the last event; 0 when there is none.
    pub fn last(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    /// At most `limit` events after the one numbered `since`.
    pub fn after(&self, since: u64, limit: usize) -> Page {
        let missed = self.first.saturating_sub(since);
        let skip = usize::try_from(since.saturating_sub(self.first)).unwrap_or(usize::MAX).min(self.events.len());
        let events: Vec<Event> = self.events.range(skip..).take(limit).copied().collect();
        Page { first: self.first + skip as u64 + 1, missed, events }
    }

    /// Number of the last event before that instant; of the last forgotten one if all that are kept come later.
    pub fn before(&self, at: SimTime) -> u64 {
        self.first + self.events.partition_point(|event| event.at < at) as u64
    }

    /// Whether there were events and none is kept.
    pub fn is_forgotten(&self) -> bool {
        self.first > 0 && self.events.is_empty()
    }

    /// Lets go of all events, as if they had been pushed out.
    pub fn forget(&mut self) {
        self.first = self.last();
        self.events = VecDeque::new();
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT_MAX, Log};
    use crate::sim::model::event::{Event, EventKind};
    use crate::sim::time::SimTime;

    fn event(at: u64) -> Event {
        Event { at: SimTime::from_micros(at), kind: EventKind::RunStarted }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_double() {
        let mut log = Log::default();
        (1..=5).for_each(|at| log.push(event(at)));
        let page = log.after(0, 3);
        assert_eq!((page.first, page.missed, page.events), (1, 0, vec![event(1), event(2), event(3)]));
        let page = log.after(3, 3);
        assert_eq!((page.first, page.missed, page.events), (4, 0, vec![event(4), event(5)]));
        let page = log.after(99, 3);
        assert_eq!((page.first, page.missed, page.events), (6, 0, Vec::new()));
        assert_eq!([0, 1, 3, 9].map(|at| log.before(SimTime::from_micros(at))), [0, 0, 2, 5]);
    }

    #[test]
    fn a_reader_that_fell_behind_is_told_how_much_it_missed() {
        let mut log = Log::default();
        (1..=KEPT_MAX as u64 + 10).for_each(|at| log.push(event(at)));
        let page = log.after(4, 1);
        assert_eq!((page.first, page.missed, page.events), (11, 6, vec![event(11)]));
        assert_eq!(log.last(), KEPT_MAX as u64 + 10);
        log.forget();
        assert_eq!((log.last(), log.after(0, 9).missed), (KEPT_MAX as u64 + 10, KEPT_MAX as u64 + 10));
    }
}
