//! Message keys: the millisecond of the call by the scenario's clock, the run, the call, the place in the request. All but
//! the last three digits are the request's own id. A restart gives the same ones.

use std::sync::Arc;

use crate::host::control::run::{Run, RunId};
use crate::host::provider::{Providers, calendar};
use crate::sim::time::SimTime;

/// What stands between the time and the numbers.
const MARK: &str = "BSU";
/// Digits of the time.
const STAMP: usize = 17;
/// Digits of the call.
const CALL: usize = 8;
/// Digits of the place.
const SEAT: usize = 3;

/// The key of a message: the one at that place of the request, from 0.
pub fn message_key(run: &Run, call: u32, at: SimTime, seat: u32) -> String {
    let stamp = calendar::local(run, at, "%Y%m%d%H%M%S%3f");
    format!("{stamp}{MARK}{:04}{call:0CALL$}{seat:0SEAT$}", run.id.0)
}

/// The run, call and place of a key.
pub fn find(providers: &Providers, key: &str) -> Option<(Arc<Run>, u32, u32)> {
    let (run, call, seat) = parse(key)?;
    Some((providers.runs.get(run)?, call, seat))
}

fn parse(key: &str) -> Option<(RunId, u32, u32)> {
    let digits = key.get(STAMP..)?.strip_prefix(MARK)?;
    if digits.len() <= CALL + SEAT || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (run, rest) = digits.split_at(digits.len() - CALL - SEAT);
    let (call, seat) = rest.split_at(CALL);
    Some((RunId(run.parse().ok()?), call.parse().ok()?, seat.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{RunId, parse};

    #[test]
    fn a_key_names_its_run_call_and_place() {
        assert_eq!(parse("20221015152000123BSU000100000007042"), Some((RunId(1), 7, 42)));
        for wrong in ["", "7", "20221015152000123BSU7042", "20221015152000123POM000100000007042"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
