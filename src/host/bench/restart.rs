//! A restart: how long a server that was killed in the middle of a live run takes from its start to its ready line, which
//! it prints when the run goes on.
//!
//! The journal is written by the store itself: people who get notices on their phones, acknowledge and read them, one
//! input a row, which is the most rows that inputs can take. Each round starts a process of this program on a fresh copy,
//! and asks it whether the run is all there. The floor is the same process on an empty folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::host::bench::{median, story};
use crate::host::control::keep::{Batch, Keep, KeepError};
use crate::host::control::run::RunId;
use crate::host::journal::meta::build;
use crate::host::journal::store::row::NewRun;
use crate::host::journal::store::writer::Writer;
use crate::host::journal::store::{STORE_FILE, open};
use crate::sim::engine::Phones;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::ids::{PersonId, SessionId};
use crate::sim::model::medium::Network;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::time::{SimTime, Span};

/// Longest time that a process may take to its ready line.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Phones on one session.
const PER_SESSION: u32 = 100;
/// Inputs that go into the journal in one sync, each a row of its own.
const AT_ONCE: usize = 64;
/// How long after a message its receipt comes, and how long until it is read.
const RECEIPT_AFTER: Span = Span::from_millis(50);
const READ_AFTER: Span = Span::from_secs(2);

/// Two notices for everybody.
const STORY: &str = r#"
scenario: bench-restart
seed: 1
clock: { start: "2022-10-15T15:20:00+09:00", stop: 1h }
channels: { lh: { name: { ko: "LH", en: "LH" }, search_id: "@lh" } }
people:
  tenants: { count: COUNT, kakao: { active: 100% } }
notices:
  rent:
    alimtalk: { template: RENT, text: "[LH] 12월 임대료 고지 (모의)" }
    route: [ { try: alimtalk, until: delivered, within: 60s } ]
timeline:
  - { at: 1s, send: rent, to: tenants, over: 60s }
  - { at: 100s, send: rent, to: tenants, over: 60s }
expect:
  - { must: "ratio(reached) >= 99%", why: everybody hears }
"#;

/// What was measured.
#[derive(Clone, Debug)]
pub struct Figures {
    /// Rows of inputs in the journal.
    pub rows: usize,
    /// Notices of the run.
    pub notices: u64,
    /// Events of the run.
    pub events: u64,
    /// Bytes of the journal.
    pub bytes: u64,
    /// The median time to the ready line on an empty folder.
    pub empty: Duration,
    /// The median time to the ready line on the journal.
    pub took: Duration,
    /// The longest.
    pub longest: Duration,
}

/// A run as it was recorded.
struct Recorded {
    inputs: Vec<(SimTime, Input)>,
    at: SimTime,
    notices: u64,
    events: u64,
}

/// A folder that is gone when this is dropped.
struct Folder(PathBuf);

/// A server that has said that it is ready; killed when this is dropped.
struct Ready {
    child: Child,
    address: String,
    took: Duration,
}

/// Measures `rounds` restarts on a journal of about so many rows.
pub fn measure(rows: u32, rounds: usize) -> Result<Figures, String> {
    let home = Folder::make()?;
    let text = STORY.replace("COUNT", &(rows / 4).max(1).to_string());
    let recorded = record(&text);
    let journal = home.0.join("journal");
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    runtime.block_on(write(&journal, &text, &recorded))?;
    let (mut empty, mut took) = (Vec::new(), Vec::new());
    for round in 0..rounds.max(1) {
        empty.push(start(&home.0.join(format!("empty-{round}")))?.took);
        let data = home.0.join(format!("data-{round}"));
        fs::create_dir(&data).map_err(|error| error.to_string())?;
        fs::copy(journal.join(STORE_FILE), data.join(STORE_FILE)).map_err(|error| error.to_string())?;
        let ready = start(&data)?;
        all_there(&ready.address, &recorded)?;
        took.push(ready.took);
    }
    let bytes = fs::metadata(journal.join(STORE_FILE)).map_err(|error| error.to_string())?.len();
    Ok(Figures {
        rows: recorded.inputs.len(),
        notices: recorded.notices,
        events: recorded.events,
        bytes,
        empty: median(empty),
        longest: took.iter().copied().max().unwrap_or_default(),
        took: median(took),
    })
}

/// Plays the story with phones that acknowledge and read everything, until the last of them has read.
fn record(text: &str) -> Recorded {
    let mut run = Rehearsal::new(&story(text), Phones::Outside);
    let people = run.plan().people();
    let mut due: BTreeMap<(SimTime, usize), Input> = BTreeMap::new();
    for (session, first) in (0..people).step_by(PER_SESSION as usize).enumerate() {
        let phones = (first..(first + PER_SESSION).min(people)).map(PersonId).collect();
        let hello = Input::Hello { session: SessionId(session as u32 + 1), network: Network::Kakao, people: phones };
        due.insert((SimTime::ZERO, session), hello);
    }
    let (mut recorded, mut effects) =
        (Recorded { inputs: Vec::new(), at: SimTime::ZERO, notices: 0, events: 0 }, Vec::new());
    run.step(SimTime::ZERO, None, &mut effects);
    loop {
        let first = due.first_key_value().map(|((at, _), _)| *at);
        match (first, run.next_wakeup()) {
            (None, None) => break,
            (Some(at), alarm) if alarm.is_none_or(|alarm| at < alarm) => {
                let (_, input) = due.pop_first().expect("just seen");
                recorded.inputs.push((at, input.clone()));
                recorded.at = at;
                run.step(at, Some(input), &mut effects);
            }
            // Everybody has read, and the rest of the hour brings nothing more.
            (None, Some(_)) if recorded.notices == 2 * u64::from(people) => break,
            (_, Some(alarm)) => run.step(alarm, None, &mut effects),
            (Some(_), None) => unreachable!("an input is due before an alarm that there is none of"),
        }
        for effect in effects.drain(..) {
            recorded.saw(effect, &mut due);
        }
    }
    recorded
}

