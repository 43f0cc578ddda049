//! Who may know whom. In `src/sim`: the order of its modules; between the halves: only `cli` meets both.

use super::sources::{Source, rust};
use super::{CLEAN, Findings};

/// The modules of the pure half. Each may name those of earlier rows and itself, none of its own row or below.
const ORDER: [&[&str]; 10] = [
    &["time"],
    &["dice"],
    &["model"],
    &["medium", "network"],
    &["fault"],
    &["plan"],
    &["behaviour"],
    &["engine", "expect"],
    &["scenario"],
    &["rehearsal"],
];

/// Which module may not name which, besides that order: a path of the source, what it may not name.
const BARRED: [(&str, &str); 4] = [
    // Reading a scenario is not playing it.
    ("src/sim/scenario", "crate::sim::engine"),
    // A report is written from events; it needs no socket, and no command line.
    ("src/report", "crate::host"),
    ("src/report", "crate::cli"),
    ("src/host", "crate::cli"),
];

/// Modules that name what stands below them.
fn against_the_stream(sources: &[Source]) -> Findings {
    let mut findings = Vec::new();
    for source in sources {
        for (number, line) in source.code_lines() {
            for barred in BARRED.iter().filter(|row| source.path.starts_with(row.0) && line.contains(row.1)) {
                findings.push(format!("{}:{number}: {} may not name {}", source.path, barred.0, barred.1));
            }
            let Some(own) = source.modules_under("src/sim/").and_then(|names| names.first().copied()) else { continue };
            for named in named_in_sim(line) {
                if let (Some(mine), Some(theirs)) = (row(own), row(named))
                    && named != own
                    && theirs >= mine
                {
                    findings.push(format!("{}:{number}: {own} may not name {named}", source.path));
                }
            }
        }
    }
    findings
}

/// Modules of the pure half that the order has forgotten.
fn unplaced(sources: &[Source]) -> Findings {
    let mut findings: Findings = sources
        .iter()
        .filter_map(|source| source.modules_under("src/sim/")?.first().copied())
        .filter(|name| row(name).is_none())
        .map(|name| format!("src/sim/{name} has no place in the order"))
        .collect();
    findings.dedup();
    findings
}

fn row(module: &str) -> Option<usize> {
    ORDER.iter().position(|row| row.contains(&module))
}

/// The modules that follow `crate::sim::` on a line, one or a list in braces.
fn named_in_sim(line: &str) -> Vec<&str> {
    let mut named = Vec::new();
    for (at, prefix) in line.match_indices("crate::sim::") {
        let rest = &line[at + prefix.len()..];
        let list = rest.strip_prefix('{').and_then(|inside| inside.split('}').next());
        for name in list.unwrap_or(rest).split(if list.is_some() { "," } else { "\0" }) {
            let end = name.trim_start().find(|c: char| !c.is_alphanumeric() && c != '_');
            named.push(&name.trim_start()[..end.unwrap_or(name.trim_start().len())]);
        }
    }
    named
}

#[test]
fn nobody_names_what_stands_below() {
    assert_eq!(against_the_stream(&rust()), CLEAN);
    assert_eq!(unplaced(&rust()), CLEAN);
}

#[test]
fn a_planted_upstream_import_is_found() {
    for (path, line, finding) in [
        ("src/sim/model/ids.rs", "use crate::sim::plan::Plan;", "model may not name plan"),
        ("src/sim/network/mod.rs", "use crate::sim::medium::Limit;", "network may not name medium"),
        ("src/sim/engine/mod.rs", "use crate::sim::{dice, expect::Watch};", "engine may not name expect"),
        ("src/sim/engine/mod.rs", "let s = crate::sim::scenario::read();", "engine may not name scenario"),
        ("src/sim/expect/metric/cost.rs", "use crate::sim::engine::Engine;", "expect may not name engine"),
        ("src/sim/time.rs", "use crate::sim::dice::Seed;", "time may not name dice"),
    ] {
        let planted = Source::new(path, &format!("//! Planted.\n{line}\n"));
        assert_eq!(against_the_stream(&[planted]), [format!("{path}:2: {finding}")]);
    }
    let planted = Source::new("src/sim/scenario/mod.rs", "use crate::sim::engine::Engine;\n");
    assert_eq!(
        against_the_stream(&[planted]),
        ["src/sim/scenario/mod.rs:1: src/sim/scenario may not name crate::sim::engine"]
    );
    let planted = Source::new("src/report/html.rs", "use crate::host::api;\n");
    assert_eq!(against_the_stream(&[planted]), ["src/report/html.rs:1: src/report may not name crate::host"]);
    assert_eq!(unplaced(&[Source::new("src/sim/magic/mod.rs", "")]), ["src/sim/magic has no place in the order"]);
}
