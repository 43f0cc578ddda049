//! From a run's records to its verdict: each clause, each fault, and what they come to.
//!
//! Vacuity is decided here. PASS needs something to have been promised, a notice to have been created, every set to be
//! more than empty, every line to have sent something, and every fault of the plan to have bitten: a green light over nothing is the worst answer of all.

use crate::sim::expect::expression::{Body, Op};
use crate::sim::expect::figures;
use crate::sim::expect::ledger::Ledger;
use crate::sim::expect::live;
use crate::sim::expect::measure::{self, Reading, Void};
use crate::sim::expect::metric::{self, Fact, Unit, Within};
use crate::sim::expect::query::{Query, gather};
use crate::sim::expect::verdict::{ClauseVerdict, FaultVerdict, Measured, Outcome, Overall, Threshold, Verdict};
use crate::sim::expect::{Clause, Promise, Strength, witness, wording};
use crate::sim::fault::Fault;
use crate::sim::model::event::End;
use crate::sim::model::ids::FaultId;
use crate::sim::model::words::Words;
use crate::sim::plan::SenderDrive;
use crate::sim::time::{SimTime, Span};

/// Judges a run that is over; so many of the missed are listed at most.
pub(super) fn judge(mut ledger: Ledger, promise: &Promise, listed: usize) -> Verdict {
    ledger.settle();
    if promise.expect.iter().any(|clause| clause.expression.body().metric.name == metric::BALANCED) {
        ledger.balance();
    }
    let faults = faults(&ledger);
    let mut clauses: Vec<ClauseVerdict> = Vec::new();
    let before = faults.iter().filter_map(|fault| fault.began).min();
    clauses.extend(promise.steady.iter().map(|clause| clause_verdict(clause, &ledger, before)));
    clauses.extend(promise.expect.iter().map(|clause| clause_verdict(clause, &ledger, None)));
    clauses.extend(promise.stop.iter().enumerate().map(|(place, clause)| stop_verdict(place, clause, &ledger)));
    let (overall, reasons) = overall(&ledger, promise, &clauses, &faults);
    let figures = figures::of(&ledger, listed);
    Verdict { overall, reasons, clauses, faults, figures, end: ledger.end, ended_at: ledger.now }
}

/// Whether a `stop:` condition holds by the running totals.
pub(super) fn stops(body: &Body, ledger: &Ledger) -> bool {
    let threshold = threshold(body);
    live_reading(body, ledger)
        .and_then(|reading| measure::holds(reading.value, threshold.unit, body.op, body.threshold))
        .unwrap_or(false)
}

fn clause_verdict(clause: &Clause, ledger: &Ledger, until: Option<SimTime>) -> ClauseVerdict {
    let body = clause.expression.body();
    let reading = measure::measure(body, ledger, until);
    let mut verdict = verdict_of(clause, ledger, &reading);
    if let Ok(query) = Query::new(body, ledger, until) {
        verdict.reason = wording::too_young(verdict.reason, too_young(body, &query));
    }
    if let (Outcome::Broken, Ok(reading)) = (verdict.outcome, &reading) {
        verdict.witnesses = witness::against(body, ledger, reading, until);
    }
    verdict
}

/// How many of the set do not count, but might have if the run had gone on for `within=`.
fn too_young(body: &Body, query: &Query<'_>) -> u64 {
    let mut count = 0;
    if body.metric.within == Within::Deadline {
        gather(body, query, |subject, fact| count += u64::from(fact == Fact::No && query.is_young(subject)));
    }
    count
}

/// A condition that ended the run has come true, whatever its total is by now.
pub(super) fn stop_verdict(place: usize, clause: &Clause, ledger: &Ledger) -> ClauseVerdict {
    let mut verdict = verdict_of(clause, ledger, &live_reading(clause.expression.body(), ledger));
    if let Some(measured) = &verdict.measured {
        verdict.reason = wording::stopping(measured, verdict.threshold);
    }
    if ledger.end == u8::try_from(place).ok().map(End::Condition) {
        verdict.outcome = Outcome::Held;
    }
    verdict
}

pub(super) fn live_reading(body: &Body, ledger: &Ledger) -> Result<Reading, Void> {
    live::read(body, &ledger.tallies)
}

