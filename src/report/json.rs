//! `verdict.json`, format `bongsu.verdict.v1`: the result of a run for programs.
//!
//! Every number is an exact integer: times in microseconds (`_us`), money in hundredths of a won (`_won_cents`),
//! shares as numerator and denominator. Fields may be added within `v1`; none is renamed, removed or changes its
//! meaning. Absent facts are `null`. The types here are the wire format and nothing else.

use serde::Serialize;

use crate::report::audit::table::{FoundOut, RefusedOut, ToldOut, found_out, refused_out, told_out};
use crate::report::haste::Haste;
use crate::report::view::{ClauseView, FaultView, Figures, MediumFigures, Missed, PaceView, RunView, Witness};
use crate::sim::expect::Strength;
use crate::sim::expect::measure::Exact;
use crate::sim::expect::metric::Unit;
use crate::sim::expect::verdict::{Measured, Threshold};
use crate::sim::model::words::Words;
use crate::sim::time::Span;

/// The name of the format, first field of the file.
pub const FORMAT: &str = "bongsu.verdict.v1";

/// The whole file as text, indented, ending with a line feed.
pub fn report(view: &RunView, build: &str) -> String {
    let mut text = serde_json::to_string_pretty(&verdict(view, build)).expect("strings and numbers always serialize");
    text.push('\n');
    text
}

/// The file as a value, for an API that answers it inside something else.
pub fn value(view: &RunView, build: &str) -> serde_json::Value {
    serde_json::to_value(verdict(view, build)).expect("strings and numbers always serialize")
}

#[derive(Serialize)]
struct Verdict<'a> {
    format: &'static str,
    build: &'a str,
    scenario: &'a str,
    title: Both<'a>,
    sources: &'a [String],
    seed: u64,
    people: u64,
    clock: &'static str,
    /// Simulated seconds a second of a live run; `null` in virtual time.
    speed: Option<u32>,
    start_unix_s: i64,
    ended_us: u64,
    end: Option<&'static str>,
    verdict: &'static str,
    exit_code: u8,
    reasons: Vec<Both<'a>>,
    clauses: Vec<Clause<'a>>,
    faults: Vec<Fault<'a>>,
    figures: FiguresOut<'a>,
    missed: MissedOut<'a>,
    /// What a live run went too fast to judge; `null` if nothing.
    haste: Option<HasteOut>,
}

#[derive(Serialize)]
struct HasteOut {
    /// What 10 ms of the machine are in the run.
    blur_us: u64,
    /// The shortest time that is promised or waited for.
    finest_us: u64,
    /// Promises and legs of routes that are shorter than the blur.
    promises: usize,
    legs: usize,
    /// The greatest speed that can judge them.
    speed_at_most: u64,
}

#[derive(Serialize)]
struct Both<'a> {
    ko: &'a str,
    en: &'a str,
}

#[derive(Serialize)]
struct Clause<'a> {
    strength: &'static str,
    expression: &'a str,
    why: Both<'a>,
    /// `held`, `broken`, or `inconclusive` when there was nothing to judge it by.
    outcome: &'static str,
    /// Whether it came out as it should; for a `stop` condition: it never held.
    kept: bool,
    measured: Option<MeasuredOut<'a>>,
    threshold: ThresholdOut,
    reason: Both<'a>,
    witnesses: Vec<WitnessOut<'a>>,
}

/// A measured value: `value`, or `value` over `whole` where it is a share or a mean.
#[derive(Serialize)]
struct MeasuredOut<'a> {
    unit: &'static str,
    value: Option<u64>,
    whole: Option<u64>,
    /// Longer than any time: it did not happen to as many as the expression asks for.
    never: bool,
    /// How many were in the set.
    set: u64,
    /// The worst group, under `worst_group`.
    group: Option<&'a str>,
}

#[derive(Serialize)]
struct ThresholdOut {
    op: &'static str,
    value: u64,
    unit: &'static str,
}

#[derive(Serialize)]
struct WitnessOut<'a> {
    notice: &'a str,
    person: &'a str,
    story: Both<'a>,
}

#[derive(Serialize)]
struct Fault<'a> {
    name: &'a str,
    kind: &'a str,
    networks: Vec<&'static str>,
    planned: bool,
    began_us: Option<u64>,
    ended_us: Option<u64>,
    hits: u64,
    notices: u64,
}

