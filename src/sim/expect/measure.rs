//! From facts to one value: the set is gone through once, and an aggregate of it compared with the threshold.
//!
//! All comparisons are of integers: a share is kept as a part and its whole, a mean as a sum and its number. An empty
//! set has no value but a `Void`, which says why nothing can be concluded.

use std::cmp::Ordering;

use crate::sim::expect::expression::{Aggregate, Body, Op};
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::metric::{Fact, Look, Unit};
use crate::sim::expect::query::{Query, could_lose, gather};
use crate::sim::model::ids::{FaultId, GroupId};
use crate::sim::time::{SimTime, Span};

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) value: Exact,
    /// The size of the set.
    pub(super) set: u64,
    /// The worst group, under `worst_group`.
    pub(super) group: Option<GroupId>,
}

/// An exact value, in the unit of its aggregate and metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exact {
    /// A whole number.
    Whole(u128),
    /// A part of a whole that is not 0: a share, or a sum and the number of its values.
    Fraction {
        /// The part, or the sum.
        part: u128,
        /// The whole, or the number.
        whole: u64,
    },
    /// Longer than any time: it did not happen to as many as the expression asks for.
    Never,
}

/// Why there is nothing to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Void {
    /// Nothing is in the set.
    EmptySet,
    /// Something is in the set, but nothing in it has a value.
    NoValue,
    /// The window hangs on a fault that never began.
    NeverBegan(FaultId),
    /// The window begins after a fault that never ended.
    NeverEnded(FaultId),
    /// The run ended before the instant that `at=` names.
    NotYet(Span),
    /// "Never" is no number and cannot be more than one.
    Never,
    /// There was more than the watch keeps.
    Dropped(u64),
    /// Only running totals can be followed under `stop:`.
    NotFollowed,
}

/// Facts, added up.
#[derive(Default)]
struct Sum {
    set: u64,
    counted: u64,
    total: u128,
    least: Option<u64>,
    most: Option<u64>,
    measured: u64,
    never: u64,
    /// Every value; only kept for percentiles.
    values: Vec<u64>,
}

/// Measures an expression over a run that is over. `until` ends every window early (`steady:`).
pub(super) fn measure(body: &Body, ledger: &Ledger, until: Option<SimTime>) -> Result<Reading, Void> {
    if ledger.dropped > 0 && !matches!(body.metric.look, Look::Notice(_) | Look::Told(_) | Look::Attempt(_)) {
        return Err(Void::Dropped(ledger.dropped));
    }
    let query = Query::new(body, ledger, until)?;
    if body.worst_group {
        return worst_group(body, &query);
    }
    let mut sum = Sum::default();
    let keep = matches!(body.aggregate, Aggregate::Percentile(_));
    gather(body, &query, |_, fact| sum.add(fact, keep));
    sum.set += could_lose(body, &query, None);
    Ok(Reading { set: sum.set, value: sum.value(body.aggregate)?, group: None })
}

/// Whether a value satisfies a comparison.
pub(super) fn holds(value: Exact, unit: Unit, op: Op, threshold: u64) -> Result<bool, Void> {
    match (order(value, unit, threshold), op) {
        (Some(order), _) => Ok(op.holds(order)),
        (None, Op::AtMost | Op::Below | Op::Equal) => Ok(false),
        (None, Op::AtLeast | Op::Above | Op::Unequal) => Err(Void::Never),
    }
}

impl Sum {
    fn add(&mut self, fact: Fact, keep: bool) {
        match fact {
            Fact::Outside => {}
            Fact::No => self.set += 1,
            Fact::Yes => {
                self.set += 1;
                self.counted += 1;
            }
            Fact::Never => {
                self.set += 1;
                self.counted += 1;
                self.never += 1;
            }
            Fact::Many { counted, of } => {
                self.set += of;
                self.counted += counted;
            }
            Fact::Value(value) => self.add_value(value, keep),
        }
    }

    fn add_value(&mut self, value: u64, keep: bool) {
        self.set += 1;
        self.counted += 1;
        self.measured += 1;
        self.total += u128::from(value);
        self.least = Some(self.least.map_or(value, |least| least.min(value)));
        self.most = Some(self.most.map_or(value, |most| most.max(value)));
        if keep {
            self.values.push(value);
        }
    }

