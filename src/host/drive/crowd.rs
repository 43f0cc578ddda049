//! When inputs come in a crowd they are let gather for some milliseconds, so that one sync takes in many.
//!
//! A sync costs the processor as much as several receipts, however many it takes in. Few inputs are taken as they come.
//! What gathers is stamped when it is taken, so the gathering is short in simulated time too, however fast that runs.

use std::time::Duration;

use tokio::time::Instant;

use crate::host::control::pace::Pace;

/// Inputs at one waking that are a crowd.
const CROWD: usize = 16;
/// From one taking of a crowd to the next, in real time.
const GATHER: Duration = Duration::from_millis(8);
/// The same in simulated time, at most.
const GATHER_SIMULATED: Duration = Duration::from_millis(100);

/// Until when inputs are let gather, if so many were taken at a waking that began then.
pub fn gathers_until(taken: usize, began: Instant, pace: Pace) -> Option<Instant> {
    // In lock-step time jumps when nobody has anything left to say, so nothing that was said may wait.
    if taken < CROWD || pace.lockstep() {
        return None;
    }
    let simulated = if pace.paused() { GATHER } else { GATHER_SIMULATED / pace.speed().max(1) };
    Some(began + GATHER.min(simulated))
}

/// Waits until then; for ever, if nothing gathers.
pub async fn gathered(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{CROWD, gathers_until};
    use crate::host::control::pace::Pace;

    #[tokio::test(start_paused = true)]
    async fn a_crowd_gathers_for_a_moment_of_either_time() {
        let began = Instant::now();
        let until = |taken, speed, paused| {
            let mut pace = Pace::starting(began, speed);
            if paused {
                pace.pause(began);
            }
            gathers_until(taken, began, pace).map(|until| until - began)
        };
        assert_eq!(until(CROWD - 1, 1, false), None);
        assert_eq!(until(CROWD, 1, false), Some(Duration::from_millis(8)));
        assert_eq!(until(CROWD, 100, false), Some(Duration::from_millis(1)));
        assert_eq!(until(CROWD, 100, true), Some(Duration::from_millis(8)));
        assert_eq!(until(CROWD, 0, false), None, "in lock-step");
    }
}
