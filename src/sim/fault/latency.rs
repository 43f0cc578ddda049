//! Latency 지연: the crossing takes longer.
//!
//! Seen in: "restored but slow", announced again and again from 2022-10-16 on.

use crate::sim::dice::Spread;
use crate::sim::fault::judge::Bite;

/// What a crossing meets.
pub fn bite(add: &Spread, bits: u64) -> Bite {
    Bite::Delay(add.at(bits))
}
