//! The floor: the least that a simulation by events must do for the same work. A standard binary heap of alarms, the
//! same number of alarms and of 32-byte facts for each notice, a roll for each delay; no people, no rules, no memory of
//! anything.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::sim::dice::{Seed, Subject};

/// Alarms of a plain notice: sent, arrives, receipt, time is up.
const ALARMS: u64 = 4;
/// Facts kept before the buffer is emptied, as the drivers do.
const BUFFER: usize = 512;

/// How long the floor takes for so many notices at so many a second, with so many facts in all.
pub fn run(notices: u64, per_second: u64, facts: u64) -> Duration {
    let seed = Seed(1);
    let facts_an_alarm = facts.div_ceil(notices * ALARMS).max(1);
    let mut heap = BinaryHeap::new();
    let mut buffer: Vec<[u64; 4]> = Vec::with_capacity(BUFFER + 8);
    let started = Instant::now();
    let mut sent = 0;
    heap.push(Reverse((0_u64, 0_u64)));
    while let Some(Reverse((at, what))) = heap.pop() {
        let (notice, stage) = (what / ALARMS, what % ALARMS);
        if stage == 0 {
            sent += 1;
            if sent < notices {
                heap.push(Reverse((sent * 1_000_000 / per_second, sent * ALARMS)));
            }
            heap.push(Reverse((at + 60_000_000, what + ALARMS - 1)));
        }
        if stage < ALARMS - 2 {
            let delay = seed.pick(1_000_000, Subject::Shows, notice, stage);
            heap.push(Reverse((at + delay, what + 1)));
        }
        for fact in 0..facts_an_alarm {
            buffer.push([at, what, fact, stage]);
        }
        if buffer.len() >= BUFFER {
            black_box(&buffer);
            buffer.clear();
        }
    }
    black_box(&buffer);
    started.elapsed()
}
