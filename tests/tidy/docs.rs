//! Pages that promise to be complete name everything that the code has.

use bongsu::sim::fault::FaultKind;
use bongsu::sim::model::medium::{Medium, Network};

use super::sources::read;
use super::{CLEAN, Findings};

/// Words that a page does not have as code: `` `word` `` or `` `word: ... ` ``.
fn unnamed(page: &str, text: &str, words: &[&str]) -> Findings {
    let named = |word: &str| {
        text.split('`')
            .skip(1)
            .step_by(2)
            .any(|code| code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == word))
    };
    words.iter().filter(|word| !named(word)).map(|word| format!("{page} does not name {word}")).collect()
}

/// The pages are checked as soon as they are there.
#[test]
fn the_pages_name_every_fault_medium_and_network() {
    let mut findings = Vec::new();
    if let Some(text) = read("docs/faults.md") {
        findings.extend(unnamed("docs/faults.md", &text, &FaultKind::NAMES));
    }
    if let Some(text) = read("docs/glossary.md") {
        findings.extend(unnamed("docs/glossary.md", &text, &Medium::ALL.map(Medium::name)));
        findings.extend(unnamed("docs/glossary.md", &text, &Network::ALL.map(Network::name)));
    }
    assert_eq!(findings, CLEAN);
}

#[test]
fn a_missing_word_is_found() {
    let page = "The kind `down` and the pair `lie: delivered`; silence is no code here.";
    assert_eq!(unnamed("x.md", page, &["down", "lie", "silence"]), ["x.md does not name silence"]);
}
