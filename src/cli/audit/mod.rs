//! `bongsu audit RUN`: why did this person get two messages, and that one none?
//!
//! Reads the recorded events back, by the names of the recorded scenario; it does not play the run again, so a run that
//! another build recorded can be audited as well. What it says of belief and truth comes from the same watch that judged
//! the run.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use crate::cli::audit::recording::Recording;
use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::report::audit::proof::Proof;
use crate::report::audit::select::{Select, Whose};
use crate::report::audit::{biography, table, text};
use crate::report::svg::lamport::lamport;
use crate::report::view::{PaceView, RunView};
use crate::sim::expect::Watch;
use crate::sim::expect::verdict::Verdict;
use crate::sim::model::ids::{NoticeId, PersonId};
use crate::sim::model::words::Lang;
use crate::sim::plan::Plan;
use crate::sim::plan::numbers::{Numbers, digits_of};
use crate::sim::plan::population::Population;

pub mod recording;
mod tables;

/// Most of the missed who are listed.
const MISSED_MAX: usize = 1_000_000;

/// What to look at.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu run lh/rent-bill-blackout --report out
  bongsu audit out                              (belief against truth, with people to look at)
  bongsu audit out --json
  bongsu audit out --person 010-0000-0340
  bongsu audit out --notice n347 --svg n347.svg
  bongsu audit out --missed
  bongsu audit out --proof                      (when certified documents were sent, received and read)

Exit codes: 0 told, 3 not a run's folder, one that cannot be read, or nobody of that number")]
pub struct Args {
    /// A run's folder, with scenario.yaml and events.ndjson
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// Tell the story of all notices of this person, by number
    #[arg(long, value_name = "010-0000-0000", conflicts_with_all = ["notice", "missed"])]
    person: Option<String>,
    /// Tell the story of one notice
    #[arg(long, value_name = "n17", conflicts_with = "missed")]
    notice: Option<String>,
    /// List everybody who was not reached, and why
    #[arg(long)]
    missed: bool,
    /// Print the record of proof of certified documents; with --person or --notice, theirs
    #[arg(long, conflicts_with_all = ["missed", "svg"])]
    proof: bool,
    /// Print belief against truth as JSON
    #[arg(long, conflicts_with_all = ["person", "notice", "missed", "proof", "svg"])]
    json: bool,
    /// Also draw the story into this file
    #[arg(long, value_name = "FILE", conflicts_with = "missed")]
    svg: Option<PathBuf>,
}

/// Looks.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let asked = asked(&args, io.lang)?;
    if args.svg.is_some() && asked.is_none() {
        let why = io.pick(
            "--svg는 이야기를 그림: --person이나 --notice를 줄 것",
            "--svg draws a story: give --person or --notice",
        );
        return Err(Failure::Usage(why.to_owned()));
    }
    let recording = Recording::open(&args.run, io)?;
    let numbers = Numbers::of(&recording.scenario.plan);
    let whose = asked.map(|asked| whose(asked, &recording.scenario.plan, io.lang)).transpose()?;
    if args.proof {
        return proof(recording, whose, io);
    }
    match whose {
        Some(whose) => story(recording, whose, &args, io),
        None => {
            let plan = Arc::new(recording.scenario.plan.clone());
            let verdict = judged(recording, &plan, io)?;
            let text = if args.missed {
                tables::missed(&verdict, numbers, io.lang, io.look)
            } else {
                let view = RunView::of(&plan, &[], &verdict, PaceView::Virtual);
                let folder = args.run.display().to_string();
                match args.json {
                    true => table::json(&view.name, &view.figures),
                    false => table::table(&view.figures, &folder, io.lang, io.look),
                }
            };
            io.out.write_all(text.as_bytes())?;
            Ok(Exit::Pass)
        }
    }
}

/// Whose story is asked for, before it is known who there is.
enum Asked {
    Number(String),
    Notice(NoticeId),
}

