//! `bongsu metrics`: what expressions can measure, printed from the same table that reads them.

use std::io::Write as _;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::report::text::terminal::{Tone, wrap};
use crate::sim::expect::catalogue::{self, Row};

/// Which to print.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu metrics
  bongsu metrics reached time_to_reach")]
pub struct Args {
    /// Only these metrics
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Prints the catalogue.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let rows = catalogue::metrics(io.lang);
    if let Some(unknown) = args.names.iter().find(|name| rows.iter().all(|row| row.name != name.as_str())) {
        let message = io.pick("그런 지표가 없음", "no such metric");
        return Err(Failure::Usage(format!("{message}: {unknown}")));
    }
    let mut page = String::new();
    for row in rows.iter().filter(|row| args.names.is_empty() || args.names.iter().any(|name| name == row.name)) {
        page.push_str(&metric(row, io));
    }
    if args.names.is_empty() {
        page.push_str(&io.look.paint(Tone::Head, io.pick("라벨", "labels")));
        page.push('\n');
        for label in catalogue::labels(io.lang) {
            page.push_str(&lines(label.name, label.meaning, io));
        }
    }
    io.out.write_all(page.as_bytes())?;
    Ok(Exit::Pass)
}

fn metric(row: &Row, io: &Io) -> String {
    let mut out = io.look.paint(Tone::Head, row.name);
    out.push('\n');
    let mut more = |name: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&lines(name, value, io));
        }
    };
    more("", row.meaning);
    more(io.pick("단위", "unit"), row.unit.name());
    more(io.pick("집계", "under"), &row.aggregates.join(", "));
    more(io.pick("대상 라벨", "whose"), &row.population.join(", "));
    more(io.pick("결과 라벨", "outcome"), &row.outcomes.join(", "));
    more(io.pick("창", "window"), if row.within { "within=" } else { "" });
    more("stop:", if row.stop { io.pick("쓸 수 있음", "yes") } else { "" });
    more(io.pick("예", "example"), &row.example);
    out.push('\n');
    out
}

/// A name in its column, and a text beside it on as many lines as it takes.
fn lines(name: &str, text: &str, io: &Io) -> String {
    const NAME: usize = 12;
    let mut out = String::new();
    for (i, line) in wrap(text, io.look.columns().saturating_sub(NAME + 3)).iter().enumerate() {
        let name = if i == 0 { name } else { "" };
        out.push_str(&format!("  {} {line}\n", crate::report::text::terminal::fit(name, NAME)));
    }
    out
}
