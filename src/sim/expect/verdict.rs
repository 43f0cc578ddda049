//! The verdict 판정: what a run proved, with reasons and witnesses. Data only; reports print it.
//!
//! Precedence: STOPPED over FAIL over INCONCLUSIVE over PASS. A run that was stopped is no basis for anything else; a
//! broken promise is broken even if some other clause had nothing to look at; and PASS needs every clause, every fault
//! of the plan and at least one notice to have really happened. A `should` that does not hold warns and changes
//! nothing.

use crate::sim::expect::Strength;
use crate::sim::expect::expression::Op;
use crate::sim::expect::figures::Figures;
use crate::sim::expect::measure::Exact;
use crate::sim::expect::metric::Unit;
use crate::sim::model::event::End;
use crate::sim::model::ids::{FaultId, NoticeId, PersonId};
use crate::sim::model::words::Words;
use crate::sim::time::{SimTime, Span};

/// What a run proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// In one word.
    pub overall: Overall,
    /// Why, worst first; never empty.
    pub reasons: Vec<Words>,
    /// Every clause, `steady` first, then `expect` and `stop` in the order of the file.
    pub clauses: Vec<ClauseVerdict>,
    /// Every fault: the plan's, then those posted while the run went on.
    pub faults: Vec<FaultVerdict>,
    /// Totals for reports.
    pub figures: Figures,
    /// How the run ended; `None` if it was judged before it did.
    pub end: Option<End>,
    /// The instant of the last event.
    pub ended_at: SimTime,
}

/// A verdict in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overall {
    /// All that was promised held, and what was to be tested happened.
    Pass,
    /// Something that had to be seen was not there to be seen.
    Inconclusive,
    /// A `must` was broken.
    Fail,
    /// The run was ended by a `stop:` condition or by somebody.
    Stopped,
}

/// What became of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It held.
    Held,
    /// It did not hold.
    Broken,
    /// There was nothing to judge it by.
    Inconclusive,
}

/// One clause, judged. For `stop`, `Held` means that the condition came true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseVerdict {
    /// What follows if it does not hold.
    pub strength: Strength,
    /// The expression as written.
    pub source: String,
    /// The reason that the file gives.
    pub why: Words,
    /// What became of it.
    pub outcome: Outcome,
    /// What was measured; absent if there was nothing to measure.
    pub measured: Option<Measured>,
    /// What was asked for.
    pub threshold: Threshold,
    /// The shortest time in which something was asked to have happened, if any was.
    pub finest: Option<Span>,
    /// "977 of 1,000 = 97.7 %, at least 97.5 % expected".
    pub reason: Words,
    /// Up to ten that speak against the clause, lowest notice first.
    pub witnesses: Vec<Witness>,
}

/// A measured value: exact, with what it was measured over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The value.
    pub value: Exact,
    /// Its unit.
    pub unit: Unit,
    /// How many were in the set.
    pub set: u64,
    /// The worst group's name, under `worst_group`.
    pub group: Option<String>,
}

/// The right side of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Threshold {
    /// The comparison.
    pub op: Op,
    /// Its number: a count, parts per million, microseconds, or hundredths of a won.
    pub value: u64,
    /// Which of these.
    pub unit: Unit,
}

/// Somebody who speaks against a clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The notice, if it is about one.
    pub notice: Option<NoticeId>,
    /// The person.
    pub person: PersonId,
    /// What happened, in one line.
    pub line: Words,
}

/// What a fault did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultVerdict {
    /// Which.
    pub fault: FaultId,
    /// Its name; `posted-7` for one that was posted while the run went on.
    pub name: String,
    /// When its window opened; `None`: never reached.
    pub began: Option<SimTime>,
    /// When it closed; `None`: still open at the end.
    pub ended: Option<SimTime>,
    /// Events that name it, without its own beginning, stages and end.
    pub hits: u64,
    /// Notices with such an event.
    pub notices_hit: u64,
}

impl Overall {
    /// The exit code of `bongsu run`: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 5 STOPPED.
    pub const fn exit_code(self) -> u8 {
        match self {
            Overall::Pass => 0,
            Overall::Fail => 1,
            Overall::Inconclusive => 2,
            Overall::Stopped => 5,
        }
    }

    /// The word of reports.
    pub const fn name(self) -> &'static str {
        match self {
            Overall::Pass => "PASS",
            Overall::Fail => "FAIL",
            Overall::Inconclusive => "INCONCLUSIVE",
            Overall::Stopped => "STOPPED",
        }
    }

    /// The word of Korean reports.
    pub const fn ko(self) -> &'static str {
        match self {
            Overall::Pass => "합격",
            Overall::Fail => "불합격",
            Overall::Inconclusive => "판정 불가",
            Overall::Stopped => "중단",
        }
    }
}

impl Outcome {
    /// The word of reports.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Held => "held",
            Outcome::Broken => "broken",
            Outcome::Inconclusive => "inconclusive",
        }
    }
}
