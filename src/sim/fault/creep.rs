//! Creep 서서히 악화: a share of calls fails that grows from nearly none to many, and then stays there.
//!
//! Seen in: Slack, 2021-01-04: 99.999 % of calls well, an hour later 99 %, three minutes after that next to none. No
//! alarm is set off by the first part, and that is the lesson. What meets it is answered as by [`refuse`].

use crate::sim::dice::Share;
use crate::sim::fault::judge::Bite;
use crate::sim::fault::refuse;
use crate::sim::model::code::Code;
use crate::sim::model::event::Leg;
use crate::sim::time::Span;

/// The share that is struck so long after the fault began: from `from` to `to` in a straight line over `rises`.
pub fn share(from: Share, to: Share, rises: Span, passed: Span) -> Share {
    let (low, high) = (i128::from(from.ppm()), i128::from(to.ppm()));
    let (whole, done) = (i128::from(rises.micros().max(1)), i128::from(passed.min(rises).micros()));
    let ppm = if rises == Span::ZERO { high } else { low + (high - low) * done / whole };
    Share::from_ppm(u32::try_from(ppm).expect("a share between two shares"))
}

/// What a crossing meets.
pub fn bite(code: Code, leg: Leg) -> Bite {
    refuse::bite(code, leg)
}

#[cfg(test)]
mod tests {
    use super::share;
    use crate::sim::dice::Share;
    use crate::sim::time::Span;

    #[test]
    fn it_rises_in_a_straight_line_and_stays() {
        let (from, to) = (Share::from_ppm(10), Share::from_ppm(10_010));
        let at = |minutes: u64| share(from, to, Span::from_secs(600), Span::from_secs(minutes * 60)).ppm();
        assert_eq!([at(0), at(1), at(5), at(10), at(90)], [10, 1_010, 5_010, 10_010, 10_010]);
    }

    #[test]
    fn it_may_fall_too_and_a_rise_of_no_length_is_there_at_once() {
        let (from, to) = (Share::ALL, Share::NONE);
        assert_eq!(share(from, to, Span::from_secs(4), Span::from_secs(1)).ppm(), 750_000);
        assert_eq!(share(to, from, Span::ZERO, Span::ZERO), Share::ALL);
    }
}
