//! Deeds: what happened in the services, one row a deed, for the metrics that look at services.

use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::record::Moment;
use crate::sim::model::ids::PersonId;
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::SimTime;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// A person added a channel; `of` is the channel.
    Joined,
    /// A person left a channel; `of` is the channel.
    Left,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeedRow {
    /// When.
    pub(super) at: Moment,
    pub(super) person: PersonId,
    /// Of which row of the plan; the deed says which table.
    pub(super) of: u16,
    pub(super) deed: Deed,
}

impl Ledger {
    /// Takes one event of a service.
    pub(super) fn serve(&mut self, at: SimTime, event: ServiceEvent) {
        let row = |deed, person, of| DeedRow { at: Moment::at(at), person, of, deed };
        match event {
            ServiceEvent::FriendAdded { person, channel } => self.deed(row(Deed::Joined, person, channel.0)),
            ServiceEvent::FriendLeft { person, channel, .. } => self.deed(row(Deed::Left, person, channel.0)),
        }
    }

    fn deed(&mut self, row: DeedRow) {
        keep(&mut self.deeds, &mut self.dropped, row);
    }
}
