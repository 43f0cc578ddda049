//! What the plan's channels offer beside messages: one file a service.

pub mod census;
pub mod credit;
pub mod join;
pub mod leave;
pub mod stock;
pub mod terms;
pub mod relay;
pub mod payment;

use crate::sim::model::ids::KindId;

use census::{Blast, Census};
use credit::Credit;
use join::Join;
use leave::Leave;
use payment::Payment;
use relay::Relay;
use stock::Stock;

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
}

impl Services {
    /// Kinds that services answer people with.
    pub fn replies(&self) -> impl Iterator<Item = KindId> + '_ {
        self.payments.iter().filter_map(|payment| payment.receipt)
    }
}
