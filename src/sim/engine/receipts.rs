//! Receipts and reports: word of a message goes from the phone to the platform, and from the platform to the sender.
//! What the sender is told is belief; it may come late, bent, or not at all.

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::state::{AttemptIx, POLLED};
use crate::sim::fault::LieClaim;
use crate::sim::fault::judge::Bite;
use crate::sim::medium::Answer;
use crate::sim::model::code::Code;
use crate::sim::model::event::{Claim, Ear, EventKind, Leg, Loss};
use crate::sim::model::ids::FaultId;
use crate::sim::model::medium::Network;
use crate::sim::model::service::word::Certificate;
use crate::sim::plan::traits;
use crate::sim::time::Span;

impl Engine {
    /// A phone that the engine plays will acknowledge what it has just shown.
    pub(super) fn acknowledge_later(&mut self, ix: AttemptIx) {
        if !matches!(self.answer_of(ix), Answer::Polling(_)) {
            return;
        }
        let delay = self.receipt_delay(ix, 0);
        self.poll_if_late(ix, delay);
        self.agenda.set(self.now + delay, Alarm::Receipt { attempt: ix, read: false });
    }

    /// A receipt is about to cross from the phone to the platform.
    pub(super) fn receipt_crosses(&mut self, ix: AttemptIx, read: bool) {
        let (person, network) = (self.person_of(ix), self.rules_of(ix).network);
        let alarm = Alarm::Receipt { attempt: ix, read };
        if self.plan.networks[network.index()].sessions && !self.sessions.online(person, network) {
            let fault = self.sessions.cut_by(person, network);
            let attempt = self.attempt_mut(ix);
            attempt.fault = fault.or(attempt.fault);
            self.sessions.keep(person, network, alarm, self.now);
            return self.poll(ix);
        }
        let mut ruling = self.judge(ix, Leg::Receipt, u8::from(read));
        match traits::receipt(&self.plan, person, super::luck(self.attempt(ix).id(), u8::from(read))) {
            Some(late) => ruling.delay = ruling.delay + late,
            None if ruling.fate.is_none() => {
                self.lose(ix, Leg::Receipt, Loss::Astray, None);
                return self.poll(ix);
            }
            None => {}
        }
        match ruling.fate {
            None if ruling.delay == Span::ZERO => self.receipt_arrives(ix, read),
            None => {
                self.poll_if_late(ix, ruling.delay);
                self.receipt_is_under_way(ix, read, ruling.delay);
            }
            Some((Bite::Hold, fault)) => {
                self.hold(fault, alarm, None);
                self.poll(ix);
            }
            Some((_gone, fault)) => {
                self.lose(ix, Leg::Receipt, Loss::Dropped, Some(fault));
                self.poll(ix);
            }
        }
    }

    /// The platform has the phone's receipt, and reports to the sender what its way of answering includes.
    pub(super) fn receipt_arrives(&mut self, ix: AttemptIx, read: bool) {
        if !read {
            self.certify(ix, Certificate::Received);
        }
        if self.tells(ix, read) {
            self.report_crosses(ix, claim_of(read), Code::OK);
        }
    }

    /// What the platform will know, and say, once a delayed receipt is there.
    fn receipt_is_under_way(&mut self, ix: AttemptIx, read: bool, delay: Span) {
        if self.tells(ix, read) {
            let (claim, code) = (claim_of(read), Code::OK);
            self.agenda.set(self.now + delay, Alarm::Report { attempt: ix, claim, code });
        }
        if !read {
            self.certify_receipt_later(ix, delay);
        }
    }

    /// The platform will report so long after now as a receipt would have taken.
    pub(super) fn report_later(&mut self, ix: AttemptIx, claim: Claim, code: Code) {
        if self.answer_of(ix) == Answer::Silent {
            return;
        }
        let delay = self.receipt_delay(ix, 1);
        self.agenda.set(self.now + delay, Alarm::Report { attempt: ix, claim, code });
    }

