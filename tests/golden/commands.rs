//! Every command of README and the documents works: `sh` blocks are run, line by line, with the built program.

use std::fs;
use std::process::{Command, Output, Stdio};

use super::root;

const PAGES: &[&str] = &[
    "README.md",
    "README.ko.md",
    "docs/README.md",
    "docs/scripters.md",
    "docs/operators.md",
    "docs/clock.md",
    "docs/attach.md",
    "docs/teachers.md",
    "docs/contributors.md",
    "docs/results.md",
    "docs/faults.md",
    "docs/outages.md",
    "docs/media.md",
    "docs/metrics.md",
    "docs/design.md",
    "docs/scenarios/gangnam-emoticon.md",
    "docs/scenarios/gyeonggi-emoticons.md",
    "docs/scenarios/geoje-friends.md",
    "docs/scenarios/kakao-giving.md",
    "docs/scenarios/seoul-catiquette.md",
];

/// Commands that are not run from here, each with where it is tried instead.
const ELSEWHERE: [(&str, &str); 7] = [
    ("cargo ", "the build that runs this test"),
    ("bongsu serve", "needs somebody to stop it: `serving`"),
    ("bongsu phones", "needs a server: `serving`"),
    ("bongsu fault", "needs a server: `serving`"),
    ("bongsu run my.yaml --clock lockstep", "needs an application that takes a lease: `tests/e2e/lockstep`"),
    ("curl ", "needs a server: the tests of the API"),
    ("git clone", "has been done"),
];

/// Lines of the `sh` blocks of a page, without comments.
pub fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
            continue;
        }
        let line = line.split(" #").next().unwrap_or_default().trim();
        if inside && !line.is_empty() && !line.starts_with('#') {
            commands.push(line.to_owned());
        }
    }
    commands
}

fn run(command: &str) -> Output {
    let folder = tempfile::tempdir().expect("a folder of its own");
    let words = command.split_whitespace().skip(1);
    Command::new(env!("CARGO_BIN_EXE_bongsu"))
        .args(words)
        .current_dir(if command.contains("scenarios/") { root() } else { folder.path() })
        .env("BONGSU_LANG", "en")
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

#[test]
fn every_command_of_the_documents_works() {
    let mut tried = 0;
    for page in PAGES {
        let text = fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"));
        for command in commands(&text) {
            if command == "bongsu" || ELSEWHERE.iter().any(|(start, _)| command.starts_with(start)) {
                continue;
            }
            assert!(command.starts_with("bongsu "), "{page}: `{command}` is neither run nor known to be elsewhere");
            let output = run(&command);
            let said = String::from_utf8_lossy(&output.stderr);
            // 3 is a bad file or usage, 4 an error of the simulator; any verdict will do.
            assert!(matches!(output.status.code(), Some(0 | 1 | 2 | 5)), "{page}: `{command}`\n{said}");
            tried += 1;
        }
    }
    assert!(tried >= 10, "only {tried} commands were found");
}

#[test]
fn commands_are_found_in_blocks_and_without_their_comments() {
    let page = "text\n```sh\n# what it does\nbongsu list # all\n\n```\n```yaml\nbongsu run no\n```\n";
    assert_eq!(commands(page), ["bongsu list"]);
}

/// The report of a broken promise names a witness, and the commands that tell its life: of the run that was judged, with
/// the changes that broke the promise.
#[test]
fn the_commands_under_a_report_tell_of_the_run_that_it_reports() {
    let home = tempfile::tempdir().expect("a folder");
    let words = |line: &str| line.split_whitespace().skip(1).map(str::to_owned).collect::<Vec<String>>();
    let told = |words: Vec<String>| {
        let mut bongsu = Command::new(env!("CARGO_BIN_EXE_bongsu"));
        let output = bongsu.args(words).current_dir(home.path()).env("BONGSU_LANG", "en").stdin(Stdio::null()).output();
        String::from_utf8(output.expect("the program starts").stdout).expect("UTF-8")
    };
    let next = |report: &str| {
        let (_, next) = report.split_once("next: see what happened to ").expect("a broken promise");
        next.lines().skip(1).map(|line| line.trim().to_owned()).collect::<Vec<String>>()
    };
    let flush = "bongsu run lh/rent-bill-blackout --set timeline.1.recover=flush --phones 900";
    let commands = next(&told(words(flush)));
    assert_eq!(commands[0], format!("{flush} --report out"));
    let written = next(&told(words(&commands[0])));
    assert_eq!(written, commands[1..], "once there is a folder, it is what is looked into");
    let page = fs::read_to_string(home.path().join("out/report.html")).expect("written");
    assert!(page.contains(&format!("<code>{}</code>", written[0])), "{}", written[0]);
    let story = told(words(&written[0]));
    assert!(story.contains(": shown 2 times: "), "{written:?}: {story}");
}
