//! `src/sim` is pure: no clock, entropy, socket, file, thread, log or unordered map, and nothing of the other half.

use super::sources::{Source, rust};
use super::{CLEAN, Findings};

/// What the pure half may not name, as paths and words of code.
const BANNED: [&str; 27] = [
    "std::time",
    "SystemTime::now",
    "Instant::now",
    "tokio",
    "rand",
    "getrandom",
    "Timestamp::now",
    "Zoned::now",
    "std::fs",
    "std::net",
    "std::thread",
    "std::env",
    "std::process",
    "std::io",
    "thread_local",
    "HashMap",
    "HashSet",
    "RandomState",
    "DefaultHasher",
    "tracing",
    "println",
    "eprintln",
    "async",
    "await",
    "crate::host",
    "crate::report",
    "crate::cli",
];

/// Places where one of those words stands in code of the pure half, tests included: a test may not need the world
/// either. The one exception is time: a test may measure that something is quick.
fn impure(sources: &[Source]) -> Findings {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.path.starts_with("src/sim/")) {
        let tests_from = source.code_lines().count();
        for (number, line) in (1..).zip(source.split.code.lines()) {
            for word in BANNED {
                let timing = number > tests_from && ["std::time", "Instant::now"].contains(&word);
                if names(line, word) && !timing {
                    findings.push(format!("{}:{number}: the pure half names {word}", source.path));
                }
            }
        }
    }
    findings
}

/// Whether a line of code has this word or path, and not only as a part of a longer one.
fn names(line: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

#[test]
fn the_pure_half_names_nothing_of_the_world() {
    assert_eq!(impure(&rust()), CLEAN);
}

#[test]
fn a_planted_impurity_is_found() {
    for word in BANNED {
        let planted = Source::new("src/sim/engine/planted.rs", &format!("//! Planted.\nuse {word};\n"));
        assert!(!impure(&[planted]).is_empty(), "{word}");
    }
    let planted = Source::new(
        "src/sim/dice.rs",
        "//! tokio, in words.\nlet operand = \"std::fs\";\nlet now = std::time::Instant::now();\n",
    );
    assert_eq!(
        impure(&[planted]),
        ["src/sim/dice.rs:3: the pure half names std::time", "src/sim/dice.rs:3: the pure half names Instant::now"]
    );
    assert_eq!(impure(&[Source::new("src/host/clock.rs", "use std::time::Instant;\n")]), CLEAN);
}
