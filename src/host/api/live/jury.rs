//! The jury: how a run's promises stand while it goes on, for those who watch it.
//!
//! It follows the run's kept events with a watch of its own, so that neither engine nor drive knows of it, and asks at a
//! bounded rate: at most twice a second, and a fifth of one processor. What it found is a history, so that whoever looks
//! back sees how things stood then. The verdict never looks here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::host::control::run::Run;
use crate::sim::expect::so_far::SoFar;
use crate::sim::expect::{Clause, Promise, Strength, Watch};
use crate::sim::time::{SimTime, Span};

/// The shortest time between two looks.
const EVERY: Duration = Duration::from_millis(500);
/// A look is followed by so many times its length of rest.
const REST: u32 = 4;
/// Events read from the run at once, under its lock.
const EVENTS_AT_ONCE: usize = 16_384;
/// Parts of a run that leave an entry in the history even if nothing turns.
const PARTS: u64 = 120;
/// Entries of the history; over it the newest takes the place of the one before.
const HISTORY_MAX: usize = 480;
/// How long one catching up goes on asking about instants that are past.
const LOOKING_BACK: Duration = Duration::from_millis(400);

/// The jury of a run.
pub struct Jury {
    work: Mutex<Work>,
    told: Mutex<Told>,
}

struct Work {
    /// Nobody, if nothing is promised or events were missed.
    watch: Option<Watch>,
    since: u64,
    /// Posted faults whose names it has.
    named: usize,
    /// Parts of the run end so far apart, and the present one ends then.
    part: Span,
    next: SimTime,
}

/// What it has found.
#[derive(Default)]
struct Told {
    history: Vec<Standing>,
    /// Rises whenever the history changes.
    version: u64,
    busy: bool,
    /// Not before then.
    rest_until: Option<Instant>,
    /// It has seen the end of the run, or will never see it.
    done: bool,
    missed: bool,
}

/// How all clauses stood at an instant.
struct Standing {
    at: SimTime,
    clauses: Vec<SoFar>,
}

impl Jury {
    /// A jury that has heard nothing.
    pub fn new(run: &Run) -> Jury {
        let any = clauses(&run.promise).next().is_some();
        let watch = any.then(|| Watch::new(run.plan.clone(), run.people.clone(), run.promise.clone()));
        let part = Span::from_micros((run.plan.clock.stop.micros() / PARTS).max(1));
        let told = Told { done: !any, ..Told::default() };
        Jury {
            work: Mutex::new(Work { watch, since: 0, named: 0, part, next: SimTime::ZERO + part }),
            told: Mutex::new(told),
        }
    }

    /// Whether it should look again; whoever is told so has to have it do that.
    pub fn is_due(&self) -> bool {
        let mut told = lock(&self.told);
        let due = !told.busy && !told.done && told.rest_until.is_none_or(|until| Instant::now() >= until);
        told.busy |= due;
        due
    }

    /// Whether nothing more will be found.
    pub fn is_done(&self) -> bool {
        lock(&self.told).done
    }

    /// Catches up with the run, and looks. Takes a while.
    pub fn look(&self, run: &Run) {
        let began = Instant::now();
        let over = run.outcome().is_some();
        let heard = lock(&self.work).catch_up(run, began, &self.told);
        let mut told = lock(&self.told);
        told.missed |= !heard;
        told.done = over || !heard;
        told.busy = false;
        told.rest_until = Some(Instant::now() + EVERY.max(began.elapsed() * REST));
    }

    /// What a client does not have, that has the history up to `from` and that version: the changes of each entry against
    /// the one before it. `None`: nothing. The answer comes with what to ask with next time.
    pub fn news(&self, from: usize, version: u64) -> Option<(Value, usize, u64)> {
        let told = lock(&self.told);
        if told.version == version {
            return None;
        }
        let rows = (from..told.history.len()).map(|place| {
            let before = place.checked_sub(1).map(|place| told.history[place].clauses.as_slice());
            told.history[place].json(before.unwrap_or_default())
        });
        let news = json!({ "from": from, "history": rows.collect::<Vec<Value>>(), "missed": told.missed });
        // The last entry may still be replaced.
        Some((news, told.history.len().saturating_sub(1), told.version))
    }
}

/// What is promised, in the order of a verdict, as the scene says it.
pub fn promised(promise: &Promise) -> Value {
    let row = |clause: &Clause| {
        json!({
            "strength": strength(clause.strength), "source": clause.source,
            "why": { "ko": clause.why.ko, "en": clause.why.en },
        })
    };
    clauses(promise).map(row).collect()
}

fn clauses(promise: &Promise) -> impl Iterator<Item = &Clause> {
    promise.steady.iter().chain(&promise.expect).chain(&promise.stop)
}

const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "must",
        Strength::Should => "should",
        Strength::Sometimes => "sometimes",
        Strength::Steady => "steady",
        Strength::Stop => "stop",
    }
}

