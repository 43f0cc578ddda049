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

/// Where a heading is found in a page, as the forge makes it: lower case, letters, digits, `-` and `_`, `-` for a space.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The headings of a page; what stands in a block is none.
fn anchors(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut found: Vec<String> = Vec::new();
    for line in text.lines() {
        inside ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        if !inside && line.starts_with('#') && heading.starts_with(' ') {
            let own = anchor(heading);
            let before = found.iter().filter(|other| **other == own).count();
            found.push(if before == 0 { own } else { format!("{own}-{before}") });
        }
    }
    found
}

/// Links of a page that lead nowhere: to a page that is not there, or to a heading that it does not have.
fn astray(path: &str, text: &str, page: &dyn Fn(&str) -> Option<String>) -> Findings {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let ours = targets.filter(|to| !to.contains(':') && !to.contains(' '));
    let mut findings = Findings::new();
    for to in ours {
        let (file, at) = to.split_once('#').map_or((to, None), |(file, at)| (file, Some(at)));
        let Some(at) = at.filter(|_| file.is_empty() || file.ends_with(".md")) else { continue };
        let target = if file.is_empty() { path.to_owned() } else { joined(folder, file) };
        match page(&target) {
            None => findings.push(format!("{path}: {to}: there is no {target}")),
            Some(text) if !anchors(&text).iter().any(|anchor| anchor == at) => {
                findings.push(format!("{path}: {to}: {target} has no such heading"));
            }
            Some(_) => {}
        }
    }
    findings
}

/// A path from a folder, with `..` worked off.
fn joined(folder: &str, file: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn links_lead_to_headings_that_are_there() {
    let pages: Vec<String> = super::sources::tracked().into_iter().filter(|path| path.ends_with(".md")).collect();
    assert!(pages.len() > 20, "{pages:?}");
    let findings: Findings = pages.iter().flat_map(|path| astray(path, &page(path), &|path| read(path))).collect();
    assert_eq!(findings, CLEAN);
}

#[test]
fn a_link_astray_is_found() {
    let other = |path: &str| {
        (path == "docs/b.md").then(|| "# The page: `x/y.mjs`\n```sh\n# no\n```\n## Twice\n## Twice\n".to_owned())
    };
    let text = "[a](b.md#the-page-xymjs) [b](b.md#the-page) [c](#own) [d](c.md#x) [e](b.md#no) [f](b.md#twice-1)";
    let expected = [
        "docs/a.md: b.md#the-page: docs/b.md has no such heading",
        "docs/a.md: #own: there is no docs/a.md",
        "docs/a.md: c.md#x: there is no docs/c.md",
        "docs/a.md: b.md#no: docs/b.md has no such heading",
    ];
    assert_eq!(astray("docs/a.md", text, &other), expected);
}

#[test]
fn a_missing_word_is_found() {
    let page = "The kind `down` and the pair `lie: delivered`; silence is no code here.";
    assert_eq!(unnamed("x.md", page, &["down", "lie", "silence"]), ["x.md does not name silence"]);
}
