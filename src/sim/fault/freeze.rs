//! Freeze 정지: the queue stands still; at the end all of it is let go, with nothing to tell it is old.
//!
//! Seen in: Syniverse, 2019: 168,149 texts of February delivered in November, in one night.

use crate::sim::fault::judge::Bite;
use crate::sim::model::event::Leg;

/// What a crossing meets. A frozen call or handshake hangs for its caller.
pub fn bite(leg: Leg) -> Bite {
    match leg {
        Leg::Submit | Leg::Connect => Bite::NoAnswer { hang: true },
        Leg::Deliver | Leg::Receipt | Leg::Report => Bite::Hold,
    }
}
