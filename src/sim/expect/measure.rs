//! From facts to one value: the set is gone through once, and an aggregate of it compared with the threshold.
//!
//! All comparisons are of integers: a share is kept as a part and its whole, a mean as a sum and its number. An empty
//! set has no value but a [`Void`], which says why nothing can be concluded.

use std::cmp::Ordering;

use crate::sim::expect::expression::{Aggregate, Body, Filter, Op};
use crate::sim::expect::ledger::{Ledger, PressRow};
use crate::sim::expect::metric::{Fact, Look, Unit};
use crate::sim::expect::record::{AttemptRecord, Moment};
use crate::sim::expect::view::View;
use crate::sim::model::ids::{FaultId, GroupId, NoticeId, PersonId};
use crate::sim::plan::Trigger;
use crate::sim::time::{SimTime, Span};

/// An expression set over a run: windows are instants now.
pub(super) struct Query<'a> {
    pub(super) ledger: &'a Ledger,
    pub(super) filter: &'a Filter,
    pub(super) within: Option<Span>,
    /// First instant of the window.
    from: SimTime,
    /// First instant after it.
    until: Option<SimTime>,
}

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
    if ledger.dropped > 0 && !matches!(body.metric.look, Look::Notice(_) | Look::Attempt(_)) {
        return Err(Void::Dropped(ledger.dropped));
    }
    let query = Query::new(body, ledger, until)?;
    if body.worst_group {
        return worst_group(body, &query);
    }
    let mut sum = Sum::default();
    let keep = matches!(body.aggregate, Aggregate::Percentile(_));
    gather(body, &query, |_, _, fact| sum.add(fact, keep));
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

/// Goes through the set and hands every fact on, with whose it is.
pub(super) fn gather(body: &Body, query: &Query<'_>, mut take: impl FnMut(Option<NoticeId>, PersonId, Fact)) {
    let ledger = query.ledger;
    match body.metric.look {
        Look::Notice(look) => {
            for view in ledger.views().filter(|view| query.takes_notice(*view)) {
                take(Some(view.id), view.notice.person(), look(view, query));
            }
        }
        Look::Attempt(look) => {
            for view in ledger.views().filter(|view| query.has_created(*view) && query.labels_fit(*view)) {
                for attempt in view.attempts() {
                    take(Some(view.id), view.notice.person(), look(view, attempt, query));
                }
            }
        }
        Look::Press(look) => {
            for press in ledger.presses.iter().filter(|press| query.takes_press(press)) {
                take(Some(press.notice), press.person, look(press, query));
            }
        }
        Look::Answer(look) => {
            for row in ledger.answers.iter().filter(|row| query.takes_person(row.person, row.at)) {
                take(None, row.person, look(row, query));
            }
        }
        Look::Count(look) => {
            for row in ledger.counts.iter().filter(|row| query.takes_person(row.person, row.at)) {
                take(None, row.person, look(row, query));
            }
        }
        Look::Loss(look) => {
            let hit = |fault| query.filter.hit.is_none_or(|hit| fault == Some(hit));
            for row in ledger.losses.iter().filter(|row| hit(row.fault) && query.takes_person(row.person, row.at)) {
                take(None, row.person, look(row, query));
            }
        }
    }
}

