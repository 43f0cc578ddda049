//! Spreads and times of the journal: whole microseconds, never floats, so that they read back exactly.

use serde::{Deserialize, Serialize};

use crate::sim::dice::Spread;
use crate::sim::time::Span;

/// A spread as written: a log-normal one by the two percentiles that its table is computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SpreadLine {
    /// Always this long.
    Fixed(u64),
    /// From the first to the second.
    Uniform(u64, u64),
    /// Median and 99th percentile.
    LogNormal(u64, u64),
}

impl From<&Spread> for SpreadLine {
    fn from(spread: &Spread) -> SpreadLine {
        match spread {
            Spread::Fixed(span) => SpreadLine::Fixed(span.micros()),
            Spread::Uniform(low, high) => SpreadLine::Uniform(low.micros(), high.micros()),
            Spread::LogNormal { p50, p99, .. } => SpreadLine::LogNormal(p50.micros(), p99.micros()),
        }
    }
}

impl SpreadLine {
    /// The spread; an error says what is impossible about it.
    pub fn spread(&self) -> Result<Spread, String> {
        let span = Span::from_micros;
        match *self {
            SpreadLine::Fixed(micros) => Ok(Spread::Fixed(span(micros))),
            SpreadLine::Uniform(low, high) if low <= high => Ok(Spread::Uniform(span(low), span(high))),
            SpreadLine::Uniform(low, high) => Err(format!("a uniform spread from {low} down to {high}")),
            SpreadLine::LogNormal(p50, p99) => Spread::log_normal(span(p50), span(p99))
                .ok_or_else(|| format!("a log-normal spread with a median of {p50} and a 99th percentile of {p99}")),
        }
    }
}