pub(super) fn verdict_of(clause: &Clause, ledger: &Ledger, reading: &Result<Reading, Void>) -> ClauseVerdict {
    let body = clause.expression.body();
    let threshold = threshold(body);
    let measured = reading.as_ref().ok().map(|reading| Measured {
        value: reading.value,
        unit: threshold.unit,
        set: reading.set,
        group: reading.group.map(|group| ledger.plan.groups[group.index()].clone()),
    });
    let holds = reading
        .as_ref()
        .map_err(|void| *void)
        .and_then(|reading| measure::holds(reading.value, threshold.unit, body.op, body.threshold));
    let (outcome, reason) = match (holds, &measured) {
        (Ok(true), Some(measured)) => (Outcome::Held, wording::judged(measured, threshold)),
        (Ok(false), Some(measured)) => (Outcome::Broken, wording::judged(measured, threshold)),
        (Err(void), _) => (Outcome::Inconclusive, wording::void(void, ledger)),
        (Ok(_), None) => unreachable!("a comparison has a measured value"),
    };
    ClauseVerdict {
        strength: clause.strength,
        source: clause.source.clone(),
        why: clause.why.clone(),
        outcome,
        measured,
        threshold,
        finest: finest(body),
        reason,
        witnesses: Vec::new(),
    }
}

/// The shortest time that the clause leaves for something: its `within=`, or a length of time that must not be passed.
fn finest(body: &Body) -> Option<Span> {
    let bound = matches!(body.op, Op::AtMost | Op::Below | Op::Equal) && threshold(body).unit == Unit::Duration;
    let bound = bound.then(|| Span::from_micros(body.threshold));
    body.within.into_iter().chain(bound).min()
}

fn threshold(body: &Body) -> Threshold {
    Threshold { op: body.op, value: body.threshold, unit: body.aggregate.unit(body.metric.unit) }
}

