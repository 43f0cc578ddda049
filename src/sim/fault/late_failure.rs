//! Late failure 지연 실패: accepted, and reported as failed only after a while.
//!
//! Seen in: vendors' alternative sending, which starts when the result has become "failed" and not before.

use crate::sim::dice::Spread;
use crate::sim::fault::judge::Bite;
use crate::sim::model::code::Code;

/// What a crossing meets.
pub fn bite(after: &Spread, code: Code, bits: u64) -> Bite {
    Bite::FailLater { after: after.at(bits), code }
}
