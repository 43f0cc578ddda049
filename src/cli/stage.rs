//! What a server needs of texts and judgements: the built-in library, the scenario reader and the reports.
//!
//! A run that is asked for over HTTP sees built-in files only: no path of this machine is opened for a client.

use std::sync::OnceLock;

use tokio::sync::mpsc;

use crate::cli::library::{self, Files};
use crate::cli::replay::Alone;
use crate::cli::values::OutageArg;
use crate::host::control::faults::FaultRow;
use crate::host::control::run::Run;
use crate::host::control::runs::{Listing, Located, Outage, OutageListing, Source, Start, StartError};
use crate::host::stage::{Judgement, Over, Shelf};
use crate::report::folder::write_reports;
use crate::report::text::terminal::Look;
use crate::report::view::{PaceView, RunView};
use crate::report::{BUILD, html, json, text};
use crate::sim::expect::Clause;
use crate::sim::fault::Fault;
use crate::sim::model::words::{Lang, Words};
use crate::sim::plan::Plan;
use crate::sim::scenario::{
    self, Happened, Library as _, Loaded, Options, OutageAt, Posting, Problems, Scenario, Setting,
};
use crate::sim::time::SimTime;

/// The house's own shelf.
pub struct House {
    /// The language in which a run's folder greets its reader.
    pub lang: Lang,
    /// Where the terminal report of every run goes, if somebody reads it.
    pub told: Option<Told>,
}

/// A reader of terminal reports.
pub struct Told {
    /// How they are to look.
    pub look: Look,
    /// The reader's end; a report that it has no room for is not waited for.
    pub to: mpsc::Sender<String>,
}

impl House {
    /// What plays a run again: a command knows nothing of what others did to a run of a server, but the first run of
    /// `bongsu` alone is the library's as it is, if nobody posted a fault into it.
    fn again(&self, plan: &Plan, posted: &[Fault]) -> Option<String> {
        (self.told.is_some() && posted.is_empty() && plan.name == library::FIRST).then(|| library::FIRST.to_owned())
    }
}

/// How names of built-in files begin.
const BUILT_IN: &str = "bongsu:";

impl Shelf for House {
    fn read(&self, start: &Start) -> Result<Scenario, StartError> {
        let Loaded { name, text } = match &start.scenario {
            Source::Name(name) => built_in(name)?,
            // As if it lay in the library's top folder, so that it may name outage packs.
            Source::Text(text) => Loaded { name: format!("{BUILT_IN}scenario.yaml"), text: text.as_bytes().to_vec() },
        };
        let setting = |(path, value): &(String, String)| Setting { path: path.clone(), value: value.clone() };
        let options = Options {
            settings: start.settings.iter().map(setting).collect(),
            outages: start.outages.iter().map(|outage| outage_at(outage)).collect::<Result<_, _>>()?,
            seed: start.seed,
            ..Options::default()
        };
        let read = scenario::read(&name, &text, &Files::default(), &options);
        read.map_err(|problems| StartError::Unreadable(located(&problems)))
    }

    fn read_resolved(&self, text: &[u8]) -> Result<Scenario, StartError> {
        let options = Options { resolved: true, ..Options::default() };
        let read = scenario::read("scenario.yaml", text, &Alone, &options);
        read.map_err(|problems| StartError::Unreadable(located(&problems)))
    }

