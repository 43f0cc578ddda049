//! A call of a person or a job to a service: one crossing of a network, judged like any other, and what its caller
//! comes to know of it. Payments, forms and grants are called so.

use crate::sim::engine::Engine;
use crate::sim::fault::judge::{Bite, Crossing};
use crate::sim::fault::{FaultKind, Then};
use crate::sim::medium::Capability;
use crate::sim::model::event::{EventKind, Leg};
use crate::sim::model::ids::{FaultId, NoticeId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::Span;

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It arrives so much later than it should, by the fault that slows it, and the caller is answered.
    Arrives(Span, Option<FaultId>),
    /// It arrives, but the connection breaks before an answer.
    Unheard(FaultId),
    /// It arrives, and the answer comes so much later than it should.
    HeardLate(Span, FaultId),
    /// It does not arrive, and the caller is told so.
    Refused(FaultId),
    /// It does not arrive, and the caller finds the connection broken.
    Broken(FaultId),
    /// It does not arrive, and nothing is said.
    Silent(FaultId),
    /// It waits until the fault lets go of it.
    Held(FaultId),
}

/// Keeps the luck of services apart from that of messages, whose keys are notices.
const OF_SERVICES: u64 = 1 << 56;

impl Engine {
    /// Judges a person's call of a service. An agency whose own systems are gone does not keep it from the platform.
    pub(super) fn person_calls(&mut self, network: Network, person: PersonId, key: u64, round: u8) -> Fate {
        match self.service_crosses(network, Leg::Submit, person, key, round) {
            Fate::Held(fault) if self.faults.get(fault).is_some_and(|f| f.fault.kind == FaultKind::SenderDown) => {
                Fate::Arrives(Span::ZERO, None)
            }
            fate => fate,
        }
    }

    /// Judges one crossing of a service; `key` tells what crosses, `round` which time.
    pub(super) fn service_crosses(
        &mut self,
        network: Network,
        leg: Leg,
        person: PersonId,
        key: u64,
        round: u8,
    ) -> Fate {
        if self.faults.calm() {
            return Fate::Arrives(Span::ZERO, None);
        }
        let people = self.people.clone();
        let who = people.get(person).expect("services know only people of the plan");
        let key = OF_SERVICES | key << 8 | u64::from(round);
        // What goes over the messenger goes over its channels, which a staged recovery gives back by themselves.
        let medium = (network == Network::Kakao).then_some((Medium::Chat, Capability::Channel));
        let crossing = Crossing { at: self.now, leg, network, medium, person, who, key };
        let ruling = self.faults.judge(self.plan.seed, &crossing);
        match ruling.fate {
            None => Fate::Arrives(ruling.delay, ruling.touched),
            Some((Bite::Refuse(_) | Bite::TooMany | Bite::FailLater { .. }, fault)) => Fate::Refused(fault),
            Some((Bite::NoAnswer { hang: false }, fault)) => Fate::Broken(fault),
            Some((Bite::Taken(Then::Reset | Then::Close), fault)) => Fate::Unheard(fault),
            Some((Bite::Taken(Then::Answer(after)), fault)) => Fate::HeardLate(after, fault),
            Some((Bite::Hold, fault)) => Fate::Held(fault),
            Some((_gone, fault)) => Fate::Silent(fault),
        }
    }

    /// Whether a phone has shown a notice, on whatever medium. Truth.
    pub(super) fn has_shown(&self, notice: NoticeId) -> bool {
        let mut next = self.notices.get(notice.index()).and_then(|notice| notice.newest);
        while let Some(attempt) = next {
            let attempt = self.attempt(attempt.ix());
            if attempt.shown > 0 {
                return true;
            }
            next = attempt.older;
        }
        false
    }

    /// Something happened in a service.
    pub(super) fn tell_of(&mut self, event: ServiceEvent) {
        self.emit(EventKind::Service(event));
    }
}
