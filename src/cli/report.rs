//! `bongsu report RUN --baseline RUN2`: what changed between two runs, and whether anything got worse.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::report::baseline::{Summary, compare, json, read, text};

/// The file of a run's folder that is compared.
const VERDICT_FILE: &str = "verdict.json";
/// Longest `verdict.json` that is read, in bytes.
const FILE_MAX: u64 = 64 << 20;

/// What to compare.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu run my.yaml --report before
  bongsu run my.yaml --set sender.policy=vendor-only --report after
  bongsu report after --baseline before

Exit codes: 0 nothing got worse, 1 the verdict is worse or a promise that was kept is not (with --strict: or a figure
is worse), 3 a folder without a verdict")]
pub struct Args {
    /// The run: its folder, or its verdict.json
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The run to compare with
    #[arg(long, value_name = "RUN")]
    baseline: PathBuf,
    /// Print the comparison as JSON
    #[arg(long)]
    json: bool,
    /// End with 1 if any figure is worse as well
    #[arg(long)]
    strict: bool,
}

/// Compares.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let (before, after) = (summary(&args.baseline)?, summary(&args.run)?);
    let comparison = compare(before, after);
    let told = if args.json { json::comparison(&comparison) } else { text::comparison(&comparison, io.lang, io.look) };
    io.out.write_all(told.as_bytes())?;
    let worse = comparison.is_worse() || args.strict && comparison.has_worse_figure();
    Ok(if worse { Exit::Fail } else { Exit::Pass })
}

/// The verdict of a run: of its folder, or the file itself.
pub fn summary(run: &Path) -> Result<Summary, Failure> {
    let path = if run.is_dir() { run.join(VERDICT_FILE) } else { run.to_owned() };
    let mut text = Vec::new();
    let read = File::open(&path).and_then(|file| file.take(FILE_MAX + 1).read_to_end(&mut text));
    let wrong = |message: String| Failure::Usage(format!("{}: {message}", path.display()));
    read.map_err(|error| wrong(error.to_string()))?;
    if text.len() as u64 > FILE_MAX {
        return Err(wrong(format!("longer than {FILE_MAX} bytes")));
    }
    read::summary(&text).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::cli::exit::Exit;
    use crate::cli::io::tests::bongsu;

    #[test]
    fn a_worse_run_ends_with_1_and_a_better_one_with_0() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = |name: &str| home.path().join(name).to_string_lossy().into_owned();
        let (good, bad) = (folder("good"), folder("bad"));
        bongsu(&["run", "first-minute", "-q", "--report", &good]);
        bongsu(&["run", "first-minute", "-q", "--set", "sender.policy=none", "--report", &bad]);
        let (exit, out, err) = bongsu(&["report", &bad, "--baseline", &good]);
        assert_eq!((exit, err.as_str()), (Exit::Fail, ""), "{out}");
        assert!(out.starts_with("▼ PASS → FAIL\n"), "{out}");
        let (exit, out, _) = bongsu(&["report", &good, "--baseline", &bad]);
        assert_eq!(exit, Exit::Pass, "{out}");
        let (strict, _, _) = bongsu(&["report", &good, "--baseline", &bad, "--strict"]);
        assert_eq!(strict, Exit::Fail, "texts cost more than silence");
        let (_, document, _) = bongsu(&["report", &good, "--baseline", &bad, "--json"]);
        assert!(document.starts_with("{\n  \"format\": \"bongsu.comparison.v1\""), "{document}");
    }

    #[test]
    fn a_folder_without_a_verdict_is_told_with_its_path() {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().to_string_lossy().into_owned();
        let (exit, out, err) = bongsu(&["report", &path, "--baseline", &path]);
        assert_eq!((exit, out.as_str()), (Exit::BadFile, ""));
        assert!(err.starts_with(&format!("bongsu: {path}/verdict.json: No such file")), "{err}");
        fs::write(home.path().join("verdict.json"), "{}").expect("written");
        let (exit, _, err) = bongsu(&["report", &path, "--baseline", &path]);
        assert_eq!(exit, Exit::BadFile);
        assert!(err.starts_with(&format!("bongsu: {path}/verdict.json: missing field `format`")), "{err}");
    }
}
