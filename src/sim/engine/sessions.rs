//! Sessions: which phones are connected to which network, what waits for those that are not, and how they come back.
//!
//! A phone that the engine plays reconnects by itself. One that a fault refuses for sure is parked until the fault
//! lets go, and comes back within the pause its back-off had grown to by then; so ten hours of refusals cost nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::sim::behaviour;
use crate::sim::dice::Subject;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::{Engine, Phones};
use crate::sim::fault::judge::{Bite, Crossing, Ruling};
use crate::sim::fault::{DownHow, FaultKind};
use crate::sim::model::event::{EventKind, Leg, Loss};
use crate::sim::model::ids::{ChannelId, FaultId, PersonId, SessionId};
use crate::sim::model::medium::Network;
use crate::sim::model::person::{CHANNELS_WITH_FRIENDS_MAX, Friends, Person};
use crate::sim::time::{SimTime, Span};

/// All phones' sessions.
#[derive(Debug)]
pub(super) struct Sessions {
    phones: Vec<Phone>,
    /// What waits for phones: lists threaded through one table, newest first.
    kept: Vec<Kept>,
    /// Free rows of `kept`.
    free: Vec<u32>,
    /// Which session carries a phone, where phones are played from outside; by network, then person.
    carriers: [Vec<Option<SessionId>>; Network::COUNT],
    /// Sessions from outside that are open.
    open: BTreeMap<SessionId, (Network, Vec<PersonId>)>,
    /// Last number of each network's sequence of messages to outside.
    seqs: [u64; Network::COUNT],
    /// Fault that keeps each network's door shut for everybody.
    gates: [Option<FaultId>; Network::COUNT],
    /// Friendships that changed during the run.
    friends: BTreeMap<PersonId, Friends>,
    /// Channels that people have a talk room with, because they pressed or wrote.
    talks: BTreeMap<PersonId, Friends>,
    /// Channels blocked during the run.
    blocked: BTreeMap<(PersonId, ChannelId), ()>,
    /// Those of the people standing by who have been written to.
    came_in: BTreeSet<PersonId>,
}

#[derive(Clone, Copy, Debug)]
struct Phone {
    /// Heads of the lists of what waits, one a network.
    waiting: [Option<std::num::NonZeroU32>; Network::COUNT],
    /// The fault that cut the session last, one a network.
    cut_by: [Option<FaultId>; SESSION_NETWORKS],
    /// Refusals since the phone was last connected, one a network.
    tries: [u8; Network::COUNT],
    /// Networks the phone is connected to, one bit each.
    online: u8,
}

/// Networks with sessions come first in `Network`'s order: kakao, mobile, mail, app.
const SESSION_NETWORKS: usize = 4;

#[derive(Clone, Copy, Debug)]
struct Kept {
    alarm: Alarm,
    since: SimTime,
    next: Option<std::num::NonZeroU32>,
}

const NOBODY: Phone =
    Phone { waiting: [None; Network::COUNT], cut_by: [None; SESSION_NETWORKS], tries: [0; Network::COUNT], online: 0 };

impl Sessions {
    pub(super) fn new(people: usize) -> Sessions {
        Sessions {
            phones: vec![NOBODY; people],
            kept: Vec::new(),
            free: Vec::new(),
            carriers: Default::default(),
            open: BTreeMap::new(),
            seqs: [0; Network::COUNT],
            gates: [None; Network::COUNT],
            friends: BTreeMap::new(),
            talks: BTreeMap::new(),
            blocked: BTreeMap::new(),
            came_in: BTreeSet::new(),
        }
    }

    pub(super) fn online(&self, person: PersonId, network: Network) -> bool {
        self.phones[person.index()].online >> network as u8 & 1 == 1
    }

    /// The session from outside that carries the phone, if one does.
    pub(super) fn carrier(&self, person: PersonId, network: Network) -> Option<SessionId> {
        self.carriers[network.index()].get(person.index()).copied().flatten()
    }

