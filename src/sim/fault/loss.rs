//! Loss 유실: the crossing vanishes, and nobody is told.
//!
//! Seen in: mobile networks; on the receipt leg, "acknowledgements lost, messages arrive".

use crate::sim::fault::judge::Bite;
use crate::sim::model::event::Leg;

/// What a crossing meets. A call or handshake that is lost hangs for its caller.
pub fn bite(leg: Leg) -> Bite {
    match leg {
        Leg::Submit | Leg::Connect | Leg::Identify => Bite::NoAnswer { hang: true },
        Leg::Deliver | Leg::Receipt | Leg::Report => Bite::Drop,
    }
}
