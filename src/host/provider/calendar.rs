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
    timestamp(run, at).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}
