//! Judgement: the one place where a crossing of a leg meets the faults that are on.
//!
//! Faults stack in the order of the plan. Delays add up and copies add up; the first fault that refuses, drops, holds
//! or lies decides the crossing, and is named for it.

use crate::sim::dice::{Seed, Subject};
use crate::sim::fault::{Fault, FaultKind, LieClaim, Scope, Then};
use crate::sim::fault::{accept_then, down, duplicate, flap, freeze, late_failure, latency, lie, login, loss, refuse};
use crate::sim::fault::{reorder, silence, throttle};
use crate::sim::medium::Capability;
use crate::sim::model::code::Code;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::Person;
use crate::sim::time::{SimTime, Span};

/// A message, receipt, report or handshake that is about to cross a leg.
#[derive(Clone, Copy, Debug)]
pub struct Crossing<'a> {
    /// When.
    pub at: SimTime,
    /// Which leg.
    pub leg: Leg,
    /// On which network.
    pub network: Network,
    /// By which medium, and what a staged recovery counts it as; a handshake has none.
    pub medium: Option<(Medium, Capability)>,
    /// Whose.
    pub person: PersonId,
    /// That person.
    pub who: &'a Person,
    /// The key of luck that is not sticky: one number for each thing that can cross.
    pub key: u64,
}

/// What one fault does to a crossing.
#[derive(Clone, Debug, PartialEq)]
pub enum Bite {
    /// Answered with a code.
    Refuse(Code),
    /// Answered with "too many requests".
    TooMany,
    /// Not taken, and never answered (`hang`), or the connection is reset.
    NoAnswer {
        /// The caller waits until its own patience ends.
        hang: bool,
    },
    /// Taken, but the caller does not hear so in time or at all.
    Taken(Then),
    /// Gone.
    Drop,
    /// Waits until the fault lets it go.
    Hold,
    /// Taken; fails later.
    FailLater {
        /// How much later.
        after: Span,
        /// With which code.
        code: Code,
    },
    /// Reported as what it is not.
    Lie(LieClaim),
    /// Takes longer.
    Delay(Span),
    /// Arrives again.
    Copies {
        /// How often.
        count: u8,
        /// How long after the first, and after each other.
        after: Span,
    },
}

/// What all faults together do to a crossing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ruling {
    /// The bite that decides, and whose it is; without one the crossing succeeds.
    pub fate: Option<(Bite, FaultId)>,
    /// How much longer it takes.
    pub delay: Span,
    /// How many further copies arrive.
    pub copies: u8,
    /// How long after each other the copies come.
    pub copy_after: Span,
    /// The last fault that delayed or doubled it.
    pub touched: Option<FaultId>,
}

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
    given: u8,
    /// When a throttle has its next free place.
    free: SimTime,
}

/// All faults of a run.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    all: Vec<Live>,
    /// Those that are on, in order of id.
    on: Vec<FaultId>,
}

impl Faults {
    /// Adds a fault, not yet on.
    pub fn add(&mut self, fault: Fault) -> FaultId {
        let id = FaultId(u16::try_from(self.all.len()).expect("the engine bounds the number of faults"));
        let key = fnv(&fault.name);
        self.all.push(Live { fault, key, on: false, over: false, down_now: false, given: 0, free: SimTime::ZERO });
        id
    }

    /// One fault; `None` for an id that no fault has.
    pub fn get(&self, id: FaultId) -> Option<&Live> {
        self.all.get(id.index())
    }

    /// All faults, in order of id.
    pub fn all(&self) -> &[Live] {
        &self.all
    }

    /// Those that are on, in order of id.
    pub fn on(&self) -> &[FaultId] {
        &self.on
    }

    /// The fault that has this name and is not over.
    pub fn named(&self, name: &str) -> Option<FaultId> {
        let place = self.all.iter().position(|live| live.fault.name == name && !live.over)?;
        Some(FaultId(place as u16))
    }

    /// Opens a fault's window.
    pub fn begin(&mut self, id: FaultId) {
        let live = &mut self.all[id.index()];
        live.on = true;
        live.down_now = matches!(live.fault.kind, FaultKind::Flap { .. });
        self.on.push(id);
        self.on.sort();
    }

    /// Closes a fault's window.
    pub fn end(&mut self, id: FaultId) {
        self.all[id.index()].on = false;
        self.all[id.index()].over = true;
        self.on.retain(|on| *on != id);
    }

    /// Turns a flapping fault; answers whether it is down now.
    pub fn turn(&mut self, id: FaultId) -> bool {
        let live = &mut self.all[id.index()];
        live.down_now = !live.down_now;
        live.down_now
    }

    /// A staged recovery gives a capability back.
    pub fn give(&mut self, id: FaultId, capability: Capability) {
        self.all[id.index()].given |= 1 << capability as u8;
    }

    /// Judges a crossing.
    pub fn judge(&mut self, seed: Seed, crossing: &Crossing<'_>) -> Ruling {
        let mut ruling = Ruling::default();
        for index in 0..self.on.len() {
            let id = self.on[index];
            let Some(bite) = self.all[id.index()].bite(seed, crossing) else { continue };
            match bite {
                Bite::Delay(more) => {
                    ruling.delay = ruling.delay + more;
                    ruling.touched = Some(id);
                }
                Bite::Copies { count, after } => {
                    ruling.copies = ruling.copies.saturating_add(count);
                    ruling.copy_after = after;
                    ruling.touched = Some(id);
                }
                decisive => {
                    ruling.fate = Some((decisive, id));
                    break;
                }
            }
        }
        ruling
    }

