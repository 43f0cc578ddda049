//! `--sweep` and `--policies`: one scenario in many variants, in virtual time, with the same seed and the same people;
//! one table at the end, and a plot.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::exit::{Exit, Failure};
use crate::cli::interrupt::Interrupt;
use crate::cli::io::Io;
use crate::cli::reading::{self, Changes};
use crate::cli::rehearse::{self, Nowhere};
use crate::cli::values::{SetArg, SweepArg};
use crate::report::matrix::{Matrix, Row, csv, text};
use crate::report::svg::{pareto::pareto, sweep::sweep};
use crate::report::text::terminal::clean;
use crate::sim::model::words::{Lang, Words};
use crate::sim::scenario::{Scenario, Setting};

/// Most runs of a matrix.
pub const RUNS_MAX: usize = 1_000;

/// Where a choice of policies puts its values.
const POLICY: &str = "sender.policy";

/// What is varied, and where the results go.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Variants {
    /// Run every combination of these values, as in timeline.1.for=5m,10m; may be repeated, 1,000 runs at most
    #[arg(long, value_name = "PATH=A,B,...", conflicts_with_all = ["report", "clock", "seeds"])]
    pub sweep: Vec<SweepArg>,
    /// Run the same people under each of these sender policies, as in none,vendor-only,timer:60s
    #[arg(long, value_name = "P,Q,...", value_delimiter = ',', conflicts_with_all = ["sweep", "report", "clock", "seeds"])]
    pub policies: Vec<String>,
    /// Write the table of --sweep or --policies into this file, comma-separated
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Draw the plot of --sweep or --policies into this file
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

impl Variants {
    /// Whether there is anything to vary.
    pub fn asked(&self) -> bool {
        !self.sweep.is_empty() || !self.policies.is_empty()
    }

    /// What cannot be, before anything is read.
    pub fn check(&self, scenarios: usize, lang: Lang) -> Result<(), Failure> {
        let wrong = |ko: String, en: String| Err(Failure::usage(&Words { ko, en }, lang));
        let files = self.csv.is_some() || self.svg.is_some();
        if files && !self.asked() {
            return wrong(
                "--csv와 --svg는 --sweep나 --policies의 결과를 담음: 둘 가운데 하나를 줄 것".to_owned(),
                "--csv and --svg hold what --sweep or --policies found: give one".to_owned(),
            );
        }
        if files && scenarios > 1 {
            return wrong(
                "--csv와 --svg는 한 시나리오의 표를 담음: 시나리오를 하나만 줄 것".to_owned(),
                "--csv and --svg hold one scenario's table: give one scenario".to_owned(),
            );
        }
        for (place, axis) in self.sweep.iter().enumerate() {
            if self.sweep[..place].iter().any(|other| other.path == axis.path) {
                let path = clean(&axis.path);
                return wrong(
                    format!("--sweep가 {path}을(를) 두 번 바꿈: 값을 한 번에 줄 것, 예: --sweep {path}=a,b"),
                    format!("--sweep changes {path} twice: give all its values at once, as in --sweep {path}=a,b"),
                );
            }
        }
        let runs = self.axes().iter().fold(1usize, |runs, axis| runs.saturating_mul(axis.1.len()));
        if runs > RUNS_MAX {
            return wrong(
                format!("--sweep가 바라는 실행이 {runs}번임, {RUNS_MAX}번까지 할 수 있음"),
                format!("the sweep asks for {runs} runs, at most {RUNS_MAX} are made"),
            );
        }
        Ok(())
    }

    fn axes(&self) -> Vec<(String, Vec<String>)> {
        match self.policies.as_slice() {
            [] => self.sweep.iter().map(|axis| (axis.path.clone(), axis.values.clone())).collect(),
            policies => vec![(POLICY.to_owned(), policies.to_vec())],
        }
    }
}

/// How a matrix is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quiet {
    /// As a table for people.
    No,
    /// Comma-separated.
    Table,
    /// Comma-separated too, behind the table of another scenario: the same columns, without their names.
    Rows,
}

/// Runs every variant; the exit is the worst verdict's.
pub fn run(
    wanted: &str,
    changes: &Changes,
    variants: &Variants,
    quiet: Quiet,
    interrupt: &Interrupt,
    io: &mut Io,
) -> Result<Exit, Failure> {
    let axes = variants.axes();
    let cells = combinations(&axes);
    // Everything is read before anything is run, so that a slip in the last value does not cost all the others.
    let mut first = None;
    for cell in &cells {
        let scenario = variant(wanted, changes, &axes, cell, io)?;
        first.get_or_insert(scenario);
    }
    let Some(first) = first else { return Ok(Exit::Pass) };
    let mut matrix = Matrix {
        name: first.plan.name.clone(),
        title: first.plan.title.clone(),
        seed: Some(first.plan.seed.0),
        axes: axes.iter().map(|axis| axis.0.clone()).collect(),
        rows: Vec::with_capacity(cells.len()),
    };
    for cell in cells {
        if interrupt.is_asked() {
            break;
        }
        let scenario = variant(wanted, changes, &axes, &cell, io)?;
        let view = rehearse::in_virtual_time(&scenario, &mut Nowhere, interrupt, &mut |_| {});
        let view = view.map_err(|error| Failure::Simulator(error.message))?;
        matrix.rows.push(Row::of(cell, &view));
    }
    tell(&matrix, variants, quiet, io)?;
    Ok(matrix.rows.iter().map(|row| Exit::of(row.verdict)).max().unwrap_or(Exit::Stopped))
}

fn tell(matrix: &Matrix, variants: &Variants, quiet: Quiet, io: &mut Io) -> Result<(), Failure> {
    let text = match quiet {
        Quiet::No => text::table(matrix, io.lang, io.look),
        Quiet::Table => csv::table(matrix),
        Quiet::Rows => csv::rows(matrix),
    };
    io.out.write_all(text.as_bytes())?;
    if let Some(path) = &variants.csv {
        write(path, &csv::table(matrix))?;
    }
    if let Some(path) = &variants.svg {
        let drawing = if variants.policies.is_empty() { sweep(matrix, io.lang) } else { pareto(matrix, io.lang) };
        write(path, &drawing.alone(io.lang))?;
    }
    Ok(())
}

/// Writes a result into a file.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let written = std::fs::write(path, text);
    written.map_err(|error| Failure::Simulator(format!("cannot write {}: {error}", path.display())))
}

fn variant(
    wanted: &str,
    changes: &Changes,
    axes: &[(String, Vec<String>)],
    cell: &[String],
    io: &Io,
) -> Result<Scenario, Failure> {
    let mut changes = changes.clone();
    for ((path, _), value) in axes.iter().zip(cell) {
        changes.set.push(SetArg(Setting { path: path.clone(), value: value.clone() }));
    }
    reading::read(wanted, &changes, io)
}

/// Every combination of values, the last axis turning fastest.
fn combinations(axes: &[(String, Vec<String>)]) -> Vec<Vec<String>> {
    let mut cells: Vec<Vec<String>> = vec![Vec::new()];
    for (_, values) in axes {
        let longer = |cell: &Vec<String>| {
            values.iter().map(|value| cell.iter().chain([value]).cloned().collect()).collect::<Vec<Vec<String>>>()
        };
        cells = cells.iter().flat_map(longer).collect();
    }
    cells
}

#[cfg(test)]
mod tests;
