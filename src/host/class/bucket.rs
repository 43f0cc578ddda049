//! Buckets: how often somebody may try. Pure: the time is an argument.
//!
//! Wrong codes are counted by the address that they come from, so that one pupil who guesses keeps nobody else out.
//! Addresses beyond [`ADDRESSES_MAX`] share one bucket.

use std::net::IpAddr;
use std::time::Duration;

/// Addresses whose wrong codes are counted apart.
pub const ADDRESSES_MAX: usize = 256;
/// Wrong codes at once.
pub const GUESSES: u32 = 10;
/// How long until one more may be tried.
pub const GUESS_EVERY: Duration = Duration::from_secs(6);

/// Tries that are left, and when they come back.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    most: u32,
    every: Duration,
    left: u32,
    /// Until when tries have been given back.
    filled: Duration,
}

impl Bucket {
    /// A full one.
    pub const fn new(most: u32, every: Duration) -> Bucket {
        Bucket { most, every, left: most, filled: Duration::ZERO }
    }

    fn fill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.filled);
        let back = u32::try_from(passed.as_nanos() / self.every.as_nanos().max(1)).unwrap_or(u32::MAX);
        if back > 0 {
            self.left = self.left.saturating_add(back).min(self.most);
            self.filled = if self.left == self.most { now } else { self.filled + self.every * back };
        }
    }

    /// Whether a try is left.
    pub fn has(&mut self, now: Duration) -> bool {
        self.fill(now);
        self.left > 0
    }

    /// Takes a try, if one is left.
    pub fn take(&mut self, now: Duration) -> bool {
        let has = self.has(now);
        if has {
            if self.left == self.most {
                self.filled = now;
            }
            self.left -= 1;
        }
        has
    }
}

/// Wrong codes, by address.
#[derive(Debug)]
pub struct Guesses {
    apart: Vec<(Option<IpAddr>, Bucket)>,
    rest: Bucket,
}

impl Default for Guesses {
    fn default() -> Guesses {
        Guesses { apart: Vec::new(), rest: Bucket::new(GUESSES, GUESS_EVERY) }
    }
}

impl Guesses {
    /// Whether that address may try a code.
    pub fn may(&mut self, from: Option<IpAddr>, now: Duration) -> bool {
        self.of(from, now).has(now)
    }

    /// It was wrong.
    pub fn wrong(&mut self, from: Option<IpAddr>, now: Duration) {
        self.of(from, now).take(now);
    }

    fn of(&mut self, from: Option<IpAddr>, now: Duration) -> &mut Bucket {
        if let Some(place) = self.apart.iter().position(|row| row.0 == from) {
            return &mut self.apart[place].1;
        }
        // Whoever has all tries back is not worth a row.
        if self.apart.len() >= ADDRESSES_MAX {
            self.apart.retain_mut(|row| {
                row.1.fill(now);
                row.1.left < row.1.most
            });
        }
        if self.apart.len() >= ADDRESSES_MAX {
            return &mut self.rest;
        }
        self.apart.push((from, Bucket::new(GUESSES, GUESS_EVERY)));
        let last = self.apart.len() - 1;
        &mut self.apart[last].1
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::time::Duration;

    use super::{ADDRESSES_MAX, Bucket, GUESSES, Guesses};

    const fn at(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn address(number: u32) -> Option<IpAddr> {
        Some(IpAddr::V4(Ipv4Addr::from(0x0a00_0000 + number)))
    }

    #[test]
    fn tries_run_out_and_come_back_one_by_one() {
        let mut bucket = Bucket::new(3, at(6));
        assert_eq!(
            [0, 0, 0, 0, 5, 6, 6, 12].map(|second| bucket.take(at(second))),
            [true, true, true, false, false, true, false, true]
        );
        assert_eq!((0..5).filter(|_| bucket.take(at(9_000))).count(), 3, "a quiet day saves nothing up");
    }

    #[test]
    fn who_guesses_keeps_nobody_else_out() {
        let mut guesses = Guesses::default();
        for _ in 0..GUESSES {
            assert!(guesses.may(address(1), at(0)));
            guesses.wrong(address(1), at(0));
        }
        assert!(!guesses.may(address(1), at(5)) && guesses.may(address(1), at(6)) && guesses.may(address(2), at(0)));
    }

    #[test]
    fn too_many_addresses_share_a_bucket() {
        let mut guesses = Guesses::default();
        (0..ADDRESSES_MAX as u32).for_each(|number| guesses.wrong(address(number), at(0)));
        (0..GUESSES).for_each(|number| guesses.wrong(address(1_000 + number), at(0)));
        assert!(!guesses.may(address(9_999), at(0)), "the shared one is empty");
        assert!(guesses.may(address(9_999), at(60)), "those who have all their tries back made room");
    }
}
