//! The part of `docs/metrics.md` that is made from the code, held against the code.

use std::fmt::Write as _;
use std::fs;

use super::play::{Changes, read};
use super::{compare, root, yaml_files};
use bongsu::sim::expect::catalogue;
use bongsu::sim::fault::FaultKind;
use bongsu::sim::model::words::Lang;

const PAGE: &str = "docs/metrics.md";
const FROM: &str = "<!-- from here on made by: UPDATE_GOLDEN=1 cargo test pages -->";

fn tables() -> String {
    // Writing to a String cannot fail.
    let mut out = String::from(
        "\n## Metrics\n\n| metric | means | unit | aggregates | set labels | outcome labels | `within` | `stop` |\n|---|---|---|---|---|---|---|---|\n",
    );
    let yes = |yes: bool| if yes { "yes" } else { "" };
    for row in catalogue::metrics(Lang::En) {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} | {} | {} | {} | {} |",
            row.name,
            row.meaning,
            row.unit.name(),
            row.aggregates.join(", "),
            row.population.join(", "),
            row.outcomes.join(", "),
            yes(row.within),
            yes(row.stop)
        );
    }
    out.push_str("\n## Labels\n\n| label | chooses |\n|---|---|\n");
    for label in catalogue::labels(Lang::En) {
        let _ = writeln!(out, "| `{}` | {} |", label.name, label.meaning);
    }
    out.push_str("\n## 한국어\n\n| 지표 | 뜻 |\n|---|---|\n");
    for row in catalogue::metrics(Lang::Ko) {
        let _ = writeln!(out, "| `{}` | {} |", row.name, row.meaning);
    }
    out.push_str("\n| 라벨 | 고르는 것 |\n|---|---|\n");
    for label in catalogue::labels(Lang::Ko) {
        let _ = writeln!(out, "| `{}` | {} |", label.name, label.meaning);
    }
    out
}

#[test]
fn the_page_of_metrics_is_that_of_the_code() {
    let page = fs::read_to_string(root().join(PAGE)).expect("the page is there");
    let (by_hand, _) = page.split_once(FROM).expect("the page has the mark after which it is made");
    compare(PAGE, &format!("{by_hand}{FROM}\n{}", tables()));
}

#[test]
fn the_page_of_faults_has_a_row_and_an_example_for_every_kind() {
    let page = fs::read_to_string(root().join("docs/faults.md")).expect("the page is there");
    for kind in FaultKind::NAMES {
        assert!(page.lines().any(|line| line.starts_with(&format!("| `{kind}` "))), "no row for {kind}");
        assert!(page.contains(&format!("kind: {kind}")), "no example for {kind}");
    }
}

#[test]
fn both_readmes_name_every_scenario_and_pack() {
    for page in ["README.md", "README.ko.md"] {
        let text = fs::read_to_string(root().join(page)).expect("the page is there");
        for path in yaml_files("scenarios") {
            let name = path.trim_start_matches("scenarios/").trim_start_matches("outages/").trim_end_matches(".yaml");
            assert!(
                text.lines().any(|line| line.starts_with(&format!("| `{name}` |"))),
                "{page} has no row for {name}"
            );
        }
    }
}

/// The systems of the source articles are S1 to S19, and every one can be replayed.
#[test]
fn every_system_of_the_articles_has_a_scenario() {
    let mut replayed = std::collections::BTreeSet::new();
    for path in yaml_files("scenarios").iter().filter(|path| !path.contains("/outages/")) {
        let name = path.trim_start_matches("scenarios/").trim_end_matches(".yaml");
        replayed.extend(read(name, &Changes::default()).plan.sources);
    }
    let missing: Vec<String> = (1..=19).map(|n| format!("S{n}")).filter(|row| !replayed.contains(row)).collect();
    assert_eq!(missing, Vec::<String>::new());
}

/// What a class, a reader of the repository or a scripter needs to know of a scenario of an agency stands on a page.
#[test]
fn every_scenario_of_an_agency_has_a_page() {
    let names = yaml_files("scenarios")
        .into_iter()
        .map(|path| path.trim_start_matches("scenarios/").trim_end_matches(".yaml").to_owned());
    let agencies =
        names.filter(|name| name.contains('/') && !name.starts_with("outages/") && !name.starts_with("lessons/"));
    let pages = root().join("docs/scenarios");
    let spoken: String = std::fs::read_dir(pages)
        .expect("a folder")
        .map(|page| std::fs::read_to_string(page.expect("a page").path()).expect("a text"))
        .collect();
    let missing: Vec<String> = agencies.filter(|name| !spoken.contains(name.as_str())).collect();
    assert_eq!(missing, Vec::<String>::new());
}
