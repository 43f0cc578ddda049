//! Many runs of one scenario side by side: a sweep over values, or a choice between senders' policies.
//!
//! The same seed draws the same people for every run, so what differs between rows is what was changed. A row holds the
//! four figures that are weighed against each other: who was reached, who twice, how soon, at what cost; and, because an
//! average hides it, the group left furthest behind. It does not say which matters most; it says which rows no other row beats.

use crate::report::view::{GroupFigures, RunView};
use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::Words;
use crate::sim::time::Span;

pub mod text;
pub mod csv;
pub mod side_by_side;
#[cfg(test)]
pub(crate) mod sample;

/// The axis of runs that were made before and are set side by side: whoever does that has the choice between them.
pub const RUNS_AXIS: &str = "run";

/// All runs of a matrix.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The scenario's name.
    pub name: String,
    /// Its title.
    pub title: Words,
    /// The seed that all runs share; `None` if they do not.
    pub seed: Option<u64>,
    /// What is changed: paths of the scenario, or `sender.policy` alone, or [`RUNS_AXIS`].
    pub axes: Vec<String>,
    /// One a run, in the order in which they were asked for.
    pub rows: Vec<Row>,
}

/// One run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A value for each axis.
    pub values: Vec<String>,
    /// How the run was judged.
    pub verdict: Overall,
    /// Promises kept, of all.
    pub kept: (u64, u64),
    /// Notices.
    pub notices: u64,
    /// Of them, reached.
    pub reached: u64,
    /// Of them, shown more than once.
    pub twice: u64,
    /// After how long 95 % of all notices were reached; `None`: never.
    pub p95: Option<Span>,
    /// In hundredths of a won.
    pub cost: u64,
    /// The group or region with the smallest share reached; absent where nobody is in one.
    pub worst: Option<GroupFigures>,
}

impl Row {
    /// What a run with these values came to.
    pub fn of(values: Vec<String>, view: &RunView) -> Row {
        let figures = &view.figures;
        let kept = view.clauses.iter().filter(|clause| clause.kept()).count() as u64;
        Row {
            values,
            verdict: view.verdict,
            kept: (kept, view.clauses.len() as u64),
            notices: figures.notices,
            reached: figures.reached,
            twice: figures.twice,
            p95: figures.reached_after(95),
            cost: figures.cost(),
            worst: figures.worst_group().cloned(),
        }
    }

    /// The values as one name.
    pub fn name(&self) -> String {
        self.values.join(" · ")
    }

    /// Whether it is nowhere worse than the other and somewhere better: more reached, fewer twice, sooner, cheaper.
    pub fn beats(&self, other: &Row) -> bool {
        let (ours, theirs) = (self.figures(), other.figures());
        let worse = ours.iter().zip(theirs).any(|(ours, theirs)| *ours > theirs);
        !worse && ours != theirs
    }

    /// The four figures, each smaller for better. Shares are compared as fractions of the notices by being scaled.
    fn figures(&self) -> [u128; 4] {
        const WHOLE: u128 = 1_000_000_000;
        let share = |part: u64| u128::from(part) * WHOLE / u128::from(self.notices.max(1));
        let missed = self.notices.saturating_sub(self.reached);
        [
            share(missed),
            share(self.twice),
            u128::from(self.p95.unwrap_or(Span::FOREVER).micros()),
            u128::from(self.cost),
        ]
    }
}

impl Matrix {
    /// Whether the rows are choices that a sender has (all axes under `sender.`), so that one can beat another. What is
    /// varied otherwise is what befalls the sender: a shorter outage is not a better decision.
    pub fn is_choice(&self) -> bool {
        self.axes.iter().all(|axis| axis.starts_with("sender.") || axis == RUNS_AXIS)
    }

    /// Whether no other row beats that one, where rows are choices.
    pub fn is_unbeaten(&self, row: &Row) -> bool {
        self.is_choice() && !self.rows.iter().any(|other| other.beats(row))
    }
}

#[cfg(test)]
mod tests {
    use super::sample::{matrix, row};

    #[test]
    fn a_row_is_beaten_only_by_one_that_is_nowhere_worse() {
        let [slow, fast, poor, same] = [
            row("slow", 990, 0, Some(180), 500),
            row("fast", 990, 40, Some(30), 900),
            row("poor", 480, 40, None, 900),
            row("same", 990, 0, Some(180), 500),
        ];
        assert!(!slow.beats(&fast) && !fast.beats(&slow), "sooner is dearer");
        assert!(fast.beats(&poor) && !poor.beats(&fast));
        assert!(!slow.beats(&same) && !same.beats(&slow), "equals do not beat each other");
    }

    #[test]
    fn those_that_nothing_beats_are_found() {
        let matrix = matrix();
        let unbeaten: Vec<String> =
            matrix.rows.iter().filter(|row| matrix.is_unbeaten(row)).map(|row| row.name()).collect();
        assert_eq!(unbeaten, ["none", "timer:30s", "timer:60s"]);
        let weather = super::Matrix { axes: vec!["timeline.1.for".to_owned()], ..matrix };
        assert!(!weather.rows.iter().any(|row| weather.is_unbeaten(row)), "an outage is nobody's choice");
    }
}
