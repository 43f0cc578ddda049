//! `bongsu completions SHELL`: what a shell needs to complete our commands.

use std::io::Write as _;

use clap_complete::Shell;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;

/// For which shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  bongsu completions bash > ~/.local/share/bash-completion/completions/bongsu")]
pub struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    // The generator panics when its writer fails, so it writes into memory.
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut super::command(io.lang), "bongsu", &mut text);
    io.out.write_all(&text)?;
    Ok(Exit::Pass)
}
