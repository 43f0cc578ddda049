//! The balance: what moved, or was asked for by a press, against what stands in the agency's books.
//!
//! Truth on one side: money that moved, presses that people made. Books on the other: payments that the agency was told
//! of, counts of the desk. A notice that nobody answered is open, and its books have to be empty. The gap of each
//! person is what the two sides differ by; it is zero where nothing was lost, counted twice or written down wrongly.

use std::collections::{BTreeMap, BTreeSet};

use crate::sim::expect::deed::{Deed, DeedRow};
use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::record::Moment;
use crate::sim::model::ids::{ButtonId, KindId, NoticeId, PersonId};
use crate::sim::plan::render;
use crate::sim::plan::{DeskRule, Trigger};

/// Two sides of one person's account, in won.
#[derive(Clone, Copy, Debug)]
struct Account {
    at: Moment,
    truth: u64,
    books: u64,
}

impl Ledger {
    /// Adds a row for every person who has an account; once, after the last event.
    pub(super) fn balance(&mut self) {
        let mut rows: Vec<DeedRow> =
            self.desk_accounts().iter().map(|(person, account)| account.row(*person)).collect();
        for order in self.orders.iter().filter(|order| order.times > 0 || order.booked > 0) {
            let account = Account { at: order.at, truth: order.taken, books: order.booked };
            rows.push(account.row(order.person));
        }
        for row in rows {
            keep(&mut self.deeds, &mut self.dropped, row);
        }
    }

    /// One account for everybody who got a notice with an amount that a rule of the desk counts.
    fn desk_accounts(&self) -> BTreeMap<PersonId, Account> {
        let plan = self.plan.clone();
        let amount = |kind: KindId, person: PersonId| u64::from(render::amount(&plan, kind, person));
        let mut accounts: BTreeMap<PersonId, Account> = BTreeMap::new();
        for view in self.views().filter(|view| plan.desk.iter().any(|rule| books(rule, view.notice.kind()).is_some())) {
            let person = view.notice.person();
            if view.shown_at().is_some() && amount(view.notice.kind(), person) > 0 {
                let new = Account { at: view.notice.created, truth: 0, books: 0 };
                accounts.entry(person).or_insert(new);
            }
        }
        let mut answered: BTreeSet<NoticeId> = BTreeSet::new();
        for press in &self.presses {
            let Some(kind) = self.view(press.notice).map(|view| view.notice.kind()) else { continue };
            let counts = plan.desk.iter().any(|rule| books(rule, kind) == Some(press.button));
            if let Some(account) = accounts.get_mut(&press.person).filter(|_| counts && answered.insert(press.notice)) {
                account.truth += amount(kind, press.person);
            }
        }
        for count in &self.counts {
            if let Some(account) = accounts.get_mut(&count.person) {
                account.books += u64::from(count.amount);
            }
        }
        accounts
    }
}

impl Account {
    fn row(self, person: PersonId) -> DeedRow {
        let gap = u32::try_from(self.truth.abs_diff(self.books)).unwrap_or(u32::MAX);
        DeedRow { amount: gap, ..DeedRow::new(Deed::Balance, person, 0, self.at) }
    }
}

/// The button with which this rule counts answers to a kind of notice, if it does.
fn books(rule: &DeskRule, kind: KindId) -> Option<ButtonId> {
    match rule.when {
        Trigger::Press(button) if rule.count.is_some() && rule.from.is_none_or(|from| from == kind) => Some(button),
        Trigger::Press(_) | Trigger::Say(_) | Trigger::Follow(_) | Trigger::Leave(_) | Trigger::Reaches(..) => None,
    }
}
