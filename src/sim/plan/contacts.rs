//! Contacts: who knows whom. Generated, keyed and symmetric: if one knows another, the other knows the one.
//!
//! Acquaintance is a ring. A person who has `n` contacts lays `n / 2` stubs on it, each at a place of its own luck, and
//! knows the two neighbours of every stub. So the number of contacts is what the file says (a few less where a
//! neighbour is met twice), somebody with many contacts knows above all people with few, and one more person in the
//! file changes nobody's contacts but those of the neighbours that they came between. Households come on top: people
//! who follow each other in a row of `people:` live together, so many at a time.
//!
//! Deliberately not here: friendship with a channel, distance, and anything that changes while the run goes on.

use crate::sim::dice::{Seed, Subject};
use crate::sim::model::ids::PersonId;
use crate::sim::plan::households::homes;
use crate::sim::plan::{Cohort, Plan};

/// Most stubs that a plan's people may lay: what keeps the ring at some 400 MB.
pub const STUBS_MAX: u64 = 50_000_000;

/// What a row of `people:` says about contacts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acquaintance {
    /// People of one home; 0 and 1 are the same.
    pub household: u32,
    /// Contacts beside those; an even number.
    pub others: u32,
}

/// Who knows whom in a plan.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    /// Whose stub lies where on the ring.
    ring: Vec<PersonId>,
    /// Every stub's place on the ring, in order of person and stub.
    places: Vec<u32>,
    /// Each cohort's first stub in `places`.
    first: Vec<u64>,
    /// Each cohort's homes, by the door they share; the order is that of people within a home.
    homes: Vec<Homes>,
}

/// Who of a cohort lives behind which door.
#[derive(Clone, Debug)]
enum Homes {
    /// People who follow each other: the first person of each home, by offset.
    Doors(Vec<u32>),
    /// Everybody of a list who lives with somebody: household and offset, sorted.
    Listed(Vec<(u32, u32)>),
}

impl Contacts {
    /// The contacts of a plan's people.
    pub fn of(plan: &Plan) -> Contacts {
        let mut stubs: Vec<(u64, PersonId, u32)> = Vec::new();
        let (mut first, mut homes) = (Vec::new(), Vec::new());
        for cohort in &plan.cohorts {
            homes.push(Homes::of(plan.seed, cohort));
            first.push(stubs.len() as u64);
            for id in cohort.first.0..cohort.first.0 + cohort.count {
                for stub in 0..cohort.contacts.others / 2 {
                    stubs.push((place(plan.seed, id, stub), PersonId(id), stub));
                }
            }
        }
        let mut order: Vec<u32> = (0..stubs.len() as u32).collect();
        order.sort_unstable_by_key(|stub| stubs[*stub as usize]);
        let mut places = vec![0; stubs.len()];
        for (at, stub) in order.iter().enumerate() {
            places[*stub as usize] = at as u32;
        }
        Contacts { ring: order.iter().map(|stub| stubs[*stub as usize].1).collect(), places, first, homes }
    }

    /// Everybody that a person knows, in order of id.
    pub fn known_to(&self, plan: &Plan, person: PersonId) -> Vec<PersonId> {
        let Some(index) = plan.cohort_of(person) else { return Vec::new() };
        let cohort = &plan.cohorts[index];
        let offset = person.0 - cohort.first.0;
        let stubs = u64::from(cohort.contacts.others / 2);
        let from = self.first[index] + u64::from(offset) * stubs;
        let mut known = Vec::new();
        for stub in from..from + stubs {
            let (at, all) = (self.places[stub as usize] as usize, self.ring.len());
            known.extend([self.ring[(at + all - 1) % all], self.ring[(at + 1) % all]]);
        }
        known.extend(self.homes[index].with(offset, cohort).into_iter().map(|at| PersonId(cohort.first.0 + at)));
        known.retain(|one| *one != person);
        known.sort_unstable();
        known.dedup();
        known
    }
}

