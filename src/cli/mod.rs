//! The command line: the only place where the pure half, the world and the reports meet.
//!
//! One file a subcommand, each with its arguments (`Args`, which is also its help text) and a `run` that answers an
//! [`Exit`] or a [`Failure`]. Commands write through [`Io`] and never print; what the codes mean stands in [`exit`].
//! Nothing here decides what happens in a run.

use std::ffi::OsString;
use std::io::Write as _;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::lang::LangArg;
use crate::sim::model::words::Lang;

pub mod chronicle;
pub mod first;
pub mod exit;
pub mod io;
pub mod lang;
pub mod library;
pub mod values;
pub mod told;
pub mod reading;
pub mod several;
pub mod help;
pub mod interrupt;
pub mod rehearse;
pub mod live;
pub mod lockstep;
pub mod run;
pub mod seeds;
pub mod matrix;
pub mod check;
pub mod fmt;
pub mod list;
pub mod metrics;
pub mod schema;
pub mod completions;
pub mod man;
pub mod stage;
pub mod serve;
pub mod attach;
pub mod conformance;
pub mod phones;
pub mod fault;
pub mod runs;
pub mod replay;
pub mod audit;
pub mod report;
pub mod compare;
pub mod bench;

/// Replays what agencies send to citizens, takes the channel down, and says with numbers who was reached.
#[derive(Debug, Parser)]
#[command(name = "bongsu", version, max_term_width = 100, disable_help_subcommand = true, after_help = AFTER_HELP)]
pub struct Cli {
    /// Language of everything that is said: ko or en [default: BONGSU_LANG, then LC_ALL, LANG, then ko]
    #[arg(long, global = true, value_name = "ko|en", hide_possible_values = true)]
    lang: Option<LangArg>,
    #[command(subcommand)]
    command: Option<Command>,
}

const AFTER_HELP: &str = "Without a command: serves on 127.0.0.1 and plays the first scenario there.

Examples:
  bongsu run first-minute
  bongsu run my.yaml --outage 2022-10-15-pangyo@5m --report out
  bongsu check *.yaml

Exit codes: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 3 bad file or usage, 4 simulator error, 5 STOPPED";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run scenarios and judge them
    Run(run::Args),
    /// Serve the gateway and the HTTP API until asked to end
    Serve(serve::Args),
    /// Tell how an unchanged SDK is attached to a server
    Attach(attach::Args),
    /// Play recorded exchanges of providers' contracts and tell what drifted
    Conformance(conformance::Args),
    /// Play mock phones on real sockets against a server's run
    Phones(phones::Args),
    /// Post, lift or list faults of a server's run
    Fault(fault::Args),
    /// List the runs in a server's data folder, or let go of them
    Runs(runs::Args),
    /// Play a recorded run again and compare it byte for byte
    Replay(replay::Args),
    /// Tell why somebody of a recorded run got what they got, or nothing
    Audit(audit::Args),
    /// Compare a run with an earlier one: what got better, what got worse
    Report(report::Args),
    /// Set runs of one scenario side by side
    Compare(compare::Args),
    /// Measure this build on this machine
    Bench(bench::Args),
    /// Read scenario files and show all their problems
    Check(check::Args),
    /// Put scenario files into their canonical layout
    Fmt(fmt::Args),
    /// List the built-in scenarios and outage packs
    List(list::Args),
    /// List what expressions can measure
    Metrics(metrics::Args),
    /// Print the JSON Schema of scenario files
    Schema(schema::Args),
    /// Print completions for a shell
    Completions(completions::Args),
    /// Print the manual page, or write all pages into a folder
    Man(man::Args),
}

/// Parses, runs, and answers how the program ends. `args` begins with the program's own name.
pub fn start(args: Vec<OsString>, io: &mut Io) -> Exit {
    io.lang = lang::choose(&args, |name| std::env::var(name).ok());
    let ended = match parse(args, io.lang) {
        Ok(cli) => obey(cli, io),
        Err(error) => refused(&error, io),
    };
    let exit = ended.unwrap_or_else(|failure| explain(&failure, io));
    // A pipe that closed is quiet already; what else fails here has nowhere left to be told but the code.
    match io.out.flush().and_then(|()| io.err.flush()) {
        Ok(()) => exit,
        Err(_) => Exit::SimulatorError,
    }
}

/// The whole command, as help, completions and manual pages describe it.
pub fn command(lang: Lang) -> clap::Command {
    help::spoken(Cli::command(), lang)
}

fn parse(args: Vec<OsString>, lang: Lang) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&command(lang).try_get_matches_from(args)?)
}

fn obey(cli: Cli, io: &mut Io) -> Result<Exit, Failure> {
    match cli.command {
        Some(Command::Run(args)) => run::run(args, io),
        Some(Command::Serve(args)) => serve::run(args, io),
        Some(Command::Attach(args)) => attach::run(args, io),
        Some(Command::Conformance(args)) => conformance::run(args, io),
        Some(Command::Phones(args)) => phones::run(args, io),
        Some(Command::Fault(args)) => fault::run(args, io),
        Some(Command::Runs(args)) => runs::run(args, io),
        Some(Command::Replay(args)) => replay::run(args, io),
        Some(Command::Audit(args)) => audit::run(args, io),
        Some(Command::Report(args)) => report::run(args, io),
        Some(Command::Compare(args)) => compare::run(args, io),
        Some(Command::Bench(args)) => bench::run(args, io),
        Some(Command::Check(args)) => check::run(args, io),
        Some(Command::Fmt(args)) => fmt::run(args, io),
        Some(Command::List(args)) => list::run(args, io),
        Some(Command::Metrics(args)) => metrics::run(args, io),
        Some(Command::Schema(args)) => schema::run(args, io),
        Some(Command::Completions(args)) => completions::run(args, io),
        Some(Command::Man(args)) => man::run(args, io),
        None => first::run(io),
    }
}

/// Help and version are results; everything else that the parser says is a wrong usage.
fn refused(error: &clap::Error, io: &mut Io) -> Result<Exit, Failure> {
    let said = error.render();
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let color = if asked { io.look.color } else { io.err_color };
    let text = if color { said.ansi().to_string() } else { said.to_string() };
    let to = if asked { &mut io.out } else { &mut io.err };
    to.write_all(text.as_bytes())?;
    Ok(if asked { Exit::Pass } else { Exit::BadFile })
}

fn explain(failure: &Failure, io: &mut Io) -> Exit {
    let text = match failure {
        Failure::Usage(message) | Failure::Simulator(message) => format!("bongsu: {message}\n"),
        Failure::Problems(rendered) => rendered.clone(),
    };
    // If even this cannot be written, the exit code still says it.
    let _ = io.err.write_all(text.as_bytes());
    failure.exit()
}

#[cfg(test)]
mod tests;
