//! A comparison for programs: `bongsu.comparison.v1`, exact integers, `null` for "never" and for what is not there.

use serde::Serialize;

use crate::report::baseline::{Comparison, FIGURES, PromiseChange, Promised, Summary, Way};

/// The name of the format, first field of the document.
pub const FORMAT: &str = "bongsu.comparison.v1";

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    baseline: Run<'a>,
    run: Run<'a>,
    same_scenario_and_seed: bool,
    /// The verdict is worse, or a promise that was kept is not.
    worse: bool,
    /// `same`, `other`, `better` or `worse`.
    verdict: &'static str,
    promises: Vec<Promise<'a>>,
    figures: Vec<FigureOut>,
}

#[derive(Serialize)]
struct Run<'a> {
    scenario: &'a str,
    seed: u64,
    build: &'a str,
    verdict: &'a str,
}

#[derive(Serialize)]
struct Promise<'a> {
    strength: &'a str,
    expression: &'a str,
    way: &'static str,
    kept_before: Option<bool>,
    kept_after: Option<bool>,
    reason_before: Option<&'a str>,
    reason_after: Option<&'a str>,
}

#[derive(Serialize)]
struct FigureOut {
    figure: &'static str,
    way: &'static str,
    before: Option<u64>,
    after: Option<u64>,
}

/// The whole document, indented, ending with a line feed. Reasons are in English.
pub fn comparison(comparison: &Comparison) -> String {
    let document = Document {
        format: FORMAT,
        baseline: run(&comparison.before),
        run: run(&comparison.after),
        same_scenario_and_seed: comparison.is_like(),
        worse: comparison.is_worse(),
        verdict: word(comparison.verdict),
        promises: comparison.promises.iter().filter_map(promise).collect(),
        figures: figures(comparison),
    };
    let mut text = serde_json::to_string_pretty(&document).expect("strings and numbers always serialize");
    text.push('\n');
    text
}

const fn word(way: Way) -> &'static str {
    match way {
        Way::Same => "same",
        Way::Other => "other",
        Way::Better => "better",
        Way::Worse => "worse",
    }
}

fn run(of: &Summary) -> Run<'_> {
    Run { scenario: &of.scenario, seed: of.seed, build: &of.build, verdict: &of.verdict }
}

fn promise(change: &PromiseChange) -> Option<Promise<'_>> {
    let (before, after) = (change.before.as_ref(), change.after.as_ref());
    let one: &Promised = after.or(before)?;
    Some(Promise {
        strength: &one.strength,
        expression: &one.expression,
        way: word(change.way),
        kept_before: before.map(|promised| promised.kept),
        kept_after: after.map(|promised| promised.kept),
        reason_before: before.map(|promised| promised.reason.en.as_str()),
        reason_after: after.map(|promised| promised.reason.en.as_str()),
    })
}

fn figures(comparison: &Comparison) -> Vec<FigureOut> {
    let value = |of: &Summary, place: usize| of.figures.get(place).copied().flatten();
    let rows = FIGURES.iter().zip(&comparison.figures).enumerate();
    rows.map(|(place, (figure, way))| FigureOut {
        figure: figure.key,
        way: word(*way),
        before: value(&comparison.before, place),
        after: value(&comparison.after, place),
    })
    .collect()
}
