//! The command line as a whole: what is said, where, in which language, and with which code.

use std::ffi::OsString;
use std::io::ErrorKind;

use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::io::tests::{Broken, Shared};
use crate::cli::start;
use crate::sim::model::words::Lang;

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
  serve        Serve the gateway and the HTTP API until asked to end
  attach       Tell how an unchanged SDK is attached to a server
  conformance  Play recorded exchanges of providers' contracts and tell what drifted
  phones       Play mock phones on real sockets against a server's run
  fault        Post, lift or list faults of a server's run
  runs         List the runs in a server's data folder, or let go of them
  replay       Play a recorded run again and compare it byte for byte
  audit        Tell why somebody of a recorded run got what they got, or nothing
  report       Compare a run with an earlier one: what got better, what got worse
  compare      Set runs of one scenario side by side
  bench        Measure this build on this machine
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
    for english in ["Options:", "Arguments:", "Print", "Possible values"] {
        assert!(!said.out.contains(english), "{english}: {}", said.out);
    }
    assert_eq!(bongsu(&["--version", "--lang", "ko"]).out, format!("{}\n", crate::report::BUILD));
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
    assert!(said.err.contains("expected virtual, real, x1 to x100000, or lockstep"), "{}", said.err);
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

#[test]
fn the_first_scenario_runs_and_its_code_is_its_verdict() {
    let home = tempfile::tempdir().expect("a folder");
    let dir = home.path().join("out");
    let said = bongsu(&["run", "first-minute", "--report", dir.to_str().expect("UTF-8"), "--lang", "en"]);
    assert_eq!(said.err, "");
    let text = std::fs::read_to_string(dir.join("verdict.json")).expect("written");
    let verdict: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(verdict["exit_code"], said.exit.code());
    assert_eq!(verdict["scenario"], "first-minute");
    assert!(said.out.contains(verdict["verdict"].as_str().expect("a word")), "{}", said.out);
    for file in ["scenario.yaml", "events.ndjson", "junit.xml", "report.html", "run.json", "inputs.ndjson"] {
        assert!(dir.join(file).exists(), "{file}");
    }
    let events = std::fs::read_to_string(dir.join("events.ndjson")).expect("written");
    assert!(events.starts_with("{\"at\":\"00:00:00\",\"t\":0,\"event\":\"run_started\"}\n"), "{events:.200}");
    assert_eq!(events.lines().last().map(|line| line.contains("\"event\":\"run_ended\"")), Some(true));
    for line in events.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("JSON");
    }
}

#[test]
fn the_same_seed_writes_the_same_bytes() {
    let home = tempfile::tempdir().expect("a folder");
    let events = |name: &str| {
        let dir = home.path().join(name);
        bongsu(&["run", "first-minute", "--quiet", "--seed", "7", "--report", dir.to_str().expect("UTF-8")]);
        std::fs::read(dir.join("events.ndjson")).expect("written")
    };
    assert!(events("a") == events("b"), "the events differ");
}

#[test]
fn a_folder_that_is_not_ours_is_refused_before_the_run() {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join("thesis.odt"), "years of work").expect("written");
    let dir = home.path().to_str().expect("UTF-8");
    let said = bongsu(&["run", "first-minute", "--report", dir, "--lang", "en"]);
    let told = format!("bongsu: {dir} is not a run's folder (found thesis.odt); give a new or empty one\n");
    assert_eq!((said.exit, said.out.as_str(), said.err), (Exit::BadFile, "", told));
}

#[test]
fn check_shows_the_problems_of_every_file() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("bad.yaml");
    std::fs::write(&file, "scenario: bad\ntimelin: []\n").expect("written");
    let said = bongsu(&["check", file.to_str().expect("UTF-8"), "first-minute", "--lang", "en"]);
    assert_eq!(said.exit, Exit::BadFile);
    assert!(said.err.contains("bad.yaml:2:1"), "{}", said.err);
    assert!(said.err.contains("timeline"), "{}", said.err);
    assert_eq!(said.out, "✔ first-minute: 100 people, 1 sends, 1 faults, 8 promises\n");
}

#[test]
fn check_reads_a_pack_by_itself_and_places_its_problems() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("storm.yaml");
    let path = file.to_str().expect("UTF-8");
    let text = "pack: storm\nsources: [us]\nfaults:\n  - { at: 0s, fault: a, network: kakao, kind: freeze, for: 1h, release: 3d }\n";
    std::fs::write(&file, text).expect("written");
    let said = bongsu(&["check", path, "--lang", "en"]);
    let told = format!("✔ {path}: an outage pack, 1 faults, 3d long, 1 sources\n");
    assert_eq!((said.exit, said.out, said.err.as_str()), (Exit::Pass, told, ""));
    std::fs::write(&file, text.replace("3d", "3m")).expect("written");
    let said = bongsu(&["check", path, "--lang", "en"]);
    assert_eq!((said.exit, said.out.as_str()), (Exit::BadFile, ""));
    assert!(said.err.contains("storm.yaml:4:73"), "{}", said.err);
    assert!(said.err.contains("a queue cannot be let go while it stands still"), "{}", said.err);
    assert!(said.err.contains("expected at least 1h, found `3m`"), "{}", said.err);
}