    /// Whether any phone of the network is played from outside.
    pub(super) fn any_outside(&self, network: Network) -> bool {
        !self.carriers[network.index()].is_empty()
    }

    pub(super) fn next_seq(&mut self, network: Network) -> u64 {
        self.seqs[network.index()] += 1;
        self.seqs[network.index()]
    }

    pub(super) fn gate(&self, network: Network) -> Option<FaultId> {
        self.gates[network.index()]
    }

    pub(super) fn cut_by(&self, person: PersonId, network: Network) -> Option<FaultId> {
        self.phones[person.index()].cut_by.get(network.index()).copied().flatten()
    }

    pub(super) fn may_chat(&self, person: PersonId, channel: ChannelId, who: &Person) -> bool {
        let talks = self.talks.get(&person).is_some_and(|talks| talks.has(channel));
        talks || self.is_friend(person, channel, who)
    }

    pub(super) fn is_friend(&self, person: PersonId, channel: ChannelId, who: &Person) -> bool {
        self.friends.get(&person).unwrap_or(&who.friends).has(channel)
    }

    /// The person has spoken to the channel: it may answer, friend or not.
    pub(super) fn open_talk(&mut self, person: PersonId, channel: ChannelId) {
        if channel.0 < CHANNELS_WITH_FRIENDS_MAX {
            let talks = self.talks.entry(person).or_default();
            *talks = talks.with(channel);
        }
    }

    pub(super) fn has_blocked(&self, person: PersonId, channel: ChannelId) -> bool {
        self.blocked.contains_key(&(person, channel))
    }

    pub(super) fn set_friend(&mut self, person: PersonId, channel: ChannelId, who: &Person, friend: bool) {
        if channel.0 < CHANNELS_WITH_FRIENDS_MAX {
            let before = *self.friends.get(&person).unwrap_or(&who.friends);
            let after = if friend { before.with(channel) } else { before.without(channel) };
            self.friends.insert(person, after);
        }
        if friend {
            self.blocked.remove(&(person, channel));
        }
    }

    pub(super) fn block(&mut self, person: PersonId, channel: ChannelId) {
        self.blocked.insert((person, channel), ());
    }

    /// Keeps something until the phone has a session again.
    pub(super) fn keep(&mut self, person: PersonId, network: Network, alarm: Alarm, since: SimTime) {
        let head = &mut self.phones[person.index()].waiting[network.index()];
        let row = Kept { alarm, since, next: *head };
        let place = match self.free.pop() {
            Some(place) => {
                self.kept[place as usize] = row;
                place
            }
            None => {
                self.kept.push(row);
                self.kept.len() as u32 - 1
            }
        };
        *head = std::num::NonZeroU32::new(place + 1);
    }

    /// Takes all that waits for a phone, oldest first.
    fn take_kept(&mut self, person: PersonId, network: Network) -> Vec<(Alarm, SimTime)> {
        let mut next = self.phones[person.index()].waiting[network.index()].take();
        let mut taken = Vec::new();
        while let Some(place) = next {
            let row = self.kept[place.get() as usize - 1];
            self.free.push(place.get() - 1);
            taken.push((row.alarm, row.since));
            next = row.next;
        }
        taken.reverse();
        taken
    }

    fn set_online(&mut self, person: PersonId, network: Network, online: bool) {
        let phone = &mut self.phones[person.index()];
        if online {
            phone.online |= 1 << network as u8;
            phone.tries[network.index()] = 0;
            if let Some(cut_by) = phone.cut_by.get_mut(network.index()) {
                *cut_by = None;
            }
        } else {
            phone.online &= !(1 << network as u8);
        }
    }

    fn set_carrier(&mut self, person: PersonId, network: Network, session: Option<SessionId>) -> Option<SessionId> {
        let people = self.phones.len();
        let carriers = &mut self.carriers[network.index()];
        carriers.resize(people, None);
        std::mem::replace(&mut carriers[person.index()], session)
    }

