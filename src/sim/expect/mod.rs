//! Expectations: metrics over events, the expression language, and the verdict.
//!
//! Sees events, the plan's names and the people's labels; never the engine. It has no say in what happens, but for one
//! thing: it tells the driver when a `stop:` condition holds.
//!
//! While a run goes on, events are only folded into records (`ledger`, at most 72 bytes a notice) and running totals
//! (`live`). Nothing is done for any one expression until the run is over; then each expression goes through the
//! records once (`measure`) and asks its metric (`metric`, one file each) for a fact about each. Values are integers or
//! fractions of integers; rounding happens only in words (`wording`). `judge` turns values into outcomes and looks for
//! what makes a pass worthless: an empty set, a fault that never bit, nothing promised at all.

use std::ops::Range;
use std::sync::Arc;

use crate::sim::expect::expression::Body;
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::so_far::SoFar;
use crate::sim::expect::verdict::Verdict;
use crate::sim::model::event::Event;
use crate::sim::model::words::Words;
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;

pub mod metric;
pub mod catalogue;
pub mod expression;
mod grammar;
pub mod record;
mod rows;
mod ledger;
mod view;
mod sessions;
mod deed;
mod documents;
mod rides;
mod friends;
mod orders;
mod credits;
mod forms;
mod balance;
mod desk;
mod live;
mod query;
pub mod measure;
pub mod verdict;
pub mod audit;
pub mod figures;
pub mod kinds;
pub mod missed;
mod witness;
pub mod wording;
mod judge;
pub mod so_far;

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
pub struct Expression {
    body: Body,
}

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

/// Follows a run and judges it.
#[derive(Clone, Debug)]
pub struct Watch {
    ledger: Ledger,
    promise: Promise,
    /// The second of simulated time in which `stop:` was last asked.
    asked_in: u64,
    stopped: Option<u8>,
}

/// Reads an expression of `steady:` or `expect:`.
pub fn parse(text: &str, plan: &Plan) -> Result<Expression, ExpressionError> {
    Ok(Expression { body: grammar::parse(text, plan)? })
}

/// Reads an expression of `stop:`, which only running totals can answer: `count`, `ratio` and `sum` of metrics that
/// have one, with labels of the outcome, without labels of people or notices, without windows, without `worst_group`.
pub fn parse_stop(text: &str, plan: &Plan) -> Result<Expression, ExpressionError> {
    let body = grammar::parse(text, plan)?;
    if live::can_read(&body) {
        return Ok(Expression { body });
    }
    let known = metric::ALL.iter().filter(|metric| metric.live.is_some()).map(|metric| metric.name);
    let known = known.collect::<Vec<_>>().join(", ");
    let message = Words {
        ko: format!("stop: 에는 실행 중 합계만 쓸 수 있음: count, ratio, sum 과 결과 라벨, 구간 없이; 지표는 {known}"),
        en: format!(
            "stop: takes running totals only: count, ratio or sum with outcome labels and without windows, over {known}"
        ),
    };
    Err(ExpressionError { at: body.left, message, nearest: None })
}

impl Expression {
    fn body(&self) -> &Body {
        &self.body
    }
}

impl Watch {
    /// A watch over a run that has not begun.
    pub fn new(plan: Arc<Plan>, people: Arc<Population>, promise: Promise) -> Watch {
        Watch { ledger: Ledger::new(plan, people), promise, asked_in: 0, stopped: None }
    }

    /// What is promised.
    pub fn promise(&self) -> &Promise {
        &self.promise
    }

    /// Takes one event. `stop:` conditions are asked at the first event of each new second of simulated time, of all
    /// that happened before it.
    pub fn observe(&mut self, event: &Event) {
        let second = event.at.micros() / 1_000_000;
        if second > self.asked_in {
            self.asked_in = second;
            self.ask_stop();
        }
        self.ledger.observe(event);
    }

    /// The first `stop:` condition that holds, if one does. Once it has held it stays.
    pub fn stopped(&self) -> Option<u8> {
        self.stopped
    }

    /// How the promise stands while the run goes on, clause by clause in the order of a verdict. It copies the records
    /// and goes through them once a clause: for whoever watches, not for every event.
    pub fn so_far(&self) -> Vec<SoFar> {
        so_far::judge(self.ledger.clone(), &self.promise)
    }

    /// Judges the run, after its last event. A run whose `RunEnded` was not observed is INCONCLUSIVE at best.
    pub fn finish(self) -> Verdict {
        self.finish_listing(missed::LISTED_MAX)
    }

    /// The same, with as many of those who were not reached listed by name as are asked for.
    pub fn finish_listing(self, listed: usize) -> Verdict {
        judge::judge(self.ledger, &self.promise, listed)
    }

    /// A fault was posted while the run goes on, and taken; it has the next number after the faults there were.
    pub fn fault_posted(&mut self, name: &str) {
        self.ledger.fault_posted(name);
    }

    fn ask_stop(&mut self) {
        if self.stopped.is_none() {
            let mut clauses = self.promise.stop.iter().zip(0u8..=u8::MAX);
            let holds = clauses.find(|(clause, _)| judge::stops(clause.expression.body(), &self.ledger));
            self.stopped = holds.map(|(_, place)| place);
        }
    }
}

#[cfg(test)]
pub(crate) mod script;
#[cfg(test)]
mod tests;
