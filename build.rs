//! Tells cargo that `scenarios/` and `fixtures/people/` are built into the program, so that a new file there is seen without a clean build.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    writeln!(
        std::io::stdout(),
        "cargo::rerun-if-changed=scenarios\ncargo::rerun-if-changed=fixtures/people\ncargo::rerun-if-changed=build.rs"
    )
}
