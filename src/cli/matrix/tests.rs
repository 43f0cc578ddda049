//! Matrices through the command line.

use std::fs;

use super::combinations;
use crate::cli::exit::Exit;
use crate::cli::io::tests::bongsu;

fn axis(path: &str, values: &[&str]) -> (String, Vec<String>) {
    (path.to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
}

#[test]
fn the_last_axis_turns_fastest() {
    let cells = combinations(&[axis("a", &["x", "y"]), axis("b", &["1", "2"])]);
    let cells: Vec<String> = cells.iter().map(|cell| cell.join(" ")).collect();
    assert_eq!(cells, ["x 1", "x 2", "y 1", "y 2"]);
}

#[test]
fn policies_are_weighed_over_the_same_people() {
    let home = tempfile::tempdir().expect("a folder");
    let (csv, svg) = (home.path().join("t.csv"), home.path().join("t.svg"));
    let files = ["--csv", &csv.to_string_lossy(), "--svg", &svg.to_string_lossy()].map(str::to_owned);
    let mut args = vec!["run", "first-minute", "--policies", "none,vendor-only,timer:30s"];
    args.extend(files.iter().map(String::as_str));
    let (exit, out, err) = bongsu(&args);
    assert_eq!((exit, err.as_str()), (Exit::Fail, ""), "somebody is never reached without a second way: {out}");
    assert!(out.contains("first-minute · 3 runs · seed 1\n"), "{out}");
    let named = |line: &str| line.split_whitespace().find(|word| *word != "◆").unwrap_or_default().to_owned();
    let rows: Vec<String> = out.lines().skip(4).take(3).map(named).collect();
    assert_eq!(rows, ["none", "vendor-only", "timer:30s"], "{out}");
    let table = fs::read_to_string(csv).expect("the table");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0][..4], ["scenario", "seed", "sender.policy", "verdict"]);
    let reached = |row: &[&str]| row[7].parse::<u64>().expect("a number");
    assert_eq!(rows[1..].iter().map(|row| row[6]).collect::<Vec<_>>(), ["100"; 3], "the same people in all");
    assert!(reached(&rows[1]) < reached(&rows[3]), "{table}");
    assert!(fs::read_to_string(svg).expect("the plot").contains("how long should we wait?"));
}

#[test]
fn a_sweep_runs_every_combination() {
    let axes =
        ["run", "first-minute", "--sweep", "timeline.1.for=10s,20s", "--sweep", "sender.policy=timer,none", "-q"];
    let (_, out, err) = bongsu(&axes);
    assert_eq!(err, "");
    let names: Vec<String> =
        out.lines().skip(1).map(|line| line.split(',').skip(2).take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(names, ["10s timer", "10s none", "20s timer", "20s none"]);
}

#[test]
fn two_scenarios_make_one_table_for_a_program() {
    let (_, out, err) = bongsu(&["run", "first-minute", "quiet-day", "--policies", "none,timer", "-q"]);
    assert_eq!(err, "");
    let rows: Vec<Vec<&str>> = out.lines().map(|line| line.split(',').collect()).collect();
    let firsts: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(firsts, ["scenario", "first-minute", "first-minute", "quiet-day", "quiet-day"], "{out}");
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "every row has the columns of the head: {out}");
    let (_, out, _) = bongsu(&["run", "first-minute", "quiet-day", "--policies", "none,timer"]);
    assert!(!out.contains(" of 2 passed"), "variants are not counted as runs: {out}");
}

#[test]
fn what_cannot_be_swept_is_refused_before_anything_is_run() {
    let told = |args: &[&str]| {
        let (exit, out, err) = bongsu(args);
        assert_eq!((exit, out.as_str()), (Exit::BadFile, ""), "{args:?}");
        err
    };
    let many = format!("seed={}", (0..1_001).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
    let text = told(&["run", "first-minute", "--sweep", &many]);
    assert_eq!(text, "bongsu: the sweep asks for 1001 runs, at most 1000 are made\n");
    let text = told(&["run", "first-minute", "--csv", "x"]);
    assert_eq!(text, "bongsu: --csv and --svg hold what --sweep or --policies found: give one\n");
    let text = told(&["run", "first-minute", "lessons/quiet-day", "--policies", "none", "--svg", "x"]);
    assert_eq!(text, "bongsu: --csv and --svg hold one scenario's table: give one scenario\n");
    let twice = ["--sweep", "sender.policy=none", "--sweep", "sender.policy=timer"];
    let text = told(&[&["run", "first-minute"][..], &twice].concat());
    let expected =
        "bongsu: --sweep changes sender.policy twice: give all its values at once, as in --sweep sender.policy=a,b\n";
    assert_eq!(text, expected);
    assert!(told(&["run", "first-minute", "--policies", "none,tomorrow"]).contains("tomorrow"));
    assert!(told(&["run", "first-minute", "--sweep", "nowhere.at.all=1,2"]).contains("nowhere"));
}
