//! Certified documents in the books: proofs of identity, links, reminders, and certificates with both their ends.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::record::{Mark, Moment};
use crate::sim::model::ids::{AttemptId, FaultId, PersonId};
use crate::sim::model::service::word::{Certificate, DocumentEnd};
use crate::sim::time::SimTime;

/// A certificate at an end, as one number.
pub(super) const fn certificate_key(certificate: Certificate, end: DocumentEnd) -> u16 {
    (certificate as u16) << 1 | end as u16
}

impl Ledger {
    /// A person proved who they are, or could not.
    pub(super) fn identified(
        &mut self,
        at: SimTime,
        attempt: AttemptId,
        person: PersonId,
        passed: bool,
        fault: Option<FaultId>,
    ) {
        self.bite(attempt.notice, fault);
        let row = DeedRow { wrong: !passed, ..document(at, Deed::Identified, person, 0, attempt) };
        keep(&mut self.deeds, &mut self.dropped, row);
    }

    /// Something happened to a document of which no more is to be said.
    pub(super) fn of_document(&mut self, at: SimTime, deed: Deed, attempt: AttemptId, person: PersonId) {
        keep(&mut self.deeds, &mut self.dropped, document(at, deed, person, 0, attempt));
    }

    /// A certificate is issued: one row for each end that has to get it.
    pub(super) fn certified(&mut self, at: SimTime, attempt: AttemptId, certificate: Certificate, ends: u32) {
        let wrong = !self.is_so(attempt, certificate);
        let Some(person) = self.view(attempt.notice).map(|view| view.notice.person()) else { return };
        for (end, _) in DocumentEnd::ALL.iter().take(ends as usize) {
            let of = certificate_key(certificate, *end);
            self.certificates.insert((attempt, of), self.deeds.len());
            let row = DeedRow { wrong, ..document(at, Deed::Certified, person, of, attempt) };
            keep(&mut self.deeds, &mut self.dropped, row);
        }
    }

    /// An end has a certificate, or has it again.
    pub(super) fn held_at(&mut self, at: SimTime, attempt: AttemptId, certificate: Certificate, end: DocumentEnd) {
        let of = certificate_key(certificate, end);
        let issued = self.certificates.get(&(attempt, of)).copied();
        let row = match issued.and_then(|number| self.deeds.get_mut(number)) {
            Some(row) if row.done.is_never() => {
                row.done = Moment::at(at);
                return;
            }
            Some(row) => DeedRow { deed: Deed::CertifiedAgain, at: Moment::at(at), ..*row },
            None => {
                let Some(person) = self.view(attempt.notice).map(|view| view.notice.person()) else { return };
                // Held by somebody and issued by nobody: as false as it can be.
                DeedRow { wrong: true, ..document(at, Deed::Certified, person, of, attempt) }
            }
        };
        keep(&mut self.deeds, &mut self.dropped, row);
    }

    /// Whether what a certificate says has happened.
    fn is_so(&self, attempt: AttemptId, certificate: Certificate) -> bool {
        let Some(record) = self.row(attempt).map(|row| &self.attempts[row]) else { return false };
        match certificate {
            Certificate::Sent => true,
            Certificate::Received => !record.shown.is_never(),
            Certificate::Read => record.has(Mark::Opened),
        }
    }
}

fn document(at: SimTime, deed: Deed, person: PersonId, of: u16, attempt: AttemptId) -> DeedRow {
    DeedRow { attempt: Some(attempt), ..DeedRow::new(deed, person, of, Moment::at(at)) }
}
