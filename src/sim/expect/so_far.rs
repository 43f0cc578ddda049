//! So far: how a promise stands while the run goes on, and whether anything that may still come can change it.
//!
//! Decided means decided by what the scenario itself can still bring: counts that only grow, sets that are closed because
//! every line has sent, deadlines that have passed. A notice that an application outside submits later opens a closed set
//! again. Whatever this does not understand stays open until the run is over; it never guesses. The verdict does not
//! look here.

use std::cmp::Ordering;

use crate::sim::expect::expression::{Aggregate, Body, Op};
use crate::sim::expect::judge::{live_reading, stop_verdict, verdict_of};
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::measure::{Exact, Reading, measure, order};
use crate::sim::expect::metric::{self, Fact, Look, Within};
use crate::sim::expect::query::{Query, gather};
use crate::sim::expect::verdict::Outcome;
use crate::sim::expect::{Clause, Promise, Strength, wording};
use crate::sim::model::words::Words;
use crate::sim::plan::{Pace, SenderDrive};
use crate::sim::time::{SimTime, Span};

/// How a clause stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoFar {
    /// What follows if it does not hold.
    pub strength: Strength,
    /// What it would come to if the run were over now.
    pub outcome: Outcome,
    /// Whether it will come to that, however the run goes on.
    pub decided: bool,
    /// The figure so far, and what is asked for.
    pub reason: Words,
}

/// What is known of the facts of a set.
#[derive(Default)]
struct Known {
    yes: u64,
    /// Not so far, and it still may be.
    open: u64,
    set: u64,
    /// Not in the set so far.
    outside: u64,
    values: Vec<u64>,
    /// Never so far, and so long ago that it already took longer than is asked for.
    too_late: u64,
}

/// All clauses, in the order of a verdict.
pub(super) fn judge(mut ledger: Ledger, promise: &Promise) -> Vec<SoFar> {
    ledger.settle();
    if promise.expect.iter().any(|clause| clause.expression.body().metric.name == metric::BALANCED) {
        ledger.balance();
    }
    let before = ledger.faults.iter().filter_map(|fault| fault.began).min();
    let steady = promise.steady.iter().map(|clause| so_far(clause, &ledger, before));
    let expect = promise.expect.iter().map(|clause| so_far(clause, &ledger, None));
    let stop = promise.stop.iter().enumerate().map(|(place, clause)| stopping(place, clause, &ledger));
    steady.chain(expect).chain(stop).collect()
}

fn so_far(clause: &Clause, ledger: &Ledger, until: Option<SimTime>) -> SoFar {
    let body = clause.expression.body();
    let reading = measure(body, ledger, until);
    let verdict = verdict_of(clause, ledger, &reading);
    let over = ledger.end.is_some();
    let (decided, reason) = match (&reading, Query::new(body, ledger, until)) {
        (Ok(reading), Ok(query)) => {
            let known = known(body, &query);
            let young = if body.metric.within == Within::Deadline && body.within.is_some() { known.open } else { 0 };
            let reason = if over { verdict.reason } else { wording::still_in_time(verdict.reason, young) };
            (is_decided(body, &query, reading, &known), reason)
        }
        (Err(_), _) | (Ok(_), Err(_)) if over => (true, verdict.reason),
        (Err(void), _) => (false, wording::not_yet(*void, ledger)),
        (Ok(_), Err(void)) => (false, wording::not_yet(void, ledger)),
    };
    SoFar { strength: clause.strength, outcome: verdict.outcome, decided: decided || over, reason }
}

/// A stop condition is decided when it has come true.
fn stopping(place: usize, clause: &Clause, ledger: &Ledger) -> SoFar {
    let verdict = stop_verdict(place, clause, ledger);
    let decided = ledger.end.is_some() || verdict.outcome == Outcome::Held;
    let reason = match live_reading(clause.expression.body(), ledger) {
        Err(void) if !decided => wording::not_yet(void, ledger),
        Ok(_) | Err(_) => verdict.reason,
    };
    SoFar { strength: clause.strength, outcome: verdict.outcome, decided, reason }
}

