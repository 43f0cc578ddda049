//! What the network must still hear of: showings, readings, presses and words that no line has taken yet.

use crate::sim::model::ids::{AttemptId, ButtonId, PersonId};

/// Things of a kind in one report; the network takes 1,024 in a frame.
const PART_MAX: usize = 512;

/// The report, oldest first.
#[derive(Debug, Default)]
pub struct Report {
    /// Attempts that a phone showed.
    pub delivered: Vec<(PersonId, AttemptId)>,
    /// Attempts that somebody read.
    pub read: Vec<(PersonId, AttemptId)>,
    /// Buttons that somebody pressed.
    pub presses: Vec<(PersonId, AttemptId, ButtonId)>,
    /// What somebody said, as a row of the plan's `says`.
    pub words: Vec<(PersonId, u16)>,
}

impl Report {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.delivered.is_empty() && self.read.is_empty() && self.presses.is_empty() && self.words.is_empty()
    }

    /// The oldest part of it, as much as goes into one frame.
    pub fn take_part(&mut self) -> Report {
        fn part<T>(all: &mut Vec<T>) -> Vec<T> {
            all.drain(..all.len().min(PART_MAX)).collect()
        }
        Report {
            delivered: part(&mut self.delivered),
            read: part(&mut self.read),
            presses: part(&mut self.presses),
            words: part(&mut self.words),
        }
    }

    /// Takes out what is about these people.
    pub fn split_off(&mut self, people: &[PersonId]) -> Report {
        fn split<T>(all: &mut Vec<T>, theirs: impl Fn(&T) -> bool) -> Vec<T> {
            let (out, stay) = std::mem::take(all).into_iter().partition(theirs);
            *all = stay;
            out
        }
        Report {
            delivered: split(&mut self.delivered, |(who, _)| people.contains(who)),
            read: split(&mut self.read, |(who, _)| people.contains(who)),
            presses: split(&mut self.presses, |(who, _, _)| people.contains(who)),
            words: split(&mut self.words, |(who, _)| people.contains(who)),
        }
    }

    /// Puts another report behind.
    pub fn append(&mut self, other: &mut Report) {
        self.delivered.append(&mut other.delivered);
        self.read.append(&mut other.read);
        self.presses.append(&mut other.presses);
    }

    /// Puts another report in front; whether there was anything in it.
    pub fn take_back(&mut self, other: &mut Report) -> bool {
        let any = !other.is_empty();
        self.delivered.splice(..0, other.delivered.drain(..));
        self.read.splice(..0, other.read.drain(..));
        self.presses.splice(..0, other.presses.drain(..));
        self.words.splice(..0, other.words.drain(..));
        any
    }
}

#[cfg(test)]
mod tests {
    use super::{PART_MAX, Report};
    use crate::sim::model::ids::{AttemptId, NoticeId, PersonId};

    fn shown(range: std::ops::Range<usize>) -> Vec<(PersonId, AttemptId)> {
        let attempt = |n: usize| AttemptId { notice: NoticeId(n as u32), ordinal: 0 };
        range.map(|n| (PersonId(n as u32 % 2), attempt(n))).collect()
    }

    #[test]
    fn what_a_broken_line_swallowed_comes_first_again() {
        let mut report = Report { delivered: shown(0..PART_MAX + 3), ..Report::default() };
        let mut part = report.take_part();
        assert_eq!((part.delivered.len(), report.delivered.len()), (PART_MAX, 3));
        assert!(report.take_back(&mut part));
        assert_eq!(report.delivered, shown(0..PART_MAX + 3));
        assert!(part.is_empty() && !report.take_back(&mut part));
    }

    #[test]
    fn a_report_goes_with_the_people_it_is_about() {
        let mut report = Report { delivered: shown(0..4), ..Report::default() };
        let theirs = report.split_off(&[PersonId(1)]);
        assert!(theirs.delivered.iter().all(|(who, _)| *who == PersonId(1)));
        assert!(report.delivered.iter().all(|(who, _)| *who == PersonId(0)));
        assert_eq!((theirs.delivered.len(), report.delivered.len()), (2, 2));
    }
}
