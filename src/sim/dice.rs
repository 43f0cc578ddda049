//! Luck, keyed by what is being decided and never by the order of decisions.
//!
//! `roll(seed, subject, a, b)` is a pure function. A new fault, person or worker therefore never shifts anybody
//! else's luck, and a run may be cut into shards without changing a single life. No generator is stored or passed.
//! The mixing function and its test vectors are part of bongsu's contract: a change of either is a new seed format.

use std::sync::OnceLock;

use crate::sim::time::Span;

/// What a roll decides. The number is part of the key, so a line may be added but none renumbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Subject {
    /// Which Kakao state a person has.
    Kakao = 1,
    /// Whether a person's phone is powered.
    Phone = 2,
    /// Membership of a group; second key: the group.
    Group = 3,
    /// Friendship with a channel; second key: the channel.
    Friend = 4,
    /// The region a person lives in.
    Region = 5,
    /// A variable of a notice's text; second key: the variable.
    Variable = 6,
    /// How long an attempt takes to arrive at the phone.
    Shows = 10,
    /// How long a receipt takes back to the platform.
    Receipt = 11,
    /// Whether a letter comes back or is lost.
    Letter = 12,
    /// Whether the person ever reads this notice.
    Reads = 20,
    /// How long until the person reads it.
    ReadsAfter = 21,
    /// Whether the person presses a button; second key: the button.
    Presses = 22,
    /// How long after reading the press comes.
    PressAfter = 23,
    /// Whether a fault bites a crossing (or a person, when sticky); second key: the fault.
    Fault = 30,
    /// How long a fault delays; second key: the fault.
    FaultDelay = 31,
    /// How many phones a sever cuts, and which; second key: fault and round.
    Sever = 32,
    /// Jitter of a phone's reconnect back-off; second key: the try.
    Reconnect = 40,
    /// Which leg a weighted policy starts with.
    Weight = 50,
    /// Jitter of a sender's retry; second key: the try.
    Retry = 51,
    /// Whether a call of a phone chain is answered.
    Answer = 60,
    /// How long a call of a phone chain takes.
    Call = 61,
    /// A synthetic person's name.
    Name = 70,
    /// Whether a person says something after a message; second key: notice and row of `says:`.
    Says = 150,
    /// How long after reading it is said.
    SaysAfter = 151,
    /// How long somebody who works at a desk takes to answer; first key: person and word.
    Counsel = 152,
    /// Whether a person joins along a campaign's line, and after how long; first key: line and person.
    Joins = 80,
    /// Whether and when a channel of the census writes; second key: line and question.
    Blast = 81,
    /// Whether a person leaves along a line, after how long, and whether they block; first key: line and person.
    Leaves = 90,
    /// Where the stubs of a person's acquaintances lie on the ring; second key: the stub.
    Contacts = 91,
    /// Whether a person passes a message on, after how long, and to which contacts first; first key: row and person.
    Relays = 92,
    /// How long a payment takes; second key: the round.
    Payment = 100,
    /// How long after giving up a person asks a service again; second key: the round.
    Again = 101,
    /// Whether a person's phone is in somebody else's name.
    Holder = 120,
    /// Whether a person heeds a reminder, and how long after it; second key: the notice.
    Heeds = 121,
    /// How long a proof of identity takes (second key: the try), and whether the person can give it.
    Identity = 122,
    /// Where a person stands.
    Stands = 123,
    /// Whether a person's phone is old.
    PhoneAge = 124,
    /// Whether a person has switched cell broadcasts of a level off; second key: the level.
    Mutes = 125,
    /// How soon a person looks after a loud tone; second key: the attempt.
    Tone = 127,
    /// Where drivers and riders stand, how long a ride takes, what a rider does instead; second key: which of these.
    Place = 128,
    /// Whether the receipts of a person's phone are lost; second key: which.
    ReceiptLost = 160,
    /// How much later the receipts of a person's phone come; second key: which.
    ReceiptLate = 161,
    /// Whether a person has moved away.
    Moved = 162,
    /// The band of age that a person is in.
    Age = 163,
    /// How many live in a home; first key: the home's first person.
    Household = 164,
    /// Who writes to whom along an exchange's line; first key: line and document.
    Exchange = 126,
    /// When on its day a report is sent, and how long its stages take; second key: 0, or the stage from 1.
    Report = 102,
}

