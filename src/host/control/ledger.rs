//! The ledger of a run: a short row for every notice, for those who search. The whole story of a notice is its events.
//!
//! Rows are in the order of notices' numbers, because the engine numbers them so. The verdict never uses them.

use crate::sim::model::event::{Claim, Event, EventKind, Outcome};
use crate::sim::model::ids::{FaultId, KindId, NoticeId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::time::SimTime;

/// Notices that have a row; later ones are counted and not listed. About 100 bytes each.
pub const ROWS_MAX: usize = 1 << 20;
/// Attempts of one notice whose medium is remembered: as many as a route may have legs.
const ATTEMPTS_MAX: u8 = 16;
/// Faults of one notice that are remembered.
const HITS_MAX: usize = 16;

/// One notice, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRow {
    /// For whom.
    pub person: PersonId,
    /// What kind.
    pub kind: KindId,
    /// When the sender decided on it.
    pub created: SimTime,
    /// When a phone first showed it; `NEVER` until then.
    pub shown: SimTime,
    /// When it was first opened; `NEVER` until then.
    pub opened: SimTime,
    /// How often any phone showed it.
    pub showings: u16,
    /// How many attempts were made.
    pub attempts: u8,
    /// The strongest thing the sender was told.
    pub claim: Option<Claim>,
    /// How the sender's work on it ended, once it has.
    pub outcome: Option<Outcome>,
    /// Cost so far, in hundredths of a won.
    pub cost: u64,
    /// Faults that touched it, each once, in order of their first touch.
    pub hits: Vec<FaultId>,
    /// Media of the attempts, four bits each, the first in the lowest.
    media: u64,
    /// Media that were shown, one bit each.
    showed: u16,
}

/// All rows of a run.
#[derive(Debug, Default)]
pub struct Ledger {
    rows: Vec<NoticeRow>,
    unlisted: u64,
}

impl NoticeRow {
    fn new(person: PersonId, kind: KindId, created: SimTime) -> NoticeRow {
        NoticeRow {
            person,
            kind,
            created,
            shown: SimTime::NEVER,
            opened: SimTime::NEVER,
            showings: 0,
            attempts: 0,
            claim: None,
            outcome: None,
            cost: 0,
            hits: Vec::new(),
            media: 0,
            showed: 0,
        }
    }

    /// The medium of an attempt, by its ordinal.
    pub fn medium(&self, ordinal: u8) -> Option<Medium> {
        if ordinal >= self.attempts.min(ATTEMPTS_MAX) {
            return None;
        }
        Medium::ALL.get((self.media >> (u32::from(ordinal) * 4) & 15) as usize).copied()
    }

    /// Media that were tried, in order.
    pub fn media(&self) -> impl Iterator<Item = Medium> {
        (0..self.attempts.min(ATTEMPTS_MAX)).filter_map(|ordinal| self.medium(ordinal))
    }

    /// Whether a phone showed it by that medium.
    pub fn showed(&self, medium: Medium) -> bool {
        self.showed >> medium.index() & 1 == 1
    }

    fn submitted(&mut self, ordinal: u8, medium: Medium) {
        self.attempts = self.attempts.max(ordinal.saturating_add(1));
        if ordinal < ATTEMPTS_MAX {
            self.media |= (medium.index() as u64) << (u32::from(ordinal) * 4);
        }
    }

    fn hit(&mut self, fault: Option<FaultId>) {
        if let Some(fault) = fault
            && self.hits.len() < HITS_MAX
            && !self.hits.contains(&fault)
        {
            self.hits.push(fault);
        }
    }
}

impl Ledger {
    /// The row of a notice.
    pub fn get(&self, notice: NoticeId) -> Option<&NoticeRow> {
        self.rows.get(notice.index())
    }

    /// The rows from one on, in order.
    pub fn rows(&self, from: usize) -> &[NoticeRow] {
        &self.rows[from.min(self.rows.len())..]
    }

    /// How many notices have no row.
    pub fn unlisted(&self) -> u64 {
        self.unlisted
    }

    /// Lets go of all rows.
    pub fn forget(&mut self) {
        self.unlisted += self.rows.len() as u64;
        self.rows = Vec::new();
    }

    /// Takes one event.
    pub fn observe(&mut self, event: &Event) {
        if let EventKind::Created { notice, person, kind, .. } = event.kind {
            return self.created(notice, NoticeRow::new(person, kind, event.at));
        }
        let Some((notice, ordinal)) = notice_of(&event.kind) else { return };
        if let Some(row) = self.rows.get_mut(notice.index()) {
            row.hit(fault_of(&event.kind));
            note(row, event, ordinal);
        }
    }

    fn created(&mut self, notice: NoticeId, row: NoticeRow) {
        if notice.index() == self.rows.len() && self.rows.len() < ROWS_MAX {
            self.rows.push(row);
        } else {
            self.unlisted += 1;
        }
    }
}