fn is_decided(body: &Body, query: &Query<'_>, reading: &Reading, known: &Known) -> bool {
    // Its instant has come, or there would be no reading.
    if body.at.is_some() {
        return true;
    }
    if body.worst_group {
        return false;
    }
    if is_time_limit(body) {
        return is_closed(body, query) && known.outside == 0 && timed(body, known);
    }
    let Some((low, high)) = bounds(body, query, reading, known) else { return false };
    let unit = body.aggregate.unit(body.metric.unit);
    let Some(low) = order(low, unit, body.threshold) else { return false };
    let high = match high {
        Some(high) => order(high, unit, body.threshold).unwrap_or(Ordering::Greater),
        None => Ordering::Greater,
    };
    match body.op {
        Op::Equal | Op::Unequal => low == high,
        Op::AtLeast | Op::Above | Op::AtMost | Op::Below => body.op.holds(low) == body.op.holds(high),
    }
}

/// Metrics without a running total whose facts no later event takes back either.
const LASTING: [&str; 1] = ["reached_by"];

/// The least and the most that the value can still become; no most: no bound is known. Only for metrics whose facts no
/// later event takes back, as those are that have a running total.
fn bounds(body: &Body, query: &Query<'_>, reading: &Reading, known: &Known) -> Option<(Exact, Option<Exact>)> {
    if body.metric.live.is_none() && !LASTING.contains(&body.metric.name) {
        return None;
    }
    let closed = matches!(body.metric.look, Look::Notice(_)) && is_closed(body, query) && known.outside == 0;
    match body.aggregate {
        Aggregate::Sum => Some((reading.value, None)),
        Aggregate::Count => {
            let most = closed.then(|| Exact::Whole(u128::from(known.yes + known.open)));
            Some((reading.value, most))
        }
        Aggregate::Ratio if closed => {
            let share = |part: u64| Exact::Fraction { part: u128::from(part), whole: known.set };
            Some((share(known.yes), Some(share(known.yes + known.open))))
        }
        Aggregate::Ratio | Aggregate::Min | Aggregate::Max | Aggregate::Mean | Aggregate::Percentile(_) => None,
    }
}

/// Whether it asks how long it took at most, of a length that does not change once it is there.
fn is_time_limit(body: &Body) -> bool {
    let limit = matches!(body.aggregate, Aggregate::Max | Aggregate::Percentile(_));
    limit && matches!(body.op, Op::AtMost | Op::Below) && body.metric.name == "time_to_reach"
}

/// A rank keeps to a limit when so many do.
fn timed(body: &Body, known: &Known) -> bool {
    let ppm = if let Aggregate::Percentile(ppm) = body.aggregate { ppm } else { 1_000_000 };
    let rank = (u128::from(ppm) * u128::from(known.set)).div_ceil(1_000_000).max(1);
    let kept = known.values.iter().filter(|value| body.op.holds((*value).cmp(&body.threshold))).count() as u64;
    let late = known.values.len() as u64 - kept + known.too_late;
    u128::from(kept) >= rank || u128::from(known.set - late) < rank
}

fn known(body: &Body, query: &Query<'_>) -> Known {
    let mut known = Known::default();
    let limit = Span::from_micros(body.threshold);
    gather(body, query, |subject, fact| match fact {
        Fact::Outside => known.outside += 1,
        Fact::No => {
            known.set += 1;
            known.open += u64::from(query.within.is_none() || query.is_young(subject));
        }
        Fact::Yes => {
            known.set += 1;
            known.yes += 1;
        }
        Fact::Never => {
            known.set += 1;
            known.too_late += u64::from(subject.at + limit < query.ledger.now);
        }
        Fact::Many { counted, of } => {
            known.set += of;
            known.yes += counted;
        }
        Fact::Value(value) => {
            known.set += 1;
            known.values.push(value);
        }
    });
    known
}

