//! What changed between two runs: their `verdict.json` side by side, promises and figures, told apart into better and
//! worse.
//!
//! Two things make the comparison fail: a worse verdict, and a promise that was kept before and is not now. Figures are
//! shown with their direction and decide nothing unless that is asked for: a won more is not a fault. It compares what
//! the files say and judges no run again.

use std::cmp::Ordering;

use crate::report::view::GroupFigures;
use crate::sim::model::words::Words;

pub mod read;
pub mod text;
pub mod json;

/// A verdict as it was read: what a comparison needs of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The scenario's name.
    pub scenario: String,
    /// The seed.
    pub seed: u64,
    /// The build that ran it.
    pub build: String,
    /// `PASS`, `FAIL`, `INCONCLUSIVE` or `STOPPED`.
    pub verdict: String,
    /// The promises, in the order of the file.
    pub promises: Vec<Promised>,
    /// The figures, in the order of [`FIGURES`]; `None` is "never".
    pub figures: Vec<Option<u64>>,
    /// How many notices there were, for shares.
    pub notices: u64,
    /// Reach by group, and by region.
    pub groups: Vec<GroupFigures>,
}

/// A promise as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Promised {
    /// `must`, `should` ...
    pub strength: String,
    /// The expression.
    pub expression: String,
    /// The reason given in the file.
    pub why: Words,
    /// Whether it came out as it should.
    pub kept: bool,
    /// What was measured against what was asked.
    pub reason: Words,
}

/// A figure that is compared: its word in JSON, its name, its unit, and which way is better.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// The word in JSON.
    pub key: &'static str,
    /// The name for people, Korean and English.
    pub names: (&'static str, &'static str),
    /// How it is written.
    pub unit: FigureUnit,
    /// Whether more or less of it is better; `Equal`: neither.
    pub better: Ordering,
}

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureUnit {
    /// A number, as a share of all notices too.
    Notices,
    /// A number.
    Count,
    /// Microseconds; "never" is possible.
    Time,
    /// Hundredths of a won.
    Won,
}

const fn figure(key: &'static str, names: (&'static str, &'static str), unit: FigureUnit, better: Ordering) -> Figure {
    Figure { key, names, unit, better }
}

/// The figures that are compared.
pub const FIGURES: [Figure; 9] = [
    figure("notices", ("알림", "notices"), FigureUnit::Count, Ordering::Equal),
    figure("reached", ("닿음", "reached"), FigureUnit::Notices, Ordering::Greater),
    figure("reached_twice", ("두 번 닿음", "reached twice"), FigureUnit::Notices, Ordering::Less),
    figure("opened", ("열람", "opened"), FigureUnit::Notices, Ordering::Greater),
    figure("p50_us", ("50%에 닿기까지", "50% reached after"), FigureUnit::Time, Ordering::Less),
    figure("p95_us", ("95%에 닿기까지", "95% reached after"), FigureUnit::Time, Ordering::Less),
    figure("p99_us", ("99%에 닿기까지", "99% reached after"), FigureUnit::Time, Ordering::Less),
    figure("cost_won_cents", ("비용", "cost"), FigureUnit::Won, Ordering::Less),
    figure("sessions_lost", ("끊긴 접속", "sessions lost"), FigureUnit::Count, Ordering::Less),
];

impl Summary {
    /// A figure by its word in JSON; `None` is "never", or no such figure.
    pub fn figure(&self, key: &str) -> Option<u64> {
        let place = FIGURES.iter().position(|figure| figure.key == key)?;
        self.figures.get(place).copied().flatten()
    }
}

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It is as it was.
    Same,
    /// It is other, and neither better nor worse.
    Other,
    /// It is better.
    Better,
    /// It is worse.
    Worse,
}

/// What became of a promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseChange {
    /// As it was; absent for a new one.
    pub before: Option<Promised>,
    /// As it is; absent for one that is gone.
    pub after: Option<Promised>,
    /// Which way it went.
    pub way: Way,
}

