//! `bongsu run FILE|NAME...`: runs scenarios, prints their reports, and ends with the worst verdict.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::exit::{Exit, Failure};
use crate::cli::interrupt::Interrupt;
use crate::cli::io::Io;
use crate::cli::matrix::{Quiet, Variants};
use crate::cli::reading::{self, Changes};
use crate::cli::several::{self, Wanted};
use crate::cli::values::ClockArg;
use crate::cli::{live, lockstep, matrix, rehearse, seeds, told};
use crate::host::control::Recorder;
use crate::host::control::pace::LOCKSTEP;
use crate::host::journal::meta::Meta;
use crate::host::journal::writer::Writer;
use crate::report::folder::{Draft, FolderError};
use crate::report::names::Names;
use crate::report::text;
use crate::report::text::terminal::clean;
use crate::report::view::RunView;
use crate::report::words;
use crate::sim::engine::Phones;
use crate::sim::model::words::Lang;
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

/// What to run, and how.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu run first-minute
  bongsu run scenarios/** --quiet              (all of them; outage packs are left out)
  bongsu run my.yaml --report out              (verdict.json, junit.xml, report.html, events.ndjson)
  bongsu run my.yaml --outage 2022-10-15-pangyo@5m --set sender.policy=vendor-only
  bongsu run my.yaml --seeds 20                (how much of the verdict is luck)
  bongsu run my.yaml --policies none,vendor-only,timer:30s,timer:60s
  bongsu run my.yaml --clock lockstep --listen 127.0.0.1:0   (an application sleeps through a day in seconds)
  bongsu run my.yaml --sweep timeline.1.for=5m,10m --sweep sender.policy=none,timer --svg out.svg

The exit code is the verdict's: 0 PASS, 1 FAIL, 2 INCONCLUSIVE, 5 STOPPED; 3 if a file cannot be read.")]
pub struct Args {
    /// Scenario files, folders of them, or names of built-in scenarios; a file wins over a name
    #[arg(required = true, value_name = "FILE|NAME")]
    scenarios: Vec<String>,
    /// How time passes: virtual (as fast as possible), real, x60 for sixty times real time, or lockstep (as an application lets it)
    #[arg(long, value_name = "virtual|real|xN|lockstep", default_value = "virtual")]
    clock: ClockArg,
    /// Where applications call with --clock lockstep; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    changes: Changes,
    /// Write the run's folder here: scenario, events, verdict, JUnit and HTML; one folder a scenario if there are several
    #[arg(long, value_name = "DIR")]
    report: Option<PathBuf>,
    /// Run N seeds in virtual time, and count how often each promise is kept
    #[arg(long, value_name = "N", conflicts_with_all = ["report", "clock"], value_parser = clap::value_parser!(u32).range(1..=100_000))]
    seeds: Option<u32>,
    #[command(flatten)]
    variants: Variants,
    /// Print one line for each run instead of the report
    #[arg(short, long)]
    quiet: bool,
}

/// Reads everything, then runs everything.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let wanted = several::expand(&args.scenarios, Wanted::Scenarios);
    let args = Args { scenarios: wanted.map_err(|words| Failure::usage(&words, io.lang))?, ..args };
    args.variants.check(args.scenarios.len(), io.lang)?;
    let listen = lockstep::address(args.clock, args.listen, io)?;
    let mut scenarios = Vec::with_capacity(args.scenarios.len());
    let mut worst = Exit::Pass;
    for wanted in &args.scenarios {
        match reading::read(wanted, &args.changes, io) {
            Ok(scenario) => scenarios.push((wanted, scenario)),
            Err(failure) => worst = worst.max(super::explain(&failure, io)),
        }
    }
    if worst > Exit::Pass {
        return Ok(worst);
    }
    if let (Some(dir), true) = (&args.report, scenarios.len() > 1) {
        let mut folders: Vec<PathBuf> =
            scenarios.iter().map(|(_, scenario)| target(dir, scenario, scenarios.len())).collect();
        folders.sort();
        if let Some(twice) = folders.windows(2).find(|pair| pair[0] == pair[1]) {
            let why = io.pick("두 시나리오가 쓰려는 폴더", "two scenarios would write the folder");
            return Err(Failure::Usage(format!("{why} {}", twice[0].display())));
        }
    }
    // A live run hears signals by itself, in order to tell its phones.
    let interrupt = if args.clock == ClockArg::Virtual { Interrupt::listen() } else { Interrupt::default() };
    let mut ends = Vec::new();
    for (wanted, scenario) in &scenarios {
        let exit = match args.seeds {
            Some(count) => seeds::run(scenario, count, args.quiet, &interrupt, io)?,
            None if args.variants.asked() => {
                let quiet = match (args.quiet, ends.is_empty()) {
                    (false, _) => Quiet::No,
                    (true, true) => Quiet::Table,
                    (true, false) => Quiet::Rows,
                };
                matrix::run(wanted, &args.changes, &args.variants, quiet, &interrupt, io)?
            }
            None => one(wanted, scenario, &args, listen, &interrupt, io)?,
        };
        worst = worst.max(exit);
        ends.push((exit, scenario.plan.name.as_str()));
    }
    // Variants are no runs to be counted: their tables tell what each came to.
    if ends.len() > 1 && !args.variants.asked() {
        io.out.write_all(all_told(&ends, io.lang).as_bytes())?;
    }
    Ok(worst)
}

/// What several runs came to, and the names of those that did not pass.
fn all_told(ends: &[(Exit, &str)], lang: Lang) -> String {
    let passed = ends.iter().filter(|(exit, _)| *exit == Exit::Pass).count();
    let others = ends.iter().filter(|(exit, _)| *exit != Exit::Pass).map(|(_, name)| clean(name));
    let others = others.collect::<Vec<_>>().join(", ");
    let runs = ends.len();
    let told = match lang {
        Lang::Ko => format!("{runs}개 가운데 합격 {passed}개"),
        Lang::En => format!("{passed} of {runs} passed"),
    };
    match (others.is_empty(), lang) {
        (true, _) => format!("{told}\n"),
        (false, Lang::Ko) => format!("{told}, 합격이 아닌 것: {others}\n"),
        (false, Lang::En) => format!("{told}; not: {others}\n"),
    }
}

fn one(
    wanted: &str,
    scenario: &Scenario,
    args: &Args,
    listen: SocketAddr,
    interrupt: &Interrupt,
    io: &mut Io,
) -> Result<Exit, Failure> {
    let folder = args.report.as_deref().map(|dir| target(dir, scenario, args.scenarios.len()));
    let draft = folder.as_deref().map(Draft::create).transpose().map_err(|error| unwritten(&error, io.lang))?;
    let mut journal = draft.as_ref().map(|draft| journal(draft, scenario, args.clock)).transpose()?;
    let recorder: &mut dyn Recorder = match &mut journal {
        Some(journal) => journal,
        None => &mut rehearse::Nowhere,
    };
    let progress = bar(scenario, args.quiet, io);
    let view = match args.clock {
        ClockArg::Virtual => {
            let mut advance = |at: SimTime| progress.set_position(at.micros() / 1_000_000);
            let view = rehearse::in_virtual_time(scenario, recorder, interrupt, &mut advance);
            view.map_err(|error| Failure::Simulator(error.message))
        }
        ClockArg::Live(speed) => {
            let (seen, quiet, watched) = (progress.clone(), args.quiet, io.err_watched);
            let mut say = move |line: &str| match (quiet, watched) {
                (true, _) => {}
                (false, true) => seen.println(line),
                // Nobody left to read it is no reason to end the run.
                (false, false) => drop(writeln!(std::io::stderr(), "{line}")),
            };
            live::run(scenario, speed, recorder, &progress, &mut say, io.lang)
        }
        ClockArg::Lockstep => lockstep::run(scenario, listen, recorder, &progress, io),
    };
    progress.finish_and_clear();
    let again = Some(reading::typed(wanted, &args.changes));
    let mut view = RunView { again, folder: folder.map(|folder| folder.display().to_string()), ..view? };
    // Said even if it cannot be written: an hour of a live run is not lost to a full disk.
    let written = draft.map(|draft| draft.finish(&view, crate::report::BUILD, io.lang)).transpose();
    if written.is_err() {
        view.folder = None;
    }
    say(&view, args.quiet, io)?;
    written.map_err(|error| unwritten(&error, io.lang))?;
    Ok(Exit::of(view.verdict))
}

/// The report, or one line of it.
fn say(view: &RunView, quiet: bool, io: &mut Io) -> Result<(), Failure> {
    let text = if quiet {
        let (reached, all) = (view.figures.reached, view.figures.notices);
        let share = words::percent(reached, all);
        format!("{}  {}  {}/{} {share}\n", view.verdict.name(), clean(&view.name), reached, all)
    } else {
        text::report(view, io.lang, io.look)
    };
    io.out.write_all(text.as_bytes())?;
    Ok(())
}

/// Where a scenario's folder goes: the one that was asked for, or one of its own below it.
fn target(dir: &Path, scenario: &Scenario, of: usize) -> PathBuf {
    if of == 1 {
        return dir.to_owned();
    }
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = scenario.plan.name.chars().map(plain).collect();
    dir.join(name.trim_start_matches('.'))
}

fn journal(draft: &Draft, scenario: &Scenario, clock: ClockArg) -> Result<Writer, Failure> {
    let plan = &scenario.plan;
    let (phones, speed) = match clock {
        ClockArg::Virtual => (Phones::Simulated, None),
        ClockArg::Live(speed) => (Phones::Outside, Some(speed)),
        ClockArg::Lockstep => (Phones::Simulated, Some(LOCKSTEP)),
    };
    let meta = Meta::of(&plan.name, plan.seed.0, phones, speed);
    Writer::create(draft.path(), &meta, &scenario.resolved, Names::of(plan))
        .map_err(|error| Failure::Simulator(error.to_string()))
}

fn unwritten(error: &FolderError, lang: Lang) -> Failure {
    match error {
        FolderError::Foreign { .. } => Failure::Usage(told::folder(error, lang)),
        FolderError::Io { .. } => Failure::Simulator(told::folder(error, lang)),
    }
}

/// A bar of simulated time on the error output, for those who watch; short runs are over before it shows.
fn bar(scenario: &Scenario, quiet: bool, io: &Io) -> ProgressBar {
    let length = scenario.plan.clock.stop.micros() / 1_000_000;
    let target = if io.err_watched && !quiet { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {eta}").expect("a sound template");
    bar.with_style(style).with_message(clean(&scenario.plan.name))
}
