//! Request ids: the second of the call by the scenario's clock, the run, the call. A restart gives the same ones.

use std::sync::Arc;

use crate::host::control::run::{Run, RunId};
use crate::host::provider::{Providers, calendar};
use crate::sim::time::SimTime;

/// Digits of the time.
const STAMP: usize = 14;
/// Digits of the run.
const RUN: usize = 5;
/// Digits of the call.
const CALL: usize = 8;

/// What stands before the id of an alternative text message, in the SMS product.
pub const RESENT: &str = "R";

/// The id of a call.
pub fn request_id(run: &Run, call: u32, at: SimTime) -> String {
    let stamp = calendar::local(run, at, "%Y%m%d%H%M%S");
    format!("{stamp}{:0RUN$}{call:0CALL$}", run.id.0)
}

/// The run and call of an id.
pub fn find(providers: &Providers, id: &str) -> Option<(Arc<Run>, u32)> {
    let (run, call) = parse(id)?;
    Some((providers.runs.get(run)?, call))
}

fn parse(id: &str) -> Option<(RunId, u32)> {
    let plain = id.len() == STAMP + RUN + CALL && id.bytes().all(|b| b.is_ascii_digit());
    let digits = plain.then(|| &id[STAMP..])?;
    Some((RunId(digits[..RUN].parse().ok()?), digits[RUN..].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{RunId, parse};

    #[test]
    fn an_id_names_its_run_and_call() {
        assert_eq!(parse("202210151520000000100000007"), Some((RunId(1), 7)));
        for wrong in ["", "7", "20221015152000000010000000é", "2022101515200000001000000077"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
