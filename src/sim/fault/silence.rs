//! Silence 침묵: accepted, then nothing. Sessions stay up; messages and receipts wait for `recover`.
//!
//! Seen in: the "paper plane" icon beside messages that never left, 2022-10-15; alimtalk that arrives hours late.

use crate::sim::fault::judge::Bite;
use crate::sim::model::event::Leg;

/// What a crossing meets. A call of the sender that meets silence (only where the file names that leg) hangs.
pub fn bite(leg: Leg) -> Bite {
    match leg {
        Leg::Submit | Leg::Connect | Leg::Identify => Bite::NoAnswer { hang: true },
        Leg::Deliver | Leg::Receipt | Leg::Report => Bite::Hold,
    }
}
