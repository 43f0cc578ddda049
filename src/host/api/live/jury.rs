//! The jury: how a run's promises stand while it goes on, for those who watch it.
//!
//! It follows the run's kept events with a watch of its own, so that neither engine nor drive waits for it, and asks at a
//! bounded rate: at most twice a second, and a fifth of one processor. Between two askings it only listens, and as often
//! as there is something to hear, because the run keeps no more than its newest events; one that missed some all the same
//! begins again with a copy of the drive's watch, and where there is none to be had it says so at once and is done. What it found is a history, so that whoever looks back sees how things stood then. The
//! verdict never looks here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::host::control::run::{Run, State};
use crate::sim::expect::so_far::SoFar;
use crate::sim::expect::{Clause, Promise, Strength, Watch};
use crate::sim::time::{SimTime, Span};

/// The shortest time between two looks.
const EVERY: Duration = Duration::from_millis(500);
/// Asking is followed by so many times its length of rest.
const REST: u32 = 4;
/// So many unheard events have it listen although it rests.
const LISTEN_AT: u64 = 16_384;
/// Events read from the run at once, under its lock.
const EVENTS_AT_ONCE: usize = 16_384;
/// Parts of a run that leave an entry in the history even if nothing turns.
const PARTS: u64 = 120;
/// Entries of the history; over it the newest takes the place of the one before.
const HISTORY_MAX: usize = 480;
/// Asking about instants that are past may be so far ahead of the share of a processor that [`REST`] leaves it.
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
    /// When the last event was that it has heard.
    at: SimTime,
    /// Posted faults whose names it has.
    named: usize,
    /// Parts of the run end so far apart, and the present one ends then.
    part: Span,
    next: SimTime,
    /// How long it has asked since it began.
    asking: Duration,
    began: Instant,
}

/// What it has found.
#[derive(Default)]
struct Told {
    history: Vec<Standing>,
    /// Rises whenever the history changes.
    version: u64,
    busy: bool,
    /// Number of the last event it has heard.
    heard: u64,
    /// The same when it last asked.
    asked: u64,
    /// It asks nothing before then, unless the run stands still: that is looked at closely.
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
            work: Mutex::new(Work {
                watch,
                since: 0,
                at: SimTime::ZERO,
                named: 0,
                part,
                next: SimTime::ZERO + part,
                asking: Duration::ZERO,
                began: Instant::now(),
            }),
            told: Mutex::new(told),
        }
    }

    /// Whether it should look again; whoever is told so has to have it do that.
    pub fn is_due(&self, run: &Run) -> bool {
        let last = run.last_event();
        let mut told = lock(&self.told);
        let due = !told.busy && !told.done && (told.asks(run, last) || last.saturating_sub(told.heard) >= LISTEN_AT);
        told.busy |= due;
        due
    }

    /// Whether nothing more will be found.
    pub fn is_done(&self) -> bool {
        lock(&self.told).done
    }

    /// Catches up with the run, and asks if it has rested. Takes a while.
    pub fn look(&self, run: &Run) {
        let over = run.outcome().is_some();
        let asks = over || lock(&self.told).asks(run, run.last_event());
        let mut work = lock(&self.work);
        let before = work.asking;
        let heard = work.catch_up(run, asks, &self.told);
        let took = work.asking - before;
        let mut told = lock(&self.told);
        if !heard {
            told.miss();
        }
        told.heard = work.since;
        told.done = over || !heard;
        told.busy = false;
        if asks {
            told.asked = work.since;
            told.rest_until = Some(Instant::now() + EVERY.max(took * REST));
        }
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
    /// Whether it has heard everything. It asks about every part of the run that has ended meanwhile, as far as its time
    /// allows, and about the present if it `asks`.
    fn catch_up(&mut self, run: &Run, asks: bool, told: &Mutex<Told>) -> bool {
        for posted in run.faults().iter().filter(|fault| fault.posted).skip(self.named) {
            let Some(watch) = &mut self.watch else { return false };
            watch.fault_posted(&posted.name);
            self.named += 1;
        }
        loop {
            let page = run.events(self.since, EVENTS_AT_ONCE);
            if page.missed > 0 {
                self.watch = None;
                // The drive's own watch misses nothing; the history has a gap, and the present is right again.
                let Some(copy) = run.watch_copy() else { return false };
                (self.watch, self.since, self.named, self.at) = (Some(copy.watch), copy.last, copy.posted, copy.at);
                continue;
            }
            if page.events.is_empty() {
                if asks {
                    self.ask(told);
                }
                return true;
            }
            for event in &page.events {
                if event.at >= self.next {
                    self.next = event.at + self.part;
                    if self.asking < LOOKING_BACK + self.began.elapsed() / (REST + 1) {
                        self.ask(told);
                    }
                }
                let Some(watch) = &mut self.watch else { return false };
                watch.observe(event);
                self.at = event.at;
            }
            self.since = page.first + page.events.len() as u64 - 1;
        }
    }

    /// Asks how things stand, and writes it down: as of the last event, because a drive that does not keep up with its pace
    /// is not yet where its clock is.
    fn ask(&mut self, told: &Mutex<Told>) {
        let Some(watch) = &self.watch else { return };
        let began = Instant::now();
        let clauses = watch.so_far();
        self.asking += began.elapsed();
        lock(told).add(Standing { at: self.at, clauses }, self.part);
    }
}

