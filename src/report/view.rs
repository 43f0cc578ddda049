//! What a report shows of a run: plain figures with every name resolved, so that no format looks anything up.
//!
//! Made once from a plan and a verdict. It holds no rounded number, no colour and no layout.

use crate::sim::expect::Strength;
use crate::sim::model::event::{Cause, Claim, End};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Words;
use crate::sim::time::{SimTime, Span};

/// One finished run.
#[derive(Clone, Debug)]
pub struct RunView {
    /// `scenario:`.
    pub name: String,
    /// Title for people.
    pub title: Words,
    /// Rows of the source articles that were replayed.
    pub sources: Vec<String>,
    /// The seed of all luck.
    pub seed: u64,
    /// How many people there were.
    pub people: u64,
    /// Where the run lay in the world's calendar, and how fast it went.
    pub clock: ClockView,
    /// Why it ended.
    pub end: End,
    /// The verdict over everything.
    pub verdict: Overall,
    /// What the verdict rests on beyond single promises: a fault that never bit, nothing promised at all.
    pub reasons: Vec<Words>,
    /// Every promise, in the order of the file: steady, expect, stop.
    pub clauses: Vec<ClauseView>,
    /// Every fault, in order of time.
    pub faults: Vec<FaultView>,
    /// The figures.
    pub figures: Figures,
    /// Who was not reached.
    pub missed: Missed,
}

/// The run's place in time.
#[derive(Clone, Copy, Debug)]
pub struct ClockView {
    /// Start, in seconds since 1970 UTC.
    pub start_unix_s: i64,
    /// Offset of local time from UTC in seconds.
    pub offset_s: i32,
    /// When the run was over.
    pub ended: SimTime,
    /// How time was made to pass.
    pub pace: PaceView,
}

/// How simulated time passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaceView {
    /// As fast as the machine could.
    Virtual,
    /// So many simulated seconds a second; 1 is real time.
    Live(u32),
}

/// The verdict 판정 over a whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Overall {
    /// Every `must` held, and the run proved something.
    Pass,
    /// The run proved nothing either way.
    Inconclusive,
    /// A `must` did not hold.
    Fail,
    /// A `stop:` condition ended the run.
    Stopped,
}

/// How one promise came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClauseOutcome {
    /// It held.
    Held,
    /// It did not.
    Broken,
    /// Nothing was there to judge it by.
    Empty,
}

/// A measured value, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// So many.
    Count(u64),
    /// So many of so many.
    Ratio {
        /// Those of whom it is true.
        part: u64,
        /// All who were asked about.
        whole: u64,
    },
    /// A length of time.
    Time(Span),
    /// Money, in hundredths of a won.
    Money(u64),
}

/// One promise and what became of it.
#[derive(Clone, Debug)]
pub struct ClauseView {
    /// What follows if it does not hold.
    pub strength: Strength,
    /// The expression as written.
    pub source: String,
    /// The reason given in the file.
    pub why: Words,
    /// How it came out.
    pub outcome: ClauseOutcome,
    /// What was measured; absent when there was nothing to measure.
    pub measured: Option<Measure>,
    /// The measured value against the threshold, as a sentence.
    pub reason: Words,
    /// A few notices that show it, when it did not hold.
    pub witnesses: Vec<Witness>,
}

/// A notice that shows why a promise did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The notice: `n17`.
    pub notice: String,
    /// The reserved phone number of its person.
    pub person: String,
    /// What happened to it.
    pub story: Words,
}

/// One fault and what it did.
#[derive(Clone, Debug)]
pub struct FaultView {
    /// Its name.
    pub name: String,
    /// Its kind, in the word of the file.
    pub kind: &'static str,
    /// Where it was.
    pub networks: Vec<Network>,
    /// When its window opened; absent if the run ended before.
    pub began: Option<SimTime>,
    /// When it closed; absent if it was still open at the end.
    pub ended: Option<SimTime>,
    /// Events that name it.
    pub hits: u64,
    /// Different notices that it touched.
    pub notices: u64,
}

