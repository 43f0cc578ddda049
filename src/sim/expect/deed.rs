//! Deeds: what happened in the services, one row a deed, for the metrics that look at services.

use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::query::Query;
use crate::sim::expect::record::Moment;
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::SimTime;

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// A person added a channel; `of` is the channel.
    Joined,
    /// A person left a channel; `of` is the channel.
    Left,
    /// A call of the census; `amount` recipients.
    Blast,
}

/// The person of a deed that is about nobody in particular.
pub(super) const NOBODY: PersonId = PersonId(u32::MAX);

/// One row.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeedRow {
    /// When.
    pub(super) at: Moment,
    /// When it was done; `NEVER` while it is not.
    pub(super) done: Moment,
    /// Whose; [`NOBODY`] where it is about nobody in particular.
    pub(super) person: PersonId,
    /// The fault that it met, if it met one.
    pub(super) fault: Option<FaultId>,
    /// How much, or how many: the deed says of what.
    pub(super) amount: u32,
    /// Of which row of the plan; the deed says which table.
    pub(super) of: u16,
    pub(super) deed: Deed,
}

impl Ledger {
    /// Takes one event of a service.
    pub(super) fn serve(&mut self, at: SimTime, event: ServiceEvent) {
        let row = |deed, person, of| DeedRow {
            at: Moment::at(at),
            done: Moment::NEVER,
            person,
            fault: None,
            amount: 0,
            of,
            deed,
        };
        match event {
            ServiceEvent::FriendAdded { person, channel } => self.deed(row(Deed::Joined, person, channel.0)),
            ServiceEvent::FriendLeft { person, channel, .. } => self.deed(row(Deed::Left, person, channel.0)),
            ServiceEvent::BlastCalled { blast, recipients, .. } => {
                self.blasts.insert(blast, self.deeds.len());
                self.deed(DeedRow { amount: recipients, ..row(Deed::Blast, NOBODY, 0) });
            }
            ServiceEvent::BlastHeld { blast, fault } | ServiceEvent::BlastLost { blast, fault } => {
                self.name(fault);
                if let Some(row) = self.blast(blast) {
                    row.fault = fault;
                }
            }
            ServiceEvent::BlastDelivered { blast, fault } => {
                let Some(row) = self.blast(blast) else { return };
                row.done = Moment::at(at);
                row.fault = fault.or(row.fault);
            }
        }
    }

    fn blast(&mut self, blast: u32) -> Option<&mut DeedRow> {
        let row = *self.blasts.get(&blast)?;
        self.deeds.get_mut(row)
    }

    fn deed(&mut self, row: DeedRow) {
        keep(&mut self.deeds, &mut self.dropped, row);
    }
}

impl DeedRow {
    /// Whether it is such a deed, and met the fault of `hit=`.
    pub(super) fn is(&self, deed: Deed, query: &Query<'_>) -> bool {
        self.deed == deed && query.filter.hit.is_none_or(|hit| self.fault == Some(hit))
    }

    /// Whether it was done, and within `within=`.
    pub(super) fn done_in_time(&self, query: &Query<'_>) -> bool {
        match (self.at.time(), self.done.time()) {
            (Some(at), Some(done)) => query.in_time(at, done),
            (_, _) => false,
        }
    }
}
