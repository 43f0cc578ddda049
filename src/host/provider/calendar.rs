//! When: simulated instants in the world's calendar, as contracts write them.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::host::control::run::Run;
use crate::sim::time::SimTime;

/// The instant in the world's calendar.
pub fn timestamp(run: &Run, at: SimTime) -> Timestamp {
    let clock = &run.plan.clock;
    let micros =
        clock.start_unix_s.saturating_mul(1_000_000).saturating_add(i64::try_from(at.micros()).unwrap_or(i64::MAX));
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

/// The instant by the clock on the scenario's wall, in jiff's `strftime` words.
pub fn local(run: &Run, at: SimTime, form: &str) -> String {
    let offset = Offset::from_seconds(run.plan.clock.offset_s).unwrap_or(Offset::UTC);
    timestamp(run, at).to_zoned(TimeZone::fixed(offset)).strftime(form).to_string()
}

/// The instant in UTC with milliseconds, `2022-10-15T06:20:00.000Z`.
pub fn utc(run: &Run, at: SimTime) -> String {
    written(timestamp(run, at).as_microsecond())
}

/// Written by hand: a report has half a dozen of them, and there are twenty thousand reports a second.
fn written(micros: i64) -> String {
    let (days, within) = (micros.div_euclid(86_400_000_000), micros.rem_euclid(86_400_000_000) / 1_000);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (within / 3_600_000, within / 60_000 % 60, within / 1_000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", within % 1_000)
}

/// Year, month and day, so many days after 1970-01-01, in the Gregorian calendar: years that begin in March, in eras of
/// 400 years (146,097 days).
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let (month, day) = (if march < 10 { march + 3 } else { march - 9 }, of_year - (153 * march + 2) / 5 + 1);
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::written;

    #[test]
    fn a_date_by_hand_is_that_of_the_calendar() {
        let (day, mut micros) = (86_400_000_000_i64, -4_000_000_000_123_456);
        for step in 0..20_000 {
            let known = Timestamp::from_microsecond(micros).expect("in range");
            assert_eq!(written(micros), known.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string(), "{micros}");
            micros += day / 3 + step * 10_007;
        }
        assert_eq!(written(951_782_400_000_000), "2000-02-29T00:00:00.000Z");
    }
}
