//! A fault while the run goes on: its window, its turns, what it has given back, and whom it strikes.

use crate::sim::dice::{Seed, Share, Subject};
use crate::sim::fault::judge::{Bite, Crossing};
use crate::sim::fault::{Fault, FaultKind, Scope};
use crate::sim::fault::{accept_then, creep, down, duplicate, flap, freeze, late_failure, latency, lie, login, loss};
use crate::sim::fault::{refuse, reorder, sender_down, silence, throttle};
use crate::sim::medium::Capability;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::PersonId;
use crate::sim::model::medium::Network;
use crate::sim::model::person::Person;
use crate::sim::time::SimTime;

/// A fault with what changes about it while the run goes on.
#[derive(Clone, Debug)]
pub struct Live {
    /// As planned or posted.
    pub fault: Fault,
    /// The fault's part of the key of luck: from its name, so that no other fault can shift it.
    key: u64,
    /// Its window is open.
    pub on: bool,
    /// Its window was open and is closed again.
    pub over: bool,
    /// A flapping fault is in a down phase.
    pub down_now: bool,
    /// Capabilities that a staged recovery has given back, one bit each.
    pub(super) given: u8,
    /// When a throttle has its next free place.
    pub(super) free: SimTime,
}

impl Live {
    /// A fault whose window has not opened yet.
    pub(super) fn new(fault: Fault) -> Live {
        let key = fnv(&fault.name);
        Live { fault, key, on: false, over: false, down_now: false, given: 0, free: SimTime::ZERO }
    }

    /// Whether the fault's people include this one, its share left aside.
    pub fn concerns(&self, who: &Person) -> bool {
        let scope = &self.fault.scope;
        (scope.groups.0 == 0 || scope.groups.0 & who.groups.0 != 0)
            && (scope.regions.is_empty() || who.region.is_some_and(|region| scope.regions.contains(&region)))
    }

    /// Whether a capability has come back already.
    pub fn has_given(&self, capability: Capability) -> bool {
        self.given >> capability as u8 & 1 == 1
    }

    /// Whether everybody's connections to the network fail, so that a host may turn them away unseen.
    pub fn shuts(&self, network: Network) -> bool {
        let scope = &self.fault.scope;
        let everybody = scope.share.is_none() && scope.groups.0 == 0 && scope.regions.is_empty();
        self.is_down() && everybody && self.connects_fail(network)
    }

    /// Whether the fault has its networks down at this instant.
    pub fn is_down(&self) -> bool {
        let down = match &self.fault.kind {
            FaultKind::Down { .. } => true,
            FaultKind::Flap { .. } => self.down_now,
            _other_kinds_let_phones_in => false,
        };
        self.on && down
    }

    /// Whether the fault is about sessions of the network, and has not given them back.
    pub fn connects_fail(&self, network: Network) -> bool {
        let scope = &self.fault.scope;
        scope.networks.contains(&network)
            && scope.media.is_empty()
            && scope.legs.contains(&Leg::Connect)
            && !self.has_given(Capability::Text)
    }

    /// Whether the roll of the fault's share hits: by person when sticky, by crossing otherwise.
    pub fn hits(&self, seed: Seed, person: PersonId, key: u64) -> bool {
        self.fault.scope.share.is_none_or(|share| self.rolls(seed, share, person, key))
    }

    /// Whether it stops the sender itself from making this call, or from minding this timer.
    pub(super) fn stops_sender(&self, seed: Seed, crossing: &Crossing<'_>) -> bool {
        self.fault.kind == FaultKind::SenderDown && self.covers(crossing) && self.strikes(seed, crossing)
    }

    /// What a crossing meets here, if it is among those that the fault strikes.
    pub(super) fn bite(&mut self, seed: Seed, crossing: &Crossing<'_>) -> Option<Bite> {
        if !self.covers(crossing) || !self.strikes(seed, crossing) {
            return None;
        }
        let bits = seed.roll(Subject::FaultDelay, crossing.key, self.key);
        let leg = crossing.leg;
        match &self.fault.kind {
            FaultKind::Down { how } => Some(down::bite(*how, leg)),
            FaultKind::Silence => Some(silence::bite(leg)),
            FaultKind::Refuse { code } => Some(refuse::bite(*code, leg)),
            FaultKind::LateFailure { after, code } => Some(late_failure::bite(after, *code, bits)),
            FaultKind::Latency { add } => Some(latency::bite(add, bits)),
            FaultKind::Loss => Some(loss::bite(leg)),
            FaultKind::Duplicate { copies, after } => Some(duplicate::bite(*copies, after, bits)),
            FaultKind::Reorder { window } => Some(reorder::bite(*window, bits)),
            FaultKind::Throttle { per_second, over } => {
                let (bite, free) = throttle::bite(*per_second, *over, leg, crossing.at, self.free);
                self.free = free;
                bite
            }
            FaultKind::Freeze { .. } => Some(freeze::bite(leg)),
            FaultKind::Lie { claim } => lie::bite(*claim, leg),
            // A sever is an act at an instant; nobody meets it on the way.
            FaultKind::Sever { .. } => None,
            FaultKind::Flap { .. } => flap::bite(self.down_now, leg),
            FaultKind::Login => login::bite(leg),
            FaultKind::AcceptThen { then } => accept_then::bite(*then, leg),
            FaultKind::Creep { code, .. } => Some(creep::bite(*code, leg)),
            FaultKind::SenderDown => sender_down::bite(leg),
        }
    }

    /// Whether the roll hits this crossing, by the share of this instant.
    fn strikes(&self, seed: Seed, crossing: &Crossing<'_>) -> bool {
        let key = crossing.key << 3 | crossing.leg as u64;
        match &self.fault.kind {
            FaultKind::Creep { from, rises, .. } => {
                let to = self.fault.scope.share.unwrap_or(Share::ALL);
                let share = creep::share(*from, to, *rises, crossing.at.since(self.fault.begins));
                self.rolls(seed, share, crossing.person, key)
            }
            _its_share_stays_the_same => self.hits(seed, crossing.person, key),
        }
    }

    fn rolls(&self, seed: Seed, share: Share, person: PersonId, key: u64) -> bool {
        let subject = if self.fault.scope.sticky { u64::from(person.0) } else { key };
        seed.happens(share, Subject::Fault, subject, self.key)
    }

    fn covers(&self, crossing: &Crossing<'_>) -> bool {
        let scope: &Scope = &self.fault.scope;
        let medium_in = match crossing.medium {
            Some((medium, capability)) => {
                (scope.media.is_empty() || scope.media.contains(&medium)) && !self.has_given(capability)
            }
            None => scope.media.is_empty() && !self.has_given(Capability::Text),
        };
        medium_in
            && scope.networks.contains(&crossing.network)
            && scope.legs.contains(&crossing.leg)
            && self.concerns(crossing.who)
    }
}

/// FNV-1a, 64 bits: a stable number for a name.
fn fnv(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