fn note(row: &mut NoticeRow, event: &Event, ordinal: u8) {
    match event.kind {
        EventKind::Submitted { medium, .. } => row.submitted(ordinal, medium),
        EventKind::Shown { .. } => {
            row.shown = row.shown.min(event.at);
            row.showings = row.showings.saturating_add(1);
            if let Some(medium) = row.medium(ordinal) {
                row.showed |= 1 << medium.index();
            }
        }
        EventKind::Opened { .. } => row.opened = row.opened.min(event.at),
        EventKind::Reported { claim, .. } => row.claim = row.claim.max(Some(claim)),
        EventKind::Charged { price, .. } => row.cost += u64::from(price),
        EventKind::RouteEnded { outcome, .. } => row.outcome = Some(outcome),
        _ => {}
    }
}

/// The notice that an event is about, and the ordinal of its attempt (0 where the event names none).
pub fn notice_of(kind: &EventKind) -> Option<(NoticeId, u8)> {
    Some((kind.notice()?, kind.attempt().map_or(0, |attempt| attempt.ordinal)))
}

/// The fault that touched a notice.
fn fault_of(kind: &EventKind) -> Option<FaultId> {
    match *kind {
        EventKind::Refused { fault, .. }
        | EventKind::Unanswered { fault, .. }
        | EventKind::Held { fault, .. }
        | EventKind::Lost { fault, .. }
        | EventKind::Shown { fault, .. }
        | EventKind::Reported { fault, .. }
        | EventKind::FellBack { fault, .. } => fault,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Ledger, ROWS_MAX};
    use crate::sim::model::code::Code;
    use crate::sim::model::event::{Claim, Ear, Event, EventKind as E, Outcome};
    use crate::sim::model::ids::{AttemptId, FaultId, KindId, NoticeId, PersonId};
    use crate::sim::model::medium::Medium;
    use crate::sim::time::SimTime;

    fn at(secs: u64, kind: E) -> Event {
        Event { at: SimTime::from_micros(secs * 1_000_000), kind }
    }

    fn created(notice: u32) -> E {
        E::Created { notice: NoticeId(notice), person: PersonId(7), kind: KindId(0), send: None }
    }

    #[test]
    fn a_row_says_what_its_events_said() {
        let (mut ledger, notice, person) = (Ledger::default(), NoticeId(0), PersonId(7));
        let attempt = |ordinal| AttemptId { notice, ordinal };
        let fault = Some(FaultId(3));
        for (secs, kind) in [
            (1, created(0)),
            (1, E::Submitted { attempt: attempt(0), medium: Medium::Alimtalk, person }),
            (1, E::Unanswered { attempt: attempt(0), taken: false, fault }),
            (60, E::Submitted { attempt: attempt(1), medium: Medium::Lms, person }),
            (61, E::Charged { attempt: attempt(1), price: 3_000 }),
            (62, E::Shown { attempt: attempt(1), person, copy: 0, fault: None }),
            (63, E::Reported { attempt: attempt(1), claim: Claim::Shown, ear: Ear::Webhook, code: Code::OK, fault }),
            (
                64,
                E::Reported {
                    attempt: attempt(0),
                    claim: Claim::Failed,
                    ear: Ear::Webhook,
                    code: Code::OK,
                    fault: None,
                },
            ),
            (65, E::RouteEnded { notice, outcome: Outcome::Satisfied }),
            (70, E::Shown { attempt: attempt(0), person, copy: 0, fault: None }),
        ] {
            ledger.observe(&at(secs, kind));
        }
        let row = ledger.get(notice).expect("a row");
        assert_eq!(row.media().collect::<Vec<_>>(), [Medium::Alimtalk, Medium::Lms]);
        assert!(row.showed(Medium::Lms) && row.showed(Medium::Alimtalk) && !row.showed(Medium::Sms));
        assert_eq!((row.shown.micros(), row.showings, row.cost), (62_000_000, 2, 3_000));
        assert_eq!((row.claim, row.outcome), (Some(Claim::Shown), Some(Outcome::Satisfied)));
        assert_eq!((row.hits.as_slice(), row.opened, row.medium(2)), (&[FaultId(3)][..], SimTime::NEVER, None));
    }

    #[test]
    fn notices_beyond_the_bound_are_counted() {
        let mut ledger = Ledger::default();
        (0..ROWS_MAX as u32 + 2).for_each(|notice| ledger.observe(&at(0, created(notice))));
        assert_eq!((ledger.rows(0).len(), ledger.unlisted()), (ROWS_MAX, 2));
        ledger.forget();
        assert_eq!((ledger.rows(0).len(), ledger.unlisted()), (0, ROWS_MAX as u64 + 2));
        ledger.observe(&at(0, created(9)));
        assert!(ledger.get(NoticeId(9)).is_none(), "a row is never under another number");
    }
}