/// The seed of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

/// A share of a whole in parts per million, so that `97.5%` is exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// Nobody.
    pub const NONE: Share = Share(0);
    /// Everybody.
    pub const ALL: Share = Share(1_000_000);

    /// A share of `ppm` parts per million; more than the whole is held at the whole.
    pub const fn from_ppm(ppm: u32) -> Share {
        if ppm > 1_000_000 { Share::ALL } else { Share(ppm) }
    }

    /// Parts per million.
    pub const fn ppm(self) -> u32 {
        self.0
    }
}

impl Seed {
    /// 64 even bits for one decision.
    pub const fn roll(self, subject: Subject, a: u64, b: u64) -> u64 {
        let mut hash = mix(self.0 ^ (subject as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        hash = mix(hash ^ a.wrapping_mul(0xd6e8_feb8_6659_fd93));
        mix(hash ^ b.wrapping_mul(0xa076_1d64_78bd_642f))
    }

    /// Whether something of the given share happens.
    pub const fn happens(self, share: Share, subject: Subject, a: u64, b: u64) -> bool {
        below(self.roll(subject, a, b), 1_000_000) < share.0 as u64
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub const fn pick(self, bound: u64, subject: Subject, a: u64, b: u64) -> u64 {
        below(self.roll(subject, a, b), bound)
    }
}

/// The part of `0..bound` that 64 even bits point at: `bits * bound / 2^64`.
pub(crate) const fn below(bits: u64, bound: u64) -> u64 {
    ((bits as u128 * bound as u128) >> 64) as u64
}

/// The finaliser of splitmix64: every input bit moves every output bit.
const fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// How a length of time is spread. Built once from the file; sampled with one roll and no float.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    /// Always this long.
    Fixed(Span),
    /// Any length from the first to the second, evenly.
    Uniform(Span, Span),
    /// Log-normal through two stated percentiles, as a table of quantiles.
    LogNormal {
        /// The median.
        p50: Span,
        /// The 99th percentile.
        p99: Span,
        /// Quantiles in microseconds: see [`Spread::log_normal`].
        table: Box<Quantiles>,
    },
}

/// Quantiles of a distribution in microseconds: `body[i]` at `i/1024`, and `tail[i]` at `1023/1024 + i/1024^2`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantiles {
    body: [u64; 1_024],
    tail: [u64; 1_025],
}

impl Spread {
    /// The log-normal distribution whose median and 99th percentile are given; `None` unless `0 < p50 <= p99`.
    ///
    /// Quantiles are computed once with a software math library, so every machine gets the same integers.
    pub fn log_normal(p50: Span, p99: Span) -> Option<Spread> {
        if p50 == Span::ZERO || p99 < p50 {
            return None;
        }
        let mu = libm::log(p50.micros() as f64);
        let sigma = (libm::log(p99.micros() as f64) - mu) / normal_quantile(0.99);
        let quantile = |z: f64| libm::round(libm::exp(mu + sigma * z)) as u64;
        let normal = normal_cells();
        let table = Box::new(Quantiles { body: normal.body.map(quantile), tail: normal.tail.map(quantile) });
        Some(Spread::LogNormal { p50, p99, table })
    }

    /// The length that 64 even bits point at.
    pub fn at(&self, bits: u64) -> Span {
        match self {
            Spread::Fixed(span) => *span,
            Spread::Uniform(low, high) => {
                Span::from_micros(low.micros() + below(bits, (*high - *low).micros().saturating_add(1)))
            }
            Spread::LogNormal { table, .. } => table.at(bits),
        }
    }