impl<'a> Query<'a> {
    /// Turns windows that hang on faults into instants.
    pub(super) fn new(body: &'a Body, ledger: &'a Ledger, until: Option<SimTime>) -> Result<Query<'a>, Void> {
        let mut query = Query { ledger, filter: &body.filter, within: body.within, from: SimTime::ZERO, until };
        if let Some(fault) = body.during {
            let record = ledger.faults.get(fault.index()).copied().unwrap_or_default();
            query.from = record.began.ok_or(Void::NeverBegan(fault))?;
            query.end_at(record.ended);
        }
        if let Some((fault, later)) = body.after {
            let record = ledger.faults.get(fault.index()).copied().unwrap_or_default();
            let ended = record.ended.ok_or(Void::NeverEnded(fault))?;
            query.from = query.from.max(ended + later);
        }
        Ok(query)
    }

    /// Whether something that took from one instant to another kept to `within=`.
    pub(super) fn in_time(&self, from: SimTime, at: SimTime) -> bool {
        self.within.is_none_or(|within| at.since(from) <= within)
    }

    /// Whether an attempt was given up as `from=`, `to=` and `cause=` say.
    pub(super) fn fell(&self, attempt: &AttemptRecord) -> bool {
        let Some((cause, to)) = attempt.fell else { return false };
        self.filter.from.is_none_or(|from| attempt.medium == from)
            && self.filter.to.is_none_or(|medium| to == medium)
            && self.filter.cause.is_none_or(|why| cause == why)
    }

    /// Whether a press is of `button=` and on `medium=`.
    pub(super) fn pressed(&self, press: &PressRow) -> bool {
        self.filter.button.is_none_or(|button| press.button == button)
            && self.filter.medium.is_none_or(|medium| press.medium == medium)
    }

    /// Whether a rule of the desk waits for such a press.
    pub(super) fn awaited(&self, press: &PressRow) -> bool {
        let kind = self.ledger.view(press.notice).map(|view| view.notice.kind());
        self.ledger
            .plan
            .desk
            .iter()
            .any(|rule| rule.when == Trigger::Press(press.button) && rule.from.is_none_or(|from| kind == Some(from)))
    }

    /// Notices of the set that are younger than `within=` at the end of the run.
    pub(super) fn too_young(&self) -> u64 {
        let Some(within) = self.within else { return 0 };
        let young = |view: View<'_>| view.created() + within > self.ledger.now && self.takes_notice(view);
        self.ledger.views().filter(|view| young(*view)).count() as u64
    }

    fn end_at(&mut self, end: Option<SimTime>) {
        self.until = match (self.until, end) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }

    fn has(&self, at: SimTime) -> bool {
        at >= self.from && self.until.is_none_or(|until| at < until)
    }

    fn has_created(&self, view: View<'_>) -> bool {
        self.has(view.created())
    }

    /// Replies of a desk are seen only when their kind is named.
    fn takes_notice(&self, view: View<'_>) -> bool {
        (!view.notice.reply || self.filter.kind.is_some()) && self.has_created(view) && self.labels_fit(view)
    }

    fn takes_press(&self, press: &PressRow) -> bool {
        press.at.time().is_some_and(|at| self.has(at))
            && self.ledger.view(press.notice).is_some_and(|view| self.labels_fit(view))
    }

    fn takes_person(&self, person: PersonId, at: Moment) -> bool {
        at.time().is_some_and(|at| self.has(at)) && self.person_fits(person)
    }

    fn labels_fit(&self, view: View<'_>) -> bool {
        let filter = self.filter;
        let kind = view.notice.kind();
        let channel = || self.ledger.plan.kinds.get(kind.index()).map(|kind| kind.channel);
        filter.kind.is_none_or(|wanted| kind == wanted)
            && filter.send.is_none_or(|wanted| view.notice.send() == Some(wanted))
            && filter.channel.is_none_or(|wanted| channel() == Some(wanted))
            && filter.hit.is_none_or(|fault| view.hit_by(fault))
            && self.person_fits(view.notice.person())
    }

    fn person_fits(&self, person: PersonId) -> bool {
        let filter = self.filter;
        let plain = filter.group.is_none()
            && filter.region.is_none()
            && filter.cohort.is_none()
            && filter.kakao.is_none()
            && filter.phone.is_none();
        plain
            || self.ledger.people.get(person).is_some_and(|person| {
                filter.group.is_none_or(|group| person.groups.has(group))
                    && filter.region.is_none_or(|region| person.region == Some(region))
                    && filter.cohort.is_none_or(|cohort| person.cohort == cohort)
                    && filter.kakao.is_none_or(|kakao| person.kakao == kakao)
                    && filter.phone.is_none_or(|phone| person.phone == phone)
            })
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
    gather(body, query, |_, person, fact| {
        let mut bits = query.ledger.people.get(person).map_or(0, |person| person.groups.0);
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

/// The set of `sessions_lost` is the people who could lose one, not the sessions that were lost.
fn could_lose(body: &Body, query: &Query<'_>, group: Option<GroupId>) -> u64 {
    match (body.metric.look, body.aggregate) {
        (Look::Loss(_), Aggregate::Count) => {
            let people = query.ledger.people.all();
            let fits = |id: usize| {
                query.person_fits(PersonId(id as u32)) && group.is_none_or(|group| people[id].groups.has(group))
            };
            (0..people.len()).filter(|id| fits(*id)).count() as u64
        }
        (_, _) => 0,
    }
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
fn order(value: Exact, unit: Unit, threshold: u64) -> Option<Ordering> {
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
