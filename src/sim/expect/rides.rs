//! Rides in the books: one row a request, one row a driver who was given it.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::record::Moment;
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::time::SimTime;

impl Ledger {
    /// A person asked for a ride.
    pub(super) fn ride_asked(&mut self, at: SimTime, ride: u32, person: PersonId) {
        self.rides.insert(ride, self.deeds.len());
        keep(&mut self.deeds, &mut self.dropped, DeedRow::new(Deed::Ride, person, 0, Moment::at(at)));
    }

    /// A request did not get through.
    pub(super) fn ride_refused(&mut self, ride: u32, fault: Option<FaultId>) {
        self.name(fault);
        if let Some(row) = self.ride(ride) {
            row.fault = fault.or(row.fault);
        }
    }

    /// A driver has it.
    pub(super) fn ride_assigned(&mut self, at: SimTime, ride: u32, driver: PersonId) {
        if let Some(row) = self.ride(ride) {
            row.done = Moment::at(at);
        }
        let wrong = self.driving.insert(driver, ride).is_some();
        let row = DeedRow { wrong, ..DeedRow::new(Deed::Assigned, driver, 0, Moment::at(at)) };
        keep(&mut self.deeds, &mut self.dropped, row);
    }

    /// The rider gave it up.
    pub(super) fn ride_given_up(&mut self, ride: u32) {
        if let Some(row) = self.ride(ride) {
            row.wrong = true;
        }
    }

    fn ride(&mut self, ride: u32) -> Option<&mut DeedRow> {
        let row = *self.rides.get(&ride)?;
        self.deeds.get_mut(row)
    }
}
