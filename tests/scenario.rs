//! Hostile scenario files, by the clock: whatever a file says, it is read or refused before anybody notices.

use std::time::{Duration, Instant};

use bongsu::sim::model::words::{Lang, Words};
use bongsu::sim::scenario::{Library, Loaded, Options, read};

/// A second in a release build on an idle machine; tests are neither. What is held off here would take minutes.
const PATIENCE: Duration = Duration::from_secs(10);

struct NoFiles;

impl Library for NoFiles {
    fn load(&self, _from: &str, _name: &str) -> Result<Loaded, Words> {
        Err(Words::same("no such file"))
    }
}

/// Ten lists of ten of the list before, ten deep: ten thousand million words in 500 bytes.
fn alias_bomb() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..10 {
        let many = vec![format!("*a{}", i - 1); 10].join(", ");
        text.push_str(&format!("a{i}: &a{i} [{many}]\n"));
    }
    text
}

#[test]
fn hostile_files_are_refused_in_time() {
    let keys: String = (0..50_000).map(|i| format!("k{i}: 1\n")).collect();
    let variables = "#{x}".repeat(1_000_000);
    let files = [
        ("alias bomb", alias_bomb()),
        ("10 MB string", format!("scenario: \"{}\"\n", "x".repeat(10 << 20))),
        ("long name", format!("scenario: {}\ntimeline: []\n", "x".repeat(2 << 20))),
        ("brackets", "[".repeat(1 << 20)),
        ("braces", "{a: ".repeat(1 << 18)),
        ("dashes", "- ".repeat(1 << 19)),
        ("indents", (0..2_000).map(|i| format!("{}a:\n", " ".repeat(i))).collect()),
        ("unknown keys", format!("scenario: x\ntimeline: []\n{keys}")),
        (
            "unknown variables",
            format!("scenario: x\ntimeline: [{{ at: 0s, to: 1 people, send: \"a {variables}\" }}]\n"),
        ),
        ("open quotes", format!("scenario: x\ntimeline: [{}", "\"a\", 'b', ".repeat(100_000))),
    ];
    for (name, text) in files {
        let begun = Instant::now();
        let problems = read("s.yaml", text.as_bytes(), &NoFiles, &Options::default()).expect_err(name);
        let rendered = problems.render(Lang::Ko, true);
        assert!(begun.elapsed() < PATIENCE, "{name} took {:?}", begun.elapsed());
        assert!(rendered.len() < 200_000, "{name}: {} bytes of errors", rendered.len());
    }
}
