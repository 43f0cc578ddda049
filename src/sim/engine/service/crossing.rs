//! Crossings of services: what a phone tells the platform beside receipts and presses.
//!
//! The app needs a session for it. Without one it keeps the word until there is one, as it keeps a press; with one the
//! faults of the instant have their say, on the leg `receipt`, as for everything that goes from phone to platform.

use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::fault::judge::{Bite, Crossing};
use crate::sim::medium::Capability;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::Span;

/// What becomes of a word on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crossed {
    /// It is there.
    Now,
    /// It waits, or is on its way; an alarm or the phone's next session goes on with it.
    Later,
    /// It is gone.
    Lost(Option<FaultId>),
}

impl Engine {
    /// A person's phone tells the messenger something. `crosses` is set again when it waits, `arrives` when it is slow;
    /// the key is that of its luck, one number for each thing that can cross.
    pub(super) fn phone_tells(&mut self, person: PersonId, key: u64, crosses: Alarm, arrives: Alarm) -> Crossed {
        let network = Network::Kakao;
        if self.plan.networks[network.index()].sessions && !self.sessions.online(person, network) {
            self.sessions.keep(person, network, crosses, self.now);
            return Crossed::Later;
        }
        if self.faults.calm() {
            return Crossed::Now;
        }
        let who = self.people.get(person).expect("the caller knows the person");
        let (at, leg) = (self.now, Leg::Receipt);
        let medium = Some((Medium::Chat, Capability::Channel));
        let ruling = self.faults.judge(self.plan.seed, &Crossing { at, leg, network, medium, person, who, key });
        match ruling.fate {
            None if ruling.delay == Span::ZERO => Crossed::Now,
            None => {
                self.agenda.set(self.now + ruling.delay, arrives);
                Crossed::Later
            }
            Some((Bite::Hold, fault)) => {
                self.hold(fault, crosses, None);
                Crossed::Later
            }
            Some((_gone, fault)) => Crossed::Lost(Some(fault)),
        }
    }
}
