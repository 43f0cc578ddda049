//! Audits of recorded runs, through the command line.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use crate::cli::exit::Exit;
use crate::cli::io::Io;
use crate::cli::io::tests::Shared;
use crate::cli::start;

struct Said {
    exit: Exit,
    out: String,
    err: String,
}

fn bongsu(args: &[&str]) -> Said {
    let (out, err) = (Shared::default(), Shared::default());
    let mut io = Io::new(out.clone(), err.clone());
    let args = ["bongsu", "--lang", "en"].iter().chain(args).map(OsString::from).collect();
    let exit = start(args, &mut io);
    Said { exit, out: out.text(), err: err.text() }
}

const SCENARIO: &str = "\
scenario: two-bills
people:
  all: { count: 3, kakao: { active: 100% }, phone: { powered: 100%, dark: 0% } }
timeline:
  - { at: 1s, send: '[OO구청] 모의 알림입니다', to: 3 people }
  - { at: 0s, fault: fog, network: kakao, kind: silence, for: 5m, recover: flush }
expect:
  - { must: 'count(reached_twice) == 0', why: nobody twice }
";

/// A run of which everybody heard twice, recorded.
fn recorded(home: &Path) -> String {
    let file = home.join("two-bills.yaml");
    fs::write(&file, SCENARIO).expect("written");
    let folder = home.join("run").to_string_lossy().into_owned();
    let said = bongsu(&["run", &file.to_string_lossy(), "--report", &folder, "-q"]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Fail, ""), "{}", said.out);
    folder
}

#[test]
fn a_person_is_told_why_it_came_twice() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = recorded(home.path());
    let svg = home.path().join("life.svg");
    let said = bongsu(&["audit", &folder, "--person", "010-0000-0001", "--svg", &svg.to_string_lossy()]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Pass, ""), "{}", said.out);
    assert!(said.out.starts_with("010-0000-0001  all, uses KakaoTalk, phone on\nnotices: n1 "), "{}", said.out);
    let row =
        |wanted: &str| said.out.lines().find(|line| line.contains(wanted)).unwrap_or_else(|| panic!("{}", said.out));
    assert!(row("accepted, which is not").trim_end().ends_with("accepted     not shown"), "{}", said.out);
    assert!(row("gives up alimtalk").contains("goes on to "), "{}", said.out);
    assert!(said.out.contains("shown ×2"), "{}", said.out);
    assert!(said.out.contains("n1: shown 2 times: lms at 00:01:"), "{}", said.out);
    let flat = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("(late by fault fog). The sender went on to lms: no receipt in time."), "{flat}");
    for line in said.out.lines() {
        assert!(crate::report::text::terminal::width(line) <= 80, "{line}");
    }
    let drawn = fs::read_to_string(svg).expect("the drawing");
    assert!(drawn.contains(">platform</text>") && drawn.contains(">kakao</text>") && drawn.contains(">mobile</text>"));
    assert!(drawn.contains(r#"<title id="life-t">010-0000-0001 · all, uses KakaoTalk, phone on</title>"#), "{drawn}");
    assert!(drawn.contains("n1: shown 2 times"), "the description tells the answer");
}

#[test]
fn a_notice_has_the_story_of_its_person() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = recorded(home.path());
    let by_person = bongsu(&["audit", &folder, "--person", "010-0000-0001"]);
    let by_notice = bongsu(&["audit", &folder, "--notice", "n1"]);
    assert_eq!(by_notice.exit, Exit::Pass);
    assert_eq!(by_notice.out, by_person.out, "it is the person's only one");
}

