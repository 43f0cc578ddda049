//! The command line as a whole: what is said, where, in which language, and with which code.

use std::ffi::OsString;
use std::io::ErrorKind;

use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::io::tests::{Broken, Shared};
use crate::cli::start;

struct Said {
    exit: Exit,
    out: String,
    err: String,
}

fn bongsu(args: &[&str]) -> Said {
    let (out, err) = (Shared::default(), Shared::default());
    let mut io = Io::new(out.clone(), err.clone());
    let args = std::iter::once("bongsu").chain(args.iter().copied()).map(OsString::from).collect();
    let exit = start(args, &mut io);
    Said { exit, out: out.text(), err: err.text() }
}

#[test]
fn help_is_a_result_and_names_every_command_and_code() {
    let said = bongsu(&["--help", "--lang", "en"]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Pass, ""));
    let usage = "Usage: bongsu [OPTIONS] [COMMAND]\n";
    assert!(said.out.contains(usage), "{}", said.out);
    let commands = "  run          Run scenarios and judge them
  check        Read scenario files and show all their problems
  fmt          Put scenario files into their canonical layout
  list         List the built-in scenarios and outage packs
  metrics      List what expressions can measure
  schema       Print the JSON Schema of scenario files
  completions  Print completions for a shell
  man          Print the manual page, or write all pages into a folder
";
    assert!(said.out.contains(commands), "{}", said.out);
    let codes = "Exit codes: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 3 bad file or usage, 4 simulator error, 5 STOPPED\n";
    assert!(said.out.ends_with(codes), "{}", said.out);
    for (exit, name) in Exit::ALL {
        assert!(codes.contains(&format!("{} {name}", exit.code())), "{name}");
    }
}

#[test]
fn help_speaks_korean() {
    let said = bongsu(&["run", "--help", "--lang", "ko"]);
    assert_eq!(said.exit, Exit::Pass);
    assert!(said.out.starts_with("시나리오를 실행하고 판정합니다\n"), "{}", said.out);
    assert!(said.out.contains("시드 N개를 가상 시간으로 실행하고"), "{}", said.out);
    assert!(said.out.contains("예:\n  bongsu run first-minute\n"), "{}", said.out);
}

#[test]
fn wrong_usage_ends_with_3_and_goes_to_the_error_output() {
    let wrong: [&[&str]; 6] = [
        &["rum"],
        &["run"],
        &["run", "x", "--clock", "60"],
        &["run", "x", "--seeds", "0"],
        &["--lang", "fr"],
        &["fmt"],
    ];
    for args in wrong {
        let said = bongsu(args);
        assert_eq!((said.exit, said.out.as_str()), (Exit::BadFile, ""), "{args:?}");
        assert!(said.err.starts_with("error: "), "{args:?}: {}", said.err);
    }
    let said = bongsu(&["run", "x", "--clock", "60"]);
    assert!(said.err.contains("expected virtual, real, or x1 to x10000"), "{}", said.err);
}

#[test]
fn an_unknown_scenario_names_its_neighbours() {
    let said = bongsu(&["run", "first-minut", "--lang", "en"]);
    let told = "bongsu: no file and no built-in scenario is called first-minut; did you mean first-minute?\n";
    assert_eq!((said.exit, said.out.as_str(), said.err.as_str()), (Exit::BadFile, "", told));
}

#[test]
fn metrics_come_from_the_table_that_reads_them() {
    let said = bongsu(&["metrics", "--lang", "en"]);
    assert_eq!(said.exit, Exit::Pass);
    for name in ["reached", "time_to_reach", "fallback_delay", "oversold"] {
        assert!(said.out.lines().any(|line| line == name), "{name}: {}", said.out);
    }
    let said = bongsu(&["metrics", "reach", "--lang", "en"]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::BadFile, "bongsu: no such metric: reach\n"));
}

#[test]
fn completions_and_the_manual_know_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let said = bongsu(&["completions", shell]);
        assert_eq!(said.exit, Exit::Pass);
        assert!(said.out.contains("metrics"), "{shell}");
    }
    let said = bongsu(&["man", "--lang", "en"]);
    assert!(said.out.contains(".TH bongsu 1"), "{}", said.out);
    let home = tempfile::tempdir().expect("a folder");
    let said = bongsu(&["man", home.path().to_str().expect("UTF-8")]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Pass, ""));
    assert!(home.path().join("bongsu-run.1").exists());
}

#[test]
fn a_closed_pipe_keeps_the_code_and_a_full_disk_is_4() {
    let with = |kind: ErrorKind| {
        let err = Shared::default();
        let args = ["bongsu", "metrics"].map(OsString::from).to_vec();
        let exit = start(args, &mut Io::new(Broken(kind), err.clone()));
        (exit, err.text())
    };
    assert_eq!(with(ErrorKind::BrokenPipe), (Exit::Pass, String::new()));
    let (exit, said) = with(ErrorKind::StorageFull);
    assert_eq!(exit, Exit::SimulatorError);
    assert!(said.starts_with("bongsu: cannot write: "), "{said}");
}
