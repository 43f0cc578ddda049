//! The fleet: where drivers are, who is free, and what became of each request for a ride.

use std::collections::BTreeMap;

use crate::sim::dice::{Seed, Subject};
use crate::sim::model::ids::{NoticeId, PersonId};

/// A place on the grid: column and row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell(pub(super) u32, pub(super) u32);

/// One request for a ride.
#[derive(Clone, Debug)]
pub(super) struct Ride {
    pub(super) rider: PersonId,
    pub(super) state: RideState,
    /// How often the request was handed in.
    pub(super) tries: u16,
    /// How often drivers were asked.
    pub(super) rounds: u16,
    /// Whom the offers of this ride went to, and by which notice.
    pub(super) offers: Vec<(PersonId, NoticeId)>,
    /// The notice that told the rider.
    pub(super) told: Option<NoticeId>,
}

/// How far a ride has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RideState {
    /// The platform does not know of it yet.
    Asking,
    /// Drivers are being asked.
    Waiting,
    /// A driver has taken it.
    Taken(PersonId),
    /// The rider has gone elsewhere, or is there.
    Over,
}

/// All drivers and rides of a run.
#[derive(Debug, Default)]
pub(in crate::sim::engine) struct Fleet {
    pub(super) rides: Vec<Ride>,
    /// The ride that an offer is for.
    pub(super) offers: BTreeMap<NoticeId, u32>,
    /// Drivers, with where they are and the ride they are on.
    pub(super) drivers: BTreeMap<PersonId, (Cell, Option<u32>)>,
}

impl Fleet {
    pub(super) fn is_free(&self, driver: PersonId) -> bool {
        self.drivers.get(&driver).is_some_and(|(_, ride)| ride.is_none())
    }

    /// Free drivers within so many cells whom this ride has not asked, nearest first; equals by number.
    pub(super) fn nearest(&self, ride: u32, from: Cell, radius: u32) -> Vec<PersonId> {
        let asked = &self.rides[ride as usize].offers;
        let free = self.drivers.iter().filter(|(_, (_, on))| on.is_none());
        let new = free.filter(|(driver, _)| !asked.iter().any(|(other, _)| other == *driver));
        let mut near: Vec<(u32, PersonId)> = new
            .map(|(driver, (cell, _))| (distance(*cell, from), *driver))
            .filter(|(cells, _)| *cells <= radius)
            .collect();
        near.sort_unstable();
        near.into_iter().map(|(_, driver)| driver).collect()
    }
}

/// Cells between two places, streets being straight.
pub(super) fn distance(one: Cell, other: Cell) -> u32 {
    one.0.abs_diff(other.0) + one.1.abs_diff(other.1)
}

/// Where luck puts somebody or something; `which` tells a rider's door from the end of the ride.
pub(super) fn place(seed: Seed, grid: u32, who: u64, which: u64) -> Cell {
    let at = |axis: u64| seed.pick(u64::from(grid), Subject::Place, who, which << 1 | axis) as u32;
    Cell(at(0), at(1))
}

#[cfg(test)]
mod tests {
    use super::{Cell, Fleet, Ride, RideState, distance};
    use crate::sim::model::ids::{NoticeId, PersonId};

    #[test]
    fn the_nearest_free_drivers_are_asked_and_nobody_twice() {
        let mut fleet = Fleet::default();
        for (driver, column, ride) in [(0, 9, None), (1, 2, None), (2, 1, Some(7)), (3, 3, None), (4, 2, None)] {
            fleet.drivers.insert(PersonId(driver), (Cell(column, 0), ride));
        }
        fleet.rides.push(Ride {
            rider: PersonId(9),
            state: RideState::Waiting,
            tries: 0,
            rounds: 0,
            offers: vec![(PersonId(3), NoticeId(0))],
            told: None,
        });
        assert_eq!(fleet.nearest(0, Cell(0, 0), 5), [PersonId(1), PersonId(4)]);
        assert!(fleet.is_free(PersonId(1)) && !fleet.is_free(PersonId(2)) && !fleet.is_free(PersonId(8)));
        assert_eq!(distance(Cell(2, 9), Cell(5, 1)), 11);
    }
}
