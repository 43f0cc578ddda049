//! Choices of a drawn plan, in the order in which they are made. A drawn plan is test material, so unlike the engine's
//! its luck may depend on that order.

use bongsu::sim::dice::{Seed, Share, Spread, Subject};
use bongsu::sim::time::Span;

/// The choices of one seed.
pub struct Dice {
    seed: Seed,
    next: u64,
}

impl Dice {
    /// The first choice of a seed; the stream tells plans from inputs.
    pub fn new(seed: u64, stream: u64) -> Dice {
        Dice { seed: Seed(seed << 8 | stream), next: 0 }
    }

    /// A number of `0..bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next += 1;
        self.seed.pick(bound, Subject::Variable, self.next, 0)
    }

    /// A number of `low..=high`.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// Whether something that happens in so many of a hundred cases does.
    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of a list.
    pub fn one<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize].clone()
    }

    /// So many of a list, in its order.
    pub fn some<T: Clone>(&mut self, list: &[T], share: u64) -> Vec<T> {
        list.iter().filter(|_| self.percent(share)).cloned().collect()
    }

    /// A share of a whole.
    pub fn share(&mut self) -> Share {
        Share::from_ppm(self.below(1_000_001) as u32)
    }

    /// A length of time up to that many seconds, to the millisecond.
    pub fn span(&mut self, most_s: u64) -> Span {
        Span::from_millis(self.below(most_s * 1_000 + 1))
    }

    /// A spread up to that many seconds.
    pub fn spread(&mut self, most_s: u64) -> Spread {
        let low = self.span(most_s / 2);
        match self.below(4) {
            0 => Spread::Fixed(Span::ZERO),
            1 => Spread::Fixed(low),
            _ => Spread::Uniform(low, low + self.span(most_s / 2)),
        }
    }
}
