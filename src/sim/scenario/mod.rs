//! Scenario text to plan: parse, resolve, lower; and what to say when it cannot be done.

use crate::sim::expect::Promise;
use crate::sim::plan::Plan;

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