impl Told {
    /// Whether it is time to ask.
    fn asks(&self, run: &Run, last: u64) -> bool {
        let rested = self.rest_until.is_none_or(|until| Instant::now() >= until);
        rested || (last > self.asked && run.status().state == State::Paused)
    }

    /// Events were missed: whoever watches must not take the last standing for the present one.
    fn miss(&mut self) {
        self.missed = true;
        self.version += 1;
    }

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
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::{HISTORY_MAX, Jury, LISTEN_AT, Standing, Told, lock};
    use crate::host::control::Recorder;
    use crate::host::control::run::{Opening, Run, RunId, RunWriter};
    use crate::host::tests::promising;
    use crate::sim::engine::Phones;
    use crate::sim::engine::effect::Effect;
    use crate::sim::expect::Strength;
    use crate::sim::expect::so_far::SoFar;
    use crate::sim::expect::verdict::Outcome;
    use crate::sim::model::event::{Event, EventKind};
    use crate::sim::model::words::Words;
    use crate::sim::plan::population::Population;
    use crate::sim::time::{SimTime, Span};

    /// A run in which nothing happens by itself, and its writer.
    fn run() -> (Arc<Run>, RunWriter) {
        let scenario = promising();
        let people = Arc::new(Population::of(&scenario.plan));
        let (run, _orders) = Run::open(Opening {
            id: RunId(1),
            plan: Arc::new(scenario.plan),
            people,
            promise: scenario.promise,
            resolved: scenario.resolved,
            phones: Phones::Simulated,
            pace: None,
            begun_s: 0,
        });
        (run.clone(), RunWriter::new(run))
    }

    fn happen(writer: &mut RunWriter, events: u64) {
        let events =
            (0..events).map(|at| Effect::Event(Event { at: SimTime::from_micros(at), kind: EventKind::RunStarted }));
        writer.take(&events.collect::<Vec<_>>()).expect("it is only memory");
    }

    #[test]
    fn it_listens_while_it_rests_and_asks_nothing_then() {
        let (run, mut writer) = run();
        let jury = Jury::new(&run);
        assert!(jury.is_due(&run));
        jury.look(&run);
        let version = lock(&jury.told).version;
        lock(&jury.told).rest_until = Some(Instant::now() + Duration::from_secs(3_600));
        happen(&mut writer, LISTEN_AT - 1);
        assert!(!jury.is_due(&run), "a few events can wait");
        happen(&mut writer, 1);
        assert!(jury.is_due(&run) && !jury.is_due(&run), "one looks at a time");
        jury.look(&run);
        let told = lock(&jury.told);
        assert_eq!((told.heard, told.version), (LISTEN_AT, version));
        drop(told);
        assert!(!jury.is_due(&run) && !jury.is_done());
    }

    #[test]
    fn one_that_missed_events_says_so_at_once() {
        let (run, mut writer) = run();
        let jury = Jury::new(&run);
        jury.look(&run);
        let (news, from, version) = jury.news(0, 0).expect("how it stood");
        assert_eq!(news["missed"], false);
        happen(&mut writer, 3);
        run.forget_events();
        lock(&jury.told).rest_until = None;
        jury.look(&run);
        let (news, ..) = jury.news(from, version).expect("that is news to whoever watches");
        assert_eq!(news["missed"], true);
        assert!(jury.is_done() && !jury.is_due(&run));
    }

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
