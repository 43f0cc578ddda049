//! The parts of `src/host` do not know each other: they meet in the few modules that are made for meeting, and `cli`
//! ties them together, with a few modules of the host itself that are nothing but ties.

use super::sources::{Source, rust};
use super::{CLEAN, Findings};

/// Modules that every part of the host may name: the seams and the one shutdown.
const SHARED: [&str; 3] = ["link", "control", "shutdown"];

/// Modules whose whole purpose is to put parts together: one file each, without logic of a part.
const TIES: [&str; 4] = ["stage", "serve", "play", "tests"];

/// Parts that may name one sibling more, with the reason. Each row is a debt.
const ALLOWED: [(&str, &str, &str); 2] = [
    ("bench", "gateway", "the fan-out is measured on the gateway that serves, put together as `serve` does"),
    ("bench", "journal", "a restart is measured on a journal that the store has written"),
];

/// Parts of the host that name a sibling.
fn entangled(sources: &[Source]) -> Findings {
    let mut findings = Vec::new();
    for source in sources {
        let Some(own) = source.modules_under("src/host/").and_then(|names| names.first().copied()) else { continue };
        if TIES.contains(&own) {
            continue;
        }
        for (number, line) in source.code_lines() {
            for (at, prefix) in line.match_indices("crate::host::") {
                let rest = &line[at + prefix.len()..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                let sibling = &rest[..end];
                // What stands in `host/mod.rs` itself is the parent's: types and constants begin with a capital.
                let module = sibling.starts_with(|c: char| c.is_lowercase());
                let allowed = SHARED.contains(&sibling) || ALLOWED.iter().any(|row| (row.0, row.1) == (own, sibling));
                if module && sibling != own && !allowed {
                    findings.push(format!("{}:{number}: host::{own} names its sibling {sibling}", source.path));
                }
            }
        }
    }
    findings
}

#[test]
fn the_parts_of_the_host_do_not_know_each_other() {
    assert_eq!(entangled(&rust()), CLEAN);
}

#[test]
fn a_planted_entanglement_is_found() {
    let planted = |line: &str| entangled(&[Source::new("src/host/gateway/session.rs", &format!("//! P.\n{line}\n"))]);
    assert_eq!(
        planted("use crate::host::journal::Writer;"),
        ["src/host/gateway/session.rs:2: host::gateway names its sibling journal"]
    );
    assert_eq!(planted("use crate::host::link::Board;"), CLEAN);
    assert_eq!(planted("use crate::host::gateway::frame;"), CLEAN);
    assert_eq!(planted("use crate::host::Token;"), CLEAN);
}
