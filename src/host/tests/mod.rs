//! Parts of the host together: drives, journal, API and gateway over one small plan.

use std::sync::Arc;

use serde_json::Value;

use crate::host::control::run::Run;
use crate::host::control::runs::{Listing, Located, Outage, OutageListing, Source, Start, StartError};
use crate::host::stage::{Judgement, Over, Shelf};
use crate::sim::engine::Phones;
use crate::sim::expect::{Clause, Promise, Strength, parse};
use crate::sim::fault::{DownHow, Fault, FaultKind, Recover, Scope};
use crate::sim::model::medium::Network;
use crate::sim::model::words::Words;
use crate::sim::plan::magic;
use crate::sim::plan::{Lesson, Pace, Plan, sample};
use crate::sim::scenario::{Pack, Scenario};
use crate::sim::time::{SimTime, Span};

mod drives;
mod api;
mod by_hand;
mod documents;
mod submit;
mod wait;
mod search;
mod clock;
mod lockstep;
mod picture;
mod metrics;
mod sockets;
mod class;
mod conformance;
mod fates;
mod solapi;
mod outside;
mod refused;
mod nhn;
mod bizgo;
mod accounts;
mod mail;

/// A thousand bills over twenty minutes; the network is down from the fifth to the fifteenth.
pub fn blackout() -> Scenario {
    let mut plan = sample::rent();
    plan.clock.stop = SimTime::ZERO + Span::from_secs(3_000);
    plan.sends[0].pace = Pace::Over(Span::from_secs(1_200));
    plan.faults.push(down("blackout", 300, Some(900)));
    magic::join(&mut plan, magic::STANDBY, &[]);
    Scenario { plan, promise: Promise::default(), resolved: "scenario: rent\n".to_owned() }
}

/// The same, with two things promised.
pub fn promising() -> Scenario {
    let scenario = blackout();
    let clause = |source: &str| Clause {
        strength: Strength::Must,
        source: source.to_owned(),
        expression: parse(source, &scenario.plan).expect("an expression"),
        why: Words::default(),
    };
    let expect = ["ratio(reached) >= 99%", "count(reached_twice) == 0"].map(clause).to_vec();
    Scenario { promise: Promise { expect, ..Promise::default() }, ..scenario }
}

/// The kakao network is down between two seconds of the run.
pub fn down(name: &str, begins: u64, ends: Option<u64>) -> Fault {
    let kind = FaultKind::Down { how: DownHow::Reject };
    let legs = kind.own_legs().to_vec();
    Fault {
        name: name.to_owned(),
        kind,
        scope: Scope { networks: vec![Network::Kakao], legs, ..Scope::default() },
        begins: SimTime::ZERO + Span::from_secs(begins),
        ends: ends.map(|ends| SimTime::ZERO + Span::from_secs(ends)),
        recover: Recover::Drop,
        lifted: false,
        pack: None,
    }
}

/// A shelf with one scenario, `rent`; a fault is `{"fault":"name"}` and lasts until it is lifted.
pub struct OneScenario;

impl Shelf for OneScenario {
    fn read(&self, start: &Start) -> Result<Scenario, StartError> {
        match &start.scenario {
            Source::Name(name) if name == "rent" => Ok(blackout()),
            Source::Name(name) if name == "promising" => Ok(promising()),
            Source::Name(name) => {
                Err(StartError::UnknownScenario { name: name.clone(), nearest: Some("rent".to_owned()) })
            }
            Source::Text(_) => Err(StartError::Unreadable(vec![problem("scenario.yaml"), problem("pack.yaml")])),
        }
    }

    fn read_resolved(&self, _text: &[u8]) -> Result<Scenario, StartError> {
        Ok(blackout())
    }

    fn read_fault(&self, _plan: &Plan, text: &[u8], at: SimTime) -> Result<Fault, Vec<Located>> {
        let value: Value = serde_json::from_slice(text).map_err(|_| vec![problem("fault")])?;
        let name = value["fault"].as_str().ok_or_else(|| vec![problem("fault")])?;
        Ok(Fault { begins: at, ..down(name, 0, None) })
    }

    fn read_outage(&self, _run: &Run, outage: &Outage, at: SimTime) -> Result<Vec<Fault>, Vec<Located>> {
        match outage.name.as_str() {
            "two" => Ok(["one", "two"].map(|name| Fault { begins: at, ..down(name, 0, None) }).to_vec()),
            _ => Err(vec![problem("outage")]),
        }
    }

    fn outages(&self) -> Vec<OutageListing> {
        let faults = vec![down("one", 0, Some(60)), down("two", 60, Some(120))];
        let (name, title) = ("two".to_owned(), Words::same("two"));
        let pack =
            Pack { name: name.clone(), title, story: Words::default(), began: None, sources: Vec::new(), faults };
        vec![OutageListing { name, pack }]
    }

    fn as_played(&self, run: &Run) -> Result<String, Vec<Located>> {
        let posted = run.faults().into_iter().filter(|fault| fault.posted).map(|fault| format!("# {}\n", fault.name));
        Ok(format!("{}{}", run.resolved, posted.collect::<String>()))
    }

    fn scenarios(&self) -> Vec<Listing> {
        let plan = blackout().plan;
        let (title, people, stop) = (plan.title.clone(), plan.people(), plan.clock.stop);
        let faults = plan.faults.iter().map(|fault| fault.name.clone()).collect();
        let agency = plan.channels[0].name.clone();
        let question = Words { ko: "누가 빠질까요?".to_owned(), en: "Who is left out?".to_owned() };
        let lesson = Some(Lesson { question: question.clone(), predict: question.clone(), answer: question });
        let (name, promises) = ("rent".to_owned(), vec![Words::same("everybody hears".to_owned())]);
        vec![Listing { name, title, agency, lesson, sources: plan.sources, people, stop, faults, promises }]
    }

    fn scenario_text(&self, name: &str) -> Result<String, StartError> {
        self.read(&Start { scenario: Source::Name(name.to_owned()), ..wanted(None) }).map(|scenario| scenario.resolved)
    }

    fn judge(&self, over: Over<'_>) -> Judgement {
        assert!(over.rehearsal.ended(), "only a run that is over is judged");
        let document = r#"{"verdict":"PASS"}"#.to_owned();
        let report = over.folder.is_none().then(|| "<!doctype html><title>rent</title>".to_owned());
        Judgement { verdict: "PASS", exit: 0, document, report, unwritten: None }
    }
}

/// What is wanted of [`OneScenario`].
pub fn wanted(speed: Option<u32>) -> Start {
    Start {
        scenario: Source::Name("rent".to_owned()),
        speed,
        seed: None,
        outages: Vec::new(),
        settings: Vec::new(),
        phones: Phones::Simulated,
    }
}

/// A shelf for a server.
pub fn shelf() -> Arc<dyn Shelf> {
    Arc::new(OneScenario)
}

fn problem(file: &str) -> Located {
    let message =
        Words { ko: "초 단위가 필요합니다".to_owned(), en: "expected a time like 90s, found 90".to_owned() };
    Located { file: file.to_owned(), line: 3, column: 7, message, nearest: None }
}
