//! Judgement: the one place where a crossing of a leg meets the faults that are on.
//!
//! Faults stack in the order of the plan. Delays add up and copies add up; the first fault that refuses, drops, holds
//! or lies decides the crossing, and is named for it.

use crate::sim::dice::Seed;
use crate::sim::fault::live::Live;
use crate::sim::fault::{Fault, FaultKind, LieClaim, Then};
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
    /// The throttles that gave it one of their places.
    pub charged: Vec<FaultId>,
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
        self.all.push(Live::new(fault));
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
        self.judge_paid(seed, crossing, &[])
    }

    /// Judges a crossing that is part of one which was judged before: it has its places with these throttles already.
    pub fn judge_paid(&mut self, seed: Seed, crossing: &Crossing<'_>, paid: &[FaultId]) -> Ruling {
        let mut ruling = Ruling::default();
        for index in 0..self.on.len() {
            let id = self.on[index];
            if paid.contains(&id) {
                continue;
            }
            let live = &mut self.all[id.index()];
            let before = live.free;
            let bite = live.bite(seed, crossing);
            if live.free != before {
                ruling.charged.push(id);
            }
            let Some(bite) = bite else { continue };
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

    /// The fault that keeps the sender itself from acting here, if one does.
    pub fn stops_sender(&self, seed: Seed, crossing: &Crossing<'_>) -> Option<FaultId> {
        self.on.iter().copied().find(|id| self.all[id.index()].stops_sender(seed, crossing))
    }

    /// Whether anything is on at all.
    pub fn calm(&self) -> bool {
        self.on.is_empty()
    }
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
        assert_eq!(fates, [refused.clone(), refused.clone(), Bite::Hold, Bite::Hold, Bite::Hold, refused]);
    }

    #[test]
    fn delays_add_up_and_the_first_decisive_fault_is_named() {
        let slow = |name, ms| fault(name, FaultKind::Latency { add: Spread::Fixed(Span::from_millis(ms)) });
        let ruling = judged(
            &[slow("a", 5), slow("b", 7), fault("c", FaultKind::Loss), fault("d", FaultKind::Freeze { release: None })],
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