    fn read_fault(&self, plan: &Plan, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>> {
        scenario::read_fault("fault", text, plan, at).map_err(|problems| located(&problems))
    }

    fn read_outage(&self, run: &Run, outage: &Outage, at: SimTime) -> Result<Vec<Fault>, Vec<Located>> {
        let name = library::built_in_pack(&outage.name).map_err(|nearest| vec![no_pack(nearest)])?;
        let files = Files::default();
        let Loaded { name, text } = files.load("", &name).map_err(|error| vec![about_outage(error.en, None)])?;
        let taken: Vec<String> = run.faults().into_iter().map(|fault| fault.name).collect();
        let to = Posting { plan: &run.plan, taken: &taken, at, times: outage.speed };
        let read = scenario::read_posting(&name, &text, &files, to);
        read.map(|pack| pack.faults).map_err(|problems| located(&problems))
    }

    fn outages(&self) -> Vec<OutageListing> {
        static LISTED: OnceLock<Vec<OutageListing>> = OnceLock::new();
        LISTED.get_or_init(|| library::packs().into_iter().filter_map(outage).collect()).clone()
    }

    fn as_played(&self, run: &Run) -> Result<String, Vec<Located>> {
        let happened: Vec<Happened> = run.faults().iter().map(FaultRow::happened).collect();
        let text = scenario::as_played(run.resolved.as_bytes(), &run.plan, &happened);
        let text = text.map_err(|problems| located(&problems))?;
        // What is handed out must be a scenario.
        let options = Options { resolved: true, ..Options::default() };
        scenario::read("scenario.yaml", text.as_bytes(), &Alone, &options).map_err(|problems| located(&problems))?;
        Ok(text)
    }

    fn scenarios(&self) -> Vec<Listing> {
        // What is built in does not change while the program runs.
        static LISTED: OnceLock<Vec<Listing>> = OnceLock::new();
        // What is built in was checked when it was built; if one is broken all the same, the others are still shown.
        LISTED.get_or_init(|| library::scenarios().iter().filter_map(|name| listing(name)).collect()).clone()
    }

    fn scenario_text(&self, name: &str) -> Result<String, StartError> {
        Ok(String::from_utf8_lossy(&built_in(name)?.text).into_owned())
    }

    fn judge(&self, over: Over<'_>) -> Judgement {
        let plan = over.rehearsal.plan().clone();
        let faults = over.rehearsal.engine().faults().all();
        let posted: Vec<Fault> = faults.iter().skip(plan.faults.len()).map(|live| live.fault.clone()).collect();
        let verdict = over.rehearsal.into_watch().finish();
        let folder = over.folder.map(|folder| folder.display().to_string());
        let again = self.again(&plan, &posted);
        let view = RunView { again, folder, ..RunView::of(&plan, &posted, &verdict, PaceView::of(over.speed)) };
        if let Some(told) = &self.told {
            // A reader that is slow or gone can read the report elsewhere.
            let _ = told.to.try_send(text::report(&view, self.lang, told.look));
        }
        let report = over.folder.is_none().then(|| html::report(&view, BUILD, self.lang));
        let written = over.folder.map_or(Ok(()), |folder| write_reports(folder, &view, BUILD, self.lang));
        Judgement {
            verdict: verdict.overall.name(),
            exit: verdict.overall.exit_code(),
            document: json::report(&view, BUILD),
            report,
            unwritten: written.err().map(|error| error.to_string()),
        }
    }
}

fn listing(name: &str) -> Option<Listing> {
    let Loaded { name: file, text } = built_in(name).ok()?;
    let Scenario { plan, promise, .. } = scenario::read(&file, &text, &Files::default(), &Options::default()).ok()?;
    let first_channel = || plan.channels.first().map(|channel| channel.name.clone());
    Some(Listing {
        name: name.to_owned(),
        people: plan.people(),
        stop: plan.clock.stop,
        faults: plan.faults.iter().map(|fault| fault.name.clone()).collect(),
        promises: promise.expect.iter().map(said).collect(),
        agency: library::agency(name).or_else(first_channel).unwrap_or_default(),
        lesson: plan.lesson,
        title: plan.title,
        sources: plan.sources,
    })
}

/// A promise in the words of its file: its reason, or the expression where it gives none.
fn said(clause: &Clause) -> Words {
    if clause.why.ko.is_empty() && clause.why.en.is_empty() {
        return Words::same(clause.source.clone());
    }
    clause.why.clone()
}

/// A built-in scenario, by its name or the end of it.
fn built_in(name: &str) -> Result<Loaded, StartError> {
    let unknown = |nearest| StartError::UnknownScenario { name: name.to_owned(), nearest };
    let loaded = Files::default().load("", &library::built_in_scenario(name).map_err(unknown)?);
    loaded.map_err(|error| StartError::Failed(format!("the library cannot be read: {}", error.en)))
}

/// `PACK[@AT]` of the built-in packs.
fn outage_at(text: &str) -> Result<OutageAt, StartError> {
    let wrong = |located| StartError::Unreadable(vec![located]);
    let arg: OutageArg = text.parse().map_err(|error| wrong(about_outage(error, None)))?;
    let name = library::built_in_pack(&arg.pack).map_err(|nearest| wrong(no_pack(nearest)))?;
    Ok(OutageAt { name, at: arg.at })
}

fn no_pack(nearest: Option<String>) -> Located {
    let packs = library::packs().join(", ");
    let ko = format!("그런 이름의 장애 꾸러미가 없습니다. 있는 것: {packs}");
    let message = Words { ko, en: format!("no built-in outage pack of that name among {packs}") };
    Located { message, ..about_outage(String::new(), nearest) }
}

fn about_outage(en: String, nearest: Option<String>) -> Located {
    Located { file: "outage".to_owned(), line: 1, column: 1, message: Words::same(en), nearest }
}

fn outage(name: String) -> Option<OutageListing> {
    let files = Files::default();
    let Loaded { name: file, text } = files.load("", &library::built_in_pack(&name).ok()?).ok()?;
    let pack = scenario::read_pack(&file, &text, &files).ok()?;
    Some(OutageListing { name, pack })
}

fn located(problems: &Problems) -> Vec<Located> {
    let one = |problem: &scenario::Problem| Located {
        file: problem.file.clone(),
        line: u32::try_from(problem.line).unwrap_or(u32::MAX),
        column: u32::try_from(problem.column).unwrap_or(u32::MAX),
        message: Words { ko: sentence(problem, Lang::Ko), en: sentence(problem, Lang::En) },
        nearest: problem.nearest.clone(),
    };
    problems.list().iter().map(one).collect()
}

/// What is wrong, and what stands or should stand there.
fn sentence(problem: &scenario::Problem, lang: Lang) -> String {
    let (message, label) = (problem.message.text(lang), problem.label(lang));
    if label.is_empty() { message.to_owned() } else { format!("{message}; {label}") }
}

#[cfg(test)]
mod tests {
    use super::House;
    use crate::host::control::runs::{Source, Start, StartError};
    use crate::host::stage::Shelf as _;
    use crate::sim::engine::Phones;
    use crate::sim::model::words::Lang;

