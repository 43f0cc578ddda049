//! What the API says and takes, as JSON. Field names are a contract; times are whole microseconds of simulated time
//! beside a clock for eyes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::host::api::problem::{Kind, Problem, cut};
use crate::host::control::faults::{FaultRow, Stands};
use crate::host::control::pace::{LOCKSTEP, SPEED_MAX};
use crate::host::control::run::{Run, State};
use crate::host::control::runs::{Earlier, Source, Start, Told};
use crate::host::control::tally::Counts;
use crate::sim::engine::Phones;
use crate::sim::model::medium::Network;

/// `POST /v1/runs`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartBody {
    /// A name of the library, or the text of a scenario (anything with a line feed or a colon in it).
    pub scenario: String,
    /// `real` (default), `virtual`, `x60`, or `lockstep`: time moves when applications that hold a lease let it.
    #[serde(default)]
    pub clock: Option<String>,
    /// Another seed than the file's.
    #[serde(default)]
    pub seed: Option<u64>,
    /// One outage pack or several, each `NAME` or `NAME@AT`.
    #[serde(default)]
    pub outage: Option<OneOrMany>,
    /// Changes to the scenario: path to value.
    #[serde(default)]
    pub set: BTreeMap<String, Value>,
    /// `simulated` (default) or `outside`.
    #[serde(default)]
    pub phones: Option<String>,
}

/// One text, or a list of them.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// `POST /v1/runs/{id}/speed`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpeedBody {
    /// Simulated seconds a real second.
    pub speed: u32,
}

/// A run, as it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunBody {
    id: String,
    scenario: String,
    /// Null, with `figures`, in a list where the verdict of a run that is over cannot be read. `people`, `kinds`, `stop_us`
    /// and `counts` are null in a list for a run that is over and not in memory: its own address has them.
    title: Option<TitleBody>,
    seed: u64,
    state: &'static str,
    clock: String,
    phones: &'static str,
    people: Option<u32>,
    kinds: Option<Vec<String>>,
    at: String,
    at_us: u64,
    stop_us: Option<u64>,
    counts: Option<CountsBody>,
    /// What a list shows of it; null where its verdict cannot be read.
    figures: Option<FiguresBody>,
    /// When it began: seconds since 1970 by the real clock.
    begun_s: i64,
    /// When it was over, likewise.
    ended_s: Option<i64>,
    faults_on: Vec<String>,
    end: Option<&'static str>,
    verdict: Option<String>,
    exit: Option<u8>,
    unrecorded: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct FiguresBody {
    notices: u64,
    reached: u64,
    opened: u64,
    /// In hundredths of a won.
    cost: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TitleBody {
    ko: String,
    en: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CountsBody {
    events: u64,
    notices: u64,
    reached: u64,
    opened: u64,
    attempts: u64,
    fallbacks: u64,
    lost: u64,
    answered: u64,
    /// In hundredths of a won.
    cost: u64,
    rejected: u64,
    sessions: BTreeMap<&'static str, u64>,
    turned_away: BTreeMap<&'static str, u64>,
}

/// A fault, as it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FaultBody {
    name: String,
    kind: &'static str,
    networks: Vec<&'static str>,
    begins_us: u64,
    /// Absent: until it is lifted.
    ends_us: Option<u64>,
    posted: bool,
    state: &'static str,
}

/// `GET /v1/runs`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunsBody {
    /// The oldest first; of this process and of those before it.
    pub runs: Vec<RunBody>,
    /// The one that goes on.
    pub current: Option<String>,
    /// Ask with this as `before` for the page of older ones; null: there are none.
    pub next: Option<String>,
}

/// `GET /v1/faults`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FaultsBody {
    /// The run.
    pub run: String,
    /// Planned ones first, then posted ones.
    pub faults: Vec<FaultBody>,
}

/// `DELETE /v1/faults`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LiftedBody {
    /// The run.
    pub run: String,
    /// Names of the faults that were lifted.
    pub lifted: Vec<String>,
}

