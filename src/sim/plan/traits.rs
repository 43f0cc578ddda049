//! Traits: what is true of a share of a cohort's people and matters only to some services.
//!
//! Drawn by keyed rolls when they are asked for, so that nobody pays for them in a plan that does not ask.

use crate::sim::dice::{Share, Spread, Subject};
use crate::sim::model::ids::{PersonId, RegionId};
use crate::sim::model::person::Person;
use crate::sim::plan::Plan;
use crate::sim::plan::service::alert::Level;
use crate::sim::time::Span;

/// Shares of a cohort.
#[derive(Clone, Debug, Default)]
pub struct Traits {
    /// What becomes of their phones' receipts.
    pub receipts: Receipts,
    /// People who have moved away: what is posted to them comes back.
    pub moved: Share,
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

/// What becomes of the receipts of people's phones, whoever plays them.
#[derive(Clone, Debug, Default)]
pub struct Receipts {
    /// So much later than the medium's own.
    pub late: Option<Spread>,
    /// Share that never reaches the platform.
    pub lost: Share,
}

/// What becomes of a receipt: how much later it comes than the medium says, or `None` when it is lost. `what` tells
/// a person's receipts apart.
pub fn receipt(plan: &Plan, person: PersonId, what: u64) -> Option<Span> {
    let Some(Receipts { late, lost }) = plan.traits_of(person).map(|traits| &traits.receipts) else {
        return Some(Span::ZERO);
    };
    let who = u64::from(person.0);
    if plan.seed.happens(*lost, Subject::ReceiptLost, who, what) {
        return None;
    }
    Some(late.as_ref().map_or(Span::ZERO, |late| late.at(plan.seed.roll(Subject::ReceiptLate, who, what))))
}

/// Whether a person has moved away.
pub fn moved(plan: &Plan, person: PersonId) -> bool {
    let share = plan.traits_of(person).map_or(Share::NONE, |traits| traits.moved);
    plan.seed.happens(share, Subject::Moved, u64::from(person.0), 0)
}

/// Whether a person's phone is in somebody else's name.
pub fn other_holder(plan: &Plan, person: PersonId) -> bool {
    let share = plan.traits_of(person).map_or(Share::NONE, |traits| traits.other_holder);
    plan.seed.happens(share, Subject::Holder, u64::from(person.0), 0)
}

/// Whether a person's phone is an old one.
pub fn old_phone(plan: &Plan, person: PersonId) -> bool {
    let share = plan.traits_of(person).map_or(Share::NONE, |traits| traits.old_phone);
    plan.seed.happens(share, Subject::PhoneAge, u64::from(person.0), 0)
}

/// Whether a person has switched cell broadcasts of this level off.
pub fn mutes(plan: &Plan, person: PersonId, level: Level) -> bool {
    let share = plan.traits_of(person).map_or(Share::NONE, |traits| traits.mutes[level.index()]);
    plan.seed.happens(share, Subject::Mutes, u64::from(person.0), level.index() as u64)
}

/// Where a person stands now: in the region of their luck, or at home.
pub fn stands_in(plan: &Plan, person: PersonId, who: &Person) -> Option<RegionId> {
    let rows = plan.traits_of(person).map_or(&[][..], |traits| &traits.stands);
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