    /// Whether anything is on at all.
    pub fn calm(&self) -> bool {
        self.on.is_empty()
    }
}

impl Live {
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
        let Some(share) = self.fault.scope.share else { return true };
        let subject = if self.fault.scope.sticky { u64::from(person.0) } else { key };
        seed.happens(share, Subject::Fault, subject, self.key)
    }

    fn bite(&mut self, seed: Seed, crossing: &Crossing<'_>) -> Option<Bite> {
        if !self.covers(crossing) || !self.hits(seed, crossing.person, crossing.key << 3 | crossing.leg as u64) {
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
            FaultKind::Freeze => Some(freeze::bite(leg)),
            FaultKind::Lie { claim } => lie::bite(*claim, leg),
            // A sever is an act at an instant; nobody meets it on the way.
            FaultKind::Sever { .. } => None,
            FaultKind::Flap { .. } => flap::bite(self.down_now, leg),
            FaultKind::Login => login::bite(leg),
            FaultKind::AcceptThen { then } => accept_then::bite(*then, leg),
        }
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

#[cfg(test)]
mod tests {
    use super::{Bite, Crossing, Faults};
    use crate::sim::dice::{Seed, Share, Spread};
    use crate::sim::fault::{DownHow, Fault, FaultKind, Recover, Scope};
    use crate::sim::medium::Capability;
    use crate::sim::model::code::Code;
    use crate::sim::model::event::Leg;
    use crate::sim::model::ids::{FaultId, GroupId, PersonId};
    use crate::sim::model::medium::{Medium, Network};
    use crate::sim::model::person::{Friends, Groups, KakaoState, Person, PhoneState};
    use crate::sim::time::{SimTime, Span};

    fn fault(name: &str, kind: FaultKind) -> Fault {
        let legs = kind.own_legs().to_vec();
        Fault {
            name: name.into(),
            kind,
            scope: Scope { networks: vec![Network::Kakao], legs, ..Scope::default() },
            begins: SimTime::ZERO,
            ends: None,
            recover: Recover::Drop,
            lifted: false,
            pack: None,
        }
    }

    fn someone() -> Person {
        Person {
            groups: Groups::default().with(GroupId(1)),
            friends: Friends::default(),
            cohort: 0,
            region: None,
            kakao: KakaoState::Active,
            phone: PhoneState::Powered,
        }
    }

    fn judged(faults: &[Fault], leg: Leg, person: u32) -> super::Ruling {
        let mut live = Faults::default();
        for fault in faults {
            let id = live.add(fault.clone());
            live.begin(id);
        }
        let who = someone();
        let medium = (leg != Leg::Connect).then_some((Medium::Alimtalk, Capability::Alimtalk));
        let at = SimTime::ZERO;
        let key = u64::from(person) + 100;
        live.judge(
            Seed(1),
            &Crossing { at, leg, network: Network::Kakao, medium, person: PersonId(person), who: &who, key },
        )
    }

    #[test]
    fn every_leg_of_a_down_network_fails_in_its_own_way() {
        let down = [fault("d", FaultKind::Down { how: DownHow::Reject })];
        let fates = Leg::ALL.map(|leg| judged(&down, leg, 0).fate.expect("bitten").0);
        let refused = Bite::Refuse(Code::NOT_IN_SERVICE);
        assert_eq!(fates, [refused.clone(), refused, Bite::Hold, Bite::Hold, Bite::Hold]);
    }

    #[test]
    fn delays_add_up_and_the_first_decisive_fault_is_named() {
        let slow = |name, ms| fault(name, FaultKind::Latency { add: Spread::Fixed(Span::from_millis(ms)) });
        let ruling = judged(
            &[slow("a", 5), slow("b", 7), fault("c", FaultKind::Loss), fault("d", FaultKind::Freeze)],
            Leg::Deliver,
            0,
        );
        assert_eq!(ruling.delay, Span::from_millis(12));
        assert_eq!(ruling.fate, Some((Bite::Drop, FaultId(2))));
    }

    #[test]
    fn a_scope_leaves_the_others_alone() {
        let mut other_group = fault("g", FaultKind::Loss);
        other_group.scope.groups = Groups::default().with(GroupId(2));
        let mut other_medium = fault("m", FaultKind::Loss);
        other_medium.scope.media = vec![Medium::Brand];
        let mut other_network = fault("n", FaultKind::Loss);
        other_network.scope.networks = vec![Network::Mobile];
        let ruling = judged(&[other_group, other_medium, other_network], Leg::Deliver, 0);
        assert_eq!(ruling, super::Ruling::default());
    }

    #[test]
    fn a_sticky_share_bites_the_same_people_whatever_other_faults_there_are() {
        let mut eight = fault("eight", FaultKind::Refuse { code: Code::INTERNAL });
        eight.scope.share = Some(Share::from_ppm(80_000));
        eight.scope.sticky = true;
        let alone: Vec<bool> = (0..2_000).map(|p| judged(&[eight.clone()], Leg::Submit, p).fate.is_some()).collect();
        let beside = fault("beside", FaultKind::Latency { add: Spread::Fixed(Span::from_millis(1)) });
        let both: Vec<bool> =
            (0..2_000).map(|p| judged(&[beside.clone(), eight.clone()], Leg::Submit, p).fate.is_some()).collect();
        assert_eq!(alone, both);
        let hit = alone.iter().filter(|hit| **hit).count();
        assert!((120..200).contains(&hit), "8 % of 2,000 came out as {hit}");
    }
}
