//! Simulated time: whole microseconds since the scenario's `clock.start`, and spans between two instants.
//!
//! Nothing here reads a clock. The engine is told what time it is; only `host/drive` decides when.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// An instant of a run, in microseconds since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(u64);

/// A length of simulated time, in microseconds; never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(u64);

impl SimTime {
    /// The first instant of a run.
    pub const ZERO: SimTime = SimTime(0);
    /// Later than anything that can be scheduled: "never".
    pub const NEVER: SimTime = SimTime(u64::MAX);

    /// The instant `micros` microseconds after the start.
    pub const fn from_micros(micros: u64) -> SimTime {
        SimTime(micros)
    }

    /// Microseconds since the start.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// The time passed since `earlier`; zero when `earlier` is in fact later.
    pub const fn since(self, earlier: SimTime) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// Longer than any run: "for ever".
    pub const FOREVER: Span = Span(u64::MAX);

    /// A span of whole microseconds.
    pub const fn from_micros(micros: u64) -> Span {
        Span(micros)
    }

    /// A span of whole milliseconds.
    pub const fn from_millis(millis: u64) -> Span {
        Span(millis * 1_000)
    }

    /// A span of whole seconds.
    pub const fn from_secs(secs: u64) -> Span {
        Span(secs * 1_000_000)
    }

    /// A span of whole hours.
    pub const fn from_hours(hours: u64) -> Span {
        Span::from_secs(hours * 3_600)
    }

    /// A span of whole days of 24 hours.
    pub const fn from_days(days: u64) -> Span {
        Span::from_hours(days * 24)
    }

    /// Length in microseconds.
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// This span `times` over, held at [`Span::FOREVER`].
    pub const fn times(self, times: u64) -> Span {
        Span(self.0.saturating_mul(times))
    }
}

impl Add<Span> for SimTime {
    type Output = SimTime;
    fn add(self, span: Span) -> SimTime {
        SimTime(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for SimTime {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl Sub for Span {
    type Output = Span;
    fn sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }
}

/// `1d 02:03:04.000005`: days only when there are any, microseconds only when there are any.
impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (secs, micros) = (self.0 / 1_000_000, self.0 % 1_000_000);
        let (days, rest) = (secs / 86_400, secs % 86_400);
        if days > 0 {
            write!(f, "{days}d ")?;
        }
        write!(f, "{:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60)?;
        if micros > 0 {
            write!(f, ".{}", format!("{micros:06}").trim_end_matches('0'))?;
        }
        Ok(())
    }
}

/// The shortest exact form that a scenario file would accept: `90s`, `5m`, `1h30m`, `400ms`, `7us`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(&str, u64); 6] = [
            ("d", 86_400_000_000),
            ("h", 3_600_000_000),
            ("m", 60_000_000),
            ("s", 1_000_000),
            ("ms", 1_000),
            ("us", 1),
        ];
        if *self == Span::FOREVER {
            return f.write_str("forever");
        }
        if self.0 == 0 {
            return f.write_str("0s");
        }
        let mut left = self.0;
        for (unit, size) in UNITS {
            if left >= size {
                write!(f, "{}{unit}", left / size)?;
                left %= size;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{SimTime, Span};

    #[test]
    fn instants_read_like_a_clock() {
        assert_eq!(SimTime::from_micros(0).to_string(), "00:00:00");
        assert_eq!((SimTime::ZERO + Span::from_millis(61_500)).to_string(), "00:01:01.5");
        assert_eq!((SimTime::ZERO + Span::from_hours(127) + Span::from_secs(1_800)).to_string(), "5d 07:30:00");
    }

    #[test]
    fn spans_print_the_form_that_a_file_accepts() {
        assert_eq!(Span::from_secs(90).to_string(), "1m30s");
        assert_eq!(Span::from_millis(400).to_string(), "400ms");
        assert_eq!(Span::from_days(3).to_string(), "3d");
        assert_eq!(Span::ZERO.to_string(), "0s");
    }

    #[test]
    fn arithmetic_saturates_instead_of_wrapping() {
        assert_eq!(SimTime::NEVER + Span::from_secs(1), SimTime::NEVER);
        assert_eq!(SimTime::ZERO.since(SimTime::from_micros(5)), Span::ZERO);
        assert_eq!(Span::from_secs(1) - Span::from_secs(2), Span::ZERO);
    }
}
