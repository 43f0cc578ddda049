//! `verdict.json`, format `bongsu.verdict.v1`: the result of a run for programs.
//!
//! Every number is an exact integer: times in microseconds (`_us`), money in hundredths of a won (`_won_cents`),
//! shares as numerator and denominator. Fields may be added within `v1`; none is renamed, removed or changes its
//! meaning. Absent facts are `null`. The types here are the wire format and nothing else.

use serde::Serialize;

use crate::report::view::{
    ClauseOutcome, ClauseView, FaultView, Figures, Measure, MediumFigures, Missed, PaceView, Percentiles, RunView,
    Witness,
};
use crate::sim::expect::Strength;
use crate::sim::model::words::Words;

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
    end: &'static str,
    verdict: &'static str,
    exit_code: u8,
    reasons: Vec<Both<'a>>,
    clauses: Vec<Clause<'a>>,
    faults: Vec<Fault<'a>>,
    figures: FiguresOut<'a>,
    missed: MissedOut<'a>,
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
    /// `held`, `broken`, or `empty` when there was nothing to judge it by.
    outcome: &'static str,
    /// Whether it came out as it should; for a `stop` condition: it never held.
    kept: bool,
    measured: Option<Measured>,
    reason: Both<'a>,
    witnesses: Vec<WitnessOut<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Measured {
    Count(u64),
    Ratio { part: u64, whole: u64 },
    TimeUs(u64),
    WonCents(u64),
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
    bucket_us: u64,
    time_to_reach: Option<PercentilesOut>,
    reach_histogram: Vec<Within>,
    groups: Vec<Group<'a>>,
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

/// A row of belief against truth; `claim` is `null` where the sender was told nothing.
#[derive(Serialize)]
struct Belief {
    claim: Option<&'static str>,
    shown: u64,
    not_shown: u64,
}

#[derive(Serialize)]
struct PercentilesOut {
    p50_us: u64,
    p90_us: u64,
    p99_us: u64,
    max_us: u64,
}

/// First reached within `within_us`, but not within the row before.
#[derive(Serialize)]
struct Within {
    within_us: u64,
    count: u64,
}

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
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
        },
        speed: match view.clock.pace {
            PaceView::Virtual => None,
            PaceView::Live(times) => Some(times),
        },
        start_unix_s: view.clock.start_unix_s,
        ended_us: view.clock.ended.micros(),
        end: view.end.name(),
        verdict: view.verdict.name(),
        exit_code: view.verdict.code(),
        reasons: view.reasons.iter().map(both).collect(),
        clauses: view.clauses.iter().map(clause).collect(),
        faults: view.faults.iter().map(fault).collect(),
        figures: figures(&view.figures),
        missed: missed(&view.missed),
    }
}

fn both(words: &Words) -> Both<'_> {
    Both { ko: &words.ko, en: &words.en }
}

fn clause(clause: &ClauseView) -> Clause<'_> {
    Clause {
        strength: strength(clause.strength),
        expression: &clause.source,
        why: both(&clause.why),
        outcome: match clause.outcome {
            ClauseOutcome::Held => "held",
            ClauseOutcome::Broken => "broken",
            ClauseOutcome::Empty => "empty",
        },
        kept: clause.kept(),
        measured: clause.measured.map(measured),
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

fn measured(measure: Measure) -> Measured {
    match measure {
        Measure::Count(n) => Measured::Count(n),
        Measure::Ratio { part, whole } => Measured::Ratio { part, whole },
        Measure::Time(span) => Measured::TimeUs(span.micros()),
        Measure::Money(hundredths) => Measured::WonCents(hundredths),
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
            .map(|(claim, shown, not_shown)| Belief {
                claim: claim.map(|claim| claim.name()),
                shown: *shown,
                not_shown: *not_shown,
            })
            .collect(),
        bucket_us: figures.bucket.micros(),
        time_to_reach: figures.time_to_reach.map(percentiles),
        reach_histogram: figures
            .reach_histogram
            .iter()
            .map(|(within, count)| Within { within_us: within.micros(), count: *count })
            .collect(),
        groups: figures
            .groups
            .iter()
            .map(|group| Group { name: &group.name, reached: group.reached, notices: group.notices })
            .collect(),
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

fn percentiles(times: Percentiles) -> PercentilesOut {
    PercentilesOut {
        p50_us: times.p50.micros(),
        p90_us: times.p90.micros(),
        p99_us: times.p99.micros(),
        max_us: times.max.micros(),
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
        assert_eq!(value["clauses"][1]["measured"]["ratio"]["part"], 977);
        assert_eq!(value["clauses"][1]["measured"]["ratio"]["whole"], 1_000);
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
