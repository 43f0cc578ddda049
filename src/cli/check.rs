//! `bongsu check FILE...`: reads scenarios and outage packs and shows all problems of all of them, without running
//! anything. `--set`, `--outage` and the others change scenarios; a pack is checked as it is.

use std::io::Write as _;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::library::{self, Files};
use crate::cli::reading::{self, Changes};
use crate::cli::several::{self, Wanted};
use crate::report::text::terminal::clean;
use crate::report::words::number;
use crate::sim::model::words::Lang;
use crate::sim::scenario::{self, Pack, Scenario};

/// What to check.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu check my.yaml my-outage.yaml
  bongsu check scenarios/*.yaml --outage 2024-05-13-kakao")]
pub struct Args {
    /// Files of scenarios or outage packs, folders of them, or names of built-in ones
    #[arg(required = true, value_name = "FILE|NAME")]
    files: Vec<String>,
    #[command(flatten)]
    changes: Changes,
}

/// Checks every file, whatever the others have.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let mut worst = Exit::Pass;
    let files = several::expand(&args.files, Wanted::Packs);
    for file in &files.map_err(|words| Failure::usage(&words, io.lang))? {
        match check(file, &args.changes, io) {
            Ok(line) => io.out.write_all(line.as_bytes())?,
            Err(failure) => worst = worst.max(super::explain(&failure, io)),
        }
    }
    Ok(worst)
}

/// Checks one file, and answers the line that says it is well.
fn check(file: &str, changes: &Changes, io: &Io) -> Result<String, Failure> {
    let found = library::either(file).map_err(|words| Failure::usage(&words, io.lang))?;
    if !scenario::is_pack(&found.text) {
        return reading::read(file, changes, io).map(|scenario| summary(file, &scenario, io.lang));
    }
    match scenario::read_pack(&found.name, &found.text, &Files::default()) {
        Ok(pack) => Ok(summary_of_pack(file, &pack, io.lang)),
        Err(problems) => Err(Failure::Problems(problems.render(io.lang, io.err_color))),
    }
}

fn summary_of_pack(file: &str, pack: &Pack, lang: Lang) -> String {
    let (file, faults, sources, lasts) = (clean(file), pack.faults.len(), pack.sources.len(), pack.lasts());
    match lang {
        Lang::Ko => format!("✔ {file}: 장애 꾸러미, 장애 {faults}, 길이 {lasts}, 출처 {sources}\n"),
        Lang::En => format!("✔ {file}: an outage pack, {faults} faults, {lasts} long, {sources} sources\n"),
    }
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
