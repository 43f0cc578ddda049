//! `bongsu compare RUN RUN...`: finished runs of one scenario side by side, as a table, as JSON, and as a plot.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::matrix::write;
use crate::cli::report::summary;
use crate::report::baseline::Summary;
use crate::report::matrix::{side_by_side, text};
use crate::report::svg::pareto::pareto;

/// What to compare.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu run my.yaml --report timer
  bongsu run my.yaml --set sender.policy=vendor-only --report vendor
  bongsu run my.yaml --set sender.policy=none --report none
  bongsu compare timer vendor none --svg choice.svg

Exit codes: 0 compared, 3 a folder without a verdict, or runs of different scenarios")]
pub struct Args {
    /// The runs: their folders, or their verdict.json
    #[arg(value_name = "RUN", required = true, num_args = 2..=20)]
    runs: Vec<PathBuf>,
    /// Print the runs as JSON
    #[arg(long)]
    json: bool,
    /// Draw reach, doubles, time and cost against each other into this file
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// Compares.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let read = |path: &PathBuf| Ok((name(path, &args.runs), summary(path)?));
    let runs: Vec<(String, Summary)> = args.runs.iter().map(read).collect::<Result<_, Failure>>()?;
    let matrix = side_by_side::matrix(&runs).map_err(Failure::Usage)?;
    let told = if args.json { side_by_side::json(&matrix, &runs) } else { text::table(&matrix, io.lang, io.look) };
    io.out.write_all(told.as_bytes())?;
    if let Some(path) = &args.svg {
        write(path, &pareto(&matrix, io.lang).alone(io.lang))?;
    }
    Ok(Exit::Pass)
}

/// The last part of a path, or all of it where others end the same.
fn name(path: &Path, all: &[PathBuf]) -> String {
    let ending = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let own = ending(path);
    let alike = all.iter().filter(|other| ending(other) == own).count();
    own.filter(|_| alike == 1).unwrap_or_else(|| path.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::cli::exit::Exit;
    use crate::cli::io::tests::bongsu;

    #[test]
    fn runs_are_told_with_their_figures_and_drawn() {
        let home = tempfile::tempdir().expect("a folder");
        let path = |name: &str| home.path().join(name).to_string_lossy().into_owned();
        let (good, none, plot) = (path("good"), path("none"), path("choice.svg"));
        bongsu(&["run", "first-minute", "-q", "--report", &good]);
        bongsu(&["run", "first-minute", "-q", "--set", "sender.policy=none", "--report", &none]);
        let (exit, out, err) = bongsu(&["compare", &good, &none, "--svg", &plot]);
        assert_eq!((exit, err.as_str()), (Exit::Pass, ""), "{out}");
        let row = |name: &str| out.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{name}: {out}"));
        assert!(row("good").ends_with("PASS") && row("none").ends_with("FAIL"), "{out}");
        let drawn = fs::read_to_string(&plot).expect("drawn");
        assert!(drawn.contains(">1 good</text>") && drawn.contains(">2 none</text>"), "{drawn}");
        let (_, document, _) = bongsu(&["compare", &good, &none, "--json"]);
        assert!(document.starts_with("{\n  \"format\": \"bongsu.runs.v1\""), "{document}");
    }

    #[test]
    fn what_cannot_stand_side_by_side_is_told() {
        let home = tempfile::tempdir().expect("a folder");
        let path = |name: &str| home.path().join(name).to_string_lossy().into_owned();
        let (one, other) = (path("one"), path("other"));
        bongsu(&["run", "first-minute", "-q", "--report", &one]);
        let (exit, _, err) = bongsu(&["compare", &one]);
        assert_eq!(exit, Exit::BadFile, "one is not enough: {err}");
        let (exit, _, err) = bongsu(&["compare", &one, &other]);
        assert_eq!(exit, Exit::BadFile);
        assert!(err.starts_with(&format!("bongsu: {other}: No such file")), "{err}");
        bongsu(&["run", "lessons/quiet-day", "-q", "--report", &other]);
        let (exit, _, err) = bongsu(&["compare", &one, &other]);
        assert_eq!(exit, Exit::BadFile);
        assert!(err.starts_with("bongsu: runs of one scenario, expected 'first-minute', found "), "{err}");
    }
}
