//! Reorder 순서 뒤바뀜: every crossing waits for a random part of the window, so that later ones overtake it.
//!
//! Seen in: mobile networks after a handover; webhooks sent by several workers.

use crate::sim::dice::below;
use crate::sim::fault::judge::Bite;
use crate::sim::time::Span;

/// What a crossing meets.
pub fn bite(window: Span, bits: u64) -> Bite {
    Bite::Delay(Span::from_micros(below(bits, window.micros().saturating_add(1))))
}
