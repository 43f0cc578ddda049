//! Lie 허위 보고: what the sender is told is not what happened.
//!
//! Seen in: "accepted" booked as "delivered" for a month while a suspended account sent nothing.

use crate::sim::fault::LieClaim;
use crate::sim::fault::judge::Bite;
use crate::sim::model::event::Leg;

/// What a crossing meets: a message that is said to be delivered is stopped on its way to the phone; a report of
/// success becomes one of failure on its way to the sender.
pub fn bite(claim: LieClaim, leg: Leg) -> Option<Bite> {
    match (claim, leg) {
        (LieClaim::Delivered, Leg::Deliver) | (LieClaim::Failed, Leg::Report) => Some(Bite::Lie(claim)),
        (LieClaim::Delivered | LieClaim::Failed, _) => None,
    }
}
