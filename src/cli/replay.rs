//! `bongsu replay RUN`: plays a recorded run again and compares every event with the recording, byte for byte.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::told;
use crate::host::control::runs::Difference;
use crate::host::journal::meta::build;
use crate::host::journal::{JournalError, reader};
use crate::host::stage::again::again;
use crate::sim::model::words::{Lang, Words};
use crate::sim::scenario::{self, Library, Loaded, Options, Scenario};

/// What to replay.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu run first-minute --clock x10 --report out
  bongsu replay out

Exit codes: 0 the same bytes, 1 a difference, 3 not a run's folder, or one that cannot be read")]
pub struct Args {
    /// A run's folder: run.json, scenario.yaml, inputs.ndjson and events.ndjson
    #[arg(value_name = "RUN")]
    run: PathBuf,
}

/// The library of a resolved scenario, which names no other file.
pub struct Alone;

impl Library for Alone {
    fn load(&self, _from: &str, name: &str) -> Result<Loaded, Words> {
        Err(Words {
            ko: format!("기록된 시나리오는 다른 파일을 쓰지 않음: {name}"),
            en: format!("a resolved scenario names no other file, found '{name}'"),
        })
    }
}

/// Replays and compares.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let meta = reader::meta(&args.run).map_err(|error| unreadable(&error, io.lang))?;
    if meta.build != build() {
        let text =
            io.pick("다른 버전이 기록한 실행이라 결과가 다를 수 있음", "recorded by another build, which may differ");
        let line = format!("bongsu: {text} ({} / {})\n", meta.build, build());
        io.err.write_all(line.as_bytes())?;
    }
    let scenario = scenario_of(&args.run, io)?;
    let replayed = again(&args.run, &meta, &scenario).map_err(|error| Failure::Usage(told::again(&error, io.lang)))?;
    let (exit, text) = match replayed.difference {
        None => (Exit::Pass, equal(replayed.events, io.lang)),
        Some(difference) => (Exit::Fail, differs(&difference, io.lang)),
    };
    io.out.write_all(text.as_bytes())?;
    Ok(exit)
}

fn scenario_of(folder: &Path, io: &Io) -> Result<Scenario, Failure> {
    let text = reader::scenario(folder).map_err(|error| unreadable(&error, io.lang))?;
    let options = Options { resolved: true, ..Options::default() };
    let read = scenario::read("scenario.yaml", &text, &Alone, &options);
    read.map_err(|problems| Failure::Problems(problems.render(io.lang, io.err_color)))
}

fn unreadable(error: &JournalError, lang: Lang) -> Failure {
    Failure::Usage(told::journal(error, lang))
}

fn equal(lines: u64, lang: Lang) -> String {
    match lang {
        Lang::Ko => format!("같음: 사건 {lines}개가 기록과 바이트까지 같음\n"),
        Lang::En => format!("equal: {lines} events, the same bytes as recorded\n"),
    }
}

fn differs(difference: &Difference, lang: Lang) -> String {
    let none = crate::report::words::pick(lang, "(없음)", "(none)");
    let side = |line: &Option<String>| line.as_deref().unwrap_or(none).to_owned();
    let (recorded, replayed) = (side(&difference.recorded), side(&difference.replayed));
    let line = difference.line;
    match lang {
        Lang::Ko => format!("다름: events.ndjson {line}번째 줄\n  기록: {recorded}\n  재생: {replayed}\n"),
        Lang::En => {
            format!("different: line {line} of events.ndjson\n  recorded: {recorded}\n  replayed: {replayed}\n")
        }
    }
}
