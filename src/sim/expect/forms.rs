//! Forms: what became of what each person sent to an intake.
//!
//! A person counts as answered by whatever came first: the page that said so, or the first notice on their phone.

use std::collections::BTreeMap;

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::record::Moment;
use crate::sim::expect::rows::CountRow;
use crate::sim::model::ids::{CounterId, KindId, PersonId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::SimTime;

/// What a person sent to an intake, and what came of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    first: Moment,
    opened: Moment,
    answered: Moment,
    /// How often the form was sent.
    times: u16,
    /// How many cases it became.
    cases: u16,
}

impl Ledger {
    /// A person sent a form, or something came of it.
    pub(super) fn filed(&mut self, at: SimTime, person: PersonId, counter: CounterId, event: ServiceEvent) {
        let now = Moment::at(at);
        let new = Sent { first: now, opened: Moment::NEVER, answered: Moment::NEVER, times: 0, cases: 0 };
        let sent = self.forms.entry((counter, person)).or_insert(new);
        if let ServiceEvent::FormSent { .. } = event {
            sent.times = sent.times.saturating_add(1);
        }
        if let ServiceEvent::CaseOpened { again, .. } = event {
            self.tallies.counted(counter);
            let row = CountRow { at: now, person, amount: 0, counter, again };
            keep(&mut self.counts, &mut self.dropped, row);
            sent.cases = sent.cases.saturating_add(1);
            if sent.opened.is_never() {
                sent.opened = now;
            }
        }
        if matches!(event, ServiceEvent::FormAnswered { .. }) && sent.answered.is_never() {
            sent.answered = now;
        }
    }

    /// Adds two rows for everybody who sent a form; once, after the last event.
    pub(super) fn close_forms(&mut self) {
        let told = self.first_told();
        let forms = std::mem::take(&mut self.forms);
        for ((counter, person), sent) in &forms {
            let case = DeedRow {
                done: sent.opened,
                amount: u32::from(sent.times),
                times: sent.cases,
                ..DeedRow::new(Deed::Form, *person, counter.0, sent.first)
            };
            let notice = told.get(&(*counter, *person)).copied();
            let page = sent.answered.time();
            let first = page.into_iter().chain(notice).min().map_or(Moment::NEVER, Moment::at);
            let answer = DeedRow { done: first, ..DeedRow::new(Deed::Answer, *person, counter.0, sent.first) };
            keep(&mut self.deeds, &mut self.dropped, case);
            keep(&mut self.deeds, &mut self.dropped, answer);
        }
        self.forms = forms;
    }

    /// When each person's phone first showed the first notice of an intake.
    fn first_told(&self) -> BTreeMap<(CounterId, PersonId), SimTime> {
        let intakes = self.plan.services.intakes.iter();
        let kinds: Vec<(KindId, CounterId)> =
            intakes.filter_map(|intake| Some((intake.stages.first()?.tell, intake.counter))).collect();
        let mut told: BTreeMap<(CounterId, PersonId), SimTime> = BTreeMap::new();
        if kinds.is_empty() {
            return told;
        }
        for view in self.views() {
            let Some((at, _)) = view.shown_at() else { continue };
            for (_, counter) in kinds.iter().filter(|(kind, _)| *kind == view.notice.kind()) {
                let first = told.entry((*counter, view.notice.person())).or_insert(at);
                *first = (*first).min(at);
            }
        }
        told
    }
}
