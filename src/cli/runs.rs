//! `bongsu runs`: the runs in a data folder of `serve`, and the way to let go of them.
//!
//! It works beside a server that writes the same folder, and without one. A run that goes on, or will when a server
//! starts again, is never let go of.

use std::io::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::told;
use crate::cli::values::AgeArg;
use crate::host::journal::store::purge::{self, Retention};
use crate::host::journal::store::row::StoredRun;
use crate::host::journal::store::{StoreError, open, read};
use crate::report::text::terminal::{Tone, clean, fit, width};
use crate::report::words::number;
use crate::sim::model::words::Lang;

/// Which runs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu serve --data data --keep 30d --keep-runs 100
  bongsu runs --data data
  bongsu runs --data data --purge --keep-runs 10

Exit codes: 0 listed or purged, 3 no journal there, or one that cannot be read")]
pub struct Args {
    /// The data folder of a server
    #[arg(long, value_name = "DIR", default_value = ".")]
    data: PathBuf,
    /// Let go of runs that are over, their folders too: all of them, or those that --keep and --keep-runs do not keep
    #[arg(long)]
    purge: bool,
    /// With --purge: keep runs that ended within this time, such as 30d
    #[arg(long, value_name = "TIME", requires = "purge")]
    keep: Option<AgeArg>,
    /// With --purge: keep the newest N
    #[arg(long, value_name = "N", requires = "purge")]
    keep_runs: Option<usize>,
}

/// Which runs stay, as two arguments say.
pub fn stay(keep: Option<AgeArg>, keep_runs: Option<usize>) -> Retention {
    Retention { age_s: keep.map(|AgeArg(seconds)| seconds), runs: keep_runs }
}

/// What goes wrong with a store is a wrong folder; the sentence says which.
pub fn unusable(error: &StoreError, lang: Lang) -> Failure {
    let text = told::store(error, lang);
    match error {
        StoreError::Library(_) | StoreError::Io { .. } => Failure::Simulator(text),
        StoreError::Missing(_)
        | StoreError::InUse(_)
        | StoreError::Foreign { .. }
        | StoreError::Newer { .. }
        | StoreError::Torn { .. } => Failure::Usage(text),
    }
}

/// A store that cannot even be opened to look into is a wrong folder, whatever the machine says of it.
fn unreadable(error: &StoreError, lang: Lang) -> Failure {
    match error {
        StoreError::Io { .. } => Failure::Usage(told::store(error, lang)),
        StoreError::Library(_)
        | StoreError::Missing(_)
        | StoreError::InUse(_)
        | StoreError::Foreign { .. }
        | StoreError::Newer { .. }
        | StoreError::Torn { .. } => unusable(error, lang),
    }
}

/// Lists or purges.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let lang = io.lang;
    let opened = open::beside(&args.data, args.purge).map_err(|error| unreadable(&error, lang))?;
    if args.purge {
        let given = stay(args.keep, args.keep_runs);
        let stay = if given.keeps_all() { Retention::NOTHING } else { given };
        let now_s = Timestamp::now().as_second();
        let gone = purge::purge(&opened, stay, now_s).map_err(|error| unusable(&error, lang))?;
        let text = io.pick("지운 실행:", "runs purged:");
        writeln!(io.out, "{text} {}", gone.len())?;
        return Ok(Exit::Pass);
    }
    let runs = read::runs(&opened).map_err(|error| unreadable(&error, lang))?;
    let served = open::served(&args.data).map_err(|error| unreadable(&error, lang))?;
    table(&runs, served, io)?;
    Ok(Exit::Pass)
}

fn table(runs: &[StoredRun], served: bool, io: &mut Io) -> Result<(), Failure> {
    if runs.is_empty() {
        writeln!(io.out, "{}", io.pick("실행이 없습니다", "no runs"))?;
        return Ok(());
    }
    let head = match io.pick("ko", "en") {
        "ko" => ["실행", "시작 (한국 시각)", "상태", "시나리오 시각", "입력", "시나리오", "폴더"],
        _ => ["run", "begun (Korea)", "state", "came to", "inputs", "scenario", "folder"],
    };
    let rows: Vec<[String; 7]> = runs.iter().map(|run| cells(run, served, io)).collect();
    let wide = |column: usize| rows.iter().map(|row| width(&row[column])).fold(width(head[column]), usize::max);
    let line = |cells: [&str; 7]| -> String {
        let padded = cells.iter().enumerate().map(|(column, cell)| fit(cell, wide(column)));
        padded.collect::<Vec<String>>().join("  ").trim_end().to_owned()
    };
    writeln!(io.out, "{}", io.look.paint(Tone::Head, &line(head)))?;
    for row in &rows {
        writeln!(io.out, "{}", line(row.each_ref().map(String::as_str)))?;
    }
    Ok(())
}

fn cells(run: &StoredRun, served: bool, io: &Io) -> [String; 7] {
    let state = match (&run.ended, served) {
        (None, true) => io.pick("진행 중", "going on").to_owned(),
        (None, false) => io.pick("중단됨 (serve가 이어 감)", "broken off (serve goes on)").to_owned(),
        (Some(ended), _) => ended.verdict.clone().unwrap_or_else(|| io.pick("이어 갈 수 없음", "given up").to_owned()),
    };
    [
        run.new.id.to_string(),
        korean_time(run.new.begun_s),
        state,
        run.at.to_string(),
        number(run.inputs),
        clean(&run.new.name),
        clean(&run.new.folder),
    ]
}

/// Korea has had no summer time since 1988.
fn korean_time(seconds: i64) -> String {
    let zone = TimeZone::fixed(Offset::constant(9));
    match Timestamp::from_second(seconds) {
        Ok(time) => time.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => seconds.to_string(),
    }
}
