//! Ticks that a person can read: 1, 2 or 5 times a power of ten for numbers, whole seconds, minutes and hours for time.

use crate::report::words::{length, pick};
use crate::sim::model::words::Lang;
use crate::sim::time::Span;

/// Steps of time between two ticks, in seconds.
const STEPS_S: [u64; 19] =
    [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800];

/// Ticks from zero to the first one at or above `top`, at most `most` steps of 1, 2 or 5 times a power of ten.
pub fn numbers(top: u64, most: u64) -> Vec<u64> {
    let mut step = 1u64;
    let mut factors = [2, 5, 10].into_iter().cycle();
    let mut power = 1u64;
    while top.div_ceil(step) > most.max(1) {
        let factor = factors.next().unwrap_or(10);
        step = power.saturating_mul(factor);
        if factor == 10 {
            power = step;
        }
        if step == u64::MAX {
            break;
        }
    }
    (0..=top.div_ceil(step).max(1)).map(|i| step.saturating_mul(i)).collect()
}

/// Ticks of time from zero to the last one within `end`, about six of them at most, in microseconds.
pub fn times(end_micros: u64) -> Vec<u64> {
    const MOST: u64 = 6;
    let end_s = end_micros / 1_000_000;
    let fits = |step: &u64| end_s / step <= MOST;
    // Beyond the table: whole days.
    let step = STEPS_S.into_iter().find(fits).unwrap_or_else(|| end_s.div_ceil(MOST).div_ceil(86_400) * 86_400);
    (0..=end_s / step).map(|i| i * step * 1_000_000).collect()
}

/// A tick of time in words; the start is `0`.
pub fn time(micros: u64, lang: Lang) -> String {
    match micros {
        0 => pick(lang, "0", "0").to_owned(),
        _ => length(Span::from_micros(micros), lang),
    }
}

#[cfg(test)]
mod tests {
    use super::{numbers, times};

    #[test]
    fn numbers_are_round_and_cover_the_top() {
        assert_eq!(numbers(524, 5), [0, 200, 400, 600]);
        assert_eq!(numbers(71, 5), [0, 20, 40, 60, 80]);
        assert_eq!(numbers(1_000, 5), [0, 200, 400, 600, 800, 1_000]);
        assert_eq!(numbers(3, 5), [0, 1, 2, 3]);
        assert_eq!(numbers(0, 5), [0, 1]);
        assert!(numbers(u64::MAX, 5).len() <= 7);
    }

    #[test]
    fn times_are_round_and_few() {
        let seconds = |end_s: u64| times(end_s * 1_000_000).into_iter().map(|us| us / 1_000_000).collect::<Vec<_>>();
        assert_eq!(seconds(3_000), [0, 600, 1_200, 1_800, 2_400, 3_000]);
        assert_eq!(seconds(120), [0, 20, 40, 60, 80, 100, 120]);
        assert_eq!(seconds(0), [0]);
        assert_eq!(seconds(459_000), [0, 86_400, 172_800, 259_200, 345_600, 432_000]);
        assert!(times(u64::MAX).len() <= 8);
    }
}
