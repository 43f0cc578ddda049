//! What every source file keeps: it says what it is, it is short, and nothing in it is left for later or left to luck.

use super::sources::{Source, rust};
use super::{CLEAN, Findings};

/// Longest file of `src`.
const LINES_MAX: usize = 600;

/// Code that no file may have, and why.
const BANNED_CODE: [(&str, &str); 9] = [
    ("#[ignore", "a test that does not run proves nothing"),
    ("todo!", "nothing is left for later"),
    ("unimplemented!", "nothing is left for later"),
    ("dbg!", "a debugging aid"),
    ("thread::sleep", "wait for what should happen, not for time"),
    ("time::sleep(", "wait for what should happen, not for time"),
    ("time::sleep;", "wait for what should happen, not for time"),
    ("#![allow", "a lint is allowed where it is, with its reason"),
    ("unsafe ", "the compiler's promises are kept"),
];

/// Where one of those stands with a reason: the file, the code, the reason.
const ALLOWED: [(&str, &str, &str); 2] = [
    (
        "src/host/shutdown/door.rs",
        "time::sleep(",
        "a listener that is out of descriptors can only wait: nothing tells when there are some again",
    ),
    (
        "src/host/tests/drives.rs",
        "time::sleep(",
        "time is paused in these tests: a sleep moves it, and waits for nothing",
    ),
];

/// Words that no comment may have.
const BANNED_WORDS: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];

/// Files that miss one of these.
fn untidy(sources: &[Source]) -> Findings {
    sources.iter().flat_map(untidy_file).collect()
}

fn untidy_file(source: &Source) -> Findings {
    let (path, mut findings) = (&source.path, Vec::new());
    if !source.text.starts_with("//! ") {
        findings.push(format!("{path}:1: does not open with what it is (//!)"));
    }
    let lines = source.text.lines().count();
    if path.starts_with("src/") && lines > LINES_MAX {
        findings.push(format!("{path}:{lines}: longer than {LINES_MAX} lines"));
    }
    for (number, line) in (1..).zip(source.split.code.lines()) {
        let allowed = |code| ALLOWED.iter().any(|row| (row.0, row.1) == (path.as_str(), code));
        for (code, why) in BANNED_CODE.iter().filter(|row| line.contains(row.0) && !allowed(row.0)) {
            findings.push(format!("{path}:{number}: {}: {why}", code.trim()));
        }
        let glob = line.trim_start().starts_with("use ") && line.trim_end().ends_with("::*;");
        if glob && source.code_lines().any(|(outside, _)| outside == number) {
            findings.push(format!("{path}:{number}: a glob import hides where a name comes from"));
        }
    }
    for (number, line) in (1..).zip(source.split.comments.lines()) {
        for word in BANNED_WORDS.iter().filter(|word| line.split(|c: char| !c.is_alphanumeric()).any(|w| w == **word)) {
            findings.push(format!("{path}:{number}: {word} in a comment"));
        }
    }
    findings
}

#[test]
fn every_file_is_tidy() {
    assert_eq!(untidy(&rust()), CLEAN);
}

#[test]
fn planted_disorder_is_found() {
    let found = |text: &str| untidy(&[Source::new("src/planted.rs", text)]);
    assert_eq!(found("//! A file.\nuse a::b;\n"), CLEAN);
    assert_eq!(found("use a::b;\n"), ["src/planted.rs:1: does not open with what it is (//!)"]);
    assert_eq!(found(&"//! A file.\n".repeat(601)), ["src/planted.rs:601: longer than 600 lines"]);
    assert_eq!(found("//! A.\n// FIXME: later\n"), ["src/planted.rs:2: FIXME in a comment"]);
    assert_eq!(found("//! A.\nuse a::*;\n"), ["src/planted.rs:2: a glob import hides where a name comes from"]);
    assert_eq!(found("//! A.\nmod tests {\n    use super::*;\n}\n"), CLEAN);
    for (code, why) in BANNED_CODE {
        assert_eq!(found(&format!("//! A.\n{code}\n")), [format!("src/planted.rs:2: {}: {why}", code.trim())]);
        assert_eq!(found(&format!("//! A.\nlet text = \"{}\";\n", code.trim())), CLEAN);
    }
}
