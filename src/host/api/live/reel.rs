//! Reels: what is kept of a run for those who look back. Key frames of the scene, left by whoever folds it, so that the
//! picture of any instant is at most one stretch of events away; and the jury's history.
//!
//! Nothing here is needed to watch: a reel that made room for another is filled again by the next who looks.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::host::api::live::jury::Jury;
use crate::host::api::live::scene::Scene;
use crate::host::control::run::{Run, RunId};

/// Runs that have a reel; the one that was asked for longest ago makes room.
const REELS_MAX: usize = 4;
/// Events between two key frames, at the least.
const EVERY: u64 = 16_384;
/// Memory of the key frames of one run, in bytes; over it every other one goes, and they come half as often.
const BYTES_MAX: usize = 48 << 20;

/// The reels of a server.
#[derive(Default)]
pub struct Reels(Mutex<VecDeque<(RunId, Arc<Reel>)>>);

/// One run's.
pub struct Reel {
    frames: Mutex<Frames>,
    /// How its promises stand.
    pub jury: Jury,
}

/// Key frames, by the number of the last event in each.
struct Frames {
    every: u64,
    kept: BTreeMap<u64, Arc<Scene>>,
}

impl Reels {
    /// The reel of a run.
    pub fn of(&self, run: &Run) -> Arc<Reel> {
        let mut kept = lock(&self.0);
        let place = kept.iter().position(|(id, _)| *id == run.id);
        let found = place.and_then(|place| kept.remove(place)).map(|(_, reel)| reel);
        let reel = found.unwrap_or_else(|| Arc::new(Reel::new(run)));
        while kept.len() >= REELS_MAX {
            kept.pop_front();
        }
        kept.push_back((run.id, reel.clone()));
        reel
    }
}

impl Reel {
    fn new(run: &Run) -> Reel {
        Reel { frames: Mutex::new(Frames { every: EVERY, kept: BTreeMap::new() }), jury: Jury::new(run) }
    }

    /// The last key frame that holds no event after that one, with the number of the last event in it.
    pub fn before(&self, event: u64) -> Option<(u64, Arc<Scene>)> {
        let frames = lock(&self.frames);
        frames.kept.range(..=event).next_back().map(|(number, scene)| (*number, scene.clone()))
    }

    /// Leaves a key frame, if there is none near before it.
    pub fn leave(&self, event: u64, scene: &Scene) {
        let mut frames = lock(&self.frames);
        if frames.wants(event) {
            frames.kept.insert(event, Arc::new(scene.frame()));
            frames.make_room(BYTES_MAX);
        }
    }
}

impl Frames {
    fn wants(&self, event: u64) -> bool {
        let nearest = self.kept.range(..=event).next_back().map_or(0, |(number, _)| *number);
        event - nearest >= self.every
    }

    fn make_room(&mut self, bytes_max: usize) {
        while self.kept.len() > 1 && self.bytes() > bytes_max {
            let mut place = 0;
            self.kept.retain(|_, _| {
                place += 1;
                place % 2 == 0
            });
            self.every *= 2;
        }
    }
}

impl Frames {
    /// What they share is counted once.
    fn bytes(&self) -> usize {
        let mut seen = BTreeSet::new();
        self.kept.values().map(|scene| scene.bytes(&mut seen)).sum()
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    // Whole frames only: nobody can leave a list half changed.
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use super::Frames;
    use crate::host::api::live::scene::{Point, Scene};
    use crate::sim::engine::Phones;
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;

    #[test]
    fn frames_over_the_memory_bound_are_thinned_out_evenly() {
        let plan = sample::rent();
        let people = Population::of(&plan);
        let scene = || Arc::new(Scene::new(&plan, &people, Phones::Simulated));
        let bytes = scene().bytes(&mut BTreeSet::new());
        let mut frames = Frames { every: 10, kept: BTreeMap::new() };
        for event in (10..=80).step_by(10) {
            assert!(frames.wants(event) && !frames.wants(event - 1), "{event}");
            frames.kept.insert(event, scene());
        }
        frames.make_room(4 * bytes);
        assert_eq!((frames.kept.keys().copied().collect::<Vec<u64>>(), frames.every), (vec![20, 40, 60, 80], 20));
        assert!(!frames.wants(99) && frames.wants(100));
        frames.make_room(0);
        assert_eq!(frames.kept.len(), 1, "one is always kept");
    }

    #[test]
    fn what_frames_share_is_counted_once() {
        let plan = sample::rent();
        let scene = Scene::new(&plan, &Population::of(&plan), Phones::Simulated);
        let bytes = scene.bytes(&mut BTreeSet::new());
        let mut frames = Frames { every: 10, kept: BTreeMap::new() };
        frames.kept.extend((1..=8).map(|event| (event, Arc::new(scene.frame()))));
        let plain = scene.dots.len() * 3 + scene.curve.len() * size_of::<Point>();
        assert_eq!(frames.bytes(), bytes + 7 * plain);
    }
}