    fn drop_from(&mut self, session: SessionId, person: PersonId) {
        if let Some((_, people)) = self.open.get_mut(&session) {
            people.retain(|one| *one != person);
        }
    }
}

impl Engine {
    /// At the beginning every phone that is on has its sessions, unless phones come from outside.
    pub(super) fn connect_everybody(&mut self) {
        if self.phones == Phones::Outside {
            return;
        }
        let plan = self.plan.clone();
        let people = self.people.clone();
        for network in Network::ALL.into_iter().filter(|network| plan.networks[network.index()].sessions) {
            for (phone, who) in self.sessions.phones.iter_mut().zip(people.all()) {
                phone.online |= u8::from(behaviour::connects(&plan, who, network)) << network as u8;
            }
        }
    }

    /// Somebody who stood by has been written to: their phone is on from now on, and connects like any other.
    pub(super) fn come_in_from_standby(&mut self, person: PersonId) {
        if !self.plan.stands_by(person) || !self.sessions.came_in.insert(person) {
            return;
        }
        let plan = self.plan.clone();
        let who = *self.people.get(person).expect("those who stand by are people");
        for network in Network::ALL.into_iter().filter(|network| plan.networks[network.index()].sessions) {
            if behaviour::connects(&plan, &who, network) {
                self.reconnect(person, network);
            }
        }
    }

    /// A phone that the engine plays tries to connect.
    pub(super) fn reconnect(&mut self, person: PersonId, network: Network) {
        if self.sessions.online(person, network) || self.sessions.carrier(person, network).is_some() {
            return;
        }
        let tries = u32::from(self.sessions.phones[person.index()].tries[network.index()]);
        let ruling = self.judge_connect(person, network, tries);
        match ruling.fate {
            None if ruling.delay == Span::ZERO => self.connected(person, network),
            None => self.agenda.set(self.now + ruling.delay, Alarm::Connected { person, network }),
            Some((_refused, fault)) => self.turned_away(person, network, fault),
        }
    }

    fn turned_away(&mut self, person: PersonId, network: Network, fault: FaultId) {
        self.note_refusal(person, network, fault);
        self.try_later(person, network, fault);
    }

    fn note_refusal(&mut self, person: PersonId, network: Network, fault: FaultId) {
        self.emit(EventKind::SessionRefused { person, network, fault: Some(fault) });
        // What waits for the phone now waits because of this fault, whichever cut the line.
        if let Some(cut_by) = self.sessions.phones[person.index()].cut_by.get_mut(network.index()) {
            *cut_by = Some(fault);
        }
        let tries = &mut self.sessions.phones[person.index()].tries[network.index()];
        *tries = tries.saturating_add(1);
    }

    /// A phone that the engine plays is connected, and gets what waited for it; unless the network shut while the
    /// phone was still at its handshake.
    pub(super) fn connected(&mut self, person: PersonId, network: Network) {
        if self.sessions.online(person, network) {
            return;
        }
        if let Some(fault) = self.shut_for(person, network) {
            return self.turned_away(person, network, fault);
        }
        self.sessions.set_online(person, network, true);
        self.emit(EventKind::SessionOpened { person, network });
        self.flush_kept(person, network);
    }

    /// Cuts the sessions that a fault is about; the round tells the cuts of a repeated sever apart.
    pub(super) fn cut_sessions(&mut self, fault: FaultId, round: u16) {
        let live = self.faults.get(fault).expect("the fault is beginning or turning").clone();
        let mut severed: BTreeMap<SessionId, Vec<PersonId>> = BTreeMap::new();
        let people = self.people.clone();
        for network in Network::ALL {
            let sessions = self.plan.networks[network.index()].sessions;
            if !sessions || !live.connects_fail(network) {
                continue;
            }
            for (index, who) in people.everyone().iter().enumerate() {
                let person = PersonId(index as u32);
                let key = u64::from(round) << 32 | u64::from(person.0);
                if !self.sessions.online(person, network)
                    || !live.concerns(who)
                    || !live.hits(self.plan.seed, person, key)
                {
                    continue;
                }
                if let Some(session) = self.cut(person, network, fault) {
                    severed.entry(session).or_default().push(person);
                }
            }
        }
        for (session, people) in severed {
            self.out.push(Effect::Sever { session, people, fault });
        }
    }

