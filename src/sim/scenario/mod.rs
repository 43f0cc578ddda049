//! Scenario text to plan: parse, resolve, lower; and what to say when it cannot be done.

use crate::sim::expect::Promise;
use crate::sim::model::words::Lang;
use crate::sim::plan::Plan;
use crate::sim::time::Span;

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

/// Where a scenario's other files come from.
pub trait Library {
    /// The text of a file named relative to the file `from`, and its own canonical name; or why there is none.
    fn load(&self, from: &str, name: &str) -> Result<Loaded, String>;
}

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// Its canonical name.
    pub name: String,
    /// Its bytes.
    pub text: Vec<u8>,
}

/// A change to a scenario from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What: `seed`, `clock.stop`, `people.tenants.count` ...
    pub path: String,
    /// To what.
    pub value: String,
}

/// An outage pack laid over a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutageAt {
    /// The pack, by the name that the library knows it by.
    pub pack: String,
    /// When it begins.
    pub at: Span,
}

/// All changes to a scenario from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Settings, in order.
    pub settings: Vec<Setting>,
    /// Packs.
    pub outages: Vec<OutageAt>,
    /// Another seed.
    pub seed: Option<u64>,
    /// Another size of the population.
    pub people: Option<u32>,
}

/// Everything that is wrong with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {}

impl Problems {
    /// All problems for a terminal.
    pub fn render(&self, _lang: Lang, _color: bool) -> String {
        "the scenario reader is not in this build\n".to_owned()
    }
}

/// Reads a scenario.
pub fn read(_name: &str, _text: &[u8], _library: &dyn Library, _options: &Options) -> Result<Scenario, Problems> {
    Err(Problems {})
}

/// The JSON Schema of the file.
pub fn schema() -> String {
    "{}\n".to_owned()
}

/// The file in its canonical layout.
pub fn format(_text: &str) -> Result<String, Problems> {
    Err(Problems {})
}
