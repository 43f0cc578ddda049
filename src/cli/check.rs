//! `bongsu check FILE...`: reads scenarios and shows all problems of all of them, without running anything.

use std::io::Write as _;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::reading::{self, Changes};
use crate::report::text::terminal::clean;
use crate::report::words::number;
use crate::sim::model::words::Lang;
use crate::sim::scenario::Scenario;

/// What to check.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu check my.yaml
  bongsu check scenarios/*.yaml --outage 2024-05-13")]
pub struct Args {
    /// Scenario files, or names of built-in scenarios
    #[arg(required = true, value_name = "FILE|NAME")]
    files: Vec<String>,
    #[command(flatten)]
    changes: Changes,
}

/// Checks every file, whatever the others have.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let mut worst = Exit::Pass;
    for file in &args.files {
        match reading::read(file, &args.changes, io) {
            Ok(scenario) => {
                let line = summary(file, &scenario, io.lang);
                io.out.write_all(line.as_bytes())?;
            }
            Err(failure) => worst = worst.max(super::explain(&failure, io)),
        }
    }
    Ok(worst)
}

fn summary(file: &str, scenario: &Scenario, lang: Lang) -> String {
    let plan = &scenario.plan;
    let people = number(u64::from(plan.people()));
    let promises = scenario.promise.expect.len() + scenario.promise.steady.len();
    let (file, sends, faults) = (clean(file), plan.sends.len(), plan.faults.len());
    match lang {
        Lang::Ko => format!("✔ {file}: 시민 {people}명, 발송 {sends}, 장애 {faults}, 약속 {promises}\n"),
        Lang::En => format!("✔ {file}: {people} people, {sends} sends, {faults} faults, {promises} promises\n"),
    }
}
