//! Services: what an agency's channel offers beside messages. One file each; each keeps its own state and does its own
//! duties.
//!
//! A service is set off by a person (who joins, speaks, presses, asks) or by a line of the timeline; it tells what
//! happened as a `ServiceEvent`, and reaches people only by notices, like everybody else. Faults judge its crossings
//! as they judge any other.

use crate::sim::engine::Engine;
use crate::sim::model::ids::FaultId;

pub(super) mod census;
mod friends;

/// What a service asked to be woken for; what it is about stands beside it in the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Duty {
    /// The next person of a `join:` line adds the channel.
    Join,
    /// A channel of the census calls the platform.
    Blast,
    /// A call of the census has its turn at the platform.
    BlastTurn,
    /// A call of the census has reached its last recipient.
    BlastEnds,
}

impl Engine {
    /// At the beginning: the timeline's lines that are services' set their first alarms.
    pub(super) fn plan_services(&mut self) {
        self.plan_joins();
        self.plan_blasts();
    }

    /// A duty is due.
    pub(super) fn do_duty(&mut self, duty: Duty, of: u16, row: u32) {
        match duty {
            Duty::Join => self.join_next(of, row),
            Duty::Blast => self.blast(row),
            Duty::BlastTurn => self.blast_turn(row),
            Duty::BlastEnds => self.blast_ends(row),
        }
    }

    /// A fault held a duty, and drops it.
    pub(super) fn drop_duty(&mut self, duty: Duty, row: u32, fault: FaultId) {
        match duty {
            Duty::BlastTurn => self.blast_dropped(row, fault),
            Duty::Join | Duty::Blast | Duty::BlastEnds => {}
        }
    }
}
