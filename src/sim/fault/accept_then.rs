//! Accept, then 접수 후 단절: the request is taken, and the caller never properly hears so.
//!
//! Seen in: a sender's library that sends the same body four times within 50 ms when the connection is reset.

use crate::sim::fault::Then;
use crate::sim::fault::judge::Bite;
use crate::sim::model::event::Leg;

/// What a crossing meets.
pub fn bite(then: Then, leg: Leg) -> Option<Bite> {
    (leg == Leg::Submit).then_some(Bite::Taken(then))
}
