//! What the header of a scenario or pack announces is what happens: "Expected verdict: PASS", and every line
//! `#   bongsu run NAME --set a=b --outage pack@2m   FAIL: why`.

use super::play::{Changes, play, read};
use super::{root, yaml_files};
use bongsu::sim::expect::verdict::Overall;
use std::sync::Mutex;

/// A run that a header speaks of.
#[derive(Debug, PartialEq, Eq)]
struct Announced {
    scenario: String,
    set: Vec<String>,
    outage: Option<(String, u64)>,
    /// What it comes to, where the header says so.
    verdict: Option<String>,
}

/// The runs of a header: the scenario as it is, and every command line.
fn announced(name: &str, text: &str) -> Vec<Announced> {
    let mut all = Vec::new();
    let head: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
    let head = head.join("\n").replace("\\\n#", " ");
    for line in head.lines() {
        let line = line.trim_start_matches('#').trim();
        if let Some(verdict) = line.strip_prefix("Expected verdict: ") {
            let verdict = verdict.split(|c: char| !c.is_ascii_uppercase()).next().map(str::to_owned);
            all.push(Announced { scenario: name.to_owned(), set: vec![], outage: None, verdict });
        }
        if let Some(at) = line.find("bongsu run ") {
            all.push(command(&line[at + "bongsu run ".len()..]));
        }
    }
    all
}

fn command(line: &str) -> Announced {
    let mut words = line.split_whitespace();
    let scenario = words.next().expect("a scenario's name").to_owned();
    let mut run = Announced { scenario, set: Vec::new(), outage: None, verdict: None };
    while let Some(word) = words.next() {
        match word {
            "--set" => run.set.push(words.next().expect("path=value").to_owned()),
            "--outage" => run.outage = Some(pack_at(words.next().expect("a pack"))),
            verdict => {
                run.verdict = verdict.strip_suffix(':').map(str::to_owned);
                break;
            }
        }
    }
    run
}

/// `pack@2m`: the pack and the seconds after which it begins.
fn pack_at(word: &str) -> (String, u64) {
    let (pack, at) = word.split_once('@').unwrap_or((word, "0s"));
    let (number, unit) = at.split_at(at.len() - 1);
    let times = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        other => panic!("{word}: {other} is no unit of a header"),
    };
    (pack.to_owned(), number.parse::<u64>().expect("a number") * times)
}

fn overall(run: &Announced) -> Overall {
    play(&read(&run.scenario, &Changes { set: run.set.clone(), outage: run.outage.clone() })).1.overall
}

#[test]
fn every_header_tells_the_truth() {
    let paths = Mutex::new(yaml_files("scenarios"));
    let wrong = Mutex::new(Vec::new());
    // The longest of all tests: every processor takes the next file, and holds no lock meanwhile.
    let next = || paths.lock().expect("nobody panics").pop();
    let work = || {
        while let Some(path) = next() {
            let untrue = untrue(&path);
            wrong.lock().expect("nobody panics").extend(untrue);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
    let wrong = wrong.into_inner().expect("nobody panics");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a header says and the run does not.
fn untrue(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(path)).expect("a text");
    let name = path.trim_start_matches("scenarios/").trim_end_matches(".yaml");
    let runs = announced(name, &text);
    assert!(!runs.is_empty(), "{path}: the header announces no run");
    assert!(path.contains("/outages/") || runs[0].verdict.is_some(), "{path}: no expected verdict");
    let came_to = runs.into_iter().map(|run| (overall(&run).name(), run));
    let untrue = came_to.filter(|(came_to, run)| run.verdict.as_deref().is_some_and(|said| said != *came_to));
    untrue.map(|(came_to, run)| format!("{path}: {came_to}, {run:?}")).collect()
}

#[test]
fn a_command_line_of_a_header_is_understood() {
    let header = "# Expected verdict: PASS. Compare:\n#   bongsu run a/b --set x.y=1 --outage p@2m \\\n#     --set z=2   FAIL: so\n";
    let plain = Announced { scenario: "a/b".into(), set: vec![], outage: None, verdict: Some("PASS".into()) };
    let changed = Announced {
        scenario: "a/b".into(),
        set: vec!["x.y=1".into(), "z=2".into()],
        outage: Some(("p".into(), 120)),
        verdict: Some("FAIL".into()),
    };
    assert_eq!(announced("a/b", header), [plain, changed]);
}

/// The fire at Pangyo, which every system of the articles is played under.
const FIRE: &str = "2022-10-15-pangyo";

#[test]
fn every_system_has_a_variant_under_the_fire_and_its_page_tells_it() {
    let mut missing = Vec::new();
    for path in yaml_files("scenarios") {
        let text = std::fs::read_to_string(root().join(&path)).expect("a file of the library");
        let name = path.trim_start_matches("scenarios/").trim_end_matches(".yaml");
        if !text.contains("\nsources: [S") || name.starts_with("outages/") || name.starts_with("lessons/") {
            continue;
        }
        let under_fire = |run: &Announced| run.outage.as_ref().is_some_and(|(pack, _)| pack == FIRE);
        let announced = announced(name, &text).iter().any(|run| under_fire(run) && run.verdict.is_some());
        let plays_it = text.contains(&format!("outage: ../outages/{FIRE}.yaml"));
        // One page tells of both scenarios of the taxi.
        let page = if name == "kakao/test-drive-offer" { "kakao-taxi".to_owned() } else { name.replace('/', "-") };
        let page = std::fs::read_to_string(root().join(format!("docs/scenarios/{page}.md"))).unwrap_or_default();
        let command = |line: &str| line.contains(&format!("bongsu run {name}")) && line.contains(FIRE);
        if !(announced || plays_it) {
            missing.push(format!("{path}: its header says nothing of the fire and a verdict"));
        }
        if !(plays_it || page.lines().any(command)) {
            missing.push(format!("{path}: its page has no run under the fire"));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
