//! `bongsu conformance [API]`: what of a provider's contract is answered here, and whether it still is as recorded.
//!
//! Each contract is a table of the operations that real clients use (`contract`). Recorded requests and answers lie in
//! `fixtures/providers/API/`, one a file (`pair`); all of them are played, over real sockets, against a server of this
//! process with a run of its own (`play`), and the answers are compared with the recorded ones (`shape`). What is
//! printed is measured: an operation is covered if the server knows it and a pair holds it. Nothing is known here of how
//! a contract is spoken, but how its requests are signed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::json;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::serve::runtime;
use crate::report::text::terminal::{Tone, fit};

mod contract;
mod exchange;
mod mails;
mod pair;
mod play;
mod shape;
#[cfg(test)]
mod tests;

use contract::{APIS, Api};
use play::Played;
use shape::Drift;

/// Which contract.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu conformance
  bongsu conformance solapi
  bongsu conformance nhn --json
  bongsu conformance --pairs fixtures/providers --record    (after a change that is meant: read the difference)

Exit codes: 0 nothing drifted, 1 something did, 3 no such contract or a pair that cannot be read")]
pub struct Args {
    /// solapi, nhn, bizgo or smtp; all of them without it
    #[arg(value_name = "API")]
    api: Option<String>,
    /// Folder of recorded pairs, API/NAME.json, in place of those that are built in
    #[arg(long, value_name = "DIR")]
    pairs: Option<PathBuf>,
    /// Write the answers of this build into the pairs of --pairs
    #[arg(long, requires = "pairs")]
    record: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// What was found of one contract.
pub struct Found {
    api: &'static Api,
    operations: Vec<State>,
    pairs: usize,
    drift: Vec<Drift>,
}

/// How an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Answered, and held by so many pairs.
    Covered(usize),
    /// Answered, and held by nothing.
    Served,
    /// Not answered.
    Absent,
}

/// Plays and compares.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let known = || APIS.iter().map(|api| api.name).collect::<Vec<_>>().join(", ");
    let wanted: Vec<&'static Api> = match &args.api {
        None => APIS.iter().collect(),
        Some(name) => APIS.iter().filter(|api| api.name == name.as_str()).collect(),
    };
    if wanted.is_empty() {
        let why = io.pick("그런 계약이 없습니다. 있는 것:", "no such contract among");
        return Err(Failure::Usage(format!("{}: {why} {}", args.api.unwrap_or_default(), known())));
    }
    let lang = io.lang;
    let mut found = Vec::new();
    for api in wanted {
        let pairs = match &args.pairs {
            None => pair::built_in(api.name),
            Some(folder) => pair::in_folder(&folder.join(api.name)),
        };
        let pairs = pairs.map_err(Failure::Usage)?;
        let played: Vec<Played> = runtime()?.block_on(play::all(api, &pairs, lang)).map_err(Failure::Simulator)?;
        if let Some(folder) = args.pairs.as_ref().filter(|_| args.record) {
            pair::record(&folder.join(api.name), &played).map_err(Failure::Simulator)?;
        }
        found.push(runtime()?.block_on(judge(api, played, lang)).map_err(Failure::Simulator)?);
    }
    let text = if args.json { document(&found) } else { told(&found, io) };
    io.out.write_all(text.as_bytes())?;
    Ok(if found.iter().all(|found| found.drift.is_empty()) { Exit::Pass } else { Exit::Fail })
}

/// What the played pairs say of a contract.
async fn judge(api: &'static Api, played: Vec<Played>, lang: crate::sim::model::words::Lang) -> Result<Found, String> {
    let served = play::served(api, lang).await?;
    let mut held: BTreeMap<usize, usize> = BTreeMap::new();
    let mut drift = Vec::new();
    for one in &played {
        let places = one.operations(api);
        if places.is_empty() {
            let expected = "an operation of the contract's table".to_owned();
            drift.push(Drift::new(&one.pair.name, "request", expected, one.pair.wanted()));
        }
        for place in places {
            *held.entry(place).or_default() += 1;
        }
        drift.extend(one.drift(api));
    }
    let state = |(place, served): (usize, bool)| match (served, held.get(&place)) {
        (true, Some(pairs)) => State::Covered(*pairs),
        (true, None) => State::Served,
        (false, _) => State::Absent,
    };
    let operations = served.into_iter().enumerate().map(state).collect();
    Ok(Found { api, operations, pairs: played.len(), drift })
}

impl State {
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            State::Covered(_) => ("covered", "기록이 지킴", "covered"),
            State::Served => ("served", "기록 없음", "no pair"),
            State::Absent => ("not_served", "없음", "not here"),
        }
    }

    fn pairs(self) -> usize {
        match self {
            State::Covered(pairs) => pairs,
            State::Served | State::Absent => 0,
        }
    }
}

fn told(found: &[Found], io: &Io) -> String {
    let mut text = String::new();
    for Found { api, operations, pairs, drift } in found {
        text.push_str(&io.look.paint(Tone::Head, &format!("{} ({})", api.title, api.name)));
        text.push('\n');
        for (operation, state) in api.operations.iter().zip(operations) {
            let (_, ko, en) = state.words();
            let count = if state.pairs() > 0 { state.pairs().to_string() } else { String::new() };
            let line = format!("{} {}", fit(operation.method, 8), operation.path);
            text.push_str(&format!(
                "  {} {} {line}  [{}]\n",
                fit(io.pick(ko, en), 12),
                fit(&count, 3),
                operation.source
            ));
        }
        let count = |wanted: fn(State) -> bool| operations.iter().filter(|state| wanted(**state)).count();
        let covered = count(|state| matches!(state, State::Covered(_)));
        let (bare, absent) = (count(|state| state == State::Served), count(|state| state == State::Absent));
        let (all, drifted) = (operations.len(), drift.len());
        text.push_str(&match io.lang {
            crate::sim::model::words::Lang::Ko => format!(
                "  기능 {all}개: 기록이 지킴 {covered}, 기록 없음 {bare}, 없음 {absent}. 기록 {pairs}개 재생, 어긋남 {drifted}곳\n"
            ),
            crate::sim::model::words::Lang::En => format!(
                "  {all} operations: {covered} covered, {bare} without a pair, {absent} not here. {pairs} pairs played, {drifted} drifts\n"
            ),
        });
        for drift in drift {
            let (expected, got) = (io.pick("기록", "recorded"), io.pick("지금", "now"));
            let head = io.look.paint(Tone::Head, io.pick("어긋남", "drift"));
            text.push_str(&format!(
                "  {head} {}/{} {}: {expected} {}, {got} {}\n",
                api.name, drift.pair, drift.at, drift.expected, drift.found
            ));
        }
        text.push('\n');
    }
    text
}

fn document(found: &[Found]) -> String {
    let api = |found: &Found| {
        let operations: Vec<_> = (found.api.operations.iter().zip(&found.operations))
            .map(|(operation, state)| {
                json!({ "method": operation.method, "path": operation.path, "source": operation.source,
                    "state": state.words().0, "pairs": state.pairs() })
            })
            .collect();
        let drift: Vec<_> = (found.drift.iter())
            .map(|one| json!({ "pair": one.pair, "at": one.at, "expected": one.expected, "found": one.found }))
            .collect();
        json!({ "api": found.api.name, "operations": operations, "pairs": found.pairs, "drift": drift })
    };
    let apis: Vec<_> = found.iter().map(api).collect();
    format!("{}\n", json!({ "apis": apis }))
}
