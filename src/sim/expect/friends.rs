//! Friends at an instant, and whom a `send:` line meant: worked out from the people's beginnings and from what happened,
//! never from what the engine believes.

use crate::sim::expect::deed::Deed;
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::view::View;
use crate::sim::model::ids::ChannelId;
use crate::sim::model::person::Friends;
use crate::sim::plan::Send;
use crate::sim::time::SimTime;

impl Ledger {
    /// Everybody's friendships, by person, after all that happened before an instant; with `inclusive`, at it too.
    pub(super) fn friends_at(&self, at: SimTime, inclusive: bool) -> Vec<Friends> {
        let mut friends: Vec<Friends> = self.people.all().iter().map(|who| who.friends).collect();
        for row in &self.deeds {
            let when = row.at.time().unwrap_or(SimTime::NEVER);
            if when > at || (when == at && !inclusive) {
                break;
            }
            let Some(now) = friends.get_mut(row.person.index()) else { continue };
            if row.deed == Deed::Joined {
                *now = now.with(ChannelId(row.of));
            } else if row.deed == Deed::Left {
                *now = now.without(ChannelId(row.of));
            }
        }
        friends
    }

    /// Whether anybody was a friend of anything at any time.
    pub(super) fn knows_friends(&self) -> bool {
        let from_the_beginning = self.people.all().iter().any(|who| who.friends != Friends::default());
        from_the_beginning || self.deeds.iter().any(|row| row.deed == Deed::Joined)
    }

    /// For every `send:` line to friends, who was one when the line began; once, after the last event.
    pub(super) fn recall_friends(&mut self) {
        let plan = self.plan.clone();
        let meant = |send: &Send| {
            let channel = send.to.friends_of?;
            Some(self.friends_at(send.at, false).iter().map(|friends| friends.has(channel)).collect())
        };
        self.meant = plan.sends.iter().map(meant).collect();
    }

    /// Whether a notice's line meant this person; `None` if it comes from no line.
    pub(super) fn meant(&self, view: View<'_>) -> Option<bool> {
        let send = view.notice.send()?;
        let (to, person) = (&self.plan.sends.get(send.index())?.to, view.notice.person());
        let who = self.people.get(person)?;
        let inside = person >= to.first && person.0 - to.first.0 < to.count;
        let group = to.groups.0 == 0 || to.groups.0 & who.groups.0 != 0;
        let region = to.regions.is_empty() || who.region.is_some_and(|region| to.regions.contains(&region));
        let friends = self.meant.get(send.index()).and_then(Option::as_ref);
        let friend = friends.is_none_or(|friends| friends.get(person.index()).copied().unwrap_or(false));
        Some(inside && group && region && friend)
    }
}
