//! Reads `verdict.json` as far as a comparison needs it. Fields that it does not know are passed over.

use serde::Deserialize;

use crate::report::baseline::{Promised, Summary};
use crate::report::json::FORMAT;
use crate::report::text::terminal::excerpt;
use crate::report::view::GroupFigures;
use crate::sim::model::words::Words;

#[derive(Deserialize)]
struct File {
    format: String,
    build: String,
    scenario: String,
    seed: u64,
    verdict: String,
    clauses: Vec<Clause>,
    figures: Figures,
}

#[derive(Deserialize)]
struct Clause {
    strength: String,
    expression: String,
    why: Both,
    kept: bool,
    reason: Both,
}

#[derive(Deserialize)]
struct Both {
    ko: String,
    en: String,
}

#[derive(Deserialize)]
struct Figures {
    notices: u64,
    reached: u64,
    reached_twice: u64,
    opened: u64,
    sessions_lost: u64,
    cost_won_cents: u64,
    reach_curve_us: Vec<Option<u64>>,
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
    /// Absent in files of builds that had rows of groups alone.
    #[serde(default)]
    region: bool,
    reached: u64,
    notices: u64,
}

/// The verdict of a file's text. The error is a lowercase fragment.
pub fn summary(text: &[u8]) -> Result<Summary, String> {
    let file: File = serde_json::from_slice(text).map_err(|error| excerpt(&error.to_string()))?;
    if file.format != FORMAT {
        return Err(excerpt(&format!("format '{}', expected '{FORMAT}'", file.format)));
    }
    let figures = file.figures;
    let after = |percent: usize| figures.reach_curve_us.get(percent).copied().flatten();
    Ok(Summary {
        scenario: file.scenario,
        seed: file.seed,
        build: file.build,
        verdict: file.verdict,
        promises: file.clauses.into_iter().map(promised).collect(),
        // In the order of `FIGURES`.
        figures: vec![
            Some(figures.notices),
            Some(figures.reached),
            Some(figures.reached_twice),
            Some(figures.opened),
            after(50),
            after(95),
            after(99),
            Some(figures.cost_won_cents),
            Some(figures.sessions_lost),
        ],
        notices: figures.notices,
        groups: figures
            .groups
            .into_iter()
            .map(|Group { name, region, reached, notices }| GroupFigures { name, region, reached, notices })
            .collect(),
    })
}

fn promised(clause: Clause) -> Promised {
    let words = |both: Both| Words { ko: both.ko, en: both.en };
    Promised {
        strength: clause.strength,
        expression: clause.expression,
        why: words(clause.why),
        kept: clause.kept,
        reason: words(clause.reason),
    }
}
