//! Throttle 용량 제한: so many crossings a second; the rest waits, vanishes or is refused.
//!
//! Seen in: carriers' text messages on 2022-10-15 (KT 2.7 times, LG U+ 2.5 times the usual), vendors' rate limits.

use crate::sim::fault::Over;
use crate::sim::fault::judge::Bite;
use crate::sim::model::event::Leg;
use crate::sim::time::{SimTime, Span};

/// What a crossing meets, and the instant at which the next free place comes; `free` is that instant so far.
pub fn bite(per_second: u32, over: Over, leg: Leg, at: SimTime, free: SimTime) -> (Option<Bite>, SimTime) {
    let room = Span::from_micros(1_000_000 / u64::from(per_second.max(1)));
    let mine = free.max(at);
    // A second's worth may come in a burst; only what is beyond it is over the capacity.
    let ahead = mine.since(at);
    if ahead < Span::from_secs(1) {
        return (None, mine + room);
    }
    match (over, leg) {
        (Over::Queue, _) => (Some(Bite::Delay(ahead - Span::from_secs(1) + room)), mine + room),
        (Over::Drop, Leg::Submit | Leg::Connect | Leg::Identify) => (Some(Bite::NoAnswer { hang: true }), free),
        (Over::Drop, Leg::Deliver | Leg::Receipt | Leg::Report) => (Some(Bite::Drop), free),
        (Over::TooMany, _) => (Some(Bite::TooMany), free),
    }
}

#[cfg(test)]
mod tests {
    use super::bite;
    use crate::sim::fault::Over;
    use crate::sim::fault::judge::Bite;
    use crate::sim::model::event::Leg;
    use crate::sim::time::{SimTime, Span};

    #[test]
    fn a_second_of_burst_passes_and_the_rest_waits_its_turn() {
        let mut free = SimTime::ZERO;
        let mut delays = Vec::new();
        for _ in 0..30 {
            let (met, next) = bite(10, Over::Queue, Leg::Deliver, SimTime::ZERO, free);
            free = next;
            delays.push(met);
        }
        assert!(delays[..10].iter().all(Option::is_none));
        assert_eq!(delays[10], Some(Bite::Delay(Span::from_millis(100))));
        assert_eq!(delays[29], Some(Bite::Delay(Span::from_secs(2))));
    }

    #[test]
    fn what_is_refused_takes_no_place() {
        let mut free = SimTime::ZERO;
        let mut passed = 0;
        for i in 0..1_000 {
            let (met, next) = bite(10, Over::TooMany, Leg::Submit, SimTime::from_micros(i * 10_000), free);
            free = next;
            passed += usize::from(met.is_none());
        }
        assert_eq!(passed, 110, "ten seconds at ten a second, and one burst");
    }
}
