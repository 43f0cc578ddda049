//! From a plan and its verdict to what reports show: ids become names, tables lose their empty rows, nothing is judged.

use crate::report::haste::Haste;
use crate::report::view::{
    ClauseView, ClockView, ExampleView, FaultView, Figures, FoundView, GroupFigures, MediumFigures, Missed, PaceView,
    RunView, Witness,
};
use crate::sim::expect::audit;
use crate::sim::expect::figures;
use crate::sim::expect::missed;
use crate::sim::expect::record::Belief;
use crate::sim::expect::verdict::{self, ClauseVerdict, FaultVerdict, Verdict};
use crate::sim::fault::Fault;
use crate::sim::model::medium::Medium;
use crate::sim::plan::Plan;
use crate::sim::plan::numbers::Numbers;

impl RunView {
    /// The view of a judged run. `posted` are the faults that were posted while it went on, in the order of their ids
    /// after the plan's; a posted fault that is not given shows without its kind and networks. Who knows what to
    /// type to play it again, or where it is written, sets `again` and `folder`.
    pub fn of(plan: &Plan, posted: &[Fault], verdict: &Verdict, pace: PaceView) -> RunView {
        RunView {
            name: plan.name.clone(),
            again: None,
            folder: None,
            title: plan.title.clone(),
            lesson: plan.lesson.clone(),
            sources: plan.sources.clone(),
            seed: plan.seed.0,
            people: u64::from(plan.people()),
            clock: ClockView {
                start_unix_s: plan.clock.start_unix_s,
                offset_s: plan.clock.offset_s,
                ended: verdict.ended_at,
                pace,
            },
            end: verdict.end,
            verdict: verdict.overall,
            reasons: verdict.reasons.clone(),
            clauses: verdict.clauses.iter().map(|row| clause(row, Numbers::of(plan))).collect(),
            faults: verdict.faults.iter().map(|row| fault(plan, posted, row)).collect(),
            figures: totals(plan, &verdict.figures),
            missed: missing(&verdict.figures.missed, Numbers::of(plan)),
            haste: Haste::of(plan, &verdict.clauses, pace),
        }
    }
}

fn clause(clause: &ClauseVerdict, numbers: Numbers) -> ClauseView {
    ClauseView {
        strength: clause.strength,
        source: clause.source.clone(),
        why: clause.why.clone(),
        outcome: clause.outcome,
        measured: clause.measured.clone(),
        threshold: clause.threshold,
        reason: clause.reason.clone(),
        witnesses: clause.witnesses.iter().map(|row| witness(row, numbers)).collect(),
    }
}

fn witness(witness: &verdict::Witness, numbers: Numbers) -> Witness {
    Witness {
        notice: witness.notice.map(|notice| notice.to_string()).unwrap_or_default(),
        person: numbers.number(witness.person),
        story: witness.line.clone(),
    }
}

fn fault(plan: &Plan, posted: &[Fault], row: &FaultVerdict) -> FaultView {
    let place = row.fault.index();
    let known = plan.faults.get(place).or_else(|| posted.get(place.checked_sub(plan.faults.len())?));
    FaultView {
        name: known.map_or_else(|| row.name.clone(), |fault| fault.name.clone()),
        kind: known.map_or("?", |fault| fault.kind.name()),
        networks: known.map(|fault| fault.scope.networks.clone()).unwrap_or_default(),
        planned: place < plan.faults.len(),
        began: row.began,
        ended: row.ended,
        hits: row.hits,
        notices: row.notices_hit,
    }
}

fn totals(plan: &Plan, figures: &figures::Figures) -> Figures {
    let media = Medium::ALL.into_iter().map(|medium| medium_row(medium, figures));
    let beliefs = Belief::ALL.iter().map(|(belief, _)| {
        let (shown, not_shown) = figures.believed(*belief);
        (*belief, shown, not_shown)
    });
    let group = |row: &figures::GroupReach| {
        let figures::GroupReach { name, region, notices, reached } = row.clone();
        GroupFigures { name, region, notices, reached }
    };
    Figures {
        notices: figures.notices,
        reached: figures.reached,
        twice: figures.twice,
        opened: figures.opened,
        sessions_lost: figures.sessions_lost.iter().sum(),
        media: media.filter(|row| row.attempts > 0 || row.first > 0).collect(),
        fallbacks: figures::CAUSES.into_iter().zip(figures.fallbacks).filter(|row| row.1 > 0).collect(),
        belief: beliefs.filter(|row| row.1 + row.2 > 0).collect(),
        told: figures.audit.rows.clone(),
        requests_refused: figures.requests_refused.clone(),
        found: figures.audit.found.iter().map(|row| found(row, Numbers::of(plan))).collect(),
        bucket: figures.series.bucket,
        reach_curve: figures.reach_curve.clone(),
        groups: figures.groups.iter().map(group).collect(),
        kinds: figures.kinds.clone(),
        counters: plan.counters.iter().cloned().zip(figures.counters.iter().copied()).collect(),
    }
}

fn found(found: &audit::Found, numbers: Numbers) -> FoundView {
    let example = |row: &audit::Example| ExampleView {
        notice: row.notice.to_string(),
        person: numbers.number(row.person),
        at: row.at,
        story: row.life.clone(),
    };
    let examples = found.examples.iter().map(example).collect();
    FoundView { what: found.what, count: found.count, cost: found.cost, examples }
}

fn medium_row(medium: Medium, figures: &figures::Figures) -> MediumFigures {
    let place = medium.index();
    MediumFigures {
        medium,
        attempts: figures.attempts[place],
        first: figures.first_medium[place],
        cost: figures.cost[place],
        over_time: figures.series.reached.iter().map(|bucket| bucket[place]).collect(),
    }
}

fn missing(missed: &missed::Missed, numbers: Numbers) -> Missed {
    let row = |row: &missed::MissedNotice| Witness {
        notice: row.notice.to_string(),
        person: numbers.number(row.person),
        story: row.life.clone(),
    };
    Missed { count: missed.count, reasons: missed.reasons.clone(), list: missed.listed.iter().map(row).collect() }
}
