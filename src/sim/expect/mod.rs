//! Expectations: metrics over events, the expression language, and the verdict.
//!
//! Sees events, the plan's names and the people's labels; never the engine.

use std::ops::Range;
use std::sync::Arc;

use crate::sim::model::event::Event;
use crate::sim::model::words::Words;
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;

/// All that a scenario promises.
#[derive(Clone, Debug, Default)]
pub struct Promise {
    /// Conditions that hold from the start to the first fault, else the run proves nothing.
    pub steady: Vec<Clause>,
    /// `must`, `should` and `sometimes`, in the order of the file.
    pub expect: Vec<Clause>,
    /// Conditions that end the run.
    pub stop: Vec<Clause>,
}

/// One line of a promise.
#[derive(Clone, Debug)]
pub struct Clause {
    /// What follows if it does not hold.
    pub strength: Strength,
    /// The expression as written.
    pub source: String,
    /// The expression, understood.
    pub expression: Expression,
    /// The reason, for people; the name of the test case in JUnit.
    pub why: Words,
}

/// What follows if a clause does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// FAIL.
    Must,
    /// A warning.
    Should,
    /// INCONCLUSIVE: the situation that the scenario is about never came.
    Sometimes,
    /// INCONCLUSIVE: the system was not healthy before the first fault.
    Steady,
    /// STOPPED, if it does hold.
    Stop,
}

/// An expression that was understood, with all its names resolved against a plan.
#[derive(Clone, Debug)]
pub struct Expression {}

/// What is wrong with an expression, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpressionError {
    /// Bytes of the expression's text.
    pub at: Range<usize>,
    /// What was expected and what was found, in both languages; a lowercase fragment.
    pub message: Words,
    /// The nearest known word.
    pub nearest: Option<String>,
}

/// Reads an expression.
pub fn parse(_text: &str, _plan: &Plan) -> Result<Expression, ExpressionError> {
    Ok(Expression {})
}

/// Follows a run and judges it.
#[derive(Debug)]
pub struct Watch {}

impl Watch {
    /// A watch over a run that has not begun.
    pub fn new(_plan: Arc<Plan>, _people: Arc<Population>, _promise: Promise) -> Watch {
        Watch {}
    }

    /// Takes one event.
    pub fn observe(&mut self, _event: &Event) {}

    /// The first `stop:` condition that holds, if one does.
    pub fn stopped(&self) -> Option<u8> {
        None
    }
}
