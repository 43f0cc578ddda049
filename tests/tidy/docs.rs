//! Pages that promise to be complete name everything that the code has.

use bongsu::sim::fault::FaultKind;
use bongsu::sim::model::medium::Medium;
use bongsu::sim::plan::magic::{FATES, Fate};
use bongsu::sim::plan::numbers::magic_number;

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

/// A page, which has to be there.
fn page(path: &str) -> String {
    read(path).unwrap_or_else(|| panic!("{path} is part of the documentation"))
}

#[test]
fn the_pages_name_every_fault_and_medium() {
    let media = Medium::ALL.map(Medium::name);
    let pages: [(&str, &[&str]); 2] = [("docs/faults.md", &FaultKind::NAMES), ("docs/media.md", &media)];
    let findings: Findings = pages.iter().flat_map(|(path, words)| unnamed(path, &page(path), words)).collect();
    assert_eq!(findings, CLEAN);
}

#[test]
fn every_fate_has_its_number_in_the_page() {
    let text = page("docs/magic-people.md");
    let row = |(place, fate): (usize, &Fate)| format!("| {} | `{}` |", magic_number(place), fate.key);
    let missing: Findings = FATES.iter().enumerate().map(row).filter(|row| !text.contains(row.as_str())).collect();
    assert_eq!(missing, CLEAN);
}

#[test]
fn a_missing_word_is_found() {
    let page = "The kind `down` and the pair `lie: delivered`; silence is no code here.";
    assert_eq!(unnamed("x.md", page, &["down", "lie", "silence"]), ["x.md does not name silence"]);
}
