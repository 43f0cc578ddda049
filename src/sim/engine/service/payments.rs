//! Payments 결제: a person presses "pay"; the payment platform is asked, takes the money, answers the person's page and
//! tells the agency, which sends a receipt. Each of these can fail alone, and none of them is a message.
//!
//! The payment's page travels on no session of the messenger: a bill that has arrived can be paid while the messenger
//! is away, and a receipt has to find its own way. A person who is not answered gives up after a while and asks again,
//! unless the receipt has come in the meantime. Deliberately not here: cards and limits, refunds, what a bank does.

use std::collections::BTreeMap;

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::service::call::Fate;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::event::Leg;
use crate::sim::model::ids::{ButtonId, FaultId, NoticeId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::model::service::ServiceEvent;
use crate::sim::plan::render;
use crate::sim::plan::service::payment::Payment;
use crate::sim::time::Span;

/// What has been asked for, one row a notice that was pressed.
#[derive(Debug, Default)]
pub(in crate::sim::engine) struct Payments {
    orders: Vec<Order>,
    /// The row of each notice.
    by_notice: BTreeMap<NoticeId, u32>,
}

#[derive(Clone, Copy, Debug)]
struct Order {
    notice: NoticeId,
    person: PersonId,
    /// Row of `payments:`.
    of: u16,
    /// How often the person has asked.
    round: u8,
    /// How often money moved.
    taken: u8,
    /// The page of this round is open and says nothing yet.
    waiting: bool,
    /// The person saw that it is paid.
    confirmed: bool,
    /// How often word of it has been on its way to the agency.
    reports: u8,
    /// The agency has it in its books.
    booked: bool,
    /// The receipt, once it is sent.
    receipt: Option<NoticeId>,
    /// The fault that the last round met.
    fault: Option<FaultId>,
    /// So much later than it should the answer to this round comes.
    answer_after: Option<Span>,
}

impl Engine {
    /// A button was pressed, by whoever plays the phone: if it pays, the payment platform is asked.
    pub(in crate::sim::engine) fn press_pays(&mut self, ix: AttemptIx, button: ButtonId) {
        let notice = self.attempt(ix).notice;
        let kind = self.notice(notice).kind;
        let fits = |row: &Payment| row.button == button && row.from.is_none_or(|from| from == kind);
        let Some(of) = self.plan.services.payments.iter().position(fits) else { return };
        let person = self.notice(notice).person;
        let rows = &mut self.services.payments;
        let next = rows.orders.len() as u32;
        let row = *rows.by_notice.entry(notice).or_insert(next);
        if row == next {
            rows.orders.push(Order {
                notice,
                person,
                of: of as u16,
                round: 0,
                taken: 0,
                waiting: false,
                confirmed: false,
                reports: 0,
                booked: false,
                receipt: None,
                fault: None,
                answer_after: None,
            });
        }
        self.ask_to_pay(row);
    }

    /// Platform and agency compare their books from time to time.
    pub(super) fn plan_settlements(&mut self) {
        let plan = self.plan.clone();
        for (of, payment) in plan.services.payments.iter().enumerate() {
            if let Some(every) = payment.settles {
                self.settle_after(every, of as u16);
            }
        }
    }

    /// The person asks, unless it is paid as far as they know, or they are asking already.
    pub(super) fn ask_to_pay(&mut self, row: u32) {
        let order = *self.order(row);
        if order.waiting || order.confirmed || order.round == u8::MAX || self.receipt_has_shown(row) {
            return;
        }
        let round = order.round + 1;
        let now = self.now;
        let order = self.order_mut(row);
        (order.round, order.waiting, order.fault, order.answer_after) = (round, true, None, None);
        let (person, notice) = (order.person, order.notice);
        self.tell_of(ServiceEvent::PaymentAsked { person, notice, round: u32::from(round) });
        let (takes, patience) = {
            let payment = self.payment_of(row);
            let bits = self.plan.seed.roll(Subject::Payment, u64::from(notice.0), u64::from(round));
            (payment.takes.at(bits), payment.patience)
        };
        let arrives =
            |later: Span| (now + takes + later, Alarm::Duty { duty: Duty::PayTake, of: u16::from(round), row });
        let fate = self.person_calls(Network::Pay, person, u64::from(notice.0), round);
        let alarm = match fate {
            Fate::Arrives(later, fault) => {
                self.order_mut(row).fault = fault;
                Some(arrives(later))
            }
            Fate::Unheard(fault) => {
                self.page_fails(row, true, Some(fault));
                Some(arrives(Span::ZERO))
            }
            Fate::HeardLate(after, fault) => {
                let order = self.order_mut(row);
                (order.fault, order.answer_after) = (Some(fault), Some(after));
                Some(arrives(Span::ZERO))
            }
            Fate::Refused(fault) => {
                self.order_mut(row).waiting = false;
                self.tell_of(ServiceEvent::PaymentRefused { person, notice, fault: Some(fault) });
                self.ask_again_later(row);
                None
            }
            Fate::Broken(fault) => {
                self.page_fails(row, false, Some(fault));
                None
            }
            Fate::Silent(fault) | Fate::Held(fault) => {
                self.order_mut(row).fault = Some(fault);
                None
            }
        };
        if let Some((at, alarm)) = alarm {
            self.agenda.set(at, alarm);
        }
        if self.order(row).waiting {
            self.agenda.set(now + patience, Alarm::Duty { duty: Duty::PayPatience, of: u16::from(round), row });
        }
    }

    /// The request is at the platform: money moves, unless it is a repeat that the platform knows.
    pub(super) fn take_payment(&mut self, row: u32, round: u16) {
        let order = *self.order(row);
        if order.taken == 0 || !self.payment_of(row).idempotent {
            let taken = order.taken.saturating_add(1);
            self.order_mut(row).taken = taken;
            let amount = self.amount_of(row);
            let (person, notice) = (order.person, order.notice);
            self.tell_of(ServiceEvent::PaymentAuthorised { person, notice, amount, round: u32::from(taken) });
            self.report_payment(row);
        }
        let key = u64::from(order.notice.0);
        match self.service_crosses(Network::Pay, Leg::Deliver, order.person, key, round as u8) {
            Fate::Arrives(later, fault) => {
                let order = self.order_mut(row);
                order.fault = fault.or(order.fault);
                let later = later + order.answer_after.unwrap_or_default();
                let heard = Alarm::Duty { duty: Duty::PayHeard, of: round, row };
                self.agenda.set(self.now + later, heard);
            }
            Fate::Unheard(fault)
            | Fate::HeardLate(_, fault)
            | Fate::Refused(fault)
            | Fate::Broken(fault)
            | Fate::Silent(fault)
            | Fate::Held(fault) => self.order_mut(row).fault = Some(fault),
        }
    }

    /// The answer is on the person's page, if it is the page they still look at.
    pub(super) fn payment_heard(&mut self, row: u32, round: u16) {
        let order = self.order_mut(row);
        if order.waiting && u16::from(order.round) == round {
            (order.waiting, order.confirmed) = (false, true);
            let (person, notice, fault) = (order.person, order.notice, order.fault);
            self.tell_of(ServiceEvent::PaymentConfirmed { person, notice, fault });
        }
    }

    /// The person has looked at the page for long enough.
    pub(super) fn payment_gives_up(&mut self, row: u32, round: u16) {
        let order = *self.order(row);
        if order.waiting && u16::from(order.round) == round {
            self.page_fails(row, order.taken > 0, order.fault);
        }
    }

    /// Word of the payment crosses to the agency.
    pub(super) fn report_payment(&mut self, row: u32) {
        let order = *self.order(row);
        if order.booked {
            return;
        }
        let round = order.reports;
        self.order_mut(row).reports = round.saturating_add(1);
        let key = u64::from(order.notice.0);
        let again = Alarm::Duty { duty: Duty::PayReport, of: 0, row };
        match self.service_crosses(Network::Pay, Leg::Report, order.person, key, round) {
            Fate::Arrives(Span::ZERO, _) => self.book_payment(row),
            Fate::Arrives(later, _) | Fate::HeardLate(later, _) => {
                self.agenda.set(self.now + later, Alarm::Duty { duty: Duty::PayBook, of: 0, row });
            }
            Fate::Held(fault) => self.hold(fault, again, None),
            Fate::Unheard(fault) | Fate::Refused(fault) | Fate::Broken(fault) | Fate::Silent(fault) => {
                self.payment_report_lost(row, Some(fault));
            }
        }
    }

    /// Word of the payment will not reach the agency by itself any more.
    pub(super) fn payment_report_lost(&mut self, row: u32, fault: Option<FaultId>) {
        let Order { person, notice, .. } = *self.order(row);
        self.tell_of(ServiceEvent::PaymentReportLost { person, notice, fault });
    }

    /// The agency knows: it books the payment once, and sends the receipt.
    pub(super) fn book_payment(&mut self, row: u32) {
        let Order { person, notice, booked, .. } = *self.order(row);
        if booked {
            return;
        }
        self.order_mut(row).booked = true;
        let amount = self.amount_of(row);
        self.tell_of(ServiceEvent::PaymentBooked { person, notice, amount });
        let depth = self.notice(notice).depth;
        if let Some(kind) = self.payment_of(row).receipt {
            self.order_mut(row).receipt = Some(NoticeId(self.notices.len() as u32));
            self.reply(kind, person, depth + 1);
        }
    }

    /// The books are compared: what the agency has not heard of, it is told again.
    pub(super) fn settle_payments(&mut self, of: u16) {
        for row in 0..self.services.payments.orders.len() as u32 {
            let order = self.order(row);
            if order.of == of && order.taken > 0 && !order.booked {
                self.report_payment(row);
            }
        }
        if let Some(every) = self.plan.services.payments[usize::from(of)].settles {
            self.settle_after(every, of);
        }
    }

    fn settle_after(&mut self, every: Span, of: u16) {
        // Books that are compared without a pause would be compared for ever within one instant.
        let at = self.now + every.max(Span::from_secs(1));
        self.agenda.set(at, Alarm::Duty { duty: Duty::PaySettle, of, row: 0 });
    }

    fn page_fails(&mut self, row: u32, taken: bool, fault: Option<FaultId>) {
        let order = self.order_mut(row);
        order.waiting = false;
        let (person, notice) = (order.person, order.notice);
        self.tell_of(ServiceEvent::PaymentUnanswered { person, notice, taken, fault });
        self.ask_again_later(row);
    }

    fn ask_again_later(&mut self, row: u32) {
        let Order { notice, round, .. } = *self.order(row);
        let payment = self.payment_of(row);
        if round < payment.tries {
            let bits = self.plan.seed.roll(Subject::Again, u64::from(notice.0), u64::from(round));
            let at = self.now + payment.again_after.at(bits).times(u64::from(round));
            self.agenda.set(at, Alarm::Duty { duty: Duty::PayAgain, of: 0, row });
        }
    }

    /// Whether the person has the receipt before their eyes.
    fn receipt_has_shown(&self, row: u32) -> bool {
        self.order(row).receipt.is_some_and(|receipt| self.has_shown(receipt))
    }

    fn amount_of(&self, row: u32) -> u32 {
        let Order { notice, person, .. } = *self.order(row);
        render::amount(&self.plan, self.notice(notice).kind, person)
    }

    fn payment_of(&self, row: u32) -> &Payment {
        &self.plan.services.payments[usize::from(self.order(row).of)]
    }

    fn order(&self, row: u32) -> &Order {
        &self.services.payments.orders[row as usize]
    }

    fn order_mut(&mut self, row: u32) -> &mut Order {
        &mut self.services.payments.orders[row as usize]
    }
}
