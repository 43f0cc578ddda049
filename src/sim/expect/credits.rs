//! Credits: what became of each job for each person whom it is for.
//!
//! The set is made from the plan, not from events: somebody whom the job forgot is in it.

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::record::Moment;
use crate::sim::expect::rows::CountRow;
use crate::sim::model::ids::{CounterId, PersonId};
use crate::sim::time::SimTime;

/// What a person has of a job.
#[derive(Clone, Copy, Debug)]
pub(super) struct Credit {
    first: Moment,
    won: u32,
    times: u16,
}

impl Ledger {
    /// It is in the wallet: it also counts on the counter of its name.
    pub(super) fn credited(&mut self, at: SimTime, person: PersonId, counter: CounterId, amount: u32) {
        let new = Credit { first: Moment::at(at), won: 0, times: 0 };
        let credit = self.credits.entry((counter, person)).or_insert(new);
        credit.won = credit.won.saturating_add(amount);
        credit.times = credit.times.saturating_add(1);
        let again = credit.times > 1;
        self.tallies.counted(counter);
        keep(&mut self.counts, &mut self.dropped, CountRow { at: Moment::at(at), person, amount, counter, again });
    }

    /// Adds a row for everybody whom a job is for; once, after the last event.
    pub(super) fn close_credits(&mut self) {
        let (plan, people) = (self.plan.clone(), self.people.clone());
        for job in &plan.services.credits {
            let first = job.to.first.0;
            for person in (first..first.saturating_add(job.to.count)).map(PersonId) {
                if !people.get(person).is_some_and(|who| job.to.has(who)) {
                    continue;
                }
                let mut row = DeedRow::new(Deed::Credit, person, job.counter.0, Moment::at(job.at));
                if let Some(credit) = self.credits.get(&(job.counter, person)) {
                    (row.done, row.amount, row.times) = (credit.first, credit.won, credit.times);
                }
                keep(&mut self.deeds, &mut self.dropped, row);
            }
        }
    }
}
