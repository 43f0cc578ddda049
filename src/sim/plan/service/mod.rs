//! What the plan's channels offer beside messages: one file a service.

pub mod census;
pub mod credit;
pub mod intake;
pub mod join;
pub mod leave;
pub mod stock;
pub mod terms;
pub mod relay;
pub mod payment;
pub mod certified;
pub mod exchange;
pub mod alert;
pub mod dispatch;
pub mod talk;

use crate::sim::model::ids::KindId;

use alert::Alert;
use census::{Blast, Census};
use certified::Certified;
use credit::Credit;
use dispatch::{Dispatch, Hail};
use exchange::Exchange;
use intake::{Intake, Reports};
use join::Join;
use leave::Leave;
use payment::Payment;
use relay::Relay;
use stock::Stock;
use talk::Talk;

/// All services of a plan.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// `join:` lines, in order of the file.
    pub joins: Vec<Join>,
    /// The messenger's channels, if the file counts them.
    pub census: Option<Census>,
    /// `blast:` lines, in order of the file.
    pub blasts: Vec<Blast>,
    /// `leave:` lines, in order of the file.
    pub leaves: Vec<Leave>,
    /// `stocks:`, by `StockId`.
    pub stocks: Vec<Stock>,
    /// `relays:`, in order of trial.
    pub relays: Vec<Relay>,
    /// `payments:`, in order of trial.
    pub payments: Vec<Payment>,
    /// `credit:` lines, in order of the file.
    pub credits: Vec<Credit>,
    /// Kinds that go out as certified documents.
    pub certified: Vec<Certified>,
    /// `exchange:` lines, in order of the file.
    pub exchanges: Vec<Exchange>,
    /// Kinds that go out as cell broadcasts.
    pub alerts: Vec<Alert>,
    /// The dispatch of rides, if there is one.
    pub dispatch: Option<Dispatch>,
    /// `hail:` lines, in order of the file.
    pub hails: Vec<Hail>,
    /// `intakes:`, in order of the file.
    pub intakes: Vec<Intake>,
    /// `intake:` lines, in order of the file.
    pub reports: Vec<Reports>,
    /// How channels talk with people.
    pub talk: Talk,
}

impl Services {
    /// Kinds that services answer people with.
    pub fn replies(&self) -> impl Iterator<Item = KindId> + '_ {
        let reminders = self.certified.iter().filter_map(|row| row.reminder.map(|reminder| reminder.kind));
        let told = self.dispatch.iter().flat_map(|row| [Some(row.coming), row.gone, row.after]).flatten();
        let receipts = self.payments.iter().filter_map(|payment| payment.receipt);
        reminders.chain(told).chain(receipts).chain(self.talk.closed_replies())
    }

    /// What is special about a kind as a certified document.
    pub fn certified(&self, kind: KindId) -> Option<&Certified> {
        self.certified.iter().find(|row| row.kind == kind)
    }

    /// What is special about a kind as a cell broadcast.
    pub fn alert(&self, kind: KindId) -> Option<&Alert> {
        self.alerts.iter().find(|row| row.kind == kind)
    }
}
