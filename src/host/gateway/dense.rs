//! Hash maps over our own ids: numbers that the plan, the engine or the gateway hand out one after the other.
//!
//! The standard library's hasher guards against strangers who choose keys; nobody chooses these (a client names only
//! people that the plan has), and one multiplication spreads them well enough. Not for anything that a client writes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map whose keys are made of ids.
pub type DenseMap<K, V> = HashMap<K, V, BuildHasherDefault<Dense>>;

/// The hasher: each number is folded in by a multiplication with the golden ratio.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dense(u64);

impl Dense {
    fn fold(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(32) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Dense {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.fold(u64::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.fold(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.fold(number);
    }

    fn write_isize(&mut self, number: isize) {
        self.fold(number as u64);
    }

    fn finish(&self) -> u64 {
        // Tables take their place from the low bits, which a multiplication mixes least.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::hash::{BuildHasher, BuildHasherDefault};

    use super::Dense;
    use crate::sim::model::ids::PersonId;
    use crate::sim::model::medium::Network;

    #[test]
    fn neighbours_spread_over_the_table() {
        let build = BuildHasherDefault::<Dense>::default();
        let low = |network: Network, person: u32| build.hash_one((network, PersonId(person))) & 0xffff;
        for network in [Network::Kakao, Network::Mobile] {
            let places: BTreeSet<u64> = (0..10_000).map(|person| low(network, person)).collect();
            // Throwing 10,000 balls at 65,536 places leaves about 9,280 places with one.
            assert!(places.len() > 9_000, "{}", places.len());
        }
    }
}
