//! `bongsu list`: the scenarios and outage packs that are built into the program: by agency, by lesson, by source.

use std::collections::BTreeMap;
use std::io::Write as _;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::library;
use crate::cli::reading::{self, Changes};
use crate::report::text::terminal::{Tone, clean, fit, width, wrap};
use crate::sim::model::words::Words;
use crate::sim::plan::{Lesson, Plan};
use crate::sim::scenario::sources::{Source, source};

/// What to list.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu list
  bongsu list --sources                        (S1 to S19, and what replays each)
  bongsu list --lessons                        (questions for a class, and what to predict)
  bongsu run \"$(bongsu list --names | head -1)\"")]
pub struct Args {
    /// Print the systems of the source articles, S1 to S19, with the scenarios that replay each
    #[arg(long, conflicts_with = "lessons")]
    sources: bool,
    /// Print the lessons: the question, what to predict, the command that answers
    #[arg(long)]
    lessons: bool,
    /// Print names only, one a line
    #[arg(long, conflicts_with_all = ["sources", "lessons"])]
    names: bool,
}

/// The folder of scenarios that are for classes.
const LESSONS: &str = "lessons";

/// A scenario of the library, as the list shows it.
struct Entry {
    name: String,
    title: Words,
    /// Whose it is.
    agency: Words,
    sources: Vec<String>,
    lesson: Option<Lesson>,
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
    let entries: Vec<Entry> = names.iter().map(|name| entry(name, io)).collect();
    match (args.sources, args.lessons) {
        (true, _) => sources(&entries, io)?,
        (false, true) => lessons(&entries, io)?,
        (false, false) => library(&entries, io)?,
    }
    Ok(Exit::Pass)
}

/// What is built in was checked when it was built; if one is broken all the same, the list still shows the others.
fn entry(name: &str, io: &mut Io) -> Entry {
    let unreadable = || Words { ko: "(읽을 수 없음)".to_owned(), en: "(cannot be read)".to_owned() };
    let plan: Option<Plan> = reading::read(name, &Changes::default(), io).ok().map(|scenario| scenario.plan);
    Entry {
        name: name.to_owned(),
        title: plan.as_ref().map_or_else(unreadable, |plan| plan.title.clone()),
        agency: library::agency(name).unwrap_or_default(),
        sources: plan.as_ref().map_or_else(Vec::new, |plan| plan.sources.clone()),
        lesson: plan.and_then(|plan| plan.lesson),
    }
}

/// Every scenario under its agency, the lessons under their own head, and the packs.
fn library(entries: &[Entry], io: &mut Io) -> Result<(), Failure> {
    let wide = entries.iter().map(|entry| width(&entry.name)).max().unwrap_or(0);
    let mut folders: Vec<&str> = Vec::new();
    for folder in entries.iter().map(folder).filter(|folder| *folder != LESSONS) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    for folder in folders.into_iter().chain([LESSONS]) {
        let inside: Vec<&Entry> = entries.iter().filter(|entry| self::folder(entry) == folder).collect();
        let Some(first) = inside.first() else { continue };
        match folder {
            "" => head(io, "처음 보기", "To begin with")?,
            LESSONS => head(io, "수업 (bongsu list --lessons)", "Lessons (bongsu list --lessons)")?,
            _ => head(io, &first.agency.ko.clone(), &first.agency.en.clone())?,
        }
        for entry in inside {
            writeln!(io.out, "  {}  {}", fit(&entry.name, wide), clean(entry.title.text(io.lang)))?;
        }
    }
    let packs = library::packs();
    if !packs.is_empty() {
        head(io, "장애 꾸러미 (--outage)", "Outage packs (--outage)")?;
    }
    for pack in &packs {
        writeln!(io.out, "  {pack}")?;
    }
    Ok(())
}

/// S1, S2 ... with the scenarios of each; other sources, such as laws and dates, after them.
fn sources(entries: &[Entry], io: &mut Io) -> Result<(), Failure> {
    let mut rows: BTreeMap<(bool, u32, &str), Vec<&str>> = BTreeMap::new();
    for entry in entries {
        for source in &entry.sources {
            rows.entry(order(source)).or_default().push(&entry.name);
        }
    }
    head(io, "출처와 이를 재현하는 시나리오", "Sources, and the scenarios that replay them")?;
    for ((_, _, source), names) in rows {
        let account = account(source, io).map_or_else(String::new, |text| format!("  {text}"));
        writeln!(io.out, "  {}{account}", fit(&clean(source), 4).trim_end())?;
        writeln!(io.out, "        {}", names.join(", "))?;
    }
    Ok(())
}

/// What a code stands for; `None` for a source that is written out in full.
fn account(code: &str, io: &Io) -> Option<String> {
    let Source { system, agency, when, .. } = source(code)?;
    Some(format!("{} ({}, {when})", io.pick(system[0], system[1]), io.pick(agency[0], agency[1])))
}

/// Questions first, without the answers, which the runs give.
fn lessons(entries: &[Entry], io: &mut Io) -> Result<(), Failure> {
    let columns = io.look.columns();
    for entry in entries {
        let Some(lesson) = &entry.lesson else { continue };
        head(io, &entry.title.ko.clone(), &entry.title.en.clone())?;
        let rows = [(io.pick("질문", "question"), &lesson.question), (io.pick("예상", "predict"), &lesson.predict)];
        for (name, text) in rows.map(|(name, text)| (fit(name, 8), text.text(io.lang).to_owned())) {
            for (place, line) in wrap(&text, columns.saturating_sub(12)).iter().enumerate() {
                let name = if place == 0 { name.clone() } else { " ".repeat(8) };
                writeln!(io.out, "  {name}  {line}")?;
            }
        }
        writeln!(io.out, "  {}  bongsu run {}", fit(io.pick("실행", "run"), 8), entry.name)?;
    }
    Ok(())
}

/// `S2` before `S10`, and these before anything else.
fn order(source: &str) -> (bool, u32, &str) {
    let number = source.strip_prefix('S').and_then(|digits| digits.parse().ok());
    (number.is_none(), number.unwrap_or(0), source)
}

fn folder(entry: &Entry) -> &str {
    entry.name.split_once('/').map_or("", |(folder, _)| folder)
}

fn head(io: &mut Io, ko: &str, en: &str) -> Result<(), Failure> {
    let text = io.look.paint(Tone::Head, &clean(io.pick(ko, en)));
    writeln!(io.out, "{text}")?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn sources_are_in_the_order_of_their_numbers() {
        let mut sources = ["Hankyoreh 2022", "S10", "S2", "S19"];
        sources.sort_by_key(|source| order(source));
        assert_eq!(sources, ["S2", "S10", "S19", "Hankyoreh 2022"]);
    }
}
