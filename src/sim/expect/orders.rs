//! Orders: what became of each notice that somebody wanted to pay, one row a notice.
//!
//! Three books of one payment: the person's money (truth), the agency's entry (belief), and the receipt on the
//! person's phone. A receipt does not say which payment it is for: when the run is over, a person's receipts of one kind
//! are put to that person's booked payments one by one, oldest first.

use std::collections::BTreeMap;

use crate::sim::expect::ledger::{Ledger, keep};
use crate::sim::expect::record::Moment;
use crate::sim::model::ids::{KindId, NoticeId, PersonId};
use crate::sim::plan::service::payment::Payment;
use crate::sim::time::SimTime;

/// A notice that somebody wanted to pay.
#[derive(Clone, Copy, Debug)]
pub(super) struct OrderRow {
    /// First asked.
    pub(super) at: Moment,
    /// Money first moved.
    pub(super) paid: Moment,
    /// The receipt was first shown; known after `Ledger::settle`.
    pub(super) receipt: Moment,
    pub(super) notice: NoticeId,
    pub(super) person: PersonId,
    /// Won that moved, all times together.
    pub(super) taken: u64,
    /// Won in the agency's books.
    pub(super) booked: u64,
    /// How often money moved.
    pub(super) times: u16,
}

impl Ledger {
    /// Somebody asked to pay.
    pub(super) fn asked_to_pay(&mut self, at: SimTime, notice: NoticeId, person: PersonId) {
        self.order(at, notice, person);
    }

    /// Money moved.
    pub(super) fn money_moved(&mut self, at: SimTime, notice: NoticeId, person: PersonId, amount: u32) {
        let Some(row) = self.order(at, notice, person) else { return };
        row.taken += u64::from(amount);
        row.times = row.times.saturating_add(1);
        if row.paid.is_never() {
            row.paid = Moment::at(at);
        }
    }

    /// The agency has it in its books.
    pub(super) fn booked_as_paid(&mut self, at: SimTime, notice: NoticeId, person: PersonId, amount: u32) {
        if let Some(row) = self.order(at, notice, person) {
            row.booked += u64::from(amount);
        }
    }

    /// Puts receipts to their orders; once, after the last event.
    pub(super) fn match_receipts(&mut self) {
        let mut receipts: BTreeMap<(PersonId, KindId), Vec<Moment>> = BTreeMap::new();
        let kinds: Vec<KindId> = self.plan.services.payments.iter().filter_map(|payment| payment.receipt).collect();
        for view in self.views().filter(|view| view.notice.reply && kinds.contains(&view.notice.kind())) {
            let shown = view.shown_at().map_or(Moment::NEVER, |(at, _)| Moment::at(at));
            receipts.entry((view.notice.person(), view.notice.kind())).or_default().push(shown);
        }
        for sent in receipts.values_mut() {
            sent.reverse();
        }
        let plan = self.plan.clone();
        let mut orders = std::mem::take(&mut self.orders);
        for order in orders.iter_mut().filter(|order| order.booked > 0) {
            let Some(pays) = self.view(order.notice).and_then(|bill| {
                let fits = |row: &&Payment| row.from.is_none_or(|from| from == bill.notice.kind());
                plan.services.payments.iter().find(fits)
            }) else {
                continue;
            };
            let sent = pays.receipt.and_then(|kind| receipts.get_mut(&(order.person, kind)));
            order.receipt = sent.and_then(Vec::pop).unwrap_or(Moment::NEVER);
        }
        self.orders = orders;
    }

    fn order(&mut self, at: SimTime, notice: NoticeId, person: PersonId) -> Option<&mut OrderRow> {
        let next = self.orders.len();
        let row = *self.order_of.entry(notice).or_insert(next);
        if row == next {
            let new = OrderRow {
                at: Moment::at(at),
                paid: Moment::NEVER,
                receipt: Moment::NEVER,
                notice,
                person,
                taken: 0,
                booked: 0,
                times: 0,
            };
            keep(&mut self.orders, &mut self.dropped, new);
        }
        self.orders.get_mut(row)
    }
}
