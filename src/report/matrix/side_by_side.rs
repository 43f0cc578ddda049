//! Finished runs of one scenario side by side, from their `verdict.json`: the same table and the same plot as for runs that
//! are made for it, and the rows as JSON. It judges no run again and says not which is best, only which no other beats.

use serde::Serialize;

use crate::report::baseline::Summary;
use crate::report::matrix::{Matrix, RUNS_AXIS, Row};
use crate::report::view::{GroupFigures, furthest_behind};
use crate::sim::expect::verdict::Overall;
use crate::sim::model::words::Words;
use crate::sim::time::Span;

/// The name of the format, first field of the document.
pub const FORMAT: &str = "bongsu.runs.v1";

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    scenario: &'a str,
    runs: Vec<RunOut<'a>>,
}

#[derive(Serialize)]
struct RunOut<'a> {
    run: &'a str,
    seed: u64,
    build: &'a str,
    verdict: &'a str,
    promises: u64,
    kept: u64,
    notices: u64,
    reached: u64,
    reached_twice: u64,
    /// Absent for "never".
    p95_us: Option<u64>,
    cost_won_cents: u64,
    /// The group or region with the smallest share reached; `null` where nobody is in one.
    worst_group: Option<WorstOut<'a>>,
    /// No other run is better in one of reach, doubles, time or cost without being worse in another.
    unbeaten: bool,
}

#[derive(Serialize)]
struct WorstOut<'a> {
    name: &'a str,
    region: bool,
    reached: u64,
    notices: u64,
}

/// The runs, each with the name that it shall have, as one matrix. The error is a lowercase fragment.
pub fn matrix(runs: &[(String, Summary)]) -> Result<Matrix, String> {
    let Some((_, first)) = runs.first() else { return Err("no runs".to_owned()) };
    if let Some((name, other)) = runs.iter().find(|(_, run)| run.scenario != first.scenario) {
        return Err(format!(
            "runs of one scenario, expected '{}', found '{}' in {name}",
            first.scenario, other.scenario
        ));
    }
    let same_seed = runs.iter().all(|(_, run)| run.seed == first.seed);
    let row = |(name, run): &(String, Summary)| {
        let name = if same_seed { name.clone() } else { format!("{name} #{}", run.seed) };
        row(name.clone(), run).map_err(|why| format!("{name}: {why}"))
    };
    Ok(Matrix {
        name: first.scenario.clone(),
        title: Words::same(first.scenario.clone()),
        seed: same_seed.then_some(first.seed),
        axes: vec![RUNS_AXIS.to_owned()],
        rows: runs.iter().map(row).collect::<Result<_, _>>()?,
    })
}

fn row(name: String, run: &Summary) -> Result<Row, String> {
    let verdict = [Overall::Pass, Overall::Inconclusive, Overall::Fail, Overall::Stopped];
    let verdict = verdict.into_iter().find(|verdict| verdict.name() == run.verdict);
    let verdict = verdict.ok_or_else(|| format!("unknown verdict '{}'", run.verdict))?;
    let kept = run.promises.iter().filter(|promise| promise.kept).count() as u64;
    let figure = |key| run.figure(key).unwrap_or(0);
    Ok(Row {
        values: vec![name],
        verdict,
        kept: (kept, run.promises.len() as u64),
        notices: figure("notices"),
        reached: figure("reached"),
        twice: figure("reached_twice"),
        p95: run.figure("p95_us").map(Span::from_micros),
        cost: figure("cost_won_cents"),
        worst: furthest_behind(&run.groups).first().map(|group| (*group).clone()),
    })
}

/// The matrix for programs: exact integers. `runs` are those that it was made of.
pub fn json(matrix: &Matrix, runs: &[(String, Summary)]) -> String {
    let runs = runs.iter().zip(&matrix.rows).map(|((name, run), row)| told(name, run, row, matrix)).collect();
    let document = Document { format: FORMAT, scenario: &matrix.name, runs };
    let mut text = serde_json::to_string_pretty(&document).expect("strings and numbers always serialize");
    text.push('\n');
    text
}