impl Homes {
    fn of(seed: Seed, cohort: &Cohort) -> Homes {
        if cohort.listed.iter().any(|row| row.household > 0) {
            let mut all: Vec<(u32, u32)> = (0..).zip(&cohort.listed).map(|(at, row)| (row.household, at)).collect();
            all.retain(|row| row.0 > 0);
            all.sort_unstable();
            return Homes::Listed(all);
        }
        Homes::Doors(homes(seed, cohort).map(|home| home.0).collect())
    }

    /// Offsets of everybody in somebody's home, themselves too.
    fn with(&self, offset: u32, cohort: &Cohort) -> Vec<u32> {
        match self {
            Homes::Doors(doors) => {
                let next = doors.partition_point(|door| *door <= offset);
                let end = doors.get(next).copied().unwrap_or(cohort.count);
                (doors[next - 1]..end).collect()
            }
            Homes::Listed(all) => {
                let home = cohort.listed[offset as usize].household;
                let from = all.partition_point(|row| row.0 < home);
                all[from..].iter().take_while(|row| row.0 == home && home > 0).map(|row| row.1).collect()
            }
        }
    }
}

/// Where a person's stub lies.
fn place(seed: Seed, person: u32, stub: u32) -> u64 {
    seed.roll(Subject::Contacts, u64::from(person), u64::from(stub))
}

#[cfg(test)]
mod tests {
    use super::{Acquaintance, Contacts};
    use crate::sim::model::ids::PersonId;
    use crate::sim::plan::sample;
    use crate::sim::plan::{Listed, Plan};

    fn plan(count: u32, household: u32, others: u32) -> Plan {
        let mut plan = sample::rent();
        plan.cohorts[0].count = count;
        plan.cohorts[0].contacts = Acquaintance { household, others };
        plan
    }

    #[test]
    fn whoever_is_known_knows() {
        let plan = plan(1_000, 3, 8);
        let contacts = Contacts::of(&plan);
        let known: Vec<Vec<PersonId>> = (0..1_000).map(|id| contacts.known_to(&plan, PersonId(id))).collect();
        for (id, all) in known.iter().enumerate() {
            let me = PersonId(id as u32);
            assert!(!all.contains(&me), "{id} knows themselves");
            assert!(all.iter().all(|other| known[other.index()].contains(&me)), "{id}: {all:?}");
        }
        let ties: usize = known.iter().map(Vec::len).sum();
        assert!((9_700..=10_000).contains(&ties), "8 others and 2 of the household each came to {ties} of 10,000");
    }

    #[test]
    fn a_home_is_known_and_a_hermit_knows_nobody() {
        let home = plan(7, 3, 0);
        let contacts = Contacts::of(&home);
        assert_eq!(contacts.known_to(&home, PersonId(1)), [PersonId(0), PersonId(2)]);
        assert_eq!(contacts.known_to(&home, PersonId(6)), []);
        let alone = plan(5, 0, 0);
        assert_eq!(Contacts::of(&alone).known_to(&alone, PersonId(2)), []);
        assert_eq!(Contacts::of(&alone).known_to(&alone, PersonId(99)), []);
    }

    #[test]
    fn a_list_says_who_lives_together() {
        let mut listed = plan(4, 1, 0);
        listed.cohorts[0].listed = [7, 0, 7, 0].map(|household| Listed { household, ..Listed::plain() }).into();
        let contacts = Contacts::of(&listed);
        let known = [0, 1, 2].map(|id| contacts.known_to(&listed, PersonId(id)));
        assert_eq!(known, [vec![PersonId(2)], vec![], vec![PersonId(0)]]);
    }

    #[test]
    fn one_more_person_moves_only_their_neighbours() {
        let (less, more) = (plan(500, 1, 6), plan(501, 1, 6));
        let (before, after) = (Contacts::of(&less), Contacts::of(&more));
        let moved = (0..500).filter(|id| before.known_to(&less, PersonId(*id)) != after.known_to(&more, PersonId(*id)));
        let moved = moved.count();
        assert!((1..=6).contains(&moved), "{moved} people have other contacts");
    }
}
