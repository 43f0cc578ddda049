//! The swarm: whole plans drawn from a seed, played in virtual time, and held against laws that no run may break.
//!
//! Laws come in two kinds. Safety: something never happens (a message that nobody took never shows). Liveness:
//! something always happens (a call is always answered in time), because an engine that does nothing breaks no safety
//! law. Each law is shown to find a violation that is planted into a real trace.
//!
//! A failing seed is a complete recipe: `BONGSU_SWARM=7..8 cargo test --test all swarm` plays it alone, and
//! `BONGSU_SWARM=0..100000` searches further than every test run does.

mod dice;
mod draw;
mod faults;
mod services;
mod inputs;
mod play;
mod trace;
mod safety;
mod liveness;
mod planted;

use std::ops::Range;
use std::sync::OnceLock;

use play::{play, replay_late};
use trace::Trace;

/// A law: what of a trace breaks it.
type Law = fn(&Trace) -> Vec<String>;

/// Seeds of every test run, unless the environment names others.
const SEEDS: Range<u64> = 0..150;

fn seeds() -> Range<u64> {
    let named = std::env::var("BONGSU_SWARM").ok();
    let range = named.as_deref().and_then(|text| {
        let (from, to) = text.split_once("..")?;
        Some(from.parse().ok()?..to.parse().ok()?)
    });
    assert_eq!(named.is_some(), range.is_some(), "BONGSU_SWARM is not a range of seeds: {named:?}");
    range.unwrap_or(SEEDS)
}

/// The runs of the usual seeds, each played once for all tests of this binary.
fn usual() -> &'static [Trace] {
    static TRACES: OnceLock<Vec<Trace>> = OnceLock::new();
    TRACES.get_or_init(|| SEEDS.map(play).collect())
}

/// Every drawn run against every law; says all that it finds, with the seed.
#[test]
fn no_drawn_run_breaks_a_law() {
    let mut findings = Vec::new();
    for seed in seeds() {
        let trace = play(seed);
        for (name, law) in safety::LAWS.iter().chain(&liveness::LAWS) {
            findings.extend(law(&trace).into_iter().take(3).map(|what| format!("seed {seed}: {name}: {what}")));
        }
    }
    assert!(findings.is_empty(), "{} findings\n{}", findings.len(), findings.join("\n"));
}

/// The contract of `step`: with the same stamped inputs, a host that wakes late sees the same events.
#[test]
fn a_late_host_sees_the_same_run() {
    for seed in seeds().step_by(3) {
        let exact = play(seed);
        let late = replay_late(&exact);
        assert!(exact.events == late.events, "seed {seed}: {}", exact.first_difference(&late));
    }
}

/// A swarm that draws only the easy runs proves little: over all seeds, everything that can happen does.
#[test]
fn the_swarm_reaches_every_corner() {
    let mut seen: Vec<&'static str> = Vec::new();
    for trace in usual() {
        seen.extend(trace.events.iter().map(|event| trace::word(&event.kind)));
        seen.sort_unstable();
        seen.dedup();
    }
    let unseen: Vec<&str> = trace::WORDS.into_iter().filter(|word| !seen.contains(word)).collect();
    assert_eq!(unseen, Vec::<&str>::new());
}
