//! `bongsu list`: the scenarios and outage packs that are built into the program.

use std::io::Write as _;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::library;
use crate::cli::reading::{self, Changes};
use crate::report::text::terminal::{Tone, clean, fit, width};

/// What to list.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu list
  bongsu run \"$(bongsu list --names | head -1)\"")]
pub struct Args {
    /// Also print the sources that each scenario replays
    #[arg(long)]
    sources: bool,
    /// Print names only, one a line
    #[arg(long, conflicts_with = "sources")]
    names: bool,
}

/// Prints the library.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let names = library::scenarios();
    if args.names {
        for name in &names {
            writeln!(io.out, "{name}")?;
        }
        return Ok(Exit::Pass);
    }
    let wide = names.iter().map(|name| width(name)).max().unwrap_or(0);
    head(io, "시나리오", "Scenarios")?;
    for name in &names {
        scenario(name, wide, args.sources, io)?;
    }
    let packs = library::packs();
    if !packs.is_empty() {
        head(io, "장애 꾸러미 (--outage)", "Outage packs (--outage)")?;
    }
    for pack in &packs {
        writeln!(io.out, "  {pack}")?;
    }
    Ok(Exit::Pass)
}

fn head(io: &mut Io, ko: &str, en: &str) -> Result<(), Failure> {
    let text = io.look.paint(Tone::Head, io.pick(ko, en));
    writeln!(io.out, "{text}")?;
    Ok(())
}

fn scenario(name: &str, wide: usize, sources: bool, io: &mut Io) -> Result<(), Failure> {
    // What is built in was checked when it was built; if one is broken all the same, the list still shows the others.
    let (title, from) = match reading::read(name, &Changes::default(), io) {
        Ok(scenario) => (clean(scenario.plan.title.text(io.lang)), clean(&scenario.plan.sources.join(", "))),
        Err(_) => (io.pick("(읽을 수 없음)", "(cannot be read)").to_owned(), String::new()),
    };
    writeln!(io.out, "  {}  {title}", fit(name, wide))?;
    if sources && !from.is_empty() {
        let line = io.look.paint(Tone::Faint, &from);
        writeln!(io.out, "  {}  {line}", " ".repeat(wide))?;
    }
    Ok(())
}
