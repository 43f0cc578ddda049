//! Many growing lists of numbers in one piece of memory: for each person, the places of their rows in a mailbox.
//!
//! A list is a chain of chunks that grow up to a bound, so that a short list wastes little and the way back through a
//! long one is short. A vector for each list left holes of all sizes behind when it grew, a third of what an idle
//! connection takes; this leaves none. Nothing is ever taken out.

use crate::sim::model::ids::PersonId;

/// Words of the smallest and of the largest chunk, header and all.
const CHUNK_WORDS: (u32, u32) = (8, 64);
/// Words of a chunk before its numbers: the chunk before it, the one after it, how many numbers it has room for.
const HEADER: u32 = 3;
const BEFORE: u32 = 0;
const AFTER: u32 = 1;
const ROOM: u32 = 2;
/// No chunk.
const NONE: u32 = u32::MAX;

/// The lists.
#[derive(Debug, Default)]
pub struct Chains {
    words: Vec<u32>,
    /// By person; people are numbered densely.
    tails: Vec<Tail>,
}

/// The newest chunk of a list.
#[derive(Clone, Copy, Debug)]
struct Tail {
    begins: u32,
    used: u16,
    room: u16,
}

/// A place in a list that holds a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    begins: u32,
    at: u32,
}

impl Chains {
    /// Appends a number to a person's list.
    pub fn push(&mut self, person: PersonId, number: u32) {
        if self.tails.len() <= person.index() {
            self.tails.resize(person.index() + 1, Tail { begins: NONE, used: 0, room: 0 });
        }
        if self.tails[person.index()].used == self.tails[person.index()].room {
            self.grow(person);
        }
        let tail = &mut self.tails[person.index()];
        self.words[(tail.begins + HEADER) as usize + usize::from(tail.used)] = number;
        tail.used += 1;
    }

    /// Where the first number stands of those at the end of a person's list that are not `before`.
    ///
    /// Whatever comes after a number that is not `before` must not be either.
    pub fn find(&self, person: PersonId, before: impl Fn(u32) -> bool) -> Option<Spot> {
        let tail = self.tails.get(person.index()).filter(|tail| tail.begins != NONE)?;
        let mut begins = tail.begins;
        while !before(self.word(begins, HEADER)) && self.word(begins, BEFORE) != NONE {
            begins = self.word(begins, BEFORE);
        }
        let first = (begins + HEADER) as usize;
        let numbers = &self.words[first..first + self.used(person, begins) as usize];
        let at = numbers.partition_point(|number| before(*number)) as u32;
        self.settle(person, Spot { begins, at })
    }

    /// The number that stands there.
    pub fn get(&self, spot: Spot) -> u32 {
        self.word(spot.begins, HEADER + spot.at)
    }

    /// Where the next number of the same person stands.
    pub fn next(&self, person: PersonId, spot: Spot) -> Option<Spot> {
        self.settle(person, Spot { at: spot.at + 1, ..spot })
    }

    /// What it keeps in memory, in bytes, about.
    pub fn bytes(&self) -> usize {
        size_of_val(self.words.as_slice()) + size_of_val(self.tails.as_slice())
    }

    /// A place behind the last number of a chunk is the first of the next one.
    fn settle(&self, person: PersonId, spot: Spot) -> Option<Spot> {
        if spot.at < self.used(person, spot.begins) {
            return Some(spot);
        }
        let after = self.word(spot.begins, AFTER);
        (after != NONE).then_some(Spot { begins: after, at: 0 })
    }

    fn used(&self, person: PersonId, begins: u32) -> u32 {
        let tail = self.tails[person.index()];
        if tail.begins == begins { u32::from(tail.used) } else { self.word(begins, ROOM) }
    }

    fn grow(&mut self, person: PersonId) {
        let tail = self.tails[person.index()];
        let words =
            if tail.begins == NONE { CHUNK_WORDS.0 } else { (2 * (u32::from(tail.room) + HEADER)).min(CHUNK_WORDS.1) };
        let (begins, room) = (self.words.len() as u32, words - HEADER);
        self.words.extend([tail.begins, NONE, room]);
        self.words.resize((begins + words) as usize, 0);
        if tail.begins != NONE {
            self.words[(tail.begins + AFTER) as usize] = begins;
        }
        self.tails[person.index()] = Tail { begins, used: 0, room: room as u16 };
    }

    fn word(&self, begins: u32, which: u32) -> u32 {
        self.words[(begins + which) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::Chains;
    use crate::sim::model::ids::PersonId;

    #[test]
    fn every_list_is_found_from_every_number_on() {
        let mut chains = Chains::default();
        // Three lists that grow at different speeds, and a person who has none.
        let whose = |number: u32| PersonId([0, 2, 2, 5, 2, 0, 2][number as usize % 7]);
        (0..2_000).for_each(|number| chains.push(whose(number), number));
        for person in (0..=6).map(PersonId) {
            for since in (0..2_001).step_by(13) {
                let wanted: Vec<u32> = (since..2_000).filter(|number| whose(*number) == person).collect();
                let first = chains.find(person, |number| number < since);
                let found: Vec<u32> = std::iter::successors(first, |spot| chains.next(person, *spot))
                    .map(|spot| chains.get(spot))
                    .collect();
                assert_eq!(found, wanted, "{person:?} since {since}");
            }
        }
    }

    #[test]
    fn a_list_takes_little_more_than_its_numbers() {
        let mut chains = Chains::default();
        (0..100_000).for_each(|number| chains.push(PersonId(number % 100), number));
        let bytes = chains.bytes();
        assert!(bytes < 4 * 100_000 * 5 / 4, "{bytes} bytes for 100,000 numbers");
    }
}