    /// A report is about to cross from the platform to the sender.
    pub(super) fn report_crosses(&mut self, ix: AttemptIx, claim: Claim, code: Code) {
        let before = self.attempt(ix).fault;
        let ruling = self.judge(ix, Leg::Report, claim as u8);
        match ruling.fate {
            None if ruling.delay == Span::ZERO => self.tell(ix, claim, code, before),
            None => self.agenda.set(self.now + ruling.delay, Alarm::Told { attempt: ix, claim, code }),
            Some((Bite::Lie(LieClaim::Failed), fault)) if claim != Claim::Failed => {
                self.tell(ix, Claim::Failed, Code::UNKNOWN, Some(fault));
            }
            Some((Bite::Lie(_), _)) => self.tell(ix, claim, code, before),
            Some((Bite::Hold, fault)) => self.hold(fault, Alarm::Report { attempt: ix, claim, code }, None),
            Some((_gone, fault)) => self.lose(ix, Leg::Report, Loss::Dropped, Some(fault)),
        }
    }

    /// The sender is told.
    pub(super) fn tell(&mut self, ix: AttemptIx, claim: Claim, code: Code, fault: Option<FaultId>) {
        let attempt = self.attempt_mut(ix);
        let fault = fault.or(attempt.fault);
        let id = attempt.id();
        attempt.claim = Some(claim);
        if self.provider_hears(ix, claim, code, fault) {
            return;
        }
        let ear = self.ear_of(ix);
        self.emit(EventKind::Reported { attempt: id, claim, ear, code, fault });
        self.hear(id, claim);
    }

    /// How a sender that the scenario plays hears: in push mode the decision stands in the answer to its call; whatever
    /// comes later, the platform calls to tell. It never asks.
    fn ear_of(&self, ix: AttemptIx) -> Ear {
        let at_once = self.answer_of(ix) == Answer::Push && self.now == self.attempt(ix).accepted;
        if at_once { Ear::Answer } else { Ear::Webhook }
    }

    /// The platform will say "uncertain" when its own patience ends, unless something was told by then.
    pub(super) fn poll(&mut self, ix: AttemptIx) {
        let Answer::Polling(patience) = self.answer_of(ix) else { return };
        if self.attempt(ix).is(POLLED) || self.attempt(ix).claim.is_some() {
            return;
        }
        self.attempt_mut(ix).flags |= POLLED;
        let due = self.attempt(ix).accepted + patience;
        self.agenda.set(due, Alarm::Uncertain(ix));
    }

    /// The same, if what comes so long after now comes too late for that patience.
    pub(super) fn poll_if_late(&mut self, ix: AttemptIx, delay: Span) {
        let Answer::Polling(patience) = self.answer_of(ix) else { return };
        if self.now + delay >= self.attempt(ix).accepted + patience {
            self.poll(ix);
        }
    }

    pub(super) fn become_uncertain(&mut self, ix: AttemptIx) {
        if self.attempt(ix).claim.is_some() {
            return;
        }
        let code = match self.rules_of(ix).network {
            Network::Kakao => Code::ACK_TIMEOUT,
            Network::Mobile | Network::Mail | Network::App | Network::Post | Network::Cell | Network::Pay => {
                Code::CARRIER_TIMEOUT
            }
        };
        self.report_crosses(ix, Claim::Uncertain, code);
    }

    /// Whether the platform passes such a receipt on to the sender.
    fn tells(&self, ix: AttemptIx, read: bool) -> bool {
        if read { self.rules_of(ix).tells_opened } else { matches!(self.answer_of(ix), Answer::Polling(_)) }
    }

    fn receipt_delay(&self, ix: AttemptIx, which: u64) -> Span {
        let bits = self.plan.seed.roll(Subject::Receipt, super::luck(self.attempt(ix).id(), 0), which);
        self.rules_of(ix).receipt.at(bits)
    }
}

fn claim_of(read: bool) -> Claim {
    if read { Claim::Opened } else { Claim::Shown }
}
