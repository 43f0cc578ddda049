//! A `credit:` line: a job that puts an amount into everybody's wallet once, with the moments at which it is killed.

use crate::sim::model::ids::{CounterId, KindId};
use crate::sim::plan::Audience;
use crate::sim::time::{SimTime, Span};

/// A line.
#[derive(Clone, Debug)]
pub struct Credit {
    /// Its name; credits and desks count on the same counters.
    pub counter: CounterId,
    /// How much, in won.
    pub amount: u32,
    /// When the job begins.
    pub at: SimTime,
    /// Whom it is for.
    pub to: Audience,
    /// Evenly over so long.
    pub over: Span,
    /// What the person is told when it is in the wallet.
    pub notice: Option<KindId>,
    /// The job writes down how far it has come after so many people.
    pub checkpoint: u32,
    /// Whether the wallet keeps a ledger by person and job, and so knows a repeated call.
    pub ledger: bool,
    /// From a call without "done" to the next for the same person.
    pub retry: Span,
    /// When it is killed, and when it goes on, in order of time.
    pub crashes: Vec<Crash>,
}

/// A job is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crash {
    /// When.
    pub at: SimTime,
    /// When it goes on; `None`: never.
    pub resumes: Option<SimTime>,
}
