//! What no file of the repository may say: a path of the machine that it was written on.

use super::sources::{read, tracked};
use super::{CLEAN, Findings};

/// Beginnings of absolute paths of one machine, and names of folders beside the repository. In halves, so that this
/// file does not say them.
const FOREIGN: [(&str, &str); 5] = [("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/"), ("/Us", "ers/"), ("../sha", "red")];

/// Lines that say one.
fn foreign(path: &str, text: &str) -> Findings {
    let mut findings = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        for word in FOREIGN.map(|halves| [halves.0, halves.1].concat()) {
            if says(line, &word) {
                findings.push(format!("{path}:{number}: says {word}"));
            }
        }
    }
    findings
}

/// Whether a line has the path, and not as the tail of a longer one (`src/net…` ends like a path of its own).
fn says(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '-')
    })
}

#[test]
fn no_file_names_a_machine() {
    let findings: Findings = tracked().iter().flat_map(|path| foreign(path, &read(path).unwrap_or_default())).collect();
    assert_eq!(findings, CLEAN);
}

#[test]
fn a_planted_path_is_found() {
    for (one, two) in FOREIGN {
        let word = format!("{one}{two}");
        assert_eq!(foreign("a.md", &format!("ok\nsee {word}x\n")), [format!("a.md:2: says {word}")]);
    }
    assert_eq!(foreign("a.md", &format!("example.org{}{}x, src/net{}", "/ho", "me/", "work/")), CLEAN);
}