    fn start(name: &str, outage: &str) -> Start {
        Start {
            scenario: Source::Name(name.to_owned()),
            speed: None,
            seed: None,
            outages: vec![outage.to_owned()],
            settings: Vec::new(),
            phones: Phones::Simulated,
        }
    }

    #[test]
    fn names_mean_over_http_what_they_mean_to_the_command() {
        let house = House { lang: Lang::En, told: None };
        let whole = house.read(&start("lh/rent-bill-blackout", "2024-05-13-kakao@16m")).expect("a scenario");
        let ending = house.read(&start("rent-bill-blackout", "2024-05-13-kakao.yaml@16m")).expect("a scenario");
        assert_eq!(whole.resolved, ending.resolved);
        let found = house.read(&start("rent-bil-blackout", "x")).expect_err("no such pack, and no such scenario");
        let nearest = Some("lh/rent-bill-blackout".to_owned());
        assert_eq!(found, StartError::UnknownScenario { name: "rent-bil-blackout".to_owned(), nearest });
        let Err(StartError::Unreadable(problems)) = house.read(&start("first-minute", "2024-05-13-kakoa@1m")) else {
            panic!("there is no such pack");
        };
        assert_eq!((problems[0].file.as_str(), problems[0].nearest.as_deref()), ("outage", Some("2024-05-13-kakao")));
    }
}
