//! Sender down 발신 정지: it is the agency's own systems that are gone. Nothing is handed in on any medium, no report is
//! heard, no timer fires; what is due all the same waits at the sender until `recover`.
//!
//! Seen in: the fire at the National Information Resources Service, Daejeon, 2025-09-26: 647 systems of the government.
//! Not here: the channel's desk, which stands at the platform and goes on; letters that come back into an office that
//! is dark; a vendor's own alternative sending, whose reports wait with the others.

use crate::sim::fault::judge::Bite;
use crate::sim::model::event::Leg;

/// What a crossing meets. Phones and networks know nothing of it.
pub fn bite(leg: Leg) -> Option<Bite> {
    match leg {
        Leg::Submit | Leg::Report => Some(Bite::Hold),
        Leg::Connect | Leg::Deliver | Leg::Receipt | Leg::Identify => None,
    }
}
