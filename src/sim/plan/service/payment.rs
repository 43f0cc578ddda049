//! A row of `payments:`: what happens between a press on "pay" and the receipt.

use crate::sim::dice::Spread;
use crate::sim::model::ids::{ButtonId, KindId};
use crate::sim::time::Span;

/// A row.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The button that asks to pay.
    pub button: ButtonId,
    /// Only on this kind of notice, if named. Its first amount in won is what is paid.
    pub from: Option<KindId>,
    /// From the request's arrival to the moment when money moves.
    pub takes: Spread,
    /// How long a person looks at a page that says nothing.
    pub patience: Span,
    /// How often a person asks in all, before they let it be.
    pub tries: u8,
    /// From giving up to asking again, the first time; the second time twice as long, and so on.
    pub again_after: Spread,
    /// Whether the platform knows a repeated request for the same bill and does not take the money twice.
    pub idempotent: bool,
    /// How often platform and agency compare their books, counted from the start; `None`: never.
    pub settles: Option<Span>,
    /// The receipt, a notice of its own.
    pub receipt: Option<KindId>,
}
