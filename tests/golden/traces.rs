//! One small variant of every scenario and of every pack: its trace, and what the verdict must say beside it.

use super::play::{Changes, play, read};
use super::trace::trace;
use super::{compare, yaml_files};
use bongsu::sim::expect::verdict::{Outcome, Overall, Verdict};

/// A variant, and what the run must come to.
struct Case {
    /// The golden file.
    trace: &'static str,
    /// The scenario's name in the library.
    scenario: &'static str,
    set: &'static [&'static str],
    outage: Option<(&'static str, u64)>,
    overall: Overall,
    /// Notices reached, of how many, and how many of them twice.
    reached: (u64, u64, u64),
    /// Fallbacks: told of failure, no receipt, not opened.
    fallbacks: [u64; 3],
    /// `must` lines that are broken, in their own words.
    broken: &'static [&'static str],
}

const CASES: &[Case] = &[];

#[test]
fn small_variants_go_as_written() {
    for case in CASES {
        let set = case.set.iter().map(|one| (*one).to_owned()).collect();
        let outage = case.outage.map(|(pack, at)| (pack.to_owned(), at));
        let scenario = read(case.scenario, &Changes { set, outage });
        let (events, verdict) = play(&scenario);
        compare(&format!("tests/golden/{}.trace", case.trace), &trace(&scenario.plan, &events));
        let figures = &verdict.figures;
        assert_eq!(verdict.overall, case.overall, "{}: {:?}", case.trace, verdict.reasons);
        assert_eq!((figures.reached, figures.notices, figures.twice), case.reached, "{}", case.trace);
        assert_eq!(figures.fallbacks, case.fallbacks, "{}", case.trace);
        assert_eq!(broken(&verdict), case.broken, "{}", case.trace);
    }
}

/// A scenario or pack without a trace is not in the library.
#[test]
fn every_file_has_a_trace() {
    for path in yaml_files("scenarios") {
        let name = path.trim_start_matches("scenarios/").trim_end_matches(".yaml");
        let traced = match name.strip_prefix("outages/") {
            Some(pack) => CASES.iter().any(|case| case.outage.is_some_and(|(used, _)| used == pack)),
            None => CASES.iter().any(|case| case.outage.is_none() && case.scenario == name),
        };
        assert!(traced, "{path} has no trace");
    }
}

fn broken(verdict: &Verdict) -> Vec<&str> {
    let clauses = verdict.clauses.iter().filter(|clause| clause.outcome == Outcome::Broken);
    clauses.map(|clause| clause.source.as_str()).collect()
}