    /// The longest length that [`Spread::at`] can answer.
    pub fn longest(&self) -> Span {
        self.at(u64::MAX)
    }
}

impl Quantiles {
    fn at(&self, bits: u64) -> Span {
        let cell = (bits >> 54) as usize;
        let inside = bits << 10;
        if cell + 1 < self.body.len() {
            return between(self.body[cell], self.body[cell + 1], inside);
        }
        let cell = (inside >> 54) as usize;
        between(self.tail[cell], self.tail[cell + 1], inside << 10)
    }
}

fn between(low: u64, high: u64, bits: u64) -> Span {
    Span::from_micros(low + below(bits, high.saturating_sub(low)))
}

/// Standard normal quantiles at the cells of [`Quantiles`].
struct NormalCells {
    body: [f64; 1_024],
    tail: [f64; 1_025],
}

/// The same for every log-normal distribution, and 160,000 calls of `erfc` dear: computed once a process.
fn normal_cells() -> &'static NormalCells {
    static CELLS: OnceLock<Box<NormalCells>> = OnceLock::new();
    CELLS.get_or_init(|| {
        let cell = 1.0 / 1_024.0;
        Box::new(NormalCells {
            body: std::array::from_fn(|i| normal_quantile((i as f64).max(0.001) * cell)),
            // Nothing is longer than one in a million: beyond that, straight lines between cells would invent giants.
            tail: std::array::from_fn(|i| normal_quantile(1.0 - cell + (i as f64).min(1_023.0) * cell * cell)),
        })
    })
}

/// The inverse of the standard normal distribution, by bisection on a software `erf`: slow, exact to the last cell,
/// and only called while a file is read.
fn normal_quantile(p: f64) -> f64 {
    let (mut low, mut high) = (-9.0_f64, 9.0_f64);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        // No number lies between them: nothing would change any more.
        if middle == low || middle == high {
            break;
        }
        if 0.5 * libm::erfc(-middle / core::f64::consts::SQRT_2) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::{Seed, Share, Spread, Subject};
    use crate::sim::time::Span;

    /// These numbers are a contract: a seed printed by one build must bring the same run back in every other.
    #[test]
    fn rolls_keep_their_test_vectors() {
        let seed = Seed(20_221_015);
        let rolls = [
            seed.roll(Subject::Kakao, 0, 0),
            seed.roll(Subject::Kakao, 1, 0),
            seed.roll(Subject::Shows, 1, 0),
            seed.roll(Subject::Shows, 1, 1),
            Seed(0).roll(Subject::Name, u64::MAX, u64::MAX),
        ];
        assert_eq!(rolls.map(|r| format!("{r:016x}")), VECTORS);
    }
    const VECTORS: [&str; 5] =
        ["ff66c07491c0466e", "e8fae324413fcd94", "f0deb35aba27d13a", "c2ad9acb65de3995", "f626248643f3bd12"];

    #[test]
    fn spreads_keep_their_test_vectors() {
        let spread = Spread::log_normal(Span::from_millis(400), Span::from_secs(3)).expect("a valid spread");
        let at = |bits: u64| spread.at(bits).micros();
        assert_eq!([at(0), at(1 << 62), at(1 << 63), at(u64::MAX / 100 * 99), at(u64::MAX)], SPREAD_VECTORS);
    }
    const SPREAD_VECTORS: [u64; 5] = [6_490, 223_023, 400_000, 3_000_980, 24_755_637];

    #[test]
    fn a_share_happens_about_as_often_as_it_says() {
        let share = Share::from_ppm(70_000);
        let hits = (0..100_000).filter(|i| Seed(7).happens(share, Subject::Fault, *i, 3)).count();
        assert!((6_700..7_300).contains(&hits), "7 % of 100,000 came out as {hits}");
        assert!((0..1_000).all(|i| Seed(7).happens(Share::ALL, Subject::Fault, i, 0)));
        assert!(!(0..1_000).any(|i| Seed(7).happens(Share::NONE, Subject::Fault, i, 0)));
    }

    #[test]
    fn a_uniform_spread_stays_inside_its_bounds() {
        let spread = Spread::Uniform(Span::from_secs(2), Span::from_secs(8));
        for i in 0..10_000 {
            let span = spread.at(Seed(1).roll(Subject::Shows, i, 0));
            assert!(span >= Span::from_secs(2) && span <= Span::from_secs(8), "{span}");
        }
    }
}
