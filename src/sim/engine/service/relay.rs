//! Relays 전달: people pass a message on to those they know, as a message of their own.
//!
//! Everybody passes on once a row. Their word crosses to the platform like any word of a phone; what the contacts get
//! is a notice like others, only that it comes from somebody they know: nobody has to be a friend of the channel for it.

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::service::crossing::Crossed;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{FaultId, NoticeId, PersonId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::plan::Plan;
use crate::sim::plan::contacts::Contacts;
use crate::sim::plan::service::relay::Moves;

/// Who knows whom, and who has passed on already.
#[derive(Clone, Debug, Default)]
pub struct Relays {
    contacts: Contacts,
    /// One bit a person for each row.
    done: Vec<Vec<u64>>,
}

impl Relays {
    /// The relays of a plan; a plan without any knows no contacts.
    pub fn new(plan: &Plan) -> Relays {
        let rows = plan.services.relays.len();
        if rows == 0 {
            return Relays::default();
        }
        let words = (plan.everyone() as usize).div_ceil(64);
        Relays { contacts: Contacts::of(plan), done: vec![vec![0; words]; rows] }
    }

    /// Marks a person; `false` if they were marked before.
    fn mark(&mut self, row: usize, person: PersonId) -> bool {
        let (word, bit) = (&mut self.done[row][person.index() / 64], 1_u64 << (person.0 % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}

impl Engine {
    /// A person has read or pressed something, and may pass it on.
    pub(in crate::sim::engine) fn moved(&mut self, ix: AttemptIx, by: Moves) {
        if self.plan.services.relays.is_empty() {
            return;
        }
        let plan = self.plan.clone();
        let id = self.attempt(ix).notice;
        let notice = *self.notice(id);
        for (of, relay) in plan.services.relays.iter().enumerate() {
            let key = row_key(of, notice.person);
            let fits = relay.when == by && relay.passes.contains(&notice.kind) && notice.hops < relay.hops_max;
            if fits
                && self.belongs(&relay.by, notice.person)
                && plan.seed.happens(relay.share, Subject::Relays, key, 0)
                && self.relays.mark(of, notice.person)
            {
                let after = relay.after.at(plan.seed.roll(Subject::Relays, key, 1));
                self.agenda.set(self.now + after, Alarm::Duty { duty: Duty::Relay, of: of as u16, row: id.0 });
            }
        }
    }

    /// The message is about to be passed on.
    pub(super) fn relay(&mut self, of: u16, notice: NoticeId) {
        let person = self.notice(notice).person;
        let alarm = |duty| Alarm::Duty { duty, of, row: notice.0 };
        let key = 1 << 63 | row_key(usize::from(of), person);
        match self.phone_tells(person, key, alarm(Duty::Relay), alarm(Duty::RelayArrives)) {
            Crossed::Now => self.relay_arrives(of, notice),
            Crossed::Later => {}
            Crossed::Lost(fault) => self.relay_lost(notice, fault),
        }
    }

    /// The platform has it: everybody whom it is for gets a notice.
    pub(super) fn relay_arrives(&mut self, of: u16, notice: NoticeId) {
        let plan = self.plan.clone();
        let relay = &plan.services.relays[usize::from(of)];
        let (person, hops) = (self.notice(notice).person, self.notice(notice).hops + 1);
        for to in self.chosen(of, person, relay.contacts) {
            let Some(next) = self.pass_to(relay.kind, to, hops) else { return };
            let hops = u32::from(hops);
            self.emit(EventKind::Service(ServiceEvent::Relayed { person, to, notice: next, hops }));
            self.start_leg(next);
        }
    }

    pub(super) fn relay_lost(&mut self, notice: NoticeId, fault: Option<FaultId>) {
        let person = self.notice(notice).person;
        self.emit(EventKind::Service(ServiceEvent::RelayLost { person, fault }));
    }

    /// So many of a person's contacts, those that come first to their mind.
    fn chosen(&self, of: u16, person: PersonId, count: Option<u32>) -> Vec<PersonId> {
        let mut known = self.relays.contacts.known_to(&self.plan, person);
        if let Some(count) = count.filter(|count| (*count as usize) < known.len()) {
            let key = row_key(usize::from(of), person);
            known.sort_by_key(|to| (self.plan.seed.roll(Subject::Relays, key, 2 + u64::from(to.0)), *to));
            known.truncate(count as usize);
        }
        known
    }
}

fn row_key(of: usize, person: PersonId) -> u64 {
    (of as u64) << 32 | u64::from(person.0)
}
