//! Benchmarks, each against a floor in the same run, so that a noisy machine moves both and the ratio stays.
//!
//! [`engine`] measures virtual time: notices a second with the watch following, against the least that any simulation
//! by events must do (`floor`); [`fanout`] the gateway on real sockets; [`restart`] how soon a killed server is back;
//! [`senders`] what applications outside hand in and are told.
//! Nothing here is a test: figures are printed for people to compare.

use std::time::Duration;

use crate::sim::model::words::Words;
use crate::sim::scenario::{self, Library, Loaded, Options, Scenario};

pub mod engine;
pub mod fanout;
pub mod restart;
pub mod senders;
mod floor;
mod memory;

/// What one size of one story took.
#[derive(Clone, Debug)]
pub struct Row {
    /// The story.
    pub story: &'static str,
    /// How many people.
    pub people: u32,
    /// How many notices.
    pub notices: u64,
    /// How many events.
    pub events: u64,
    /// Wall time of the median round.
    pub took: Duration,
    /// Speed as a share of the floor's: the median of the rounds' ratios.
    pub of_floor: f64,
    /// Verdict of the run, so that a benchmark of nothing shows.
    pub verdict: String,
}

impl Row {
    /// Notices a second.
    pub fn notices_a_second(&self) -> f64 {
        self.notices as f64 / self.took.as_secs_f64()
    }

    /// Nanoseconds a notice.
    pub fn nanos_a_notice(&self) -> f64 {
        self.took.as_nanos() as f64 / self.notices as f64
    }
}

/// What the engine and the watch keep in memory.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// How many people, and how many of them had an open notice.
    pub people: u32,
    /// Bytes a person, before anything is sent.
    pub bytes_a_person: f64,
    /// Bytes an open notice, on top of that.
    pub bytes_an_open_notice: f64,
}

/// The middle one; benchmarks have at least one round.
fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("times and ratios are numbers"));
    values[values.len() / 2]
}

/// A story as a scenario.
fn story(text: &str) -> Scenario {
    scenario::read("bench.yaml", text.as_bytes(), &NoFiles, &Options::default())
        .expect("the stories of the benchmarks are valid scenarios")
}

/// The stories include nothing.
struct NoFiles;

impl Library for NoFiles {
    fn load(&self, _from: &str, name: &str) -> Result<Loaded, Words> {
        Err(Words::same(format!("{name} is not part of a benchmark")))
    }
}
