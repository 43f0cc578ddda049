//! Credits 지급: a job goes through a list of people and calls the wallet for each, is killed, and goes on from its last
//! checkpoint.
//!
//! A checkpoint is the first place whose call has not been answered by "done"; what lies behind it is called for again
//! after a crash. So nobody is left out, and it is for the wallet's ledger, which knows a call by credit and person, to
//! see that nobody is granted twice. Deliberately not here: wallets and their balances, expiry of what was granted.

use std::collections::BTreeMap;

use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::service::call::Fate;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::{SimTime, Span};

/// One job a `credit:` line.
#[derive(Debug, Default)]
pub(in crate::sim::engine) struct Credits {
    jobs: Vec<Job>,
}

#[derive(Debug)]
struct Job {
    people: Vec<PersonId>,
    /// The next place to call for.
    next: u32,
    /// The place from which it would go on.
    saved: u32,
    /// How often it was killed; alarms of an earlier life do nothing.
    life: u32,
    running: bool,
    /// When this life began, and at which place.
    since: (SimTime, u32),
    /// Places that were called for without "done" yet: tries, and when the next one is due.
    open: BTreeMap<u32, (u8, SimTime)>,
    /// Who has it, one bit a place.
    credited: Vec<u64>,
}

impl Engine {
    /// At the beginning: every job's first call, crashes and resumptions.
    pub(super) fn plan_credits(&mut self) {
        let plan = self.plan.clone();
        for (of, credit) in plan.services.credits.iter().enumerate() {
            let of = of as u16;
            let people = self.listed(&credit.to);
            let credited = vec![0; people.len().div_ceil(64)];
            let since = (credit.at, 0);
            let (open, running) = (BTreeMap::new(), true);
            self.services.credits.jobs.push(Job { people, next: 0, saved: 0, life: 0, running, since, open, credited });
            self.agenda.set(credit.at, Alarm::Duty { duty: Duty::Credit, of, row: 0 });
            for crash in &credit.crashes {
                self.agenda.set(crash.at, Alarm::Duty { duty: Duty::Crash, of, row: 0 });
                if let Some(at) = crash.resumes {
                    self.agenda.set(at, Alarm::Duty { duty: Duty::Resume, of, row: 0 });
                }
            }
        }
    }

    /// The job calls for everybody who is due by now, and sets the alarm for the next.
    pub(super) fn credit_next(&mut self, of: u16, life: u32) {
        let plan = self.plan.clone();
        let credit = &plan.services.credits[usize::from(of)];
        loop {
            let job = self.job(of);
            let total = job.people.len() as u32;
            if !job.running || job.life != life || job.next >= total {
                return;
            }
            let due = job.since.0 + part(credit.over, job.next - job.since.1, total);
            if due > self.now {
                return self.agenda.set(due, Alarm::Duty { duty: Duty::Credit, of, row: life });
            }
            let place = job.next;
            let job = self.job_mut(of);
            job.next += 1;
            job.open.insert(place, (0, SimTime::NEVER));
            self.call_wallet(of, place);
            self.write_down(of, credit.checkpoint);
        }
    }

    /// The job calls again, if it is still the one that meant to.
    pub(super) fn credit_again(&mut self, of: u16, place: u32) {
        let (now, job) = (self.now, self.job(of));
        if job.running && job.open.get(&place).is_some_and(|(_, due)| *due == now) {
            self.call_wallet(of, place);
        }
    }

    /// The call is at the wallet.
    pub(super) fn credit(&mut self, of: u16, place: u32) {
        let plan = self.plan.clone();
        let credit = &plan.services.credits[usize::from(of)];
        let (person, counter) = (self.job(of).people[place as usize], credit.counter);
        let again = self.job_mut(of).mark(place);
        if again && credit.ledger {
            return self.tell_of(ServiceEvent::CreditRecognised { person, counter });
        }
        self.tell_of(ServiceEvent::Credited { person, counter, amount: credit.amount, again });
        if let Some(kind) = credit.notice {
            self.create(kind, person, None);
        }
    }

    /// The job is killed: what it knew beyond its last checkpoint is gone.
    pub(super) fn crash_job(&mut self, of: u16) {
        let counter = self.plan.services.credits[usize::from(of)].counter;
        let job = self.job_mut(of);
        if !job.running {
            return;
        }
        (job.running, job.life) = (false, job.life + 1);
        job.open.clear();
        let (called, saved) = (job.next, job.saved);
        self.tell_of(ServiceEvent::JobCrashed { counter, called, saved });
    }