/// Everything that changed from the baseline to the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The baseline.
    pub before: Summary,
    /// The run.
    pub after: Summary,
    /// Which way the verdict went.
    pub verdict: Way,
    /// Every promise of either.
    pub promises: Vec<PromiseChange>,
    /// Which way each of [`FIGURES`] went.
    pub figures: Vec<Way>,
}

/// Compares a run with its baseline.
pub fn compare(before: Summary, after: Summary) -> Comparison {
    let verdict = way(badness(&after.verdict).cmp(&badness(&before.verdict)), Ordering::Less);
    let promises = promises(&before.promises, &after.promises);
    let figures = (0..FIGURES.len()).map(|place| figure_way(place, &before, &after)).collect();
    Comparison { before, after, verdict, promises, figures }
}

impl Comparison {
    /// Whether the verdict is worse, or a promise that was kept is not kept any more.
    pub fn is_worse(&self) -> bool {
        self.verdict == Way::Worse || self.promises.iter().any(|change| change.way == Way::Worse)
    }

    /// Whether any figure is worse.
    pub fn has_worse_figure(&self) -> bool {
        self.figures.contains(&Way::Worse)
    }

    /// Whether these are runs of the same scenario and seed.
    pub fn is_like(&self) -> bool {
        self.before.scenario == self.after.scenario && self.before.seed == self.after.seed
    }
}

/// The order of verdicts, as in the program's exit: STOPPED over FAIL over INCONCLUSIVE over PASS.
fn badness(verdict: &str) -> u8 {
    match verdict {
        "PASS" => 0,
        "INCONCLUSIVE" => 1,
        "FAIL" => 2,
        _stopped => 3,
    }
}

fn way(change: Ordering, better: Ordering) -> Way {
    match (change, better) {
        (Ordering::Equal, _) => Way::Same,
        (_, Ordering::Equal) => Way::Other,
        (change, better) if change == better => Way::Better,
        _against => Way::Worse,
    }
}

/// Promises are the same when strength and expression are, the first with the first where one stands twice.
fn promises(before: &[Promised], after: &[Promised]) -> Vec<PromiseChange> {
    let mut left: Vec<Option<&Promised>> = before.iter().map(Some).collect();
    let mut changes: Vec<PromiseChange> = Vec::new();
    for promise in after {
        let same = |old: &Promised| old.strength == promise.strength && old.expression == promise.expression;
        let old = left.iter_mut().find(|old| old.is_some_and(same)).and_then(Option::take);
        let way = match old {
            None => Way::Other,
            Some(old) => match (old.kept, promise.kept) {
                (true, false) => Way::Worse,
                (false, true) => Way::Better,
                _as_before if old.reason == promise.reason => Way::Same,
                _as_before => Way::Other,
            },
        };
        changes.push(PromiseChange { before: old.cloned(), after: Some(promise.clone()), way });
    }
    let gone = left.into_iter().flatten();
    changes.extend(gone.map(|old| PromiseChange { before: Some(old.clone()), after: None, way: Way::Other }));
    changes
}

/// Figures that are parts of all notices are compared as shares, so that runs of different sizes can be compared.
fn figure_way(place: usize, before: &Summary, after: &Summary) -> Way {
    let figure = FIGURES[place];
    let value = |of: &Summary| of.figures.get(place).copied().flatten();
    // "Never" is longer than any time.
    let (old, new) = (value(before).map_or(u128::MAX, u128::from), value(after).map_or(u128::MAX, u128::from));
    let change = match figure.unit {
        FigureUnit::Notices => (new.saturating_mul(u128::from(before.notices.max(1))))
            .cmp(&old.saturating_mul(u128::from(after.notices.max(1)))),
        FigureUnit::Count | FigureUnit::Time | FigureUnit::Won => new.cmp(&old),
    };
    way(change, figure.better)
}

#[cfg(test)]
mod tests;