/// Whether no notice can come into the set any more: its window is over, or every line has sent.
fn is_closed(body: &Body, query: &Query<'_>) -> bool {
    let (plan, now) = (&query.ledger.plan, query.ledger.now);
    let own = plan.sender.drive == SenderDrive::Builtin;
    let replies = body.filter.kind.is_some_and(|kind| plan.replies().any(|reply| reply == kind));
    let sent = |pace: &Pace, at: SimTime| match pace {
        Pace::Over(span) => at + *span < now,
        Pace::Chain { .. } => false,
    };
    let over = query.is_over() || plan.sends.iter().all(|send| sent(&send.pace, send.at));
    own && !replies && body.filter.hit.is_none() && over
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{clause, must, plan, watch};
    use crate::sim::expect::{Promise, Strength};

    /// Each expression as it stands after these lines; `!` marks what is decided.
    fn stand(script: &str, expressions: &[&str]) -> Vec<String> {
        let promise = must(&plan(), expressions);
        let told = watch(plan(), script, promise).so_far();
        told.iter()
            .map(|row| format!("{}{}: {}", if row.decided { "!" } else { "" }, row.outcome.name(), row.reason.en))
            .collect()
    }

    /// Two bills, one of them shown after a second; the line has sent all that it sends by two minutes.
    const HALF: &str = "
        0s   created n0 p0
        0s   submitted n0/0 alimtalk
        1s   shown n0/0
        10s  created n1 p1
        10s  submitted n1/0 alimtalk";

    #[test]
    fn a_count_that_only_grows_is_decided_when_it_is_there_and_when_it_is_too_much() {
        let told =
            stand(HALF, &["count(reached) >= 1", "count(reached) < 1", "count(reached) >= 2", "count(reached) == 0"]);
        assert_eq!(
            told,
            [
                "!held: 1, at least 1 expected",
                "!broken: 1, less than 1 expected",
                "broken: 1, at least 2 expected",
                "!broken: 1, exactly 0 expected",
            ]
        );
    }

    #[test]
    fn a_share_is_open_until_every_line_has_sent() {
        let asked = ["ratio(reached) >= 50%", "ratio(reached, within=1m) >= 60%", "max(time_to_reach) <= 30s"];
        assert_eq!(
            stand(HALF, &asked),
            [
                "held: 1 of 2 = 50 %, at least 50 % expected",
                "broken: 1 of 2 = 50 %, at least 60 % expected (1 of the rest are still in time)",
                "broken: never, at most 30s expected",
            ]
        );
        // An event of no account moves the clock on, past the line's end and every deadline.
        let later = format!("{HALF}\n        30m online p5");
        assert_eq!(
            stand(&later, &asked),
            [
                "!held: 1 of 2 = 50 %, at least 50 % expected",
                "!broken: 1 of 2 = 50 %, at least 60 % expected",
                "!broken: never, at most 30s expected",
            ]
        );
    }

    #[test]
    fn what_has_not_come_yet_is_said_so_and_everything_is_decided_at_the_end() {
        let asked = ["ratio(reached, during=silence-10m) >= 50%", "count(reached_twice) == 0"];
        assert_eq!(
            stand("0s created n0 p0", &asked),
            [
                "inconclusive: fault silence-10m has not begun yet",
                "inconclusive: nothing that it speaks of has happened yet",
            ]
        );
        let over = format!("{HALF}\n        50m end stop");
        assert_eq!(
            stand(&over, &asked),
            ["!inconclusive: fault silence-10m never began", "!held: 0, exactly 0 expected",]
        );
    }

    #[test]
    fn a_stop_condition_is_decided_when_it_comes_true() {
        let promise =
            Promise { stop: vec![clause(&plan(), Strength::Stop, "count(notices) >= 2")], ..must(&plan(), &[]) };
        let told = watch(plan(), "0s created n0 p0", promise.clone()).so_far();
        assert_eq!((told[0].decided, told[0].reason.en.as_str()), (false, "1; at least 2 stops the run"));
        assert!(watch(plan(), HALF, promise).so_far()[0].decided);
    }
}
