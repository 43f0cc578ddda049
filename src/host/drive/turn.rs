//! When simulated time may go on in a live run: when the next alarm is due by the real clock, or, in lock-step, when
//! nobody outside has anything left to do.
//!
//! It only waits and answers; the drive moves time and steps the engine.

use tokio::time::{Instant, sleep_until};

use crate::host::control::pace::Pace;
use crate::host::control::run::Run;
use crate::sim::time::{SimTime, Span};

/// Waits for it. In lock-step the answer says by how much time jumps; what is due at this instant is due at once, because
/// no time passes for it.
pub async fn next(run: &Run, pace: &Pace, wakeup: Option<SimTime>) -> Option<Span> {
    let now = pace.now(Instant::now());
    match &run.leases {
        Some(leases) if pace.paused() => {
            let _waits = leases.drive_waits();
            std::future::pending().await
        }
        Some(_) if wakeup.is_some_and(|due| due <= now) => Some(Span::ZERO),
        Some(leases) => Some(leases.clear(wakeup).await.since(now)),
        None => match wakeup.and_then(|due| pace.due(due)) {
            Some(due) => {
                sleep_until(due).await;
                None
            }
            None => std::future::pending().await,
        },
    }
}

/// Drops leases of which nothing was heard for too long.
pub fn sweep(run: &Run) {
    let dropped = run.leases.iter().flat_map(|leases| leases.sweep(Instant::now()));
    for gone in dropped {
        tracing::warn!(run = %run.id, lease = %gone.id, name = gone.name, at = %gone.at, "a silent lease is dropped");
    }
}
