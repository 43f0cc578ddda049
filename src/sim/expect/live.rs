//! Tallies: running totals that are exact at every event, so that a `stop:` condition costs nothing to ask.
//!
//! Only totals that no later event can take back stand here. Everything else is worked out from the records when the
//! run is over; so an expression over labels of people, windows or percentiles cannot stand under `stop:`.

use crate::sim::expect::expression::{Aggregate, Body, Filter};
use crate::sim::expect::figures::CAUSES;
use crate::sim::expect::measure::{Exact, Reading, Void};
use crate::sim::model::event::Cause;
use crate::sim::model::ids::CounterId;
use crate::sim::model::medium::{Medium, Network};

/// Running totals of a run.
#[derive(Clone, Debug)]
pub(super) struct Tallies {
    /// Notices, a desk's replies left out.
    pub(super) notices: u64,
    /// Notices reached, by the medium that showed first.
    pub(super) reached: [u64; Medium::COUNT],
    /// Notices shown at all.
    pub(super) shown: u64,
    /// Notices shown more than once.
    pub(super) twice: u64,
    /// Notices opened.
    pub(super) opened: u64,
    /// Letters that came back.
    pub(super) returned: u64,
    /// Attempts, by medium.
    pub(super) attempts: [u64; Medium::COUNT],
    /// Hundredths of a won, by medium.
    pub(super) cost: [u64; Medium::COUNT],
    /// Attempts refused with 429, by medium.
    pub(super) limited: [u64; Medium::COUNT],
    /// Attempts that waited for room, by medium.
    pub(super) queued: [u64; Medium::COUNT],
    /// People of the run.
    pub(super) people: u64,
    /// Sessions lost, by network.
    pub(super) sessions_lost: [u64; Network::COUNT],
    /// The desk's counters.
    pub(super) counters: Vec<u64>,
    /// Fallbacks: from, to, cause.
    fallbacks: [[[u64; CAUSES.len()]; Medium::COUNT]; Medium::COUNT],
}

impl Tallies {
    pub(super) fn new(counters: usize, people: usize) -> Tallies {
        Tallies {
            notices: 0,
            reached: [0; Medium::COUNT],
            shown: 0,
            twice: 0,
            people: people as u64,
            opened: 0,
            returned: 0,
            attempts: [0; Medium::COUNT],
            cost: [0; Medium::COUNT],
            limited: [0; Medium::COUNT],
            queued: [0; Medium::COUNT],
            sessions_lost: [0; Network::COUNT],
            counters: vec![0; counters],
            fallbacks: [[[0; CAUSES.len()]; Medium::COUNT]; Medium::COUNT],
        }
    }

    pub(super) fn counted(&mut self, counter: CounterId) {
        if let Some(counter) = self.counters.get_mut(counter.index()) {
            *counter += 1;
        }
    }

    pub(super) fn fell_back(&mut self, from: Medium, to: Medium, cause: Cause) {
        self.fallbacks[from.index()][to.index()][cause as usize] += 1;
    }

    /// Fallbacks; `None` stands for any.
    pub(super) fn fallbacks(&self, from: Option<Medium>, to: Option<Medium>, cause: Option<Cause>) -> u64 {
        let from = pick(&self.fallbacks, from.map(Medium::index));
        let to = from.iter().flat_map(|rows| pick(rows, to.map(Medium::index)));
        to.flat_map(|cells| pick(cells, cause.map(|cause| cause as usize))).sum()
    }
}

/// What an expression reads by the running totals.
///
/// Totals know no people and no windows, so only `count`, `ratio` and `sum` of metrics that have a total, with labels
/// of the outcome alone, can be read. A total of nothing is zero; a share of nothing is nothing, and stops no run.
pub(super) fn read(body: &Body, tallies: &Tallies) -> Result<Reading, Void> {
    let live = body.metric.live.filter(|_| can_read(body)).ok_or(Void::NotFollowed)?;
    let (part, set) = live(tallies, &body.filter);
    let value = match body.aggregate {
        Aggregate::Count | Aggregate::Sum => Exact::Whole(u128::from(part)),
        Aggregate::Ratio if set == 0 => return Err(Void::EmptySet),
        Aggregate::Ratio => Exact::Fraction { part: u128::from(part), whole: set },
        Aggregate::Min | Aggregate::Max | Aggregate::Mean | Aggregate::Percentile(_) => return Err(Void::NotFollowed),
    };
    Ok(Reading { value, set, group: None })
}

/// Whether running totals can tell what an expression asks.
pub(super) fn can_read(body: &Body) -> bool {
    let Filter { group, region, cohort, kakao, phone, other_holder, stands, channel, kind, send, hit, .. } =
        &body.filter;
    let everybody = group.is_none() && region.is_none() && cohort.is_none() && kakao.is_none() && phone.is_none();
    let everybody = everybody && other_holder.is_none() && stands.is_none();
    let everything = channel.is_none() && kind.is_none() && send.is_none() && hit.is_none();
    let always = body.within.is_none() && body.during.is_none() && body.after.is_none() && body.at.is_none();
    let total = matches!(body.aggregate, Aggregate::Count | Aggregate::Ratio | Aggregate::Sum);
    body.metric.live.is_some() && total && !body.worst_group && everybody && everything && always
}

/// The sum over one place of a table, or over all of it.
pub(super) fn sum(table: &[u64], place: Option<usize>) -> u64 {
    pick(table, place).iter().sum()
}

fn pick<T>(table: &[T], place: Option<usize>) -> &[T] {
    match place {
        Some(place) => &table[place..=place],
        None => table,
    }
}