impl Work {
    /// Whether it has heard everything.
    fn catch_up(&mut self, run: &Run, began: Instant, told: &Mutex<Told>) -> bool {
        let Some(watch) = &mut self.watch else { return false };
        for posted in run.faults().iter().filter(|fault| fault.posted).skip(self.named) {
            watch.fault_posted(&posted.name);
            self.named += 1;
        }
        loop {
            let at = run.status().at;
            let page = run.events(self.since, EVENTS_AT_ONCE);
            if page.missed > 0 {
                self.watch = None;
                return false;
            }
            if page.events.is_empty() {
                lock(told).add(Standing { at, clauses: watch.so_far() }, self.part);
                return true;
            }
            for event in &page.events {
                if event.at >= self.next {
                    self.next = event.at + self.part;
                    if began.elapsed() < LOOKING_BACK {
                        lock(told).add(Standing { at: event.at, clauses: watch.so_far() }, self.part);
                    }
                }
                watch.observe(event);
            }
            self.since = page.first + page.events.len() as u64 - 1;
        }
    }
}

impl Told {
    fn add(&mut self, standing: Standing, part: Span) {
        if self.history.last().is_some_and(|last| last.clauses == standing.clauses) {
            return;
        }
        let replaces = match self.history.as_slice() {
            [.., before, last] => last.lights_as(&standing) && standing.at.since(before.at) < part,
            [_] | [] => false,
        };
        if replaces || self.history.len() >= HISTORY_MAX {
            self.history.pop();
        }
        self.history.push(standing);
        self.version += 1;
    }
}

impl Standing {
    /// Whether every lamp has the same light, whatever the figures say.
    fn lights_as(&self, other: &Standing) -> bool {
        let lights =
            |one: &Standing| one.clauses.iter().map(|so_far| (so_far.outcome, so_far.decided)).collect::<Vec<_>>();
        lights(self) == lights(other)
    }

    /// `{"at_us":…,"clauses":[[place, outcome, decided, ko, en], …]}`, of those that stood otherwise before.
    fn json(&self, before: &[SoFar]) -> Value {
        let changed = self.clauses.iter().enumerate().filter(|(place, so_far)| before.get(*place) != Some(so_far));
        let rows = changed.map(|(place, so_far)| {
            json!([place, so_far.outcome.name(), so_far.decided, so_far.reason.ko, so_far.reason.en])
        });
        json!({ "at_us": self.at.micros(), "clauses": rows.collect::<Vec<Value>>() })
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    // A look that panicked leaves a history that is whole up to then.
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{HISTORY_MAX, Standing, Told};
    use crate::sim::expect::Strength;
    use crate::sim::expect::so_far::SoFar;
    use crate::sim::expect::verdict::Outcome;
    use crate::sim::model::words::Words;
    use crate::sim::time::{SimTime, Span};

    fn standing(at: u64, outcome: Outcome, figure: u64) -> Standing {
        let reason = Words::same(figure.to_string());
        let so_far = SoFar { strength: Strength::Must, outcome, decided: false, reason };
        Standing { at: SimTime::from_micros(at * 1_000_000), clauses: vec![so_far] }
    }

    #[test]
    fn the_history_has_every_turn_and_one_entry_a_part() {
        let (mut told, part) = (Told::default(), Span::from_secs(10));
        for (at, outcome, figure) in [
            (0, Outcome::Inconclusive, 0),
            (1, Outcome::Broken, 1),
            (2, Outcome::Broken, 2),
            (3, Outcome::Broken, 2),
            (4, Outcome::Held, 3),
            (5, Outcome::Held, 4),
            (15, Outcome::Held, 5),
        ] {
            told.add(standing(at, outcome, figure), part);
        }
        let kept: Vec<(u64, &str)> =
            told.history.iter().map(|one| (one.at.micros() / 1_000_000, one.clauses[0].reason.en.as_str())).collect();
        assert_eq!(kept, [(0, "0"), (2, "2"), (5, "4"), (15, "5")]);
        assert_eq!(told.version, 6, "what stands as before is no news");
        let row = told.history[1].json(&told.history[0].clauses);
        assert_eq!(row.to_string(), r#"{"at_us":2000000,"clauses":[[0,"broken",false,"2","2"]]}"#);
    }

    #[test]
    fn a_history_that_is_full_keeps_its_past_and_its_present() {
        let mut told = Told::default();
        for at in 0..=HISTORY_MAX as u64 {
            let outcome = if at % 2 == 0 { Outcome::Held } else { Outcome::Broken };
            told.add(standing(at, outcome, at), Span::from_micros(1));
        }
        let last = told.history.last().map(|one| one.at.micros() / 1_000_000);
        assert_eq!((told.history.len(), last), (HISTORY_MAX, Some(HISTORY_MAX as u64)));
        assert_eq!(told.history[0].at, SimTime::ZERO);
    }
}