fn told<'a>(name: &'a str, run: &'a Summary, row: &'a Row, matrix: &Matrix) -> RunOut<'a> {
    let worst = |GroupFigures { name, region, reached, notices }: &'a GroupFigures| WorstOut {
        name,
        region: *region,
        reached: *reached,
        notices: *notices,
    };
    RunOut {
        run: name,
        seed: run.seed,
        build: &run.build,
        verdict: row.verdict.name(),
        promises: row.kept.1,
        kept: row.kept.0,
        notices: row.notices,
        reached: row.reached,
        reached_twice: row.twice,
        p95_us: row.p95.map(Span::micros),
        cost_won_cents: row.cost,
        worst_group: row.worst.as_ref().map(worst),
        unbeaten: matrix.is_unbeaten(row),
    }
}

#[cfg(test)]
mod tests {
    use super::{json, matrix};
    use crate::report::baseline::Summary;
    use crate::report::matrix::text;
    use crate::report::text::terminal::Look;
    use crate::report::view::GroupFigures;
    use crate::sim::model::words::Lang;

    fn run(name: &str, seed: u64, verdict: &str, figures: [Option<u64>; 9]) -> (String, Summary) {
        let (scenario, verdict, build) = ("rent".to_owned(), verdict.to_owned(), "0.1.0".to_owned());
        let group = |name: &str, region, reached| GroupFigures { name: name.to_owned(), region, reached, notices: 200 };
        let groups = vec![group("senior", false, figures[1].unwrap_or(0) / 5), group("부산", true, 190)];
        let figures = figures.to_vec();
        (name.to_owned(), Summary { scenario, seed, build, verdict, figures, groups, ..Summary::default() })
    }

    fn runs() -> [(String, Summary); 3] {
        let figures = |reached, twice, p95: Option<u64>, cost| {
            [Some(1_000), Some(reached), Some(twice), Some(0), None, p95, None, Some(cost), Some(0)]
        };
        [
            run("none", 7, "FAIL", figures(480, 0, None, 376_000)),
            run("vendor", 7, "FAIL", figures(470, 0, None, 400_000)),
            run("timer", 7, "PASS", figures(990, 3, Some(66_000_000), 1_817_800)),
        ]
    }

    #[test]
    fn runs_stand_side_by_side() {
        let found = matrix(&runs()).expect("one scenario");
        let expected = "\
rent
rent · 3 runs · seed 7

  run         reached   twice  95% after         cost  worst group           verdict
◆ none          48.0%       0      never    3,760 won  senior         48.0%  FAIL
  vendor        47.0%       0      never    4,000 won  senior         47.0%  FAIL
◆ timer         99.0%       3     1m 06s   18,178 won  부산 (region)  95.0%  PASS
◆ no other row is better in one of reach, doubles, time or cost without being
worse in another
";
        assert_eq!(text::table(&found, Lang::En, Look::PLAIN), expected);
        let document: serde_json::Value = serde_json::from_str(&json(&found, &runs())).expect("JSON");
        assert_eq!((&document["format"], &document["scenario"]), (&"bongsu.runs.v1".into(), &"rent".into()));
        let of = |key: &str| {
            document["runs"].as_array().expect("runs").iter().map(|run| run[key].clone()).collect::<Vec<_>>()
        };
        assert_eq!(of("unbeaten"), [true, false, true]);
        assert_eq!(of("p95_us"), [serde_json::Value::Null, serde_json::Value::Null, 66_000_000.into()]);
        assert_eq!(of("cost_won_cents"), [376_000, 400_000, 1_817_800]);
        let worst = serde_json::json!({ "name": "부산", "region": true, "reached": 190, "notices": 200 });
        assert_eq!(of("worst_group")[2], worst);
        assert_eq!(of("worst_group")[0]["name"], "senior");
    }

    #[test]
    fn other_seeds_are_named_and_other_scenarios_refused() {
        let mut runs = runs();
        runs[1].1.seed = 8;
        let found = matrix(&runs).expect("one scenario");
        assert_eq!((found.seed, found.rows[1].name()), (None, "vendor #8".to_owned()));
        assert!(text::table(&found, Lang::En, Look::PLAIN).contains("rent · 3 runs · several seeds\n"));
        runs[2].1.scenario = "tax".to_owned();
        let error = matrix(&runs).map(drop).expect_err("two scenarios");
        assert_eq!(error, "runs of one scenario, expected 'rent', found 'tax' in timer");
        runs[2].1.scenario = "rent".to_owned();
        runs[2].1.verdict = "FINE".to_owned();
        assert_eq!(matrix(&runs).map(drop).expect_err("no such verdict"), "timer #7: unknown verdict 'FINE'");
    }
}