/// `GET /v1/runs/{id}/events`; written by hand, because events are copied as lines.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EventsBody {
    /// The run.
    pub run: String,
    /// Number of the first event of the page.
    pub first: u64,
    /// The `since` of the next page.
    pub next: u64,
    /// How many of the asked events are no longer kept.
    pub missed: u64,
    /// Whether the run was over before this page was read.
    pub ended: bool,
    /// Lines of `events.ndjson`.
    pub events: Vec<serde_json::Map<String, Value>>,
}

/// `GET /problems/{kind}`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExplainedBody {
    /// The `type` of such a problem.
    pub r#type: String,
    /// What it is, in English.
    pub title: &'static str,
    /// What it is, in Korean.
    pub title_ko: &'static str,
    /// The status that comes with it.
    pub status: u16,
}

impl OneOrMany {
    /// All of them.
    pub fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMany::One(one) => vec![one],
            OneOrMany::Many(many) => many,
        }
    }
}

impl StartBody {
    /// What is asked, in our own words.
    pub fn start(self) -> Result<Start, Problem> {
        let text = self.scenario.contains(['\n', ':']);
        let scenario = if text { Source::Text(self.scenario) } else { Source::Name(self.scenario) };
        let outages = self.outage.map_or_else(Vec::new, OneOrMany::into_vec);
        let settings = self.set.into_iter().map(|(path, value)| Ok((path, plain(value)?)));
        Ok(Start {
            scenario,
            speed: speed(self.clock.as_deref().unwrap_or("real"))?,
            seed: self.seed,
            outages,
            settings: settings.collect::<Result<_, Problem>>()?,
            phones: phones(self.phones.as_deref().unwrap_or("simulated"))?,
        })
    }
}

/// Simulated seconds a real second of `real`, `x60` or `lockstep`; `None` for `virtual`.
fn speed(clock: &str) -> Result<Option<u32>, Problem> {
    match (clock, clock.strip_prefix('x').map(str::parse)) {
        ("virtual", _) => Ok(None),
        ("real", _) => Ok(Some(1)),
        ("lockstep", _) => Ok(Some(LOCKSTEP)),
        (_, Some(Ok(times))) => checked_speed(times).map(Some),
        _ => {
            let detail = format!("clock: expected virtual, real, x60 or lockstep, found '{}'", cut(clock));
            Err(Problem::new(Kind::InvalidRequest, detail))
        }
    }
}

/// A speed inside its bounds.
pub fn checked_speed(speed: u32) -> Result<u32, Problem> {
    if (1..=SPEED_MAX).contains(&speed) {
        return Ok(speed);
    }
    Err(Problem::new(Kind::InvalidRequest, format!("speed: expected 1 to {SPEED_MAX}, found {speed}")))
}

fn phones(word: &str) -> Result<Phones, Problem> {
    match word {
        "simulated" => Ok(Phones::Simulated),
        "outside" => Ok(Phones::Outside),
        _ => {
            let detail = format!("phones: expected simulated or outside, found '{}'", cut(word));
            Err(Problem::new(Kind::InvalidRequest, detail))
        }
    }
}

/// A value of `set` as it would stand in the file.
fn plain(value: Value) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => {
            Err(Problem::new(Kind::InvalidRequest, "set: expected a text, a number or a boolean for each path"))
        }
    }
}

/// The word of a run's phones.
pub const fn phones_word(phones: Phones) -> &'static str {
    match phones {
        Phones::Simulated => "simulated",
        Phones::Outside => "outside",
    }
}

