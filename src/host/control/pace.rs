//! Pace: how simulated time follows the real clock. Pausing freezes it; a change of speed never makes it jump. In
//! lock-step the real clock moves nothing: its speed is 0, and simulated time only jumps (see `lease`).
//!
//! It reads no clock itself: every question brings the present along.

use std::time::Duration;

use tokio::time::Instant;

use crate::sim::time::{SimTime, Span};

/// Most simulated seconds a real second.
pub const SPEED_MAX: u32 = 100_000;

/// The speed of a run in lock-step: no real second brings any simulated time.
pub const LOCKSTEP: u32 = 0;

/// Simulated time as a function of the real clock.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    sim: SimTime,
    real: Instant,
    speed: u32,
    paused: bool,
}

impl Pace {
    /// A run that begins now, in lock-step at a speed of [`LOCKSTEP`]. A speed over [`SPEED_MAX`] is held there.
    pub fn starting(now: Instant, speed: u32) -> Pace {
        Pace { sim: SimTime::ZERO, real: now, speed: speed.min(SPEED_MAX), paused: false }
    }

    /// A run that goes on from that simulated time.
    pub fn going_on(now: Instant, at: SimTime, speed: u32, paused: bool) -> Pace {
        Pace { sim: at, paused, ..Pace::starting(now, speed) }
    }

    /// The simulated time.
    pub fn now(&self, now: Instant) -> SimTime {
        if self.paused {
            return self.sim;
        }
        let real = u64::try_from(now.saturating_duration_since(self.real).as_micros()).unwrap_or(u64::MAX);
        self.sim + Span::from_micros(real.saturating_mul(u64::from(self.speed)))
    }

    /// When that simulated time comes; `None` while paused, in lock-step, or when it is centuries away.
    pub fn due(&self, at: SimTime) -> Option<Instant> {
        if self.paused || self.lockstep() {
            return None;
        }
        let micros = at.since(self.sim).micros().div_ceil(u64::from(self.speed));
        self.real.checked_add(Duration::from_micros(micros))
    }

    /// Freezes simulated time.
    pub fn pause(&mut self, now: Instant) {
        self.anchor(now);
        self.paused = true;
    }

    /// Lets it go on.
    pub fn resume(&mut self, now: Instant) {
        self.anchor(now);
        self.paused = false;
    }

    /// Lets so much simulated time pass at once; for a pace that stands still.
    pub fn jump(&mut self, span: Span) {
        self.sim += span;
    }

    /// Simulated time is that instant now, whether it stands or goes on.
    pub fn leap(&mut self, now: Instant, at: SimTime) {
        self.sim = at;
        self.real = now;
    }

    /// Changes the speed from now on.
    pub fn set_speed(&mut self, now: Instant, speed: u32) {
        self.anchor(now);
        self.speed = speed.clamp(1, SPEED_MAX);
    }

    /// Whether it moves by jumps only.
    pub fn lockstep(&self) -> bool {
        self.speed == LOCKSTEP
    }

    /// Simulated seconds a real second.
    pub fn speed(&self) -> u32 {
        self.speed
    }

    /// Whether simulated time stands still.
    pub fn paused(&self) -> bool {
        self.paused
    }

    fn anchor(&mut self, now: Instant) {
        self.sim = self.now(now);
        self.real = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Pace, SPEED_MAX};
    use crate::sim::time::{SimTime, Span};

    const SECOND: Duration = Duration::from_secs(1);

    fn secs(secs: u64) -> SimTime {
        SimTime::ZERO + Span::from_secs(secs)
    }

    #[test]
    fn time_runs_at_its_speed_and_stands_while_paused() {
        let start = Instant::now();
        let mut pace = Pace::starting(start, 60);
        assert_eq!(pace.now(start + SECOND), secs(60));
        assert_eq!(pace.due(secs(120)), Some(start + 2 * SECOND));
        pace.pause(start + SECOND);
        assert_eq!(pace.now(start + 9 * SECOND), secs(60));
        assert_eq!(pace.due(secs(120)), None);
        pace.resume(start + 9 * SECOND);
        assert_eq!(pace.now(start + 10 * SECOND), secs(120));
    }

    #[test]
    fn a_new_speed_does_not_make_time_jump() {
        let start = Instant::now();
        let mut pace = Pace::starting(start, 1);
        pace.set_speed(start + 10 * SECOND, 100);
        assert_eq!(pace.now(start + 10 * SECOND), secs(10));
        assert_eq!(pace.now(start + 11 * SECOND), secs(110));
    }

    #[test]
    fn a_leap_lands_where_it_is_told_and_time_goes_on_from_there() {
        let start = Instant::now();
        let mut pace = Pace::starting(start, 10);
        pace.leap(start + SECOND, secs(600));
        assert_eq!(pace.now(start + SECOND), secs(600));
        assert_eq!(pace.now(start + 2 * SECOND), secs(610));
        pace.pause(start + 2 * SECOND);
        pace.leap(start + 9 * SECOND, secs(700));
        assert_eq!((pace.now(start + 99 * SECOND), pace.paused()), (secs(700), true));
    }

    #[test]
    fn an_alarm_is_never_due_before_its_time() {
        let start = Instant::now();
        let pace = Pace::starting(start, 7);
        let at = SimTime::from_micros(1_000_001);
        let due = pace.due(at).expect("not paused");
        assert!(pace.now(due) >= at, "{} is before {at}", pace.now(due));
    }

    #[test]
    fn in_lock_step_time_only_jumps() {
        let start = Instant::now();
        let mut pace = Pace::starting(start, super::LOCKSTEP);
        assert_eq!(pace.now(start + 9 * SECOND), SimTime::ZERO);
        assert_eq!(pace.due(SimTime::ZERO), None);
        pace.jump(Span::from_secs(5));
        assert_eq!((pace.now(start + 10 * SECOND), pace.lockstep()), (secs(5), true));
    }

    #[test]
    fn absurd_speeds_and_times_are_held_at_bounds() {
        let start = Instant::now();
        let pace = Pace::starting(start, u32::MAX);
        assert_eq!(pace.speed(), SPEED_MAX);
        let mut pace = pace;
        pace.set_speed(start, 0);
        assert_eq!(pace.speed(), 1);
        let _ = pace.due(SimTime::NEVER);
    }
}
