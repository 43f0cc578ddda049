//! The rate limit: how many writes a second this process takes over HTTP, whoever sends them. Reads are not counted.
//!
//! A bucket of whole tokens, filled evenly: a burst passes, a flood is answered 429 with a time to come back.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::Instant;

use crate::host::api::Api;
use crate::host::api::problem::{Kind, Problem};

/// Writes a second, in the long run. A batch of ten thousand notices is one.
pub const WRITES_PER_S: u64 = 500;
/// Writes at once.
pub const WRITES_AT_ONCE: u64 = 1_000;
/// Parts of a token: one for every microsecond that one write a second takes.
const WHOLE: u64 = 1_000_000;

/// The bucket.
#[derive(Debug)]
pub struct Limit(Mutex<Bucket>);

#[derive(Debug)]
struct Bucket {
    parts: u64,
    filled: Instant,
}

/// Lets a write through, or answers it.
pub async fn writes(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    match api.limit.take() {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

impl Default for Limit {
    fn default() -> Limit {
        Limit(Mutex::new(Bucket { parts: WRITES_AT_ONCE * WHOLE, filled: Instant::now() }))
    }
}

impl Limit {
    /// Takes a token, if there is one.
    pub fn take(&self) -> Result<(), Problem> {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let passed = u64::try_from(now.saturating_duration_since(bucket.filled).as_micros()).unwrap_or(u64::MAX);
        bucket.filled = now;
        let parts = bucket.parts.saturating_add(passed.saturating_mul(WRITES_PER_S)).min(WRITES_AT_ONCE * WHOLE);
        let left = parts.checked_sub(WHOLE);
        bucket.parts = left.unwrap_or(parts);
        let slow_down = || Problem::new(Kind::TooManyRequests, format!("more than {WRITES_PER_S} writes a second"));
        left.map(drop).ok_or_else(slow_down)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Limit, WRITES_AT_ONCE, WRITES_PER_S};

    fn taken(limit: &Limit) -> u64 {
        (0..WRITES_AT_ONCE * 2).take_while(|_| limit.take().is_ok()).count() as u64
    }

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_a_flood_does_not() {
        let limit = Limit::default();
        assert_eq!(taken(&limit), WRITES_AT_ONCE);
        assert_eq!(limit.take().expect_err("empty").detail, "more than 500 writes a second");
        tokio::time::advance(Duration::from_millis(100)).await;
        assert_eq!(taken(&limit), WRITES_PER_S / 10);
        tokio::time::advance(Duration::from_secs(86_400)).await;
        assert_eq!(taken(&limit), WRITES_AT_ONCE, "a quiet day saves nothing up");
    }
}