#[test]
fn every_built_in_scenario_reads() {
    for name in crate::cli::library::scenarios() {
        let said = bongsu(&["check", &name, "--lang", "en"]);
        assert_eq!((said.exit, said.err.as_str()), (Exit::Pass, ""), "{name}");
    }
    let packs = crate::cli::library::packs();
    for pack in &packs {
        let said = bongsu(&["check", "first-minute", "--outage", pack, "--lang", "en"]);
        assert_eq!((said.exit, said.err.as_str()), (Exit::Pass, ""), "{pack}");
        let said = bongsu(&["check", pack, "--lang", "en"]);
        assert_eq!((said.exit, said.err.as_str()), (Exit::Pass, ""), "{pack}");
        assert!(said.out.starts_with(&format!("✔ {pack}: an outage pack, ")), "{}", said.out);
    }
    assert!(!packs.is_empty());
}

#[test]
fn fmt_check_names_what_would_change_and_fmt_changes_it() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("a.yaml");
    let path = file.to_str().expect("UTF-8");
    std::fs::write(&file, "scenario: a   \n").expect("written");
    let said = bongsu(&["fmt", "--check", path]);
    assert_eq!((said.exit, said.out, said.err.as_str()), (Exit::Fail, format!("{path}\n"), ""));
    assert_eq!(bongsu(&["fmt", path]).exit, Exit::Pass);
    assert_eq!(std::fs::read_to_string(&file).expect("read"), "scenario: a\n");
    let said = bongsu(&["fmt", "--check", path]);
    assert_eq!((said.exit, said.out.as_str()), (Exit::Pass, ""));
}

#[test]
fn help_works_at_every_depth_in_both_languages() {
    for lang in ["ko", "en"] {
        for command in [&["fault", "post"][..], &["fault"], &["serve"], &["replay"], &[]] {
            let args: Vec<&str> = command.iter().copied().chain(["--help", "--lang", lang]).collect();
            let said = bongsu(&args);
            assert_eq!((said.exit, said.err.as_str()), (Exit::Pass, ""), "{args:?}");
        }
    }
}

#[test]
fn seeds_are_counted() {
    let said = bongsu(&["run", "quiet-day", "--seeds", "2", "--lang", "en"]);
    assert!(said.out.contains("how often each promise was kept, over 2 seeds\n"), "{}{}", said.out, said.err);
    let said = bongsu(&["run", "quiet-day", "--seeds", "2", "--clock", "real"]);
    assert_eq!(said.exit, Exit::BadFile, "{}", said.out);
}

#[test]
fn the_schema_is_json() {
    let said = bongsu(&["schema"]);
    assert_eq!(said.exit, Exit::Pass);
    serde_json::from_str::<serde_json::Value>(&said.out).expect("JSON");
}

/// All examples of a command and of those below it: their words, without the remark behind them.
fn examples(command: &clap::Command, found: &mut Vec<Vec<String>>) {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    for line in text.lines().filter_map(|line| line.strip_prefix("  bongsu")) {
        let ends = [" #", "   (", " >", " |"];
        let words = ends.iter().fold(line, |line, end| line.split(end).next().unwrap_or_default());
        let quotes = |c: char| c == '\'';
        let words = words.split_whitespace().map(|word| word.trim_matches(quotes).to_owned());
        found.push(std::iter::once("bongsu".to_owned()).chain(words).collect());
    }
    command.get_subcommands().for_each(|sub| examples(sub, found));
}

#[test]
fn the_examples_of_the_help_are_what_the_command_line_takes() {
    let mut found = Vec::new();
    examples(&crate::cli::command(Lang::En), &mut found);
    assert!(found.len() > 40, "{}", found.len());
    let packs = crate::cli::library::packs();
    // What a shell puts together, and a fault's YAML, are words only to the shell.
    let plain = |words: &&Vec<String>| !words.iter().any(|word| word.starts_with(['{', '"']));
    for words in found.iter().filter(plain) {
        let parsed = crate::cli::command(Lang::En).try_get_matches_from(words);
        assert!(parsed.is_ok(), "{words:?}: {}", parsed.expect_err("wrong"));
        for pair in words.windows(2).filter(|pair| pair[0] == "--outage") {
            let pack = pair[1].split('@').next().unwrap_or_default().to_owned();
            assert!(packs.contains(&pack), "{words:?}: no pack is called {pack}");
        }
    }
}
