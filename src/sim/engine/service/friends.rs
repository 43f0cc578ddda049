//! Friends 친구: people add a channel, leave it and block it, by themselves or along a campaign's line.
//!
//! What a person wishes has to reach the platform first, like any word of a phone. From the instant that it arrives the
//! platform, the desk and every `friends_of` know it.

use crate::sim::behaviour;
use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::service::crossing::Crossed;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{ChannelId, FaultId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::model::service::ServiceEvent;

/// What a person wishes of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Wish {
    /// To be its friend.
    Add,
    /// To be its friend no longer.
    Leave,
    /// To hear nothing of it any more.
    Block,
}

/// A wish about a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wished {
    /// What.
    pub wish: Wish,
    /// Of which channel.
    pub channel: ChannelId,
}

impl Wished {
    /// The wish that an alarm's number stands for.
    pub(super) fn of(number: u16) -> Wished {
        let wish = match number & 3 {
            0 => Wish::Add,
            1 => Wish::Leave,
            _ => Wish::Block,
        };
        Wished { wish, channel: ChannelId(number >> 2) }
    }

    /// Its number, for an alarm; a plan has far fewer channels than fit.
    fn number(self) -> u16 {
        self.channel.0 << 2 | self.wish as u16
    }
}

impl Engine {
    /// The person's wish is about to cross to the platform.
    pub(in crate::sim::engine) fn wish(&mut self, wished: Wished, person: PersonId) {
        let alarm = |duty| Alarm::Duty { duty, of: wished.number(), row: person.0 };
        let key = u64::from(person.0) << 16 | u64::from(wished.number());
        match self.phone_tells(person, key, alarm(Duty::Wish), alarm(Duty::WishArrives)) {
            Crossed::Now => self.wish_arrives(wished, person),
            Crossed::Later => {}
            Crossed::Lost(fault) => self.wish_lost(wished, person, fault),
        }
    }

    /// The platform knows of it.
    pub(super) fn wish_arrives(&mut self, wished: Wished, person: PersonId) {
        let channel = wished.channel;
        match wished.wish {
            Wish::Add => self.add_friend(person, channel),
            Wish::Leave => self.leave(person, channel, false),
            Wish::Block => self.leave(person, channel, true),
        }
    }

    pub(super) fn wish_lost(&mut self, wished: Wished, person: PersonId, fault: Option<FaultId>) {
        let channel = wished.channel;
        self.emit(EventKind::Service(ServiceEvent::FriendLost { person, channel, fault }));
    }

    /// The person adds the channel, or comes back to it. A friend who adds it again changes nothing.
    pub(in crate::sim::engine) fn add_friend(&mut self, person: PersonId, channel: ChannelId) {
        if self.is_friend(person, channel) {
            return;
        }
        let who = *self.people.get(person).expect("the caller knows the person");
        self.sessions.set_friend(person, channel, &who, true);
        self.emit(EventKind::Service(ServiceEvent::FriendAdded { person, channel }));
        self.friend_arrives(person, channel);
    }

    /// The person leaves the channel, and may block it. Somebody who is no friend and blocks nothing changes nothing.
    fn leave(&mut self, person: PersonId, channel: ChannelId, blocked: bool) {
        let was_friend = self.is_friend(person, channel);
        if !was_friend && (!blocked || self.sessions.has_blocked(person, channel)) {
            return;
        }
        let who = *self.people.get(person).expect("the caller knows the person");
        self.sessions.set_friend(person, channel, &who, false);
        if blocked {
            self.sessions.block(person, channel);
        }
        self.emit(EventKind::Service(ServiceEvent::FriendLeft { person, channel, blocked }));
        if was_friend {
            self.friend_leaves(person, channel);
        }
    }

    /// Whether the platform knows the person as a friend of the channel now.
    pub(in crate::sim::engine) fn is_friend(&self, person: PersonId, channel: ChannelId) -> bool {
        self.people.get(person).is_some_and(|who| self.sessions.is_friend(person, channel, who))
    }

    /// Sets the instant at which each person of a `join:` line adds the channel.
    pub(super) fn plan_joins(&mut self) {
        let plan = self.plan.clone();
        for (of, join) in plan.services.joins.iter().enumerate() {
            for person in self.ranged(&join.who) {
                let key = line_key(of, person);
                if self.has_app(person) && plan.seed.happens(join.share, Subject::Joins, key, 0) {
                    let after = join.after.at(plan.seed.roll(Subject::Joins, key, 1));
                    self.agenda.set(join.at + after, Alarm::Duty { duty: Duty::Join, of: of as u16, row: person.0 });
                }
            }
        }
    }

    /// Sets the instant at which each person of a `leave:` line leaves the channel.
    pub(super) fn plan_leaves(&mut self) {
        let plan = self.plan.clone();
        for (of, leave) in plan.services.leaves.iter().enumerate() {
            for person in self.ranged(&leave.who) {
                let key = line_key(of, person);
                if self.has_app(person) && plan.seed.happens(leave.share, Subject::Leaves, key, 0) {
                    let after = leave.after.at(plan.seed.roll(Subject::Leaves, key, 1));
                    self.agenda.set(leave.at + after, Alarm::Duty { duty: Duty::Leave, of: of as u16, row: person.0 });
                }
            }
        }
    }

    /// A person of a `join:` line adds the channel, unless they are its friend already.
    pub(super) fn join_next(&mut self, of: u16, row: u32) {
        let plan = self.plan.clone();
        let (person, join) = (PersonId(row), &plan.services.joins[usize::from(of)]);
        if self.belongs(&join.who, person) && !self.is_friend(person, join.channel) {
            self.wish(Wished { wish: Wish::Add, channel: join.channel }, person);
        }
    }

    /// A person of a `leave:` line leaves the channel if they are its friend.
    pub(super) fn leave_next(&mut self, of: u16, row: u32) {
        let plan = self.plan.clone();
        let (person, leave) = (PersonId(row), &plan.services.leaves[usize::from(of)]);
        if self.belongs(&leave.who, person) && self.is_friend(person, leave.channel) {
            let blocks = plan.seed.happens(leave.block, Subject::Leaves, line_key(usize::from(of), person), 2);
            let wish = if blocks { Wish::Block } else { Wish::Leave };
            self.wish(Wished { wish, channel: leave.channel }, person);
        }
    }

    /// Whether the person has the messenger's app at hand at all; nobody else can add a channel.
    fn has_app(&self, person: PersonId) -> bool {
        self.people.get(person).is_some_and(|who| behaviour::connects(&self.plan, who, Network::Kakao))
    }
}

fn line_key(of: usize, person: PersonId) -> u64 {
    (of as u64) << 32 | u64::from(person.0)
}
