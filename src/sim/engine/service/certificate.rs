//! Certificates: what the platform has seen of a document, word for word and to the instant, goes to who sent it and,
//! where the file says so, to who gets it.
//!
//! One is issued when the platform itself learns of the fact and never otherwise, once for each fact. Ends are machines:
//! the platform tries until an end has it, whatever goes wrong on the way, and an end that gets one again knows it.

use std::collections::BTreeSet;

use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::event::{EventKind, Leg};
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::model::service::word::{Certificate, DocumentEnd};
use crate::sim::plan::service::certified::Ends;
use crate::sim::time::Span;

/// How often the platform tries to hand one over: more than a hundred hours of outage.
const TRIES_MAX: u16 = 1_000;
/// Pause before the second try, then doubled up to the longest. Assumed: no relayer publishes its own.
const PAUSE: Span = Span::from_secs(30);
const PAUSE_MAX: Span = Span::from_secs(600);
/// Tells the luck of certificates from that of messages, receipts and reports.
const ROUND: u64 = 1 << 40;

/// All certificates of a run.
#[derive(Debug, Default)]
pub(in crate::sim::engine) struct Certificates {
    issued: BTreeSet<(u32, Certificate)>,
    under_way: Vec<UnderWay>,
}

/// One certificate on its way to one end.
#[derive(Clone, Copy, Debug)]
struct UnderWay {
    ix: AttemptIx,
    certificate: Certificate,
    end: DocumentEnd,
    held: bool,
}

impl Engine {
    /// The platform has learned a fact of a document: it certifies it, once.
    pub(in crate::sim::engine) fn certify(&mut self, ix: AttemptIx, certificate: Certificate) {
        if self.plan.services.certified.is_empty() {
            return;
        }
        let Some(ends) = self.document(ix).and_then(|document| document.certificates) else { return };
        if !self.certificates.issued.insert((ix.0, certificate)) {
            return;
        }
        let attempt = self.attempt(ix).id();
        let ends: &[DocumentEnd] = match ends {
            Ends::Sender => &[DocumentEnd::Sender],
            Ends::Both => &[DocumentEnd::Sender, DocumentEnd::Recipient],
        };
        let number = ends.len() as u32;
        self.emit(EventKind::Service(ServiceEvent::CertificateIssued { attempt, certificate, ends: number }));
        for end in ends {
            let row = self.certificates.under_way.len() as u32;
            self.certificates.under_way.push(UnderWay { ix, certificate, end: *end, held: false });
            self.hand_over(row, 0);
        }
    }

    /// The phone's receipt of a document is on its way to the platform.
    pub(in crate::sim::engine) fn certify_receipt_later(&mut self, ix: AttemptIx, delay: Span) {
        if !self.plan.services.certified.is_empty() && self.document(ix).is_some() {
            self.agenda.set(self.now + delay, Alarm::Duty { duty: Duty::CertifyReceipt, of: 0, row: ix.0 });
        }
    }

    /// A certificate is about to cross to its end.
    pub(super) fn hand_over(&mut self, row: u32, tries: u16) {
        let UnderWay { ix, end, held, .. } = self.certificates.under_way[row as usize];
        if held {
            return;
        }
        let (leg, person) = self.way_to(ix, end);
        let rules = self.rules_of(ix);
        let (network, medium) = (rules.network, Some((self.attempt(ix).medium, rules.capability)));
        let away = leg == Leg::Deliver
            && self.plan.networks[network.index()].sessions
            && !self.sessions.online(person, network);
        let key = ROUND | u64::from(row) << 12 | u64::from(tries);
        let ruling = self.judge_for(person, network, medium, leg, key);
        match ruling.fate {
            Some((_not_there, fault)) => self.hand_over_later(row, tries, Some(fault)),
            None if away => self.hand_over_later(row, tries, self.sessions.cut_by(person, network)),
            None if ruling.delay == Span::ZERO => self.certificate_held(row),
            None => {
                let alarm = Alarm::Duty { duty: Duty::CertificateArrives, of: 0, row };
                self.agenda.set(self.now + ruling.delay, alarm);
            }
        }
    }

    /// A certificate reaches its end; one that was there before is known.
    pub(super) fn certificate_held(&mut self, row: u32) {
        let under_way = &mut self.certificates.under_way[row as usize];
        if std::mem::replace(&mut under_way.held, true) {
            return;
        }
        let UnderWay { ix, certificate, end, .. } = *under_way;
        let attempt = self.attempt(ix).id();
        self.emit(EventKind::Service(ServiceEvent::CertificateHeld { attempt, certificate, end }));
    }

    /// The leg that leads to an end, and whose crossing it is. An agency without a phone is told as by any report.
    fn way_to(&self, ix: AttemptIx, end: DocumentEnd) -> (Leg, PersonId) {
        let notice = self.attempt(ix).notice;
        match (end, self.writers.get(&notice)) {
            (DocumentEnd::Recipient, _) => (Leg::Deliver, self.notice(notice).person),
            (DocumentEnd::Sender, Some(writer)) => (Leg::Deliver, *writer),
            (DocumentEnd::Sender, None) => (Leg::Report, self.notice(notice).person),
        }
    }

    fn hand_over_later(&mut self, row: u32, tries: u16, fault: Option<FaultId>) {
        let UnderWay { ix, certificate, end, .. } = self.certificates.under_way[row as usize];
        if tries == 0 {
            let attempt = self.attempt(ix).id();
            self.emit(EventKind::Service(ServiceEvent::CertificateDelayed { attempt, certificate, end, fault }));
        }
        if tries + 1 < TRIES_MAX {
            let wait = PAUSE.times(1 << tries.min(10)).min(PAUSE_MAX);
            self.agenda.set(self.now + wait, Alarm::Duty { duty: Duty::HandOver, of: tries + 1, row });
        }
    }
}
