//! The population: every person's fixed attributes, drawn from the plan's cohorts by keyed rolls.
//!
//! A pure function of the plan, built once and shared by the engine, the expectations (labels), the gateway and the
//! mock phones; so all of them speak of the same people.

use crate::sim::dice::{Share, Subject};
use crate::sim::model::ids::{GroupId, PersonId, RegionId};
use crate::sim::model::person::{Friends, Groups, KakaoState, Person, PhoneState};
use crate::sim::plan::households::homes;
use crate::sim::plan::numbers::Numbers;
use crate::sim::plan::{Cohort, Plan};

/// Everybody, by `PersonId`; those who stand by come last.
#[derive(Clone, Debug)]
pub struct Population {
    people: Vec<Person>,
    /// How many do not stand by.
    counted: usize,
    numbers: Numbers,
}

impl Population {
    /// Draws everybody of the plan.
    pub fn of(plan: &Plan) -> Population {
        let mut people = Vec::with_capacity(plan.everyone() as usize);
        for (index, cohort) in plan.cohorts.iter().enumerate() {
            let alone = cohort.households.alone.filter(|_| cohort.listed.is_empty());
            let first = people.len();
            for offset in 0..cohort.count {
                people.push(draw(plan, cohort, index as u16, offset));
            }
            let Some(alone) = alone else { continue };
            for (door, _) in homes(plan.seed, cohort).filter(|home| home.1 == 1) {
                let who = &mut people[first + door as usize];
                who.groups = who.groups.with(alone);
            }
        }
        Population { people, counted: plan.people() as usize, numbers: Numbers::of(plan) }
    }

    /// One person; `None` for an id beyond the population.
    pub fn get(&self, person: PersonId) -> Option<&Person> {
        self.people.get(person.index())
    }

    /// Everybody but those who stand by, in order of id.
    pub fn all(&self) -> &[Person] {
        &self.people[..self.counted]
    }

    /// Everybody, those who stand by too: as long as a table of people has to be.
    pub fn everyone(&self) -> &[Person] {
        &self.people
    }

    /// Who has which number.
    pub fn numbers(&self) -> Numbers {
        self.numbers
    }

    /// The person of a number, if this run has them.
    pub fn by_number(&self, number: &str) -> Option<PersonId> {
        self.numbers.person(number).filter(|person| self.get(*person).is_some())
    }
}

fn draw(plan: &Plan, cohort: &Cohort, index: u16, offset: u32) -> Person {
    let id = u64::from(cohort.first.0 + offset);
    if let Some(listed) = cohort.listed.get(offset as usize) {
        return Person {
            groups: listed.groups,
            friends: listed.friends,
            cohort: index,
            region: listed.region,
            kakao: listed.kakao,
            phone: listed.phone,
        };
    }
    let seed = plan.seed;
    let mut groups = Groups::default();
    for (group, share) in &cohort.groups {
        if seed.happens(*share, Subject::Group, id, u64::from(group.0)) {
            groups = groups.with(GroupId(group.0));
        }
    }
    if let Some(band) = choose(cohort.ages.iter().copied(), seed.pick(1_000_000, Subject::Age, id, 0) as u32) {
        groups = groups.with(band);
    }
    let mut friends = Friends::default();
    for (channel, share) in &cohort.friends {
        if seed.happens(*share, Subject::Friend, id, u64::from(channel.0)) {
            friends = friends.with(*channel);
        }
    }
    let dark = seed.happens(cohort.dark, Subject::Phone, id, 0);
    Person {
        groups,
        friends,
        cohort: index,
        region: region(plan, cohort, id),
        kakao: kakao(cohort, seed.pick(1_000_000, Subject::Kakao, id, 0) as u32),
        phone: if dark { PhoneState::Dark } else { PhoneState::Powered },
    }
}

fn kakao(cohort: &Cohort, point: u32) -> KakaoState {
    let states = KakaoState::ALL.map(|row| row.0);
    choose(states.into_iter().zip(cohort.kakao), point).unwrap_or(KakaoState::Active)
}

fn region(plan: &Plan, cohort: &Cohort, id: u64) -> Option<RegionId> {
    let point = plan.seed.pick(1_000_000, Subject::Region, id, 0) as u32;
    choose(cohort.regions.iter().copied(), point)
}

/// The row that a point of `0..1_000_000` falls on when the shares are laid end to end; the last one takes the rest.
pub(super) fn choose<T: Copy>(rows: impl Iterator<Item = (T, Share)>, point: u32) -> Option<T> {
    let mut passed = 0;
    let mut last = None;
    for (row, share) in rows {
        passed += share.ppm();
        last = Some(row);
        if point < passed {
            break;
        }
    }
    last
}