    /// The job goes on from its last checkpoint.
    pub(super) fn resume_job(&mut self, of: u16) {
        let (now, credit) = (self.now, &self.plan.services.credits[usize::from(of)]);
        let (counter, at) = (credit.counter, credit.at);
        let job = self.job_mut(of);
        if job.running {
            return;
        }
        (job.running, job.next) = (true, job.saved);
        job.since = (now.max(at), job.saved);
        let (saved, life, at) = (job.saved, job.life, job.since.0);
        self.tell_of(ServiceEvent::JobResumed { counter, saved });
        self.agenda.set(at, Alarm::Duty { duty: Duty::Credit, of, row: life });
    }

    fn call_wallet(&mut self, of: u16, place: u32) {
        let job = self.job(of);
        let (person, tries) = (job.people[place as usize], job.open.get(&place).map_or(0, |open| open.0));
        // Lives and tries make one number; luck repeats itself after 16 of either.
        let round = (job.life as u8) << 4 | tries & 15;
        let key = u64::from(of) << 32 | u64::from(place);
        let patience = self.plan.sender.patience;
        match self.service_crosses(Network::Pay, Leg::Submit, person, key, round) {
            Fate::Arrives(Span::ZERO, _) => {
                self.credit(of, place);
                self.job_mut(of).open.remove(&place);
            }
            Fate::Arrives(later, fault) => {
                self.agenda.set(self.now + later, Alarm::Duty { duty: Duty::CreditArrives, of, row: place });
                self.credit_heard(of, place, later < patience, true, fault);
            }
            Fate::HeardLate(after, fault) => {
                self.credit(of, place);
                self.credit_heard(of, place, after < patience, true, Some(fault));
            }
            Fate::Unheard(fault) => {
                self.credit(of, place);
                self.credit_heard(of, place, false, true, Some(fault));
            }
            Fate::Refused(fault) | Fate::Broken(fault) | Fate::Silent(fault) | Fate::Held(fault) => {
                self.credit_heard(of, place, false, false, Some(fault));
            }
        }
    }

    /// The job is told "done" for a place, or will call again.
    fn credit_heard(&mut self, of: u16, place: u32, done: bool, taken: bool, fault: Option<FaultId>) {
        if done {
            self.job_mut(of).open.remove(&place);
            return;
        }
        let credit = &self.plan.services.credits[usize::from(of)];
        // A call that is repeated without a pause would be repeated for ever within one instant.
        let (counter, due) = (credit.counter, self.now + credit.retry.max(Span::from_secs(1)));
        let job = self.job_mut(of);
        let person = job.people[place as usize];
        let tries = job.open.get(&place).map_or(0, |open| open.0);
        job.open.insert(place, (tries.wrapping_add(1), due));
        self.tell_of(ServiceEvent::CreditFailed { person, counter, taken, fault });
        self.agenda.set(due, Alarm::Duty { duty: Duty::CreditAgain, of, row: place });
    }

    /// Every so many people the job writes down how far everything is done.
    fn write_down(&mut self, of: u16, checkpoint: u32) {
        let job = self.job_mut(of);
        if job.next.is_multiple_of(checkpoint.max(1)) {
            job.saved = job.open.keys().next().copied().unwrap_or(job.next).min(job.next);
        }
    }

    fn job(&self, of: u16) -> &Job {
        &self.services.credits.jobs[usize::from(of)]
    }

    fn job_mut(&mut self, of: u16) -> &mut Job {
        &mut self.services.credits.jobs[usize::from(of)]
    }
}

impl Job {
    /// Marks a place as granted; `true` if it was before.
    fn mark(&mut self, place: u32) -> bool {
        let (word, bit) = (place as usize / 64, 1_u64 << (place % 64));
        let before = self.credited[word] & bit != 0;
        self.credited[word] |= bit;
        before
    }
}

/// The time that so many of all people take, of a line that takes `over` for all.
fn part(over: Span, places: u32, total: u32) -> Span {
    let micros = u128::from(over.micros()) * u128::from(places) / u128::from(total.max(1));
    Span::from_micros(micros as u64)
}
