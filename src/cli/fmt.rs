//! `bongsu fmt FILE...`: canonical layout. A file that cannot be read is left as it is.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::library;
use crate::sim::scenario;

/// What to format.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu fmt my.yaml
  bongsu fmt --check scenarios/*.yaml     (exit code 1 if a file would change)")]
pub struct Args {
    /// Scenario files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Change nothing; name the files that would change, and end with 1 if there are any
    #[arg(long)]
    check: bool,
}

/// Formats every file, whatever becomes of the others.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let mut worst = Exit::Pass;
    for file in &args.files {
        let exit = match one(file, args.check, io) {
            Ok(exit) => exit,
            Err(failure) => super::explain(&failure, io),
        };
        worst = worst.max(exit);
    }
    Ok(worst)
}

fn one(file: &Path, check: bool, io: &mut Io) -> Result<Exit, Failure> {
    let shown = file.display();
    let bytes = library::read(file).map_err(|words| Failure::usage(&words, io.lang))?;
    let formatted = scenario::format(&shown.to_string(), &bytes)
        .map_err(|problems| Failure::Problems(problems.render(io.lang, io.err_color)))?;
    if formatted.as_bytes() == bytes {
        return Ok(Exit::Pass);
    }
    writeln!(io.out, "{shown}")?;
    if check {
        return Ok(Exit::Fail);
    }
    replace(file, &formatted)
        .map_err(|error| Failure::Simulator(format!("{} {shown}: {error}", io.pick("쓸 수 없음", "cannot write"))))?;
    Ok(Exit::Pass)
}

/// Writes beside the file and moves over it, so that a full disk never costs anybody their scenario.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let target = file.canonicalize()?;
    let mut beside = target.clone().into_os_string();
    beside.push(format!(".bongsu-{}", std::process::id()));
    let beside = PathBuf::from(beside);
    let permissions = fs::metadata(&target)?.permissions();
    let mut written = fs::File::create_new(&beside)?;
    let moved = written
        .write_all(text.as_bytes())
        .and_then(|()| written.sync_all())
        .and_then(|()| fs::set_permissions(&beside, permissions))
        .and_then(|()| fs::rename(&beside, &target));
    if moved.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&beside);
    }
    moved
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::replace;

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("a.yaml");
        fs::write(&file, "old").expect("written");
        replace(&file, "new").expect("replaced");
        assert_eq!(fs::read_to_string(&file).expect("read"), "new");
        assert_eq!(fs::read_dir(home.path()).expect("a folder").count(), 1);
    }
}