fn asked(args: &Args, lang: Lang) -> Result<Option<Asked>, Failure> {
    if let Some(number) = &args.person {
        digits_of(number).ok_or_else(|| {
            Failure::Usage(counted(
                lang,
                format!("'{number}'은(는) 예약된 번호가 아님, 010-0000-0001 같아야 함"),
                format!("'{number}' is not a reserved number, expected one like 010-0000-0001"),
            ))
        })?;
        return Ok(Some(Asked::Number(number.clone())));
    }
    let Some(text) = &args.notice else { return Ok(None) };
    let notice = NoticeId::parse(text);
    let notice = notice.ok_or_else(|| {
        Failure::Usage(counted(
            lang,
            format!("'{text}'은(는) 알림이 아님, n17 같아야 함"),
            format!("'{text}' is not a notice, expected one like n17"),
        ))
    })?;
    Ok(Some(Asked::Notice(notice)))
}

fn whose(asked: Asked, plan: &Plan, lang: Lang) -> Result<Whose, Failure> {
    match asked {
        Asked::Notice(notice) => Ok(Whose::Notice(notice)),
        Asked::Number(number) => {
            let numbers = Numbers::of(plan);
            let person = numbers.person(&number).filter(|person| person.0 < plan.everyone());
            person.map(Whose::Person).ok_or_else(|| {
                let last = numbers.number(PersonId(plan.people().saturating_sub(1)));
                Failure::Usage(counted(
                    lang,
                    format!("이 실행에 번호가 {number}인 사람이 없음; 마지막은 {last}"),
                    format!("this run has nobody with the number {number}; its last is {last}"),
                ))
            })
        }
    }
}

fn story(mut recording: Recording, whose: Whose, args: &Args, io: &mut Io) -> Result<Exit, Failure> {
    let mut select = Select::of(whose);
    recording.each(&mut |event, _| select.see(event))?;
    recording.remark(io)?;
    let selected = select.done();
    let plan = &recording.scenario.plan;
    let people = Population::of(plan);
    let Some(story) = biography::of(&selected, plan, &people, recording.names()) else {
        return Err(Failure::Usage(nobody(whose, &people, io.lang)));
    };
    if let Some(path) = &args.svg {
        let drawn = lamport(&story, io.lang).alone(io.lang);
        let written = std::fs::write(path, drawn);
        written.map_err(|error| Failure::Simulator(format!("cannot write {}: {error}", path.display())))?;
    }
    io.out.write_all(text::biography(&story, selected.left_out, io.lang, io.look).as_bytes())?;
    Ok(Exit::Pass)
}

fn proof(mut recording: Recording, whose: Option<Whose>, io: &mut Io) -> Result<Exit, Failure> {
    let mut proof = Proof::of(whose);
    recording.each(&mut |event, _| proof.see(event))?;
    recording.remark(io)?;
    let text = proof.text(&recording.scenario.plan.clock, Numbers::of(&recording.scenario.plan), io.lang, io.look);
    io.out.write_all(text.as_bytes())?;
    Ok(Exit::Pass)
}

fn nobody(whose: Whose, people: &Population, lang: Lang) -> String {
    match whose {
        Whose::Person(person) => {
            let number = people.numbers().number(person);
            counted(
                lang,
                format!("이 실행은 {number}에 아무것도 보내지 않았음"),
                format!("nothing was sent to {number} in this run"),
            )
        }
        Whose::Notice(notice) => {
            counted(lang, format!("이 실행에 알림 {notice}이(가) 없음"), format!("this run has no notice {notice}"))
        }
    }
}

/// The verdict once more, from the recorded events.
fn judged(mut recording: Recording, plan: &Arc<Plan>, io: &mut Io) -> Result<Verdict, Failure> {
    let people = Arc::new(Population::of(plan));
    let mut watch = Watch::new(plan.clone(), people, recording.scenario.promise.clone());
    recording.each(&mut |event, posted| {
        if let Some(name) = posted {
            watch.fault_posted(name);
        }
        watch.observe(event);
    })?;
    recording.remark(io)?;
    Ok(watch.finish_listing(MISSED_MAX))
}

/// One of two texts with a number in it.
fn counted(lang: Lang, ko: String, en: String) -> String {
    match lang {
        Lang::Ko => ko,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests;
