//! Sessions: each one lost is a row, and the person's next one on that network closes it.

use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::record::Moment;
use crate::sim::expect::rows::LossRow;
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::time::SimTime;

/// "No row" in the index of open losses.
const NO_ROW: u32 = u32::MAX;

impl Ledger {
    pub(super) fn session_opened(&mut self, at: SimTime, person: PersonId, network: Network) {
        let open = self.open_losses[network.index()].get_mut(person.index());
        if let Some(row) = open.filter(|row| **row != NO_ROW) {
            self.losses[*row as usize].back = Moment::at(at);
            *row = NO_ROW;
        }
    }

    pub(super) fn session_closed(&mut self, at: SimTime, person: PersonId, network: Network, fault: Option<FaultId>) {
        self.name(fault);
        self.tallies.sessions_lost[network.index()] += 1;
        let row = LossRow { at: Moment::at(at), back: Moment::NEVER, person, fault, network };
        let open = &mut self.open_losses[network.index()];
        if open.is_empty() {
            open.resize(self.people.everyone().len(), NO_ROW);
        }
        let number = self.losses.len() as u32;
        if keep(&mut self.losses, &mut self.dropped, row)
            && let Some(open) = open.get_mut(person.index())
        {
            *open = number;
        }
    }
}
