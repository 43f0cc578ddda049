//! Friends 친구: people add a channel, leave it and block it, by themselves or along a campaign's line.

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{ChannelId, PersonId};
use crate::sim::model::service::ServiceEvent;

impl Engine {
    /// The person adds the channel, or comes back to it.
    pub(in crate::sim::engine) fn add_friend(&mut self, person: PersonId, channel: ChannelId) {
        let who = *self.people.get(person).expect("the caller knows the person");
        self.sessions.set_friend(person, channel, &who, true);
        self.emit(EventKind::Service(ServiceEvent::FriendAdded { person, channel }));
    }

    /// The person leaves the channel, and may block it.
    pub(in crate::sim::engine) fn leave(&mut self, person: PersonId, channel: ChannelId, blocked: bool) {
        let who = *self.people.get(person).expect("the caller knows the person");
        self.sessions.set_friend(person, channel, &who, false);
        if blocked {
            self.sessions.block(person, channel);
        }
        self.emit(EventKind::Service(ServiceEvent::FriendLeft { person, channel, blocked }));
    }

    /// Sets the instant at which each person of a `join:` line adds the channel.
    pub(super) fn plan_joins(&mut self) {
        let plan = self.plan.clone();
        for (of, join) in plan.services.joins.iter().enumerate() {
            for person in self.listed(&join.who) {
                let key = (of as u64) << 32 | u64::from(person.0);
                if plan.seed.happens(join.share, Subject::Joins, key, 0) {
                    let after = join.after.at(plan.seed.roll(Subject::Joins, key, 1));
                    self.agenda.set(join.at + after, Alarm::Duty { duty: Duty::Join, of: of as u16, row: person.0 });
                }
            }
        }
    }

    /// A person of a `join:` line adds the channel, unless they are its friend already.
    pub(super) fn join_next(&mut self, of: u16, row: u32) {
        let (person, channel) = (PersonId(row), self.plan.services.joins[usize::from(of)].channel);
        let who = *self.people.get(person).expect("alarms are set for people of the plan");
        if !self.sessions.is_friend(person, channel, &who) {
            self.add_friend(person, channel);
        }
    }
}
