//! Figures: a run's totals, for reports and plots. They judge nothing.
//!
//! "Reached" is what `count(reached)` counts: shown before the expiry. A desk's replies are left out everywhere but in
//! attempts and cost.

use crate::sim::expect::audit::{Audit, Tally};
use crate::sim::expect::kinds::{self, KindReach};
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::missed::{self, Missed};
use crate::sim::expect::record::Belief;
use crate::sim::expect::view::View;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::Cause;
use crate::sim::model::ids::GroupId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::{SimTime, Span};

/// Most buckets of a series.
const BUCKETS_MAX: u64 = 120;
/// Number of causes of a fallback.
pub const CAUSES: [Cause; 4] = [Cause::Failed, Cause::NoReceipt, Cause::NotOpened, Cause::Provider];

/// Totals of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Notices, a desk's replies left out.
    pub notices: u64,
    /// Replies of desks.
    pub replies: u64,
    /// Notices reached.
    pub reached: u64,
    /// Notices reached, by the medium that showed first; by `Medium::index`.
    pub first_medium: [u64; Medium::COUNT],
    /// Notices shown more than once.
    pub twice: u64,
    /// Notices opened.
    pub opened: u64,
    /// Attempts, by medium.
    pub attempts: [u64; Medium::COUNT],
    /// Hundredths of a won, by medium.
    pub cost: [u64; Medium::COUNT],
    /// Fallbacks, in the order of [`CAUSES`].
    pub fallbacks: [u64; CAUSES.len()],
    /// The sender's best belief of a notice (in the order of `Belief::ALL`) against the truth: `[shown, not shown]`.
    pub belief: [[u64; 2]; 6],
    /// The same by how the sender heard, with the contradictions, and people to look at.
    pub audit: Audit,
    /// Requests of an application outside that were refused and belong to no notice, by what the provider said.
    pub requests_refused: Vec<(Denial, u64)>,
    /// Sessions lost, by `Network::index`.
    pub sessions_lost: [u64; Network::COUNT],
    /// Presses of buttons, and those of them that got an answer.
    pub presses: (u64, u64),
    /// The desk's counters, by `CounterId`.
    pub counters: Vec<u64>,
    /// Reach over time.
    pub series: Series,
    /// Time after which that many percent of all notices were reached, for 0 to 100 (nearest rank); `None`: never.
    pub reach_curve: Vec<Option<Span>>,
    /// Reach by group, in the plan's order; after them by region.
    pub groups: Vec<GroupReach>,
    /// Reach by kind, in the plan's order.
    pub kinds: Vec<KindReach>,
    /// The row of `groups` with the lowest share reached.
    pub worst_group: Option<usize>,
    /// Who was not reached.
    pub missed: Missed,
}

/// What happened in each stretch of the run; stretches of one length, laid end to end from the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The length of a stretch, in whole seconds.
    pub bucket: Span,
    /// Notices created in each.
    pub created: Vec<u64>,
    /// Notices reached (first shown) in each, by medium.
    pub reached: Vec<[u64; Medium::COUNT]>,
}

/// Reach of a group, or of the people who live in a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupReach {
    /// Its name.
    pub name: String,
    /// A region, not a group.
    pub region: bool,
    /// Notices for its members.
    pub notices: u64,
    /// Of them, reached.
    pub reached: u64,
}

