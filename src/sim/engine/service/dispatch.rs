//! Dispatch 배차: a request crosses to the platform, the nearest free drivers are asked by notices, the first press of
//! "take" that arrives wins, and all are told. A rider who was told nothing in time goes to the street or telephones.
//!
//! Drivers answer as anybody answers a notice, so a phone from outside can drive. The platform knows who is connected and
//! asks nobody else. Not here: prices, routes through streets, drivers who drive towards demand.

use crate::sim::dice::Subject;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::service::fleet::{Ride, RideState, distance, place};
use crate::sim::engine::{Engine, NOTICES_MAX};
use crate::sim::model::event::Leg;
use crate::sim::model::ids::{ButtonId, FaultId, KindId, NoticeId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::model::service::ServiceEvent;
use crate::sim::model::service::word::Instead;
use crate::sim::time::Span;

/// Pause of a rider whose request found no platform. Assumed: one presses again after half a minute.
const ASK_AGAIN: Span = Span::from_secs(30);
/// Pause of the platform when nobody near is free.
const LOOK_AGAIN: Span = Span::from_secs(10);
/// How long a driver takes for one cell on the way to the rider. Assumed: cells of 400 m at 24 km/h.
const CELL: Span = Span::from_secs(60);
/// Most rides of a run.
const RIDES_MAX: usize = 10_000_000;
/// Tells the luck of requests from that of messages.
const KEY: u64 = 1 << 41;

impl Engine {
    /// Puts drivers on the grid and sets the instant of each request.
    pub(super) fn plan_dispatch(&mut self) {
        let plan = self.plan.clone();
        let Some(dispatch) = &plan.services.dispatch else { return };
        for driver in self.listed(&dispatch.drivers) {
            let cell = place(plan.seed, dispatch.grid, u64::from(driver.0), 0);
            self.fleet.drivers.insert(driver, (cell, None));
        }
        for hail in &plan.services.hails {
            let riders = self.listed(&hail.who);
            let count = riders.len().max(1) as u128;
            for (number, rider) in riders.into_iter().enumerate() {
                let micros = u128::from(hail.over.micros()) * number as u128 / count;
                let at = hail.at + Span::from_micros(micros as u64);
                self.agenda.set(at, Alarm::Duty { duty: Duty::Hail, of: 0, row: rider.0 });
            }
        }
    }

    /// A person asks for a ride.
    pub(super) fn hail(&mut self, rider: PersonId) {
        let plan = self.plan.clone();
        let Some(dispatch) = &plan.services.dispatch else { return };
        if self.fleet.rides.len() >= RIDES_MAX {
            return;
        }
        let ride = self.fleet.rides.len() as u32;
        self.fleet.rides.push(Ride {
            rider,
            state: RideState::Asking,
            tries: 0,
            rounds: 0,
            offers: Vec::new(),
            told: None,
        });
        self.tell_of(ServiceEvent::RideAsked { person: rider, ride });
        self.agenda.set(self.now + dispatch.patience, Alarm::Duty { duty: Duty::RiderLeaves, of: 0, row: ride });
        self.request_crosses(ride);
    }

    /// A request is about to cross to the platform.
    pub(super) fn request_crosses(&mut self, ride: u32) {
        let row = &mut self.fleet.rides[ride as usize];
        if row.state != RideState::Asking {
            return;
        }
        let (rider, tries) = (row.rider, row.tries);
        row.tries = row.tries.saturating_add(1);
        let key = KEY | u64::from(ride) << 16 | u64::from(tries);
        let away = self.plan.networks[Network::Kakao.index()].sessions && !self.sessions.online(rider, Network::Kakao);
        let ruling = self.judge_for(rider, Network::Kakao, None, Leg::Receipt, key);
        match ruling.fate {
            Some((_not_there, fault)) => self.request_fails(ride, rider, Some(fault)),
            None if away => self.request_fails(ride, rider, self.sessions.cut_by(rider, Network::Kakao)),
            None if ruling.delay == Span::ZERO => self.request_arrives(ride),
            None => self.agenda.set(self.now + ruling.delay, Alarm::Duty { duty: Duty::Request, of: 0, row: ride }),
        }
    }

    /// The platform has a request, and asks drivers.
    pub(super) fn request_arrives(&mut self, ride: u32) {
        let row = &mut self.fleet.rides[ride as usize];
        if row.state == RideState::Asking {
            row.state = RideState::Waiting;
            self.ask_drivers(ride);
        }
    }

    /// Asks the nearest free drivers, if the ride still waits: at first, and when those asked before have not answered.
    pub(super) fn ask_drivers(&mut self, ride: u32) {
        let plan = self.plan.clone();
        let Some(dispatch) = &plan.services.dispatch else { return };
        let row = &mut self.fleet.rides[ride as usize];
        if row.state != RideState::Waiting || self.notices.len() >= NOTICES_MAX - dispatch.nearest as usize {
            return;
        }
        row.rounds = row.rounds.saturating_add(1);
        let door = place(plan.seed, dispatch.grid, u64::from(row.rider.0), 0);
        let near = self.fleet.nearest(ride, door, dispatch.radius);
        let there = |driver: &PersonId| self.sessions.online(*driver, Network::Kakao);
        let asked: Vec<PersonId> = near.into_iter().filter(there).take(dispatch.nearest as usize).collect();
        for driver in &asked {
            self.offer(ride, *driver, dispatch.offer);
        }
        let wait = if asked.is_empty() { LOOK_AGAIN } else { dispatch.stands };
        self.agenda.set(self.now + wait, Alarm::Duty { duty: Duty::AskDrivers, of: 0, row: ride });
    }

    /// A press may take an offer; answers whether it was one of an offer at all.
    pub(in crate::sim::engine) fn takes_offer(&mut self, notice: NoticeId, button: ButtonId) -> bool {
        let take = self.plan.services.dispatch.as_ref().map(|dispatch| dispatch.take);
        let Some(ride) = self.fleet.offers.get(&notice).copied().filter(|_| take == Some(button)) else { return false };
        let driver = self.notice(notice).person;
        if self.fleet.rides[ride as usize].state == RideState::Waiting && self.fleet.is_free(driver) {
            self.assign(ride, driver);
        } else {
            self.tell_of(ServiceEvent::RideMissed { person: driver, ride });
        }
        true
    }

    /// A ride is over: the driver is free where it ended.
    pub(super) fn ride_ends(&mut self, ride: u32) {
        let RideState::Taken(driver) = self.fleet.rides[ride as usize].state else { return };
        let rider = self.fleet.rides[ride as usize].rider;
        self.fleet.rides[ride as usize].state = RideState::Over;
        self.free(ride, driver);
        if let Some(after) = self.plan.services.dispatch.as_ref().and_then(|dispatch| dispatch.after) {
            self.answer_with(after, rider);
        }
    }

    /// A rider's patience ends: who was told that somebody comes waits on, anybody else goes.
    pub(super) fn rider_leaves(&mut self, ride: u32) {
        let row = &self.fleet.rides[ride as usize];
        let (rider, state) = (row.rider, row.state);
        let knows = row.told.is_some_and(|notice| self.was_shown(notice));
        if state == RideState::Over || knows {
            return;
        }
        let plan = self.plan.clone();
        let Some(dispatch) = &plan.services.dispatch else { return };
        let phones = plan.seed.happens(dispatch.phones, Subject::Place, u64::from(rider.0), KEY);
        let instead = if phones { Instead::Telephone } else { Instead::Street };
        let in_vain = matches!(state, RideState::Taken(_));
        self.fleet.rides[ride as usize].state = RideState::Over;
        self.tell_of(ServiceEvent::RideGivenUp { person: rider, ride, instead, in_vain });
        if let RideState::Taken(driver) = state {
            self.free(ride, driver);
        }
    }

    fn offer(&mut self, ride: u32, driver: PersonId, kind: KindId) {
        let notice = NoticeId(self.notices.len() as u32);
        self.fleet.offers.insert(notice, ride);
        self.fleet.rides[ride as usize].offers.push((driver, notice));
        self.tell_of(ServiceEvent::RideOffered { person: driver, ride, notice });
        self.create(kind, driver, None);
    }

    fn assign(&mut self, ride: u32, driver: PersonId) {
        let plan = self.plan.clone();
        let Some(dispatch) = &plan.services.dispatch else { return };
        let row = &mut self.fleet.rides[ride as usize];
        row.state = RideState::Taken(driver);
        let (rider, offers) = (row.rider, row.offers.clone());
        let (cell, on) = self.fleet.drivers.get_mut(&driver).expect("only drivers are offered rides");
        *on = Some(ride);
        let away = distance(*cell, place(plan.seed, dispatch.grid, u64::from(rider.0), 0));
        *cell = place(plan.seed, dispatch.grid, u64::from(rider.0), 1);
        self.tell_of(ServiceEvent::RideAssigned { person: driver, ride, rider, cells: away });
        let told = NoticeId(self.notices.len() as u32);
        self.answer_with(dispatch.coming, rider);
        self.fleet.rides[ride as usize].told = (self.notices.len() > told.index()).then_some(told);
        for (other, _) in offers.into_iter().filter(|(other, _)| *other != driver) {
            if let Some(gone) = dispatch.gone {
                self.answer_with(gone, other);
            }
        }
        let lasts = dispatch.ride.at(plan.seed.roll(Subject::Place, u64::from(rider.0), KEY | 1));
        let at = self.now + CELL.times(u64::from(away)) + lasts;
        self.agenda.set(at, Alarm::Duty { duty: Duty::RideEnds, of: 0, row: ride });
    }

    fn free(&mut self, ride: u32, driver: PersonId) {
        if let Some((_, on)) = self.fleet.drivers.get_mut(&driver) {
            *on = None;
        }
        self.tell_of(ServiceEvent::RideEnded { person: driver, ride });
    }

    fn request_fails(&mut self, ride: u32, person: PersonId, fault: Option<FaultId>) {
        self.tell_of(ServiceEvent::RideRefused { person, ride, fault });
        self.agenda.set(self.now + ASK_AGAIN, Alarm::Duty { duty: Duty::AskAgain, of: 0, row: ride });
    }

    /// A notice to somebody who has just spoken to the platform.
    fn answer_with(&mut self, kind: KindId, person: PersonId) {
        self.sessions.open_talk(person, self.plan.kinds[kind.index()].channel);
        self.reply(kind, person, 1);
    }

    fn was_shown(&self, notice: NoticeId) -> bool {
        let mut next = self.notice(notice).newest;
        while let Some(found) = next {
            let attempt = self.attempt(found.ix());
            if attempt.shown > 0 {
                return true;
            }
            next = attempt.older;
        }
        false
    }
}
