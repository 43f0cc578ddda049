//! Tells cargo that `scenarios/` is built into the program, so that a new file there is seen without a clean build.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    writeln!(std::io::stdout(), "cargo::rerun-if-changed=scenarios\ncargo::rerun-if-changed=build.rs")
}
