//! The page `docs/sources.md`: what the codes S1 to S19 stand for, and which scenarios and packs name each, held against
//! the table of the code and the files. `UPDATE_GOLDEN=1 cargo test sources` makes it again.

use std::fmt::Write as _;
use std::fs;

use super::play::{Changes, read};
use super::{compare, root, yaml_files};
use bongsu::sim::scenario::sources::{SOURCES, Source, source};

const PAGE: &str = "docs/sources.md";
const FROM: &str = "<!-- from here on made by: UPDATE_GOLDEN=1 cargo test sources -->";

/// Names of files with the sources that each names. A pack is no scenario; its line is read as it stands there.
fn named() -> Vec<(String, Vec<String>)> {
    let row = |path: String| {
        let name = path.trim_start_matches("scenarios/").trim_end_matches(".yaml").to_owned();
        let sources = if path.contains("/outages/") {
            let text = fs::read_to_string(root().join(&path)).expect("the file is there");
            let line = text.lines().find_map(|line| line.strip_prefix("sources: [")).unwrap_or("").to_owned();
            line.trim_end_matches(']').split(", ").map(str::to_owned).collect()
        } else {
            read(&name, &Changes::default()).plan.sources
        };
        (name, sources)
    };
    yaml_files("scenarios").into_iter().map(row).collect()
}

fn tables(named: &[(String, Vec<String>)]) -> String {
    let by = |code: &str| {
        let names = named.iter().filter(|(_, sources)| sources.iter().any(|one| one == code));
        names.map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let table = |head: &str, place: usize| {
        let row = |one: &Source| {
            let Source { code, system, agency, when, reported } = one;
            format!(
                "| {code} | {} | {} | {when} | {} | {} |\n",
                system[place],
                agency[place],
                reported[place],
                by(code)
            )
        };
        SOURCES.iter().fold(format!("\n{head}\n|---|---|---|---|---|---|\n"), |mut out, one| {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", row(one));
            out
        })
    };
    let english = table("| code | what ran | whose | when | what was reported | in |", 1);
    format!("{english}\n## 한국어\n{}", table("| 번호 | 무엇 | 누구 | 언제 | 알려진 것 | 재현 |", 0))
}

#[test]
fn the_page_of_sources_is_that_of_the_code() {
    let page = fs::read_to_string(root().join(PAGE)).expect("the page is there");
    let (by_hand, _) = page.split_once(FROM).expect("the page has the mark after which it is made");
    compare(PAGE, &format!("{by_hand}{FROM}\n{}", tables(&named())));
}

/// A code that nobody explains says nothing to whoever reads it on the page.
#[test]
fn every_code_that_a_file_names_is_explained() {
    let looks_like_a_code = |text: &str| text.strip_prefix('S').is_some_and(|rest| rest.parse::<u32>().is_ok());
    for (name, sources) in named() {
        for code in sources.iter().filter(|one| looks_like_a_code(one)) {
            assert!(source(code).is_some(), "{name} names {code}, which is not in the table");
        }
    }
}
