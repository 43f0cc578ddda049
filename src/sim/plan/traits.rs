//! Traits: what is true of a share of a cohort's people and matters only to some services.
//!
//! Drawn by keyed rolls when they are asked for, so that nobody pays for them in a plan that does not ask.

use crate::sim::dice::{Share, Subject};
use crate::sim::model::ids::{PersonId, RegionId};
use crate::sim::model::person::Person;
use crate::sim::plan::service::alert::Level;
use crate::sim::plan::{Cohort, Plan};

/// Shares of a cohort.
#[derive(Clone, Debug, Default)]
pub struct Traits {
    /// People whose phone is in somebody else's name.
    pub other_holder: Share,
    /// People who read a document after a reminder, of those who would not have read it.
    pub heeds: Share,
    /// People whose phone is from before 2019: it shows 90 characters of a cell broadcast and no more.
    pub old_phone: Share,
    /// People who have switched cell broadcasts of a level off, by `Level::index`.
    pub mutes: [Share; Level::COUNT],
    /// People who stand in a region now; who is in none of these shares is at home.
    pub stands: Vec<(RegionId, Share)>,
}

/// Whether a person's phone is in somebody else's name.
pub fn other_holder(plan: &Plan, person: PersonId) -> bool {
    let share = cohort(plan, person).map_or(Share::NONE, |cohort| cohort.traits.other_holder);
    plan.seed.happens(share, Subject::Holder, u64::from(person.0), 0)
}

/// Whether a person's phone is an old one.
pub fn old_phone(plan: &Plan, person: PersonId) -> bool {
    let share = cohort(plan, person).map_or(Share::NONE, |cohort| cohort.traits.old_phone);
    plan.seed.happens(share, Subject::PhoneAge, u64::from(person.0), 0)
}

/// Whether a person has switched cell broadcasts of this level off.
pub fn mutes(plan: &Plan, person: PersonId, level: Level) -> bool {
    let share = cohort(plan, person).map_or(Share::NONE, |cohort| cohort.traits.mutes[level.index()]);
    plan.seed.happens(share, Subject::Mutes, u64::from(person.0), level.index() as u64)
}

/// Where a person stands now: in the region of their luck, or at home.
pub fn stands_in(plan: &Plan, person: PersonId, who: &Person) -> Option<RegionId> {
    let rows = plan.cohorts.get(usize::from(who.cohort)).map_or(&[][..], |cohort| &cohort.traits.stands);
    if rows.is_empty() {
        return who.region;
    }
    let mut point = plan.seed.pick(1_000_000, Subject::Stands, u64::from(person.0), 0) as u32;
    for (region, share) in rows {
        if point < share.ppm() {
            return Some(*region);
        }
        point -= share.ppm();
    }
    who.region
}

fn cohort(plan: &Plan, person: PersonId) -> Option<&Cohort> {
    plan.cohort_of(person).map(|index| &plan.cohorts[index])
}

#[cfg(test)]
mod tests {
    use super::{other_holder, stands_in};
    use crate::sim::dice::Share;
    use crate::sim::model::ids::{PersonId, RegionId};
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;

    #[test]
    fn a_share_of_phones_is_in_another_name() {
        let mut plan = sample::rent();
        assert!((0..1_000).all(|id| !other_holder(&plan, PersonId(id))));
        plan.cohorts[0].traits.other_holder = Share::from_ppm(100_000);
        let others = (0..1_000).filter(|id| other_holder(&plan, PersonId(*id))).count();
        assert!((70..130).contains(&others), "10 % of 1,000 came out as {others}");
    }

    #[test]
    fn people_stand_at_home_unless_their_luck_is_elsewhere() {
        let mut plan = sample::rent();
        plan.regions = vec!["home".into(), "office".into()];
        plan.cohorts[0].regions = vec![(RegionId(0), Share::ALL)];
        let people = Population::of(&plan);
        let at_office = |plan: &_| {
            let stands = |id| stands_in(plan, PersonId(id), people.get(PersonId(id)).expect("a person"));
            (0..1_000).filter(|id| stands(*id) == Some(RegionId(1))).count()
        };
        assert_eq!(at_office(&plan), 0);
        plan.cohorts[0].traits.stands = vec![(RegionId(1), Share::from_ppm(300_000))];
        let there = at_office(&plan);
        assert!((250..350).contains(&there), "30 % of 1,000 came out as {there}");
    }
}
