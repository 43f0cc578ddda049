//! Flap 단속: down and up by turns; in its down phases it is [`down`] with calls reset.
//!
//! Seen in: a load balancer that keeps putting a sick server back; phones pay with a reconnect at every turn.

use crate::sim::fault::judge::Bite;
use crate::sim::fault::{DownHow, down};
use crate::sim::model::event::Leg;

/// What a crossing meets.
pub fn bite(down_now: bool, leg: Leg) -> Option<Bite> {
    down_now.then(|| down::bite(DownHow::Reset, leg))
}
