//! Households: who lives with whom. People who follow each other in a row of `people:` live together, so many at a
//! time as the row says or as luck gives each home; a list may say it person by person.
//!
//! Deliberately not here: what people of one home do for each other; that is `contacts` and its relays.

use crate::sim::dice::{Seed, Share, Subject};
use crate::sim::model::ids::GroupId;
use crate::sim::plan::Cohort;
use crate::sim::plan::population::choose;

/// The group of those who live alone, made by a row that says who lives with whom.
pub const ALONE: &str = "alone";

/// How large the homes of a row are.
#[derive(Clone, Debug, Default)]
pub struct Households {
    /// Sizes and shares of homes that add up to the whole; empty if the row does not say.
    pub sizes: Vec<(u32, Share)>,
    /// The group of those who live alone, if the row says who lives with whom.
    pub alone: Option<GroupId>,
}

/// The homes of a row in order: the first person's offset, and how many live there. The last home may be a smaller one.
pub fn homes(seed: Seed, cohort: &Cohort) -> impl Iterator<Item = (u32, u32)> + '_ {
    let mut door = 0;
    std::iter::from_fn(move || {
        let left = cohort.count.checked_sub(door).filter(|left| *left > 0)?;
        let point = seed.pick(1_000_000, Subject::Household, u64::from(cohort.first.0 + door), 0) as u32;
        let drawn = choose(cohort.households.sizes.iter().copied(), point);
        let size = drawn.unwrap_or(cohort.contacts.household).clamp(1, left);
        door += size;
        Some((door - size, size))
    })
}

#[cfg(test)]
mod tests {
    use super::{Households, homes};
    use crate::sim::dice::Share;
    use crate::sim::plan::sample;

    #[test]
    fn homes_are_as_large_as_their_shares_say_and_everybody_lives_in_one() {
        let mut plan = sample::rent();
        let sizes = vec![(1, Share::from_ppm(400_000)), (3, Share::from_ppm(600_000))];
        plan.cohorts[0].households = Households { sizes, alone: None };
        let all: Vec<(u32, u32)> = homes(plan.seed, &plan.cohorts[0]).collect();
        let mut next = 0;
        for (door, size) in &all {
            assert_eq!(*door, next);
            next += size;
        }
        assert_eq!(next, 1_000);
        let alone = all.iter().filter(|home| home.1 == 1).count() as f64 / all.len() as f64;
        assert!((0.33..0.47).contains(&alone), "40 % of homes are of one, and {alone} were");
    }
}