    /// Opens or shuts the doors that the host keeps, after faults began, ended, turned or gave something back.
    pub(super) fn set_gates(&mut self) {
        for network in Network::ALL {
            let shut = self.faults.on().iter().copied().find_map(|id| {
                let live = self.faults.get(id)?;
                live.shuts(network).then_some((how_of(&live.fault.kind), id))
            });
            if self.sessions.gates[network.index()] != shut.map(|(_, id)| id) {
                self.sessions.gates[network.index()] = shut.map(|(_, id)| id);
                self.out.push(Effect::Gate { network, shut });
            }
        }
    }

    /// Parked phones come back, each within the pause that its back-off has grown to.
    pub(super) fn unpark(&mut self, fault: FaultId) {
        let plan = self.plan.clone();
        for (person, network, since) in self.waiting.take_parked(fault) {
            let rules = &plan.networks[network.index()];
            let tries = grown_tries(rules.backoff, self.now.since(since));
            let pause = behaviour::reconnect_pause(plan.seed, rules, person, network, tries);
            self.agenda
                .set(self.now + pause + self.connect_time(person, network), Alarm::Reconnect { person, network });
        }
    }

    /// Phones say hello over a session from outside.
    pub(super) fn hello(&mut self, session: SessionId, network: Network, people: Vec<PersonId>) {
        let (mut admitted, mut refused) = (Vec::new(), Vec::new());
        let named: BTreeSet<PersonId> = people.into_iter().collect();
        for person in named {
            if self.people.get(person).is_none() {
                continue;
            }
            let tries = u32::from(self.sessions.phones[person.index()].tries[network.index()]);
            match self.judge_connect(person, network, tries).fate {
                None => admitted.push(person),
                Some((_, fault)) => {
                    refused.push((person, Some(fault)));
                    self.note_refusal(person, network, fault);
                }
            }
        }
        self.sessions.open.entry(session).or_insert((network, Vec::new())).1.extend(&admitted);
        for person in &admitted {
            if let Some(before) = self.sessions.set_carrier(*person, network, Some(session)) {
                self.sessions.drop_from(before, *person);
            }
            // A phone that only changes hands was connected all the time.
            if !self.sessions.online(*person, network) {
                self.emit(EventKind::SessionOpened { person: *person, network });
            }
            self.sessions.set_online(*person, network, true);
        }
        self.out.push(Effect::Admit { session, people: admitted.clone(), refused });
        for person in admitted {
            self.flush_kept(person, network);
        }
    }

    /// A session from outside is gone.
    pub(super) fn bye(&mut self, session: SessionId) -> bool {
        let Some((network, people)) = self.sessions.open.remove(&session) else { return false };
        for person in people {
            self.sessions.set_carrier(person, network, None);
            self.sessions.set_online(person, network, false);
            self.emit(EventKind::SessionClosed { person, network, fault: None });
        }
        true
    }

    /// The network that a session from outside is on.
    pub(super) fn network_of(&self, session: SessionId) -> Option<Network> {
        self.sessions.open.get(&session).map(|(network, _)| *network)
    }

    /// Cuts one phone; answers the session from outside that it was on, or sets the alarm for its coming back.
    fn cut(&mut self, person: PersonId, network: Network, fault: FaultId) -> Option<SessionId> {
        self.sessions.set_online(person, network, false);
        if let Some(cut_by) = self.sessions.phones[person.index()].cut_by.get_mut(network.index()) {
            *cut_by = Some(fault);
        }
        self.emit(EventKind::SessionClosed { person, network, fault: Some(fault) });
        if let Some(session) = self.sessions.carrier(person, network) {
            self.sessions.set_carrier(person, network, None);
            self.sessions.drop_from(session, person);
            return Some(session);
        }
        let plan = self.plan.clone();
        let pause = behaviour::reconnect_pause(plan.seed, &plan.networks[network.index()], person, network, 0);
        self.agenda.set(self.now + pause + self.connect_time(person, network), Alarm::Reconnect { person, network });
        None
    }