impl Recorded {
    fn saw(&mut self, effect: Effect, due: &mut BTreeMap<(SimTime, usize), Input>) {
        match effect {
            Effect::Event(Event { kind, .. }) => {
                self.events += 1;
                self.notices += u64::from(matches!(kind, EventKind::Created { .. }));
            }
            Effect::Transmit { attempt, person, at, .. } => {
                let place = self.inputs.len() + due.len();
                due.insert((at + RECEIPT_AFTER, place), Input::Delivered { person, attempt });
                due.insert((at + READ_AFTER, place), Input::Read { person, attempt });
            }
            Effect::Admit { .. }
            | Effect::Sever { .. }
            | Effect::Gate { .. }
            | Effect::Handed(_)
            | Effect::CallAnswered(_)
            | Effect::Word(_) => {}
        }
    }
}

async fn write(data: &Path, text: &str, recorded: &Recorded) -> Result<(), String> {
    let opened = open::own(data, None).map_err(|error| error.to_string())?;
    let writer = Writer::start(opened).map_err(|error| error.to_string())?;
    let run = RunId(1);
    let scenario = story(text);
    let begun = writer.begin(NewRun {
        id: run,
        name: scenario.plan.name.clone(),
        folder: "r1-bench".to_owned(),
        scenario: scenario.resolved,
        seed: scenario.plan.seed.0,
        phones: Phones::Outside,
        build: build().to_owned(),
        speed: Some(1),
        begun_s: 0,
    });
    begun.await.map_err(|error| error.to_string())?;
    for lot in recorded.inputs.chunks(AT_ONCE) {
        let kept = lot.iter().map(|(at, input)| {
            let inputs = vec![(*at, input.clone())];
            writer.keep(Arc::new(Batch { run, at: recorded.at, speed: Some(1), paused: false, inputs, key: None }))
        });
        let kept: Result<(), KeepError> = join_all(kept).await.into_iter().collect();
        kept.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Starts a server of this program and waits for its ready line.
fn start(data: &Path) -> Result<Ready, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let mut command = Command::new(program);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    let mut child = command.env_remove("BONGSU_TOKEN").stdout(Stdio::piped()).spawn().map_err(|e| e.to_string())?;
    let mut out = BufReader::new(child.stdout.take().expect("it was piped"));
    let mut ready = Ready { child, address: String::new(), took: Duration::ZERO };
    let (tell, heard) = channel();
    // Ends with the process, whose output it reads.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = out.read_line(&mut line);
        tell.send((read.map(|_| line), begun.elapsed()))
    });
    let heard = heard.recv_timeout(READY_WITHIN);
    let (line, took) = heard.map_err(|_| format!("no ready line within {} s", READY_WITHIN.as_secs()))?;
    let line = line.map_err(|error| error.to_string())?;
    let address = line.trim_end().strip_prefix("listening on http://");
    ready.address = address.ok_or_else(|| format!("expected the ready line, found {line:?}"))?.to_owned();
    ready.took = took;
    Ok(ready)
}

/// Whether the run that goes on has all its events; a few more are those of the sessions that died.
fn all_there(address: &str, recorded: &Recorded) -> Result<(), String> {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(READY_WITHIN))?;
        write!(stream, "GET /v1/runs/r1 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let answer = ask().map_err(|error| error.to_string())?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let run: serde_json::Value = serde_json::from_str(body).map_err(|error| format!("{error} in {answer}"))?;
    let count = |name: &str| run["counts"][name].as_u64().unwrap_or(0);
    let (notices, events) = (count("notices"), count("events"));
    if run["state"] == "running" && notices == recorded.notices && events >= recorded.events {
        return Ok(());
    }
    Err(format!("expected a run with {} notices and {} events, found {body}", recorded.notices, recorded.events))
}

impl Folder {
    fn make() -> Result<Folder, String> {
        let path = std::env::temp_dir().join(format!("bongsu-bench-{}", std::process::id()));
        fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left where the system keeps what nobody needs.
        let _ = fs::remove_dir_all(&self.0);
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::{STORY, record};
    use crate::sim::engine::input::Input;

    #[test]
    fn everybody_acknowledges_and_reads_both_notices() {
        let recorded = record(&STORY.replace("COUNT", "150"));
        let count = |wanted: fn(&Input) -> bool| recorded.inputs.iter().filter(|(_, input)| wanted(input)).count();
        assert_eq!(recorded.notices, 300);
        assert_eq!(count(|input| matches!(input, Input::Hello { .. })), 2);
        assert_eq!(count(|input| matches!(input, Input::Delivered { .. })), 300);
        assert_eq!(count(|input| matches!(input, Input::Read { .. })), 300);
        assert!(recorded.inputs.is_sorted_by_key(|(at, _)| *at));
    }
}
