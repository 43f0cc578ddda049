//! Freeze 정지: the queue stands still; at the end all of it is let go in its order, with nothing to tell it is old. With
//! `release` the end is not the end of it: others take the traffic over, and the old queue is found and let go later.
//!
//! Seen in: Syniverse, 2019: a server that failed on 14 February let 168,149 texts go on 7 November, in one night.

use crate::sim::fault::judge::Bite;
use crate::sim::model::event::Leg;

/// What a crossing meets. A frozen call or handshake hangs for its caller.
pub fn bite(leg: Leg) -> Bite {
    match leg {
        Leg::Submit | Leg::Connect | Leg::Identify => Bite::NoAnswer { hang: true },
        Leg::Deliver | Leg::Receipt | Leg::Report => Bite::Hold,
    }
}