#[test]
fn without_a_question_belief_stands_against_truth() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = recorded(home.path());
    let said = bongsu(&["audit", &folder]);
    assert_eq!(said.exit, Exit::Pass);
    let shown = "  opened        webhook               0            0            0            3\n";
    assert!(said.out.contains(shown), "{}", said.out);
    let (_, found) = said.out.split_once("  ▲ shown more than once: 3 notices, ").expect("three homes heard twice");
    let command = format!("  bongsu audit {folder} --person 010-0000-0002");
    let lines: Vec<&str> = found.lines().skip(1).collect();
    assert!(
        lines.len() == 3 && lines[2].ends_with(&command) && lines[2].starts_with("      n2       00:05:0"),
        "{found}"
    );
    let json = bongsu(&["audit", &folder, "--json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!((&document["format"], &document["notices"]), (&"bongsu.audit.v1".into(), &3.into()));
    assert_eq!(document["contradictions"][3]["name"], "shown_twice");
    assert_eq!(document["contradictions"][3]["notices"], 3);
    let missed = bongsu(&["audit", &folder, "--missed"]);
    assert_eq!((missed.exit, missed.out.as_str()), (Exit::Pass, "0 notices were not reached (0.0%)\n"));
}

#[test]
fn those_who_were_missed_are_listed_with_the_reason() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("dark.yaml");
    fs::write(&file, SCENARIO.replace("powered: 100%, dark: 0%", "powered: 0%, dark: 100%")).expect("written");
    let folder = home.path().join("run").to_string_lossy().into_owned();
    bongsu(&["run", &file.to_string_lossy(), "--report", &folder, "-q"]);
    let said = bongsu(&["audit", &folder, "--missed"]);
    assert_eq!(said.exit, Exit::Pass);
    let head =
        "3 notices were not reached (100.0%)\n          3  phone off or out of coverage\nn0 010-0000-0000 phone off";
    assert!(said.out.starts_with(head), "{}", said.out);
}

#[test]
fn what_is_no_run_is_told_with_its_path_and_ends_with_3() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = recorded(home.path());
    let told = |args: &[&str]| {
        let said = bongsu(args);
        assert_eq!((said.exit, said.out.as_str()), (Exit::BadFile, ""), "{args:?}");
        said.err
    };
    let nowhere = home.path().join("nowhere").to_string_lossy().into_owned();
    assert_eq!(told(&["audit", &nowhere]), format!("bongsu: {nowhere} is not a run's folder\n"));
    let empty = home.path().to_string_lossy().into_owned();
    assert!(told(&["audit", &empty]).starts_with(&format!("bongsu: {empty}/events.ndjson: No such file")));
    let wrong = told(&["audit", &folder, "--person", "010-2345-6789"]);
    assert_eq!(wrong, "bongsu: '010-2345-6789' is not a reserved number, expected one like 010-0000-0001\n");
    let nobody = told(&["audit", &folder, "--person", "010-0000-0009"]);
    assert_eq!(nobody, "bongsu: this run has nobody with the number 010-0000-0009; its last is 010-0000-0002\n");
    assert_eq!(told(&["audit", &folder, "--notice", "n99"]), "bongsu: this run has no notice n99\n");
    assert_eq!(told(&["audit", &folder, "--svg", "x"]), "bongsu: --svg draws a story: give --person or --notice\n");
}

#[test]
fn a_torn_or_foreign_recording_is_refused_by_its_line() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = recorded(home.path());
    let events = Path::new(&folder).join("events.ndjson");
    let whole = fs::read_to_string(&events).expect("events");
    let lines = whole.lines().count();

    fs::write(&events, whole.trim_end()).expect("written");
    let said = bongsu(&["audit", &folder]);
    let told = format!("bongsu: {}:{lines}: the last line has no end, its writer was killed\n", events.display());
    assert_eq!((said.exit, said.err), (Exit::BadFile, told));

    fs::write(&events, format!("{whole}{{\"t\":1,\"event\":\"sneezed\"}}\n")).expect("written");
    let said = bongsu(&["audit", &folder]);
    let told = format!("bongsu: {}:{}: unknown event 'sneezed'\n", events.display(), lines + 1);
    assert_eq!((said.exit, said.err), (Exit::BadFile, told));

    let half: String = whole.lines().take(lines - 1).map(|line| format!("{line}\n")).collect();
    fs::write(&events, half).expect("written");
    let said = bongsu(&["audit", &folder, "--notice", "n1"]);
    assert_eq!(said.exit, Exit::Pass, "half a story is told, and said to be half");
    assert_eq!(said.err, format!("bongsu: {}: the recording stops before the end of the run\n", events.display()));
}
