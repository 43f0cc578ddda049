//! `bongsu man [DIR]`: manual pages, made from the same texts as `--help`.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap_mangen::Man;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;

/// Where to.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu man | man -l -
  bongsu man ~/.local/share/man/man1")]
pub struct Args {
    /// Write the pages of all subcommands into this folder instead of printing the first
    #[arg(value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints or writes the pages.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let command = super::command(io.lang);
    match args.dir {
        Some(dir) => {
            let failed = |error| Failure::Simulator(format!("{}: {error}", dir.display()));
            fs::create_dir_all(&dir).map_err(failed)?;
            clap_mangen::generate_to(command, &dir).map_err(failed)?;
        }
        None => {
            let mut text = Vec::new();
            Man::new(command).render(&mut text)?;
            io.out.write_all(&text)?;
        }
    }
    Ok(Exit::Pass)
}