impl RunBody {
    /// A run, as it stands now.
    pub fn of(run: &Run) -> RunBody {
        let (status, outcome, plan) = (run.status(), run.outcome(), &run.plan);
        let on = run.faults().into_iter().filter(|fault| fault.stands == Stands::On && status.state != State::Ended);
        RunBody {
            id: run.id.to_string(),
            scenario: plan.name.clone(),
            title: Some(TitleBody { ko: plan.title.ko.clone(), en: plan.title.en.clone() }),
            seed: plan.seed.0,
            state: status.state.name(),
            clock: clock_word(status.speed),
            phones: phones_word(run.phones),
            people: Some(plan.people()),
            kinds: Some(plan.kinds.iter().map(|kind| kind.key.clone()).collect()),
            at: status.at.to_string(),
            at_us: status.at.micros(),
            stop_us: Some(plan.clock.stop.micros()),
            counts: Some(CountsBody::of(&status.counts)),
            figures: Some(match outcome.as_ref().and_then(|outcome| outcome.told.as_ref()) {
                Some(told) => FiguresBody::told(told),
                None => FiguresBody::of(&status.counts),
            }),
            begun_s: run.begun_s,
            ended_s: outcome.as_ref().map(|outcome| outcome.ended_s),
            faults_on: on.map(|fault| fault.name).collect(),
            end: outcome.as_ref().and_then(|outcome| outcome.end).map(|end| end.name()),
            verdict: outcome.as_ref().map(|outcome| outcome.verdict.to_owned()),
            exit: outcome.as_ref().map(|outcome| outcome.exit),
            unrecorded: outcome.as_ref().and_then(|outcome| outcome.unrecorded.clone()),
        }
    }
}

impl RunBody {
    /// A run that is over, as the journal has it.
    pub fn earlier(run: Earlier) -> RunBody {
        let Earlier { id, name, seed, phones, speed, at, verdict, exit, begun_s, ended_s, told } = run;
        let title = told.as_ref().map(|told| TitleBody { ko: told.title.ko.clone(), en: told.title.en.clone() });
        let figures = told.as_ref().map(FiguresBody::told);
        let broken_off = || "it was broken off and could not be gone on with".to_owned();
        RunBody {
            id: id.to_string(),
            scenario: name,
            title,
            seed,
            state: State::Ended.name(),
            clock: clock_word(speed),
            phones: phones_word(phones),
            people: None,
            kinds: None,
            at: at.to_string(),
            at_us: at.micros(),
            stop_us: None,
            counts: None,
            figures,
            begun_s,
            ended_s,
            faults_on: Vec::new(),
            end: None,
            unrecorded: if verdict.is_none() { Some(broken_off()) } else { None },
            verdict,
            exit,
        }
    }
}

fn clock_word(speed: Option<u32>) -> String {
    match speed {
        None => "virtual".to_owned(),
        Some(LOCKSTEP) => "lockstep".to_owned(),
        Some(1) => "real".to_owned(),
        Some(times) => format!("x{times}"),
    }
}

impl FiguresBody {
    fn of(counts: &Counts) -> FiguresBody {
        let Counts { notices, reached, opened, cost, .. } = *counts;
        FiguresBody { notices, reached, opened, cost }
    }

    /// As the verdict counts: without replies of the desk.
    fn told(told: &Told) -> FiguresBody {
        let Told { notices, reached, opened, cost, .. } = *told;
        FiguresBody { notices, reached, opened, cost }
    }
}

impl CountsBody {
    fn of(counts: &Counts) -> CountsBody {
        CountsBody {
            events: counts.events,
            notices: counts.notices,
            reached: counts.reached,
            opened: counts.opened,
            attempts: counts.attempts,
            fallbacks: counts.fallbacks,
            lost: counts.lost,
            answered: counts.answered,
            cost: counts.cost,
            rejected: counts.rejected,
            sessions: by_network(&counts.sessions),
            turned_away: by_network(&counts.turned_away),
        }
    }
}

fn by_network(counts: &[u64; Network::COUNT]) -> BTreeMap<&'static str, u64> {
    Network::ALL.into_iter().map(|network| (network.name(), counts[network.index()])).collect()
}

impl From<FaultRow> for FaultBody {
    fn from(row: FaultRow) -> FaultBody {
        FaultBody {
            name: row.name,
            kind: row.kind,
            networks: row.networks.iter().map(|network| network.name()).collect(),
            begins_us: row.begins.micros(),
            ends_us: row.ends.map(|ends| ends.micros()),
            posted: row.posted,
            state: row.stands.name(),
        }
    }
}
