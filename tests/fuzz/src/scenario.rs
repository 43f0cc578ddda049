//! The scenario reader: any text as a scenario, a fault, an expression; and the layout that `fmt` gives it.

use std::sync::LazyLock;

use bongsu::sim::expect::{parse, parse_stop};
use bongsu::sim::model::words::{Lang, Words};
use bongsu::sim::plan::Plan;
use bongsu::sim::scenario::{self, Library, Loaded, Options, Problems, Scenario};
use bongsu::sim::time::SimTime;

/// No file names another here.
struct Alone;

impl Library for Alone {
    fn load(&self, _from: &str, name: &str) -> Result<Loaded, Words> {
        Err(Words::same(format!("no other file, found '{name}'")))
    }
}

/// The plan that faults and expressions are read for.
static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let text = include_bytes!("../../../scenarios/lh/rent-bill-blackout.yaml");
    read(text).expect("a scenario of the library").plan
});

/// Reads a scenario that names no other file.
pub fn read(text: &[u8]) -> Result<Scenario, Problems> {
    scenario::read("fuzz.yaml", text, &Alone, &Options::default())
}

/// One input.
pub fn run(data: &[u8]) {
    // A text without a line feed has lines that end in CR.
    let end = if data.contains(&b'\n') { b'\n' } else { b'\r' };
    let lines = data.split(|byte| *byte == end).count();
    match read(data) {
        Ok(scenario) => says_the_same(&scenario),
        Err(problems) => told(&problems, lines),
    }
    laid_out(data);
    if let Err(problems) = scenario::read_fault("fuzz", data, &PLAN, SimTime::ZERO) {
        told(&problems, lines);
    }
    if let Ok(text) = std::str::from_utf8(data) {
        for wrong in [parse(text, &PLAN).err(), parse_stop(text, &PLAN).err()].into_iter().flatten() {
            assert!(wrong.at.start <= wrong.at.end && wrong.at.end <= text.len(), "{:?} of {text:?}", wrong.at);
            assert!(text.get(wrong.at.clone()).is_some(), "{:?} cuts a letter of {text:?}", wrong.at);
        }
    }
}

/// The resolved text reads back to the same scenario.
fn says_the_same(scenario: &Scenario) {
    let options = Options { resolved: true, ..Options::default() };
    let again = scenario::read("scenario.yaml", scenario.resolved.as_bytes(), &Alone, &options);
    let again = again.unwrap_or_else(|problems| panic!("{}\n{}", problems.render(Lang::En, false), scenario.resolved));
    assert_eq!(again.resolved, scenario.resolved);
    assert_eq!(format!("{:?}", again.plan), format!("{:?}", scenario.plan));
    assert_eq!(format!("{:?}", again.promise), format!("{:?}", scenario.promise));
}

/// Every problem has a place in the text and words in both languages, and can be shown.
fn told(problems: &Problems, lines: usize) {
    assert!(!problems.list().is_empty(), "refused without a reason");
    for problem in problems.list() {
        assert!((1..=lines.max(1)).contains(&problem.line) && problem.column >= 1, "{problem:?}");
        assert!(!problem.message.ko.is_empty() && !problem.message.en.is_empty(), "{problem:?}");
    }
    for lang in [Lang::Ko, Lang::En] {
        assert!(!problems.render(lang, lang == Lang::Ko).is_empty());
    }
}

/// A layout is laid out already, and means what the text meant.
fn laid_out(data: &[u8]) {
    let Ok(once) = scenario::format("fuzz.yaml", data) else { return };
    assert_eq!(scenario::format("fuzz.yaml", once.as_bytes()).ok().as_deref(), Some(once.as_str()));
    let resolved = |text: &[u8]| read(text).ok().map(|scenario| scenario.resolved);
    assert_eq!(resolved(once.as_bytes()), resolved(data), "the layout means something else");
}
