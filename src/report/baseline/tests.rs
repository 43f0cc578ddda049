//! Comparisons of the sample run with changed copies of itself, through `verdict.json` as written.

use super::{Comparison, Way, compare, json, read, text};
use crate::report::text::terminal::{Look, width};
use crate::report::view::RunView;
use crate::report::{json as verdict, sample};
use crate::sim::expect::verdict::{Outcome, Overall};
use crate::sim::model::words::Lang;
use crate::sim::time::Span;

fn compared(change: impl Fn(&mut RunView)) -> Comparison {
    let (before, mut after) = (sample::run(), sample::run());
    change(&mut after);
    let summary = |view: &RunView| read::summary(verdict::report(view, "bongsu test").as_bytes()).expect("our own");
    compare(summary(&before), summary(&after))
}

/// A row of the table without the spaces that line it up.
#[track_caller]
fn assert_row(told: &str, expected: &str) {
    let rows: Vec<String> = told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert!(rows.iter().any(|row| row == expected), "{expected}\n{told}");
}

#[test]
fn nothing_changed() {
    let same = compared(|_| {});
    assert!(!same.is_worse() && !same.has_worse_figure() && same.is_like());
    assert!(same.figures.iter().all(|way| *way == Way::Same), "{:?}", same.figures);
    let told = text::comparison(&same, Lang::En, Look::PLAIN);
    assert!(told.starts_with("= FAIL → FAIL\n\n  6 promises came out just the same\n"), "{told}");
    assert_row(&told, "= reached 977 97.7% → 977 97.7%");
}

#[test]
fn a_promise_that_is_not_kept_any_more_makes_it_worse() {
    let worse = compared(|view| {
        view.clauses[1].outcome = Outcome::Broken;
        view.clauses[1].reason.en = "900 of 1,000 = 90 %, at least 97.5 % expected".to_owned();
        view.figures.reached = 900;
        view.figures.media[0].cost += 100;
    });
    assert!(worse.is_worse() && worse.has_worse_figure());
    assert_eq!(worse.verdict, Way::Same, "it failed before");
    let told = text::comparison(&worse, Lang::En, Look::PLAIN);
    let promise = "▼ not kept any more: nobody is lost to the outage (must)\n    977 of 1,000 = 97.7%, at least 97.5% expected →\n    900 of 1,000 = 90 %, at least 97.5 % expected\n";
    assert!(told.contains(promise), "{told}");
    assert_row(&told, "▼ cost 19,124 won → 19,125 won");
    assert!(told.lines().all(|line| width(line) <= 80), "{told}");
}

#[test]
fn a_better_verdict_with_a_dearer_way_is_not_worse() {
    let better = compared(|view| {
        view.verdict = Overall::Pass;
        view.clauses[2].outcome = Outcome::Held;
        view.figures.media[1].cost *= 2;
        view.figures.reach_curve[99] = Some(Span::from_secs(70));
    });
    assert_eq!((better.verdict, better.is_worse(), better.has_worse_figure()), (Way::Better, false, true));
    let korean = text::comparison(&better, Lang::Ko, Look::PLAIN);
    assert!(korean.starts_with("▲ FAIL → PASS\n"), "{korean}");
    assert!(korean.contains("▲ 이제 지켜짐: 한 집에 고지서 한 장 (must)\n"), "{korean}");
    assert_row(&korean, "▲ 99%에 닿기까지 끝내 없음 → 1분 10초");
    assert!(korean.lines().all(|line| width(line) <= 80), "{korean}");
}

#[test]
fn promises_that_only_one_side_has_are_neither_better_nor_worse() {
    let other = compared(|view| {
        view.clauses.remove(0);
        view.clauses[0].source = "ratio(reached) >= 99%".to_owned();
        view.seed += 1;
    });
    assert!(!other.is_worse() && !other.is_like());
    let told = text::comparison(&other, Lang::En, Look::PLAIN);
    let head = "not the same scenario and seed: lh-rent-blackout 20221015 / lh-rent-blackout 20221016\n";
    assert!(told.starts_with(head), "{told}");
    assert!(told.contains("~ new: nobody is lost to the outage (must)\n    – →\n"), "{told}");
    assert_eq!(told.matches("~ gone: ").count(), 2, "{told}");
}

#[test]
fn programs_get_exact_integers() {
    let worse = compared(|view| view.figures.twice = 7);
    let document: serde_json::Value = serde_json::from_str(&json::comparison(&worse)).expect("JSON");
    assert_eq!(document["format"], "bongsu.comparison.v1");
    assert_eq!((&document["worse"], &document["verdict"]), (&false.into(), &"same".into()));
    let twice = serde_json::json!({"figure": "reached_twice", "way": "worse", "before": 6, "after": 7});
    assert_eq!(document["figures"][2], twice);
    assert_eq!(document["figures"][6]["before"], serde_json::Value::Null, "never");
    assert_eq!(document["promises"][2]["kept_before"], false);
}

#[test]
fn what_is_no_verdict_is_refused() {
    let told = |text: &str| read::summary(text.as_bytes()).expect_err("no verdict");
    assert!(told("{").starts_with("EOF while parsing"));
    assert!(told("{}").starts_with("missing field `format`"));
    let newer = verdict::report(&sample::run(), "x").replace("bongsu.verdict.v1", "bongsu.verdict.v9");
    assert_eq!(told(&newer), "format 'bongsu.verdict.v9', expected 'bongsu.verdict.v1'");
}