fn faults(ledger: &Ledger) -> Vec<FaultVerdict> {
    let mut notices_hit = vec![0u64; ledger.faults.len()];
    for view in ledger.views() {
        let mut bits = view.notice.hits();
        while bits != 0 {
            notices_hit[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
    }
    for (fault, _) in &ledger.hits_beyond {
        notices_hit[usize::from(*fault)] += 1;
    }
    let rows = ledger.faults.iter().zip(notices_hit).enumerate();
    rows.map(|(number, (record, notices_hit))| {
        let fault = FaultId(number as u16);
        let name = ledger.fault_name(fault);
        FaultVerdict { fault, name, began: record.began, ended: record.ended, hits: record.hits, notices_hit }
    })
    .collect()
}

/// Everything that is wrong with the run; the worst decides.
fn overall(
    ledger: &Ledger,
    promise: &Promise,
    clauses: &[ClauseVerdict],
    faults: &[FaultVerdict],
) -> (Overall, Vec<Words>) {
    let mut found: Vec<(Overall, Words)> = Vec::new();
    found.extend(stopped(ledger, clauses));
    found.extend(clauses.iter().filter_map(of_clause));
    found.extend(promise.stop.iter().filter(|clause| !live::can_read(clause.expression.body())).map(|clause| {
        let reason = wording::void(Void::NotFollowed, ledger);
        (Overall::Inconclusive, of_source(&clause.source, &reason))
    }));
    if clauses.iter().all(|clause| clause.strength == Strength::Stop) {
        found.push((Overall::Inconclusive, words("약속한 기대가 하나도 없음", "nothing was promised")));
    }
    // A desk that only answers whoever comes to it has no notices of its own.
    let desk_only = ledger.plan.sends.is_empty() && !ledger.deeds.is_empty();
    if ledger.tallies.notices == 0 && !desk_only {
        found.push((Overall::Inconclusive, words("만들어진 알림이 하나도 없음", "no notice was created")));
    }
    found.extend(lines_that_sent_nothing(ledger).map(|reason| (Overall::Inconclusive, reason)));
    found.extend(toothless(ledger, faults).map(|reason| (Overall::Inconclusive, reason)));
    if found.is_empty() {
        found.push((Overall::Pass, words("모든 기대가 지켜짐", "every expectation held")));
    }
    found.sort_by_key(|row| std::cmp::Reverse(row.0));
    (found[0].0, found.into_iter().map(|row| row.1).collect())
}

/// Lines of the timeline without a notice: their time never came, or they speak to nobody.
fn lines_that_sent_nothing(ledger: &Ledger) -> impl Iterator<Item = Words> {
    let plan = &ledger.plan;
    let mut sent = vec![ledger.tallies.notices == 0 || plan.sender.drive == SenderDrive::External; plan.sends.len()];
    for view in ledger.views() {
        if let Some(row) = view.notice.send().and_then(|send| sent.get_mut(send.index())) {
            *row = true;
        }
    }
    let silent = plan.sends.iter().zip(sent).filter(|(_, sent)| !sent);
    silent.map(|(send, _)| {
        let (at, kind) = (send.at, &plan.kinds[send.kind.index()].key);
        words(
            &format!("{at}의 발송 {kind}: 만들어진 알림이 없음"),
            &format!("send {kind} at {at}: no notice was created"),
        )
    })
}

fn stopped(ledger: &Ledger, clauses: &[ClauseVerdict]) -> Option<(Overall, Words)> {
    let came_true = |source: &str| {
        let (ko, en) = (format!("중단 조건 충족: {source}"), format!("the stop condition came true: {source}"));
        (Overall::Stopped, Words { ko, en })
    };
    match ledger.end {
        // A condition is asked once a second; one that came true in the last second ended nothing, and is true.
        Some(End::Stop | End::Quiet) => {
            let mut stops = clauses.iter().filter(|clause| clause.strength == Strength::Stop);
            stops.find(|clause| clause.outcome == Outcome::Held).map(|clause| came_true(&clause.source))
        }
        Some(End::Asked) => Some((Overall::Stopped, words("누군가 실행을 멈춤", "somebody stopped the run"))),
        Some(End::Condition(place)) => {
            let mut stops = clauses.iter().filter(|clause| clause.strength == Strength::Stop);
            Some(came_true(stops.nth(usize::from(place)).map_or("?", |clause| clause.source.as_str())))
        }
        None => Some((Overall::Inconclusive, words("실행이 끝나지 않음", "the run did not end"))),
    }
}

fn of_clause(clause: &ClauseVerdict) -> Option<(Overall, Words)> {
    let overall = match (clause.strength, clause.outcome) {
        (Strength::Should | Strength::Stop, _) | (_, Outcome::Held) => return None,
        (Strength::Must, Outcome::Broken) => Overall::Fail,
        (Strength::Must, Outcome::Inconclusive) | (Strength::Sometimes | Strength::Steady, _) => Overall::Inconclusive,
    };
    Some((overall, of_source(&clause.source, &clause.reason)))
}

fn of_source(source: &str, reason: &Words) -> Words {
    Words { ko: format!("{source}: {}", reason.ko), en: format!("{source}: {}", reason.en) }
}

/// Faults of the plan that bit nothing. An outage pack is one story of many faults: it has bitten when any of them has.
fn toothless<'a>(ledger: &'a Ledger, faults: &'a [FaultVerdict]) -> impl Iterator<Item = Words> + 'a {
    let planned = &ledger.plan.faults;
    planned.iter().zip(faults).enumerate().filter_map(move |(place, (fault, row))| {
        let Some(pack) = &fault.pack else { return of_fault(row) };
        let its = |other: &Fault| other.pack.as_ref() == Some(pack);
        let first = planned.iter().position(its) == Some(place);
        let bit = planned.iter().zip(faults).any(|(other, row)| its(other) && row.hits > 0);
        (first && !bit).then(|| Words {
            ko: format!("장애 꾸러미 {pack}: 어느 장애도 아무것도 건드리지 않음"),
            en: format!("outage pack {pack}: none of its faults bit"),
        })
    })
}

fn of_fault(fault: &FaultVerdict) -> Option<Words> {
    let name = &fault.name;
    let (ko, en) = match (fault.began, fault.hits) {
        (None, 0) => (
            format!("장애 {name}: 시작 시각에 이르기 전에 실행이 끝남"),
            format!("fault {name}: the run ended before its window opened"),
        ),
        (Some(_), 0) => {
            (format!("장애 {name}: 아무것도 건드리지 않음"), format!("fault {name} never bit: no event names it"))
        }
        (_, 1..) => return None,
    };
    Some(Words { ko, en })
}

fn words(ko: &str, en: &str) -> Words {
    Words { ko: ko.to_owned(), en: en.to_owned() }
}

#[cfg(test)]
mod tests {
    use crate::sim::expect::script::{clause, must, plan, watch};
    use crate::sim::expect::verdict::{Overall, Verdict};
    use crate::sim::expect::{Promise, Strength};
    use crate::sim::plan::Plan;
    use crate::sim::time::{SimTime, Span};

    const SHORT: &str = "
        0s    created n0 p0
        1s    shown n0/0
        5m    began silence-10m
        6m    lost n0/0 by silence-10m
        3000s end stop";

    fn reasons(plan: Plan, promise: Promise) -> (Overall, Vec<String>) {
        let Verdict { overall, reasons, .. } = watch(plan, SHORT, promise).finish();
        (overall, reasons.into_iter().map(|words| words.en).collect())
    }

    #[test]
    fn a_line_that_sent_nothing_makes_a_pass_worthless() {
        let mut late = plan();
        late.sends.push(late.sends[0].clone());
        late.sends[1].at = SimTime::ZERO + Span::from_secs(4_000);
        let promise = must(&late, &["count(notices) == 1"]);
        let reason = "send rent at 01:06:40: no notice was created".to_owned();
        assert_eq!(reasons(late, promise), (Overall::Inconclusive, vec![reason]));
    }

    #[test]
    fn a_stop_condition_that_comes_true_in_the_last_second_is_true() {
        let promise =
            Promise { stop: vec![clause(&plan(), Strength::Stop, "count(notices) >= 1")], ..must(&plan(), &[]) };
        let (overall, reasons) = reasons(plan(), promise);
        assert_eq!(overall, Overall::Stopped);
        assert_eq!(reasons[0], "the stop condition came true: count(notices) >= 1");
    }
}
