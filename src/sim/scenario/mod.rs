//! Scenario text to plan: parse, change by settings, include, lower; and what to say when it cannot be done.
//!
//! A file is read to a tree whose every node knows its place (`yaml`). `--set`, `--seed`, `--phones` and `--outage`
//! change the tree (`setting`), as a variable of the environment does (`address`), lists of people and outage packs are put into it (`include`), and the tree that results
//! is both what is lowered to a plan (`lower` and a file for each part of the format) and what is written out as
//! "resolved" (`emit`). So a resolved file cannot mean anything else than the run that wrote it.
//!
//! Readers answer what they found or say what is wrong and go on: all problems of a file come at once. Every mapping
//! has a table of its keys (`table`) that also makes the JSON Schema, so that schema and reader cannot part.
//!
//! Files come through a [`Library`]: nothing here opens one. Nothing here runs anything either.

use crate::sim::expect::Promise;
use crate::sim::fault::Fault;
use crate::sim::model::words::Words;
use crate::sim::plan::Plan;
use crate::sim::time::{SimTime, Span};

mod problem;
mod yaml;
mod value;
mod table;
mod reader;
mod text;
mod notices;
mod variant;
mod people;
mod ages;
mod csv;
mod list;
mod media;
mod faults;
mod kinds;
mod recover;
mod audience;
mod timeline;
mod pack;
mod desk;
mod address;
mod dialable;
mod manners;
mod promise;
mod service;
mod lower;
mod include;
mod each;
mod setting;
mod emit;
mod line;
mod played;
mod format;
mod schema;
pub mod sources;
#[cfg(test)]
mod tests;

pub use format::format;
pub use kinds::{KindForm, ParameterForm, capabilities, fault_kinds, fault_legs};
pub use pack::{Pack, Posting, is_pack, read_pack, read_posting};
pub use played::{Happened, as_played};
pub use problem::{PROBLEMS_MAX, Problem, Problems};
pub use schema::schema;

/// A scenario that was read without a problem.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What will happen.
    pub plan: Plan,
    /// What it is judged by.
    pub promise: Promise,
    /// The file as resolved: settings applied, includes inlined, defaults as they were; reads back to the same plan.
    pub resolved: String,
}

/// Where files that a scenario names come from. Keeping them inside the scenario's folder tree is the library's duty.
pub trait Library {
    /// The file `name`, as named in the file `from`. An error is a fragment that says why not.
    fn load(&self, from: &str, name: &str) -> Result<Loaded, Words>;

    /// What a variable of the environment holds, if the library knows one.
    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}

/// A file of a library.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its canonical name: the same file always has the same one, so that circles are found.
    pub name: String,
    /// Its bytes.
    pub text: Vec<u8>,
}

/// What is changed in a file before it is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values to set, in order.
    pub settings: Vec<Setting>,
    /// Outage packs to add to the timeline.
    pub outages: Vec<OutageAt>,
    /// The seed, in place of the file's.
    pub seed: Option<u64>,
    /// How many people there are in all, in place of the file's sum; every row keeps its part of the whole.
    pub people: Option<u32>,
    /// The file was written by bongsu as "resolved": lists of people stand in it, so it may be large.
    pub resolved: bool,
}

/// One `path=value`: keys and places in lists (from 0) joined by dots, as in `clock.stop` or `timeline.1.for`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Where.
    pub path: String,
    /// What, as the file would write it.
    pub value: String,
}

/// An outage pack put into the timeline from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageAt {
    /// The pack's name, for the library.
    pub name: String,
    /// When its first hour begins.
    pub at: Span,
}

/// Bytes of a scenario or of an outage pack.
pub const FILE_BYTES_MAX: usize = 8 << 20;
/// Bytes of a list of people, and of a resolved scenario that has such lists inside.
pub const LIST_BYTES_MAX: usize = 128 << 20;

/// Reads a scenario: all of it or all its problems.
pub fn read(name: &str, text: &[u8], library: &dyn Library, options: &Options) -> Result<Scenario, Problems> {
    let mut problems = Problems::default();
    let max = if options.resolved { LIST_BYTES_MAX } else { FILE_BYTES_MAX };
    let taken = include::take(name, text, max, &mut problems);
    let root = taken.and_then(|(source, text)| yaml::parse(source, 0, &text, &mut problems));
    let Some(mut root) = root else { return Err(problems) };
    setting::apply(&mut root, options, &mut problems);
    address::fill(&mut root, library, &mut problems);
    if !options.resolved {
        // What was recorded is played again as it is.
        dialable::check(&root, &mut problems);
    }
    let until_here = problems.is_empty();
    each::expand(&mut root, &mut problems);
    if until_here && !problems.is_empty() {
        // What was not repeated still has its marks, and everybody who reads one would stumble over it.
        return Err(problems.sorted());
    }
    include::inline(&mut root, name, library, &options.outages, &mut problems);
    match lower::lower(&root, &mut problems) {
        Some((plan, promise)) if problems.is_empty() => Ok(Scenario { plan, promise, resolved: emit::emit(&root) }),
        Some(_) | None => Err(problems.sorted()),
    }
}

/// Reads one fault that begins at `at`, in the words of the timeline (`at:` itself is not needed). JSON is YAML.
pub fn read_fault(name: &str, text: &[u8], plan: &Plan, at: SimTime) -> Result<Fault, Problems> {
    let mut problems = Problems::default();
    let taken = include::take(name, text, FAULT_BYTES_MAX, &mut problems);
    let node = taken.and_then(|(source, text)| yaml::parse(source, 0, &text, &mut problems));
    let fault = node.and_then(|node| faults::read(&node, at, plan, &mut problems));
    match fault {
        Some(fault) if problems.is_empty() => Ok(fault),
        Some(_) | None => Err(problems.sorted()),
    }
}

/// Bytes of a posted fault.
const FAULT_BYTES_MAX: usize = 64 << 10;
