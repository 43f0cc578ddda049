//! Duplicate 중복: what crosses once arrives more than once.
//!
//! Seen in: a campaign to 420,000 people that reached 180 of them a hundred times and more.

use crate::sim::dice::Spread;
use crate::sim::fault::judge::Bite;

/// What a crossing meets.
pub fn bite(copies: u8, after: &Spread, bits: u64) -> Bite {
    Bite::Copies { count: copies, after: after.at(bits) }
}
