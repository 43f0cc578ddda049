//! The queue: webhooks that wait, for a place on the way or for the instant of their next try. In the order of their
//! instants, then of their making.
//!
//! Bounded in number and in bytes. A queue that is full takes nothing new: what there is to tell stays in the books, which
//! lose nothing, until webhooks were taken or given up.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::host::control::lease::Alarm;
use crate::host::provider::hooks::Hook;
use crate::sim::time::SimTime;

/// Webhooks that may wait.
pub const WAITING_MAX: usize = 1_000;
/// Bytes of their bodies, about: one lot of news may go beyond.
pub const BYTES_MAX: usize = 64 << 20;

/// A webhook on its way to being taken.
#[derive(Debug)]
pub struct Parcel {
    /// By which of the contracts.
    pub contract: usize,
    /// What is sent.
    pub hook: Arc<Hook>,
    /// How often it was tried.
    pub tries: u8,
    /// Holds time at the instant of its next try, in lock-step.
    pub alarm: Option<Alarm>,
}

/// Those that wait.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: BTreeMap<(SimTime, u64), Parcel>,
    made: u64,
    bytes: usize,
}

impl Queue {
    /// A webhook waits until then.
    pub fn put(&mut self, due: SimTime, parcel: Parcel) {
        self.made += 1;
        self.bytes += parcel.hook.body.len();
        self.waiting.insert((due, self.made), parcel);
    }

    /// The next one that is due by then.
    pub fn due(&mut self, now: SimTime) -> Option<Parcel> {
        self.first().filter(|due| *due <= now)?;
        let (_, parcel) = self.waiting.pop_first()?;
        self.bytes -= parcel.hook.body.len();
        Some(parcel)
    }

    /// When the next one is due.
    pub fn first(&self) -> Option<SimTime> {
        self.waiting.first_key_value().map(|((due, _), _)| *due)
    }

    /// Whether there is room for more.
    pub fn has_room(&self) -> bool {
        self.waiting.len() < WAITING_MAX && self.bytes < BYTES_MAX
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bytes::Bytes;

    use super::{BYTES_MAX, Parcel, Queue, WAITING_MAX};
    use crate::host::provider::hooks::Hook;
    use crate::sim::time::SimTime;

    fn parcel(tries: u8, bytes: usize) -> Parcel {
        let hook = Hook { body: Bytes::from(vec![0; bytes]), headers: Vec::new(), tells: Vec::new(), whole: None };
        Parcel { contract: 0, hook: Arc::new(hook), tries, alarm: None }
    }

    #[test]
    fn what_is_due_comes_in_the_order_of_instants_and_then_of_making() {
        let (mut queue, at) = (Queue::default(), SimTime::from_micros);
        for (due, tries) in [(30, 1), (10, 2), (10, 3), (20, 4)] {
            queue.put(at(due), parcel(tries, 1));
        }
        assert_eq!((queue.waiting(), queue.first()), (4, Some(at(10))));
        assert!(queue.due(at(9)).is_none());
        let order: Vec<u8> = std::iter::from_fn(|| queue.due(at(20))).map(|parcel| parcel.tries).collect();
        assert_eq!((order, queue.first()), (vec![2, 3, 4], Some(at(30))));
    }

    #[test]
    fn a_full_queue_has_no_room_until_something_left_it() {
        let mut queue = Queue::default();
        (0..WAITING_MAX).for_each(|_| queue.put(SimTime::ZERO, parcel(0, 0)));
        assert!(!queue.has_room() && queue.due(SimTime::ZERO).is_some() && queue.has_room());
        let mut queue = Queue::default();
        queue.put(SimTime::ZERO, parcel(0, BYTES_MAX));
        assert!(!queue.has_room() && queue.due(SimTime::ZERO).is_some() && queue.has_room());
    }
}
