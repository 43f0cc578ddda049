//! What a report shows of a run: plain figures with every name resolved, so that no format looks anything up.
//!
//! Made once from a plan and a verdict. It holds no rounded number, no colour and no layout.

use crate::report::haste::Haste;
use crate::sim::expect::Strength;
use crate::sim::expect::audit::{Contradiction, Row};
use crate::sim::expect::kinds::KindReach;
use crate::sim::expect::record::Belief;
use crate::sim::expect::verdict::{Measured, Outcome, Overall, Threshold};
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Cause, End};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::words::Words;
use crate::sim::plan::Lesson;
use crate::sim::time::{SimTime, Span};

/// One finished run.
#[derive(Clone, Debug)]
pub struct RunView {
    /// `scenario:`.
    pub name: String,
    /// What to type after `bongsu run` to run it again, quoted for a shell: a path or a name of the library, and every
    /// change that was asked for but the clock. `None` where no command plays it again.
    pub again: Option<String>,
    /// The folder that it is written into, as it was given; `None` without one.
    pub folder: Option<String>,
    /// Title for people.
    pub title: Words,
    /// What a class does with it, if it is a lesson.
    pub lesson: Option<Lesson>,
    /// Rows of the source articles that were replayed.
    pub sources: Vec<String>,
    /// The seed of all luck.
    pub seed: u64,
    /// How many people there were.
    pub people: u64,
    /// Where the run lay in the world's calendar, and how fast it went.
    pub clock: ClockView,
    /// Why it ended; absent for a run that was judged before it did.
    pub end: Option<End>,
    /// The verdict over everything.
    pub verdict: Overall,
    /// Why, worst first.
    pub reasons: Vec<Words>,
    /// Every promise, in the order of the file: steady, expect, stop.
    pub clauses: Vec<ClauseView>,
    /// Every fault, in order of time.
    pub faults: Vec<FaultView>,
    /// The figures.
    pub figures: Figures,
    /// Who was not reached.
    pub missed: Missed,
    /// What a live run went too fast to judge.
    pub haste: Option<Haste>,
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
    /// As applications outside let it.
    Lockstep,
}

impl PaceView {
    /// Of a run's speed: `None` is virtual time, 0 lock-step.
    pub const fn of(speed: Option<u32>) -> PaceView {
        match speed {
            None => PaceView::Virtual,
            Some(0) => PaceView::Lockstep,
            Some(times) => PaceView::Live(times),
        }
    }
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
    pub outcome: Outcome,
    /// What was measured; absent when there was nothing to measure.
    pub measured: Option<Measured>,
    /// What was asked for.
    pub threshold: Threshold,
    /// The measured value against the threshold, as a sentence.
    pub reason: Words,
    /// A few notices that show it, when it did not hold.
    pub witnesses: Vec<Witness>,
}

/// A notice that shows why a promise did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The notice, `n17`; empty where it is about a person alone.
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
    /// Whether the scenario planned it, so that it must have bitten; `false` for one that somebody posted.
    pub planned: bool,
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
    /// What the sender believes against the truth: belief, shown, not shown; rows without notices are left out.
    pub belief: Vec<(Belief, u64, u64)>,
    /// The same by how the sender heard; weakest belief first.
    pub told: Vec<Row>,
    /// Every contradiction between belief, money and truth, also those that nothing is in.
    pub found: Vec<FoundView>,
    /// Requests of an application outside that were refused and belong to no notice, by what the provider said.
    pub requests_refused: Vec<(Denial, u64)>,
    /// Length of one column of [`MediumFigures::over_time`].
    pub bucket: Span,
    /// After how long that many percent of **all** notices were reached, for 0 to 100; `None`: never. Empty without
    /// notices.
    pub reach_curve: Vec<Option<Span>>,
    /// Reach by group, then by region.
    pub groups: Vec<GroupFigures>,
    /// Kinds of notices that lines sent, side by side.
    pub kinds: Vec<KindReach>,
    /// Counters of the desk.
    pub counters: Vec<(String, u64)>,
}

/// The notices of one contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundView {
    /// Which.
    pub what: Contradiction,
    /// How many notices.
    pub count: u64,
    /// What they cost in all, in hundredths of a won.
    pub cost: u64,
    /// A few of them.
    pub examples: Vec<ExampleView>,
}

/// A notice to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleView {
    /// The notice, `n17`.
    pub notice: String,
    /// The reserved phone number of its person.
    pub person: String,
    /// When it came to be so.
    pub at: SimTime,
    /// What happened to it.
    pub story: Words,
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

/// How one group fared, or the people who live in one region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFigures {
    /// Its name.
    pub name: String,
    /// A region, not a group.
    pub region: bool,
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

impl ClauseView {
    /// Whether this promise came out as it should: for a `stop:` condition that is when it never held.
    pub const fn kept(&self) -> bool {
        match self.outcome {
            Outcome::Held => !matches!(self.strength, Strength::Stop),
            Outcome::Broken | Outcome::Inconclusive => matches!(self.strength, Strength::Stop),
        }
    }
}

impl Figures {
    /// What everything cost, in hundredths of a won.
    pub fn cost(&self) -> u64 {
        self.media.iter().map(|row| row.cost).sum()
    }

    /// After how long that many percent of all notices were reached; `None`: never.
    pub fn reached_after(&self, percent: usize) -> Option<Span> {
        self.reach_curve.get(percent).copied().flatten()
    }

    /// How many percent of all notices were reached within a length of time.
    pub fn percent_within(&self, span: Span) -> u64 {
        let reached = self.reach_curve.iter().skip(1).take_while(|after| after.is_some_and(|after| after <= span));
        reached.count() as u64
    }

    /// The group with the smallest share reached; the first of several alike. Groups nobody wrote to do not count.
    pub fn worst_group(&self) -> Option<&GroupFigures> {
        self.groups_by_reach().into_iter().next()
    }

    /// Groups that somebody wrote to, the one left furthest behind first.
    pub fn groups_by_reach(&self) -> Vec<&GroupFigures> {
        furthest_behind(&self.groups)
    }
}

/// Groups that somebody wrote to, the one with the smallest share reached first; of equals as they stand.
pub fn furthest_behind(groups: &[GroupFigures]) -> Vec<&GroupFigures> {
    let mut groups: Vec<&GroupFigures> = groups.iter().filter(|group| group.notices > 0).collect();
    groups.sort_by(|a, b| {
        let share = |of: &GroupFigures, by: &GroupFigures| u128::from(of.reached) * u128::from(by.notices);
        share(a, b).cmp(&share(b, a))
    });
    groups
}

impl FaultView {
    /// The part of a run of this length that the fault's window covered; `None` if it never opened.
    pub fn window(&self, end: SimTime) -> Option<(SimTime, SimTime)> {
        self.began.map(|began| (began, self.ended.unwrap_or(end).min(end)))
    }
}