#[derive(Serialize)]
struct FiguresOut<'a> {
    notices: u64,
    reached: u64,
    reached_twice: u64,
    opened: u64,
    sessions_lost: u64,
    cost_won_cents: u64,
    media: Vec<MediumOut<'a>>,
    fallbacks: Vec<Fallback>,
    belief: Vec<Belief>,
    /// The same by how the sender heard, with "accepted" as a word of its own.
    told: Vec<ToldOut>,
    requests_refused: Vec<RefusedOut>,
    /// Where belief, money and truth disagree, with people to look at.
    contradictions: Vec<FoundOut<'a>>,
    bucket_us: u64,
    /// After how long that many percent of all notices were reached, for 0 to 100; `null`: never.
    reach_curve_us: Vec<Option<u64>>,
    groups: Vec<Group<'a>>,
    /// The one with the smallest share reached; `null` without groups.
    worst_group: Option<&'a str>,
    /// Whether that is a region.
    worst_group_is_region: bool,
    counters: Vec<Counter<'a>>,
}

#[derive(Serialize)]
struct MediumOut<'a> {
    medium: &'static str,
    attempts: u64,
    first_reached: u64,
    cost_won_cents: u64,
    first_reached_over_time: &'a [u64],
}

#[derive(Serialize)]
struct Fallback {
    cause: &'static str,
    count: u64,
}

/// A row of belief against truth; `none` where the sender was told nothing.
#[derive(Serialize)]
struct Belief {
    claim: &'static str,
    shown: u64,
    not_shown: u64,
}

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
    /// The people who live in a region, not a group.
    region: bool,
    reached: u64,
    notices: u64,
}

#[derive(Serialize)]
struct Counter<'a> {
    name: &'a str,
    count: u64,
}

#[derive(Serialize)]
struct MissedOut<'a> {
    count: u64,
    reasons: Vec<MissedReason<'a>>,
    /// The first of them; `count` is the whole number.
    list: Vec<WitnessOut<'a>>,
}

#[derive(Serialize)]
struct MissedReason<'a> {
    reason: Both<'a>,
    count: u64,
}

fn verdict<'a>(view: &'a RunView, build: &'a str) -> Verdict<'a> {
    Verdict {
        format: FORMAT,
        build,
        scenario: &view.name,
        title: both(&view.title),
        sources: &view.sources,
        seed: view.seed,
        people: view.people,
        clock: match view.clock.pace {
            PaceView::Virtual => "virtual",
            PaceView::Live(_) => "live",
            PaceView::Lockstep => "lockstep",
        },
        speed: match view.clock.pace {
            PaceView::Virtual | PaceView::Lockstep => None,
            PaceView::Live(times) => Some(times),
        },
        start_unix_s: view.clock.start_unix_s,
        ended_us: view.clock.ended.micros(),
        end: view.end.map(|end| end.name()),
        verdict: view.verdict.name(),
        exit_code: view.verdict.exit_code(),
        reasons: view.reasons.iter().map(both).collect(),
        clauses: view.clauses.iter().map(clause).collect(),
        faults: view.faults.iter().map(fault).collect(),
        figures: figures(&view.figures),
        missed: missed(&view.missed),
        haste: view.haste.map(haste),
    }
}

fn haste(haste: Haste) -> HasteOut {
    let Haste { blur, finest, promises, legs, at_most } = haste;
    HasteOut { blur_us: blur.micros(), finest_us: finest.micros(), promises, legs, speed_at_most: at_most }
}

fn both(words: &Words) -> Both<'_> {
    Both { ko: &words.ko, en: &words.en }
}

fn clause(clause: &ClauseView) -> Clause<'_> {
    Clause {
        strength: strength(clause.strength),
        expression: &clause.source,
        why: both(&clause.why),
        outcome: clause.outcome.name(),
        kept: clause.kept(),
        measured: clause.measured.as_ref().map(measured),
        threshold: threshold(clause.threshold),
        reason: both(&clause.reason),
        witnesses: clause.witnesses.iter().map(witness).collect(),
    }
}

/// The word of a promise's strength, as in the scenario file.
pub(super) const fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Must => "must",
        Strength::Should => "should",
        Strength::Sometimes => "sometimes",
        Strength::Steady => "steady",
        Strength::Stop => "stop",
    }
}

