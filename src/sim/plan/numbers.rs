//! Numbers of phones, and whose they are. `010-0000-0000` and upwards stand for people in the order of the file; magic
//! people keep the numbers of their block in every run, whatever their id is there.
//!
//! Numbers that begin 010-0 or 010-1 are not assigned to anybody (Korean mobile numbers have 2 to 9 there), so none of
//! the twenty million can be dialled. Deliberately not here: whether somebody exists; that is the population's to say.

use crate::sim::model::ids::PersonId;
use crate::sim::plan::Plan;
use crate::sim::plan::magic::FATES;

/// How many people a file may have: the reserved numbers below the block of the magic ones.
pub const PEOPLE_MAX: u32 = 19_990_000;

/// The last eight digits of the first magic number, 010-1999-0001.
const MAGIC_FIRST: u32 = 19_990_001;

/// Which ids of a run have which numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The first magic person's id; nobody has one beyond them. `None` where there are none.
    magic: Option<u32>,
}

impl Numbers {
    /// The numbers of a plan's people.
    pub fn of(plan: &Plan) -> Numbers {
        Numbers { magic: plan.magic.map(|magic| magic.first.0) }
    }

    /// A person's number, with its hyphens.
    pub fn number(self, person: PersonId) -> String {
        written(self.digits(person))
    }

    /// The last eight digits of a person's number.
    pub fn digits(self, person: PersonId) -> u32 {
        match self.magic.and_then(|first| person.0.checked_sub(first)) {
            Some(place) if place < FATES.len() as u32 => MAGIC_FIRST + place,
            _ => person.0,
        }
    }

    /// Where the numbers go on by one from person to person: the first id of each stretch, and the last eight digits of
    /// its number.
    pub fn stretches(self) -> Vec<(u32, u32)> {
        let plain = (self.magic != Some(0)).then_some((0, 0));
        plain.into_iter().chain(self.magic.map(|first| (first, MAGIC_FIRST))).collect()
    }

    /// The person of a number, with or without its hyphens; `None` for what is no reserved number of this run.
    pub fn person(self, number: &str) -> Option<PersonId> {
        let digits = digits_of(number)?;
        let id = match digits.checked_sub(MAGIC_FIRST) {
            Some(place) if place < FATES.len() as u32 => self.magic? + place,
            _ if self.magic.is_some_and(|first| digits >= first) => return None,
            _ => digits,
        };
        Some(PersonId(id))
    }
}

/// The number of somebody who is not magic.
pub fn phone_number(person: PersonId) -> String {
    written(person.0)
}

/// The number of the magic person at a place of [`FATES`], the same in every run.
pub fn magic_number(place: usize) -> String {
    written(MAGIC_FIRST + place as u32)
}

/// The last eight digits of a reserved number, with or without its hyphens; `None` for anything that might ring.
pub fn digits_of(number: &str) -> Option<u32> {
    let digits: String = number.chars().filter(|c| *c != '-').collect();
    let tail = digits.strip_prefix("010")?;
    let plain =
        tail.len() == 8 && tail.bytes().all(|b| b.is_ascii_digit()) && matches!(tail.as_bytes()[0], b'0' | b'1');
    if plain { tail.parse().ok() } else { None }
}

fn written(digits: u32) -> String {
    format!("010-{:04}-{:04}", digits / 10_000, digits % 10_000)
}

#[cfg(test)]
mod tests {
    use super::{MAGIC_FIRST, Numbers, PEOPLE_MAX, magic_number, phone_number};
    use crate::sim::model::ids::PersonId;
    use crate::sim::plan::magic::FATES;

    #[test]
    fn numbers_and_people_are_each_others_inverse() {
        for numbers in [Numbers::default(), Numbers { magic: Some(10_001) }] {
            for id in [0, 1, 9_999, 10_000] {
                assert_eq!(numbers.person(&numbers.number(PersonId(id))), Some(PersonId(id)));
            }
        }
        assert_eq!(phone_number(PersonId(12_345)), "010-0001-2345");
        assert_eq!(Numbers::default().person("01000012345"), Some(PersonId(12_345)));
    }

    #[test]
    fn magic_people_have_the_same_numbers_wherever_they_stand() {
        for first in [0, 100, 10_001] {
            let numbers = Numbers { magic: Some(first) };
            for place in 0..FATES.len() as u32 {
                let (person, number) = (PersonId(first + place), magic_number(place as usize));
                assert_eq!(numbers.number(person), number);
                assert_eq!(numbers.person(&number), Some(person));
            }
            assert_eq!(numbers.person(&phone_number(PersonId(first))), None, "an id is no number");
            let mut stretches = numbers.stretches();
            for id in (0..first + FATES.len() as u32).rev() {
                let (from, digits) = stretches.last().copied().expect("a stretch for everybody");
                assert_eq!(digits + id - from, numbers.digits(PersonId(id)));
                if id == from {
                    stretches.pop();
                }
            }
            assert_eq!(stretches, []);
        }
        assert_eq!(magic_number(0), "010-1999-0001");
        const { assert!(PEOPLE_MAX < MAGIC_FIRST) }
    }

    #[test]
    fn a_run_without_magic_people_knows_none() {
        assert_eq!(Numbers::default().person("010-1999-0001"), None);
        assert_eq!(Numbers::default().stretches(), [(0, 0)]);
    }

    #[test]
    fn a_number_that_could_ring_is_nobody() {
        for number in ["010-2345-6789", "010-9999-0000", "011-0000-0001", "010-0000-001", "010-0000-000a", ""] {
            assert_eq!(Numbers::default().person(number), None, "{number}");
        }
    }
}