/// The figures of a run.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Notices created.
    pub notices: u64,
    /// Notices that showed at least once.
    pub reached: u64,
    /// Notices that showed more than once.
    pub twice: u64,
    /// Notices that were opened.
    pub opened: u64,
    /// Sessions that were cut or lost.
    pub sessions_lost: u64,
    /// One row a medium that was used, in the order of `Medium::ALL`.
    pub media: Vec<MediumFigures>,
    /// How often senders went on to another leg, by cause.
    pub fallbacks: Vec<(Cause, u64)>,
    /// The sender's last claim (`None`: told nothing) against the truth: claim, shown, not shown.
    pub belief: Vec<(Option<Claim>, u64, u64)>,
    /// Length of one column of [`MediumFigures::over_time`].
    pub bucket: Span,
    /// How long it took to reach those who were reached; absent when nobody was.
    pub time_to_reach: Option<Percentiles>,
    /// How many were first reached within each length but not within the one before, ascending.
    pub reach_histogram: Vec<(Span, u64)>,
    /// Reach by group.
    pub groups: Vec<GroupFigures>,
    /// Counters of the desk.
    pub counters: Vec<(String, u64)>,
}

/// What one medium did.
#[derive(Clone, Debug)]
pub struct MediumFigures {
    /// Which.
    pub medium: Medium,
    /// Attempts.
    pub attempts: u64,
    /// Notices that showed on it first.
    pub first: u64,
    /// What it cost, in hundredths of a won.
    pub cost: u64,
    /// First showings in each column of time, from the run's start.
    pub over_time: Vec<u64>,
}

/// Percentiles of a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentiles {
    /// Median.
    pub p50: Span,
    /// 90th.
    pub p90: Span,
    /// 99th.
    pub p99: Span,
    /// Longest.
    pub max: Span,
}

/// How one group fared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFigures {
    /// Its name.
    pub name: String,
    /// Notices to it that showed.
    pub reached: u64,
    /// Notices to it.
    pub notices: u64,
}

/// Who was not reached.
#[derive(Clone, Debug, Default)]
pub struct Missed {
    /// How many notices never showed.
    pub count: u64,
    /// How many for which reason, the most frequent first.
    pub reasons: Vec<(Words, u64)>,
    /// The first of them.
    pub list: Vec<Witness>,
}

impl Overall {
    /// The word of `verdict.json` and of the last line of a report.
    pub const fn name(self) -> &'static str {
        match self {
            Overall::Pass => "PASS",
            Overall::Inconclusive => "INCONCLUSIVE",
            Overall::Fail => "FAIL",
            Overall::Stopped => "STOPPED",
        }
    }

    /// The exit code of a program that ends with this verdict; the table stands in `cli::exit`.
    pub const fn code(self) -> u8 {
        match self {
            Overall::Pass => 0,
            Overall::Fail => 1,
            Overall::Inconclusive => 2,
            Overall::Stopped => 5,
        }
    }
}

impl ClauseView {
    /// Whether this promise came out as it should: for a `stop:` condition that is when it never held.
    pub const fn kept(&self) -> bool {
        match self.outcome {
            ClauseOutcome::Held => !matches!(self.strength, Strength::Stop),
            ClauseOutcome::Broken | ClauseOutcome::Empty => matches!(self.strength, Strength::Stop),
        }
    }
}

impl Figures {
    /// What everything cost, in hundredths of a won.
    pub fn cost(&self) -> u64 {
        self.media.iter().map(|row| row.cost).sum()
    }

    /// The group with the smallest share reached; the first of several alike. Groups nobody wrote to do not count.
    pub fn worst_group(&self) -> Option<&GroupFigures> {
        self.groups.iter().filter(|group| group.notices > 0).min_by(|a, b| {
            let (left, right) =
                (u128::from(a.reached) * u128::from(b.notices), u128::from(b.reached) * u128::from(a.notices));
            left.cmp(&right)
        })
    }
}

impl FaultView {
    /// The part of a run of this length that the fault's window covered; `None` if it never opened.
    pub fn window(&self, end: SimTime) -> Option<(SimTime, SimTime)> {
        self.began.map(|began| (began, self.ended.unwrap_or(end).min(end)))
    }
}
