//! `bongsu schema`: the JSON Schema of scenario files, for editors.

use std::io::Write as _;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::sim::scenario;

/// Nothing to say.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  bongsu schema > scenario.v1.json
  # and in the first line of a scenario:
  # yaml-language-server: $schema=scenario.v1.json")]
pub struct Args {}

/// Prints the schema.
pub fn run(_args: Args, io: &mut Io) -> Result<Exit, Failure> {
    io.out.write_all(scenario::schema().as_bytes())?;
    Ok(Exit::Pass)
}
