//! The agenda: alarms in order of their instant, and of setting where instants are equal.
//!
//! A radix heap. Time never goes back, so an alarm sits in the bucket named by the highest bit in which its instant
//! differs from the last one that fired; emptying a bucket spreads it over lower ones in order. An alarm moves a few
//! times at most, in sequential memory, and equal instants stay first in, first out without a sequence number.

use crate::sim::engine::alarm::Alarm;
use crate::sim::time::SimTime;

/// Alarms that have not fired.
#[derive(Debug)]
pub struct Agenda {
    /// The instant of the bucket 0: that of the alarm that fired last.
    last: u64,
    buckets: Vec<Bucket>,
    /// One bit a bucket that has alarms.
    filled: u128,
    /// How many alarms of bucket 0 have fired already.
    fired: usize,
}

#[derive(Debug, Default)]
struct Bucket {
    least: u64,
    alarms: Vec<(u64, Alarm)>,
}

const BUCKETS: usize = 65;

impl Agenda {
    /// An agenda at the first instant, with nothing on it.
    pub fn new() -> Agenda {
        let buckets = (0..BUCKETS).map(|_| Bucket::default()).collect();
        Agenda { last: 0, buckets, filled: 0, fired: 0 }
    }

    /// Sets an alarm. One that would be in the past is due now; one that would be at `SimTime::NEVER` is not set.
    pub fn set(&mut self, at: SimTime, alarm: Alarm) {
        if at == SimTime::NEVER {
            return;
        }
        self.put(at.micros().max(self.last), alarm);
    }

    /// The instant of the next alarm.
    pub fn next(&self) -> Option<SimTime> {
        let first = self.first_filled()?;
        Some(SimTime::from_micros(if first == 0 { self.last } else { self.buckets[first].least }))
    }

    /// Takes the next alarm if it is due by `at`.
    pub fn take_due(&mut self, at: SimTime) -> Option<(SimTime, Alarm)> {
        let first = self.first_filled()?;
        if first > 0 {
            if self.buckets[first].least > at.micros() {
                return None;
            }
            self.spread(first);
        } else if self.last > at.micros() {
            return None;
        }
        let now = &mut self.buckets[0];
        let (due, alarm) = now.alarms[self.fired];
        self.fired += 1;
        if self.fired == now.alarms.len() {
            now.alarms.clear();
            self.fired = 0;
            self.filled &= !1;
        }
        Some((SimTime::from_micros(due), alarm))
    }

    fn first_filled(&self) -> Option<usize> {
        (self.filled != 0).then(|| self.filled.trailing_zeros() as usize)
    }

    fn put(&mut self, due: u64, alarm: Alarm) {
        let index = (64 - (due ^ self.last).leading_zeros()) as usize;
        let bucket = &mut self.buckets[index];
        if bucket.alarms.is_empty() || due < bucket.least {
            bucket.least = due;
        }
        bucket.alarms.push((due, alarm));
        self.filled |= 1 << index;
    }

    /// Empties a bucket into the lower ones, with its earliest instant as the new bucket 0.
    fn spread(&mut self, index: usize) {
        self.last = self.buckets[index].least;
        self.filled &= !(1 << index);
        let mut alarms = std::mem::take(&mut self.buckets[index].alarms);
        for (due, alarm) in alarms.drain(..) {
            self.put(due, alarm);
        }
        // The room is kept for the next alarms of this distance, unless it was a rare flood.
        alarms.shrink_to(1 << 16);
        self.buckets[index].alarms = alarms;
    }
}

#[cfg(test)]
mod tests {
    use super::Agenda;
    use crate::sim::dice::{Seed, Subject};
    use crate::sim::engine::alarm::Alarm;
    use crate::sim::model::ids::NoticeId;
    use crate::sim::time::SimTime;

    fn alarm(i: u32) -> Alarm {
        Alarm::Within { notice: NoticeId(i), ordinal: 0 }
    }

    #[test]
    fn alarms_come_in_order_of_instant_then_of_setting() {
        let mut agenda = Agenda::new();
        let mut expected: Vec<(u64, u32)> = Vec::new();
        let mut fired: Vec<(u64, u32)> = Vec::new();
        let mut now = 0;
        for i in 0..20_000_u32 {
            let far = 1 << (Seed(3).pick(30, Subject::Fault, u64::from(i), 0));
            let due = now + Seed(3).pick(far, Subject::Fault, u64::from(i), 1);
            agenda.set(SimTime::from_micros(due), alarm(i));
            expected.push((due, i));
            if i % 3 == 0 {
                now = agenda.next().expect("just set").micros();
                while let Some((at, Alarm::Within { notice, .. })) = agenda.take_due(SimTime::from_micros(now)) {
                    fired.push((at.micros(), notice.0));
                }
            }
        }
        while let Some((at, Alarm::Within { notice, .. })) = agenda.take_due(SimTime::NEVER) {
            fired.push((at.micros(), notice.0));
        }
        expected.sort();
        let mut sorted = fired.clone();
        sorted.sort();
        assert_eq!(sorted, expected, "nothing lost, nothing invented");
        assert_eq!(fired, sorted, "in order");
        assert_eq!(agenda.next(), None);
    }

    #[test]
    fn nothing_fires_early_and_never_is_never_set() {
        let mut agenda = Agenda::new();
        agenda.set(SimTime::from_micros(10), alarm(0));
        agenda.set(SimTime::NEVER, alarm(1));
        assert_eq!(agenda.take_due(SimTime::from_micros(9)), None);
        assert_eq!(agenda.take_due(SimTime::from_micros(10)).map(|due| due.0.micros()), Some(10));
        assert_eq!(agenda.next(), None);
    }

    #[test]
    fn an_alarm_set_in_the_past_is_due_now() {
        let mut agenda = Agenda::new();
        agenda.set(SimTime::from_micros(50), alarm(0));
        agenda.take_due(SimTime::from_micros(50));
        agenda.set(SimTime::from_micros(20), alarm(1));
        assert_eq!(agenda.next(), Some(SimTime::from_micros(50)));
    }
}