fn measured(measured: &Measured) -> MeasuredOut<'_> {
    // A sum beyond 64 bits is held there; no run of at most four billion notices comes near.
    let held = |n: u128| Some(u64::try_from(n).unwrap_or(u64::MAX));
    let (value, whole) = match measured.value {
        Exact::Whole(n) => (held(n), None),
        Exact::Fraction { part, whole } => (held(part), Some(whole)),
        Exact::Never => (None, None),
    };
    MeasuredOut {
        unit: unit(measured.unit),
        value,
        whole,
        never: measured.value == Exact::Never,
        set: measured.set,
        group: measured.group.as_deref(),
    }
}

fn threshold(threshold: Threshold) -> ThresholdOut {
    // A share is asked for in parts per million; that is its unit here.
    let unit = if threshold.unit == Unit::Share { "ppm" } else { unit(threshold.unit) };
    ThresholdOut { op: threshold.op.sign(), value: threshold.value, unit }
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Share => "share",
        Unit::Duration => "us",
        Unit::Won => "won_cents",
    }
}

fn witness(witness: &Witness) -> WitnessOut<'_> {
    WitnessOut { notice: &witness.notice, person: &witness.person, story: both(&witness.story) }
}

fn fault(fault: &FaultView) -> Fault<'_> {
    Fault {
        name: &fault.name,
        kind: fault.kind,
        networks: fault.networks.iter().map(|network| network.name()).collect(),
        planned: fault.planned,
        began_us: fault.began.map(|at| at.micros()),
        ended_us: fault.ended.map(|at| at.micros()),
        hits: fault.hits,
        notices: fault.notices,
    }
}

fn figures(figures: &Figures) -> FiguresOut<'_> {
    FiguresOut {
        notices: figures.notices,
        reached: figures.reached,
        reached_twice: figures.twice,
        opened: figures.opened,
        sessions_lost: figures.sessions_lost,
        cost_won_cents: figures.cost(),
        media: figures.media.iter().map(medium).collect(),
        fallbacks: figures
            .fallbacks
            .iter()
            .map(|(cause, count)| Fallback { cause: cause.name(), count: *count })
            .collect(),
        belief: figures
            .belief
            .iter()
            .map(|(claim, shown, not_shown)| Belief { claim: claim.name(), shown: *shown, not_shown: *not_shown })
            .collect(),
        told: told_out(figures),
        requests_refused: refused_out(figures),
        contradictions: found_out(figures),
        bucket_us: figures.bucket.micros(),
        reach_curve_us: figures.reach_curve.iter().map(|after| after.map(Span::micros)).collect(),
        groups: figures
            .groups
            .iter()
            .map(|group| Group {
                name: &group.name,
                region: group.region,
                reached: group.reached,
                notices: group.notices,
            })
            .collect(),
        worst_group: figures.worst_group().map(|group| group.name.as_str()),
        worst_group_is_region: figures.worst_group().is_some_and(|group| group.region),
        counters: figures.counters.iter().map(|(name, count)| Counter { name, count: *count }).collect(),
    }
}

fn medium(row: &MediumFigures) -> MediumOut<'_> {
    MediumOut {
        medium: row.medium.name(),
        attempts: row.attempts,
        first_reached: row.first,
        cost_won_cents: row.cost,
        first_reached_over_time: &row.over_time,
    }
}

fn missed(missed: &Missed) -> MissedOut<'_> {
    MissedOut {
        count: missed.count,
        reasons: missed
            .reasons
            .iter()
            .map(|(reason, count)| MissedReason { reason: both(reason), count: *count })
            .collect(),
        list: missed.list.iter().map(witness).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::{report, value};
    use crate::report::sample;

    #[test]
    fn the_whole_file() {
        sample::golden("verdict.json", &report(&sample::run(), "bongsu 0.0.0-test"));
    }

    #[test]
    fn numbers_stay_exact_integers() {
        let value = value(&sample::run(), "x");
        assert_eq!(value["clauses"][1]["measured"]["value"], 977);
        assert_eq!(value["clauses"][1]["measured"]["whole"], 1_000);
        assert_eq!(value["exit_code"], 1);
        fn no_float(value: &serde_json::Value) -> bool {
            match value {
                serde_json::Value::Number(n) => n.is_u64() || n.is_i64(),
                serde_json::Value::Array(items) => items.iter().all(no_float),
                serde_json::Value::Object(map) => map.values().all(no_float),
                _ => true,
            }
        }
        assert!(no_float(&value));
    }
}