    fn try_later(&mut self, person: PersonId, network: Network, fault: FaultId) {
        let live = self.faults.get(fault).expect("it has just refused");
        let surely = match &live.fault.kind {
            FaultKind::Down { .. } | FaultKind::Flap { .. } | FaultKind::Login | FaultKind::Silence => true,
            FaultKind::Freeze { .. } => true,
            _others_may_let_the_next_try_in => false,
        };
        let scope = &live.fault.scope;
        if surely && (scope.share.is_none() || scope.sticky) {
            return self.waiting.park(fault, person, network, self.now);
        }
        let tries = u32::from(self.sessions.phones[person.index()].tries[network.index()]);
        let rules = &self.plan.networks[network.index()];
        let pause = behaviour::reconnect_pause(self.plan.seed, rules, person, network, tries);
        // A pause of nothing would try again at the same instant for ever.
        let pause = pause.max(Span::from_millis(10));
        self.agenda.set(self.now + pause, Alarm::Reconnect { person, network });
    }

    fn flush_kept(&mut self, person: PersonId, network: Network) {
        let keeps_for = self.plan.networks[network.index()].store;
        for (alarm, since) in self.sessions.take_kept(person, network) {
            match alarm {
                Alarm::Arrive(ix) if self.now.since(since) > keeps_for => {
                    self.lose(ix, Leg::Deliver, Loss::StoreExpired, None);
                }
                kept => self.fire(kept),
            }
        }
    }

    /// The fault that has this phone's network down at this instant.
    fn shut_for(&self, person: PersonId, network: Network) -> Option<FaultId> {
        let who = self.people.get(person).expect("only known people connect");
        let tries = self.sessions.phones[person.index()].tries[network.index()];
        let key = connect_key(person, network, u32::from(tries)) << 3 | Leg::Connect as u64;
        let shut = |id: &FaultId| {
            let live = self.faults.get(*id).expect("faults that are on are known");
            live.is_down()
                && live.connects_fail(network)
                && live.concerns(who)
                && live.hits(self.plan.seed, person, key)
        };
        self.faults.on().iter().copied().find(shut)
    }

    fn judge_connect(&mut self, person: PersonId, network: Network, tries: u32) -> Ruling {
        if self.faults.calm() {
            return Ruling::default();
        }
        let who = self.people.get(person).expect("only known people connect");
        let key = connect_key(person, network, tries);
        let (at, leg) = (self.now, Leg::Connect);
        let mut ruling =
            self.faults.judge(self.plan.seed, &Crossing { at, leg, network, medium: None, person, who, key });
        if matches!(ruling.fate, Some((Bite::Hold | Bite::Taken(_) | Bite::FailLater { .. } | Bite::Lie(_), _))) {
            ruling.fate = None;
        }
        ruling
    }

    fn connect_time(&self, person: PersonId, network: Network) -> Span {
        let bits = self.plan.seed.roll(Subject::Reconnect, u64::from(person.0) << 3 | network as u64, u64::MAX);
        self.plan.networks[network.index()].connect.at(bits)
    }
}

fn how_of(kind: &FaultKind) -> DownHow {
    match kind {
        FaultKind::Down { how } => *how,
        _flaps_reset => DownHow::Reset,
    }
}

/// The key of luck of a phone's handshake, one for each try.
fn connect_key(person: PersonId, network: Network, tries: u32) -> u64 {
    u64::from(person.0) << 24 | u64::from(tries) << 3 | network as u64
}

/// How many refusals a back-off has counted after so long: pauses average half their length.
fn grown_tries(first: Span, passed: Span) -> u32 {
    let halves = passed.micros().saturating_mul(2) / first.micros().max(1);
    64 - (halves + 1).leading_zeros()
}
