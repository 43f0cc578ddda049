//! The part of `docs/metrics.md` that is made from the code, held against the code.

use std::fmt::Write as _;
use std::fs;

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