/// Adds a run up; so many of the missed are listed at most.
pub(super) fn of(ledger: &Ledger, listed: usize) -> Figures {
    let tallies = &ledger.tallies;
    let mut figures = Figures {
        notices: 0,
        replies: 0,
        reached: 0,
        first_medium: [0; Medium::COUNT],
        twice: tallies.twice,
        opened: tallies.opened,
        attempts: tallies.attempts,
        cost: tallies.cost,
        fallbacks: CAUSES.map(|cause| tallies.fallbacks(None, None, Some(cause))),
        belief: [[0; 2]; 6],
        audit: Audit { rows: Vec::new(), found: Vec::new() },
        requests_refused: ledger.requests_refused.iter().map(|row| (*row.0, *row.1)).collect(),
        sessions_lost: tallies.sessions_lost,
        presses: (
            ledger.presses.len() as u64,
            ledger.presses.iter().filter(|press| !press.answered.is_never()).count() as u64,
        ),
        counters: tallies.counters.clone(),
        series: Series::over(ledger.now),
        reach_curve: Vec::new(),
        groups: groups(ledger),
        kinds: kinds::of(ledger),
        worst_group: None,
        missed: missed::of(ledger, listed),
    };
    let mut times: Vec<u64> = Vec::with_capacity(ledger.notices.len());
    let mut tally = Tally::new();
    for view in ledger.views() {
        if view.notice.reply {
            figures.replies += 1;
        } else {
            figures.add(view, &mut times);
            tally.add(view);
        }
    }
    figures.audit = tally.done();
    figures.reach_curve = curve(times, figures.notices);
    figures.worst_group = worst(&figures.groups);
    figures
}

impl Figures {
    fn add(&mut self, view: View<'_>, times: &mut Vec<u64>) {
        self.notices += 1;
        let (belief, truth) = (view.belief() as usize, usize::from(view.shown_at().is_none()));
        self.belief[belief][truth] += 1;
        let created = self.series.place(view.created());
        self.series.created[created] += 1;
        if let Some((at, medium)) = view.reached_at() {
            self.reached += 1;
            self.first_medium[medium.index()] += 1;
            let place = self.series.place(at);
            self.series.reached[place][medium.index()] += 1;
            times.push(at.since(view.created()).micros());
        }
    }

    /// The sender's belief beside the truth: notices of that belief that were shown, and that were not.
    pub fn believed(&self, belief: Belief) -> (u64, u64) {
        let [shown, not] = self.belief[belief as usize];
        (shown, not)
    }
}

impl Series {
    fn over(end: SimTime) -> Series {
        let secs = end.micros() / 1_000_000 + 1;
        let bucket = secs.div_ceil(BUCKETS_MAX);
        let buckets = secs.div_ceil(bucket) as usize;
        Series {
            bucket: Span::from_secs(bucket),
            created: vec![0; buckets],
            reached: vec![[0; Medium::COUNT]; buckets],
        }
    }

    fn place(&self, at: SimTime) -> usize {
        ((at.micros() / self.bucket.micros()) as usize).min(self.created.len() - 1)
    }
}

/// Percentiles 0 to 100 of the times, over all notices.
fn curve(mut times: Vec<u64>, notices: u64) -> Vec<Option<Span>> {
    times.sort_unstable();
    let at = |percent: u64| {
        let rank = (percent * notices).div_ceil(100).max(1);
        times.get(rank as usize - 1).copied().map(Span::from_micros)
    };
    (0..=100).map(at).collect()
}

fn groups(ledger: &Ledger) -> Vec<GroupReach> {
    let (names, regions) = (&ledger.plan.groups, &ledger.plan.regions);
    let row = |region| move |name: &String| GroupReach { name: name.clone(), region, notices: 0, reached: 0 };
    let mut rows: Vec<GroupReach> = names.iter().map(row(false)).chain(regions.iter().map(row(true))).collect();
    for view in ledger.views().filter(|view| !view.notice.reply) {
        let Some(person) = ledger.people.get(view.notice.person()) else { continue };
        if person.groups.0 == 0 && person.region.is_none() {
            continue;
        }
        let reached = u64::from(view.reached_at().is_some());
        let groups = (0..names.len()).filter(|group| person.groups.has(GroupId(*group as u8)));
        for place in groups.chain(person.region.map(|home| names.len() + home.index())) {
            rows[place].notices += 1;
            rows[place].reached += reached;
        }
    }
    rows
}

/// The lowest share, compared as fractions; the first of equals.
fn worst(groups: &[GroupReach]) -> Option<usize> {
    let share = |group: &GroupReach, other: &GroupReach| u128::from(group.reached) * u128::from(other.notices);
    let concerned = groups.iter().enumerate().filter(|(_, group)| group.notices > 0);
    concerned.min_by(|(_, a), (_, b)| share(a, b).cmp(&share(b, a))).map(|(place, _)| place)
}
