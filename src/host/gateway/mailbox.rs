//! The mailbox of a network: everything that was transmitted on it, in sequence, and which rows are whose.
//!
//! Append-only and bounded by [`ROWS_MAX`]; what comes after that is still sent to whoever is connected, but nobody can
//! catch up on it. Rows hold no text: a frame is rendered from them when it is sent.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::host::gateway::chains::Chains;
use crate::sim::model::ids::{AttemptId, KindId, NoticeId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

/// Rows that one network's log keeps: at 33 bytes each with its index, 130 MB.
pub const ROWS_MAX: usize = 4_000_000;

/// One transmitted message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Place in the network's sequence.
    pub seq: u64,
    /// When the platform let it go.
    pub at: SimTime,
    /// The attempt.
    pub attempt: AttemptId,
    /// Whose phone.
    pub person: PersonId,
    /// What kind of notice.
    pub kind: KindId,
    /// By what medium.
    pub medium: Medium,
}

/// A row as it is kept: 24 bytes, because new memory is a good part of what a burst costs.
#[derive(Clone, Copy, Debug)]
struct Kept {
    at: SimTime,
    seq: u32,
    notice: NoticeId,
    person: PersonId,
    kind: KindId,
    ordinal: u8,
    medium: Medium,
}

/// In the place of a notice's owner: nothing of it was transmitted here. Numbers of phones end long before.
const NOBODY: PersonId = PersonId(u32::MAX);

/// The log of one network.
#[derive(Debug, Default)]
pub struct Log {
    rows: Vec<Kept>,
    /// For each person, places in `rows`, oldest first.
    chains: Chains,
    /// For each notice, whose it is; a notice is for one person only, and notices are numbered densely.
    owners: Vec<PersonId>,
    last: u64,
}

impl Log {
    /// Adds a row; `false` if the log is full and it can never be caught up on.
    pub fn append(&mut self, row: Row) -> bool {
        self.last = self.last.max(row.seq);
        let Some(kept) = Kept::of(&row).filter(|_| self.rows.len() < ROWS_MAX) else { return false };
        let notice = row.attempt.notice.index();
        if self.owners.len() <= notice {
            self.owners.resize(notice + 1, NOBODY);
        }
        self.owners[notice] = row.person;
        self.chains.push(row.person, self.rows.len() as u32);
        self.rows.push(kept);
        true
    }

    /// The last number of the sequence; 0 before the first.
    pub fn last(&self) -> u64 {
        self.last
    }

    /// At most `limit` rows of these people after `since`, in sequence.
    pub fn page(&self, people: &[PersonId], since: u64, limit: usize) -> Vec<Row> {
        let mut heads = BinaryHeap::new();
        for (who, person) in people.iter().enumerate() {
            let first = self.chains.find(*person, |place| u64::from(self.rows[place as usize].seq) <= since);
            first.iter().for_each(|spot| heads.push((Reverse(self.chains.get(*spot)), who, *spot)));
        }
        let mut page = Vec::new();
        while let (true, Some((Reverse(place), who, spot))) = (page.len() < limit, heads.pop()) {
            page.push(self.rows[place as usize].row());
            let next = self.chains.next(people[who], spot);
            next.iter().for_each(|spot| heads.push((Reverse(self.chains.get(*spot)), who, *spot)));
        }
        page
    }

    /// Whose notice it is; `None` if nothing of it was transmitted here.
    pub fn owner(&self, notice: NoticeId) -> Option<PersonId> {
        self.owners.get(notice.index()).copied().filter(|owner| *owner != NOBODY)
    }

    /// What it keeps in memory, in bytes, about.
    pub fn bytes(&self) -> u64 {
        let tables = size_of_val(self.rows.as_slice()) + size_of_val(self.owners.as_slice());
        (self.chains.bytes() + tables) as u64
    }
}

impl Kept {
    /// `None` for a number beyond what is ever kept.
    fn of(row: &Row) -> Option<Kept> {
        let Row { seq, at, attempt, person, kind, medium } = *row;
        let seq = u32::try_from(seq).ok()?;
        Some(Kept { at, seq, notice: attempt.notice, person, kind, ordinal: attempt.ordinal, medium })
    }

    fn row(self) -> Row {
        let Kept { at, seq, notice, person, kind, ordinal, medium } = self;
        Row { seq: u64::from(seq), at, attempt: AttemptId { notice, ordinal }, person, kind, medium }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Log, Row};
    use crate::sim::model::ids::{AttemptId, KindId, NoticeId, PersonId};
    use crate::sim::model::medium::Medium;
    use crate::sim::time::SimTime;

    fn row(seq: u64, person: u32) -> Row {
        Row {
            seq,
            at: SimTime::ZERO,
            attempt: AttemptId { notice: NoticeId(seq as u32), ordinal: 0 },
            person: PersonId(person),
            kind: KindId(0),
            medium: Medium::Sms,
        }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_double() {
        let mut log = Log::default();
        (1..=100).for_each(|seq| assert!(log.append(row(seq, seq as u32 % 3))));
        let people = [PersonId(0), PersonId(2), PersonId(9)];
        let (mut since, mut seen) = (10, Vec::new());
        loop {
            let page = log.page(&people, since, 7);
            let Some(last) = page.last() else { break };
            since = last.seq;
            seen.extend(page.iter().map(|row| row.seq));
        }
        let wanted: Vec<u64> = (11..=100).filter(|seq| seq % 3 != 1).collect();
        assert_eq!(seen, wanted);
        assert_eq!(log.last(), 100);
    }

    #[test]
    fn a_row_comes_back_as_it_was_and_takes_24_bytes() {
        let written = Row { attempt: AttemptId { notice: NoticeId(7), ordinal: 3 }, ..row(u64::from(u32::MAX), 9) };
        assert_eq!(Kept::of(&written).map(Kept::row), Some(written));
        assert!(Kept::of(&row(u64::from(u32::MAX) + 1, 9)).is_none());
        assert_eq!(size_of::<Kept>(), 24);
        let mut log = Log::default();
        assert!(!log.append(row(u64::from(u32::MAX) + 1, 9)));
        assert_eq!((log.last(), log.owner(NoticeId(0))), (u64::from(u32::MAX) + 1, None));
    }

    #[test]
    fn a_notice_belongs_to_the_person_it_was_sent_to() {
        let mut log = Log::default();
        log.append(row(1, 7));
        assert_eq!(log.owner(NoticeId(1)), Some(PersonId(7)));
        assert_eq!((log.owner(NoticeId(0)), log.owner(NoticeId(2))), (None, None));
    }
}
