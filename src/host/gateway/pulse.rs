//! When a session is due to do something by itself: ping, give up on a silent client, give up on one that takes nothing.
//!
//! And how many frames a client may send. Instants in, verdicts out: nothing here waits.

use std::time::Duration;

use tokio::time::Instant;

/// How often the server pings.
pub const PING_EVERY: Duration = Duration::from_secs(20);
/// A client that was not heard for this long is gone.
pub const SILENCE_MAX: Duration = Duration::from_secs(30);
/// A client whose socket takes nothing for this long, while something waits, reads too slowly.
pub const STALL_MAX: Duration = Duration::from_secs(10);
/// Frames a client may send in one second, and in one burst.
pub const FRAMES_PER_SECOND: u32 = 2_000;

/// The pulse of one session.
#[derive(Clone, Copy, Debug)]
pub struct Pulse {
    heard: Instant,
    pinged: Instant,
    /// Since when a flush is under way.
    blocked: Option<Instant>,
    frames: u32,
    refilled: Instant,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A ping.
    Ping,
    /// The client is gone.
    Silent,
    /// The client reads too slowly.
    Stalled,
}

impl Pulse {
    /// The pulse of a client that was heard just now.
    pub fn new(now: Instant) -> Pulse {
        Pulse { heard: now, pinged: now, blocked: None, frames: FRAMES_PER_SECOND, refilled: now }
    }

    /// A frame came; `false` if it is one too many.
    pub fn heard(&mut self, now: Instant) -> bool {
        self.heard = now;
        let millis = now.saturating_duration_since(self.refilled).as_millis().min(1_000) as u32;
        if millis > 0 {
            self.frames = (self.frames + millis * FRAMES_PER_SECOND / 1_000).min(FRAMES_PER_SECOND);
            self.refilled = now;
        }
        let allowed = self.frames > 0;
        self.frames = self.frames.saturating_sub(1);
        allowed
    }

    /// A ping was sent.
    pub fn pinged(&mut self, now: Instant) {
        self.pinged = now;
    }

    /// Something was handed to the socket.
    pub fn flushing(&mut self, now: Instant) {
        self.blocked.get_or_insert(now);
    }

    /// The socket has taken everything.
    pub fn flushed(&mut self) {
        self.blocked = None;
    }

    /// Whether something is still being handed to the socket.
    pub fn is_flushing(&self) -> bool {
        self.blocked.is_some()
    }

    /// When to ask next.
    pub fn next(&self) -> Instant {
        let silent = (self.pinged + PING_EVERY).min(self.heard + SILENCE_MAX);
        self.blocked.map_or(silent, |since| silent.min(since + STALL_MAX))
    }

    /// What is due by now.
    pub fn due(&self, now: Instant) -> Option<Due> {
        if self.blocked.is_some_and(|since| now >= since + STALL_MAX) {
            Some(Due::Stalled)
        } else if now >= self.heard + SILENCE_MAX {
            Some(Due::Silent)
        } else {
            (now >= self.pinged + PING_EVERY).then_some(Due::Ping)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_silent_client_is_pinged_once_and_then_given_up() {
        let start = Instant::now();
        let mut pulse = Pulse::new(start);
        assert_eq!(pulse.next(), start + PING_EVERY);
        assert_eq!(pulse.due(start + PING_EVERY), Some(Due::Ping));
        pulse.pinged(start + PING_EVERY);
        assert_eq!(pulse.next(), start + SILENCE_MAX);
        assert_eq!(pulse.due(start + SILENCE_MAX), Some(Due::Silent));
        assert!(pulse.heard(start + Duration::from_secs(25)));
        assert_eq!(pulse.due(start + SILENCE_MAX), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_given_up_sooner() {
        let start = Instant::now();
        let mut pulse = Pulse::new(start);
        pulse.flushing(start);
        pulse.flushing(start + Duration::from_secs(9));
        assert_eq!((pulse.next(), pulse.due(start + STALL_MAX)), (start + STALL_MAX, Some(Due::Stalled)));
        pulse.flushed();
        assert_eq!(pulse.due(start + STALL_MAX), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_is_noticed_and_a_busy_client_is_not_one() {
        let start = Instant::now();
        let mut pulse = Pulse::new(start);
        assert!((0..FRAMES_PER_SECOND).all(|_| pulse.heard(start)));
        assert!(!pulse.heard(start));
        let busy = (1..=10_000).all(|i| pulse.heard(start + Duration::from_millis(i)));
        assert!(busy, "a thousand frames a second are no flood");
    }
}
