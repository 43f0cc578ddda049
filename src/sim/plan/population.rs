//! The population: every person's fixed attributes, drawn from the plan's cohorts by keyed rolls.
//!
//! A pure function of the plan, built once and shared by the engine, the expectations (labels), the gateway and the
//! mock phones; so all of them speak of the same people.

use crate::sim::dice::{Share, Subject};
use crate::sim::model::ids::{GroupId, PersonId, RegionId};
use crate::sim::model::person::{Friends, Groups, KakaoState, Person, PhoneState};
use crate::sim::plan::{Cohort, Plan};

/// Everybody, by `PersonId`.
#[derive(Clone, Debug)]
pub struct Population {
    people: Vec<Person>,
}

impl Population {
    /// Draws everybody of the plan.
    pub fn of(plan: &Plan) -> Population {
        let mut people = Vec::with_capacity(plan.people() as usize);
        for (index, cohort) in plan.cohorts.iter().enumerate() {
            for offset in 0..cohort.count {
                people.push(draw(plan, cohort, index as u16, offset));
            }
        }
        Population { people }
    }

    /// One person; `None` for an id beyond the population.
    pub fn get(&self, person: PersonId) -> Option<&Person> {
        self.people.get(person.index())
    }

    /// Everybody, in order of id.
    pub fn all(&self) -> &[Person] {
        &self.people
    }
}

/// The phone number of a person: `010-0000-0000` and upwards. Numbers that begin 010-0 or 010-1 are not assigned to
/// anybody (Korean mobile numbers have 2 to 9 there), so none of the first twenty million can be dialled.
pub fn phone_number(person: PersonId) -> String {
    format!("010-{:04}-{:04}", person.0 / 10_000, person.0 % 10_000)
}

/// The person behind a number, with or without its hyphens; `None` for anything outside the reserved range.
pub fn person_of_number(number: &str) -> Option<PersonId> {
    let digits: String = number.chars().filter(|c| *c != '-').collect();
    let tail = digits.strip_prefix("010")?;
    let plain =
        tail.len() == 8 && tail.bytes().all(|b| b.is_ascii_digit()) && matches!(tail.as_bytes()[0], b'0' | b'1');
    if plain { tail.parse().ok().map(PersonId) } else { None }
}

/// How many people a run may have: the size of the reserved range of numbers.
pub const PEOPLE_MAX: u32 = 20_000_000;

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
fn choose<T: Copy>(rows: impl Iterator<Item = (T, Share)>, point: u32) -> Option<T> {
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

#[cfg(test)]
mod tests {
    use super::{person_of_number, phone_number};
    use crate::sim::model::ids::PersonId;

    #[test]
    fn numbers_and_people_are_each_others_inverse() {
        for id in [0, 1, 9_999, 10_000, 19_999_999] {
            assert_eq!(person_of_number(&phone_number(PersonId(id))), Some(PersonId(id)));
        }
        assert_eq!(phone_number(PersonId(12_345)), "010-0001-2345");
        assert_eq!(person_of_number("01000012345"), Some(PersonId(12_345)));
    }

    #[test]
    fn a_number_that_could_ring_is_nobody() {
        for number in ["010-2345-6789", "010-9999-0000", "011-0000-0001", "010-0000-001", "010-0000-000a", ""] {
            assert_eq!(person_of_number(number), None, "{number}");
        }
    }
}