    fn value(&mut self, aggregate: Aggregate) -> Result<Exact, Void> {
        if self.set == 0 {
            return Err(Void::EmptySet);
        }
        let valued = self.measured + self.never > 0;
        match aggregate {
            Aggregate::Count => Ok(Exact::Whole(u128::from(self.counted))),
            Aggregate::Ratio => Ok(Exact::Fraction { part: u128::from(self.counted), whole: self.set }),
            Aggregate::Sum if self.never == 0 => Ok(Exact::Whole(self.total)),
            Aggregate::Sum => Ok(Exact::Never),
            _ if !valued => Err(Void::NoValue),
            Aggregate::Min => Ok(self.least.map_or(Exact::Never, |least| Exact::Whole(u128::from(least)))),
            Aggregate::Max if self.never == 0 => Ok(Exact::Whole(u128::from(self.most.unwrap_or(0)))),
            Aggregate::Mean if self.never == 0 => Ok(Exact::Fraction { part: self.total, whole: self.measured }),
            Aggregate::Max | Aggregate::Mean => Ok(Exact::Never),
            Aggregate::Percentile(ppm) => Ok(self.percentile(ppm)),
        }
    }

    /// Nearest rank: the least value such that at least that share of all values is not above it.
    fn percentile(&mut self, ppm: u32) -> Exact {
        let all = u128::from(self.measured + self.never);
        let rank = (u128::from(ppm) * all).div_ceil(1_000_000).max(1) as usize;
        if rank > self.values.len() {
            return Exact::Never;
        }
        let (_, value, _) = self.values.select_nth_unstable(rank - 1);
        Exact::Whole(u128::from(*value))
    }
}

/// One pass, a sum for every group; the worst is the one farthest on the wrong side. Groups with an empty set are left
/// out: nobody in them was concerned.
fn worst_group(body: &Body, query: &Query<'_>) -> Result<Reading, Void> {
    let mut sums: Vec<Sum> = query.ledger.plan.groups.iter().map(|_| Sum::default()).collect();
    let keep = matches!(body.aggregate, Aggregate::Percentile(_));
    gather(body, query, |subject, fact| {
        let mut bits = query.ledger.people.get(subject.person).map_or(0, |person| person.groups.0);
        while bits != 0 {
            if let Some(sum) = sums.get_mut(bits.trailing_zeros() as usize) {
                sum.add(fact, keep);
            }
            bits &= bits - 1;
        }
    });
    let more = body.op.wants_more().unwrap_or(true);
    let mut worst: Option<Reading> = None;
    for (number, sum) in sums.iter_mut().enumerate() {
        let group = GroupId(number as u8);
        sum.set += could_lose(body, query, Some(group));
        let Ok(value) = sum.value(body.aggregate) else { continue };
        let reading = Reading { value, set: sum.set, group: Some(group) };
        if worst.as_ref().is_none_or(|so_far| is_worse(value, so_far.value, more)) {
            worst = Some(reading);
        }
    }
    worst.ok_or(Void::EmptySet)
}

fn is_worse(one: Exact, other: Exact, wants_more: bool) -> bool {
    let order = match (parts(one), parts(other)) {
        (Some((a, b)), Some((c, d))) => (a * u128::from(d)).cmp(&(c * u128::from(b))),
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (None, None) => Ordering::Equal,
    };
    if wants_more { order.is_lt() } else { order.is_gt() }
}

/// How a value stands to a threshold; `None` for "never".
pub(super) fn order(value: Exact, unit: Unit, threshold: u64) -> Option<Ordering> {
    let (part, whole) = parts(value)?;
    let scale = match unit {
        Unit::Share => 1_000_000,
        Unit::Count | Unit::Duration | Unit::Won => 1,
    };
    Some((part * scale).cmp(&(u128::from(threshold) * u128::from(whole))))
}

/// A value as a fraction. Sums stay below 2^80 (2^32 rows of 48 bits), so no product of two of them and a row count
/// reaches 2^128.
fn parts(value: Exact) -> Option<(u128, u64)> {
    match value {
        Exact::Whole(value) => Some((value, 1)),
        Exact::Fraction { part, whole } => Some((part, whole)),
        Exact::Never => None,
    }
}
