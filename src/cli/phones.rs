//! `bongsu phones URL`: mock phones on real sockets against the run that a server plays.

use std::io::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hyper::Method;
use serde_json::Value;
use tokio::time::interval;

use crate::cli::exit::{Exit, Failure};
use crate::cli::fault::{failed, json};
use crate::cli::io::Io;
use crate::cli::replay::Alone;
use crate::cli::serve::token_of;
use crate::cli::told;
use crate::host::client::Server;
use crate::host::phones::counters::{Counters, PhonesSummary};
use crate::host::phones::{self, PhonesOptions, networks_of};
use crate::host::shutdown::shutdown;
use crate::host::signals::Signals;
use crate::sim::model::ids::PersonId;
use crate::sim::model::words::Lang;
use crate::sim::plan::population::Population;
use crate::sim::scenario::{self, Options};

/// Which phones to play.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu phones http://127.0.0.1:8080 --count 1000
  bongsu phones http://127.0.0.1:8080 --count 20000 --per-socket 10 --first 1000

The phones ask the server for its run and end with it, and when the server is gone: 5 seconds after it said goodbye, 60 after it
went without a word, because a run that a crash broke off goes on. A change of its speed while they run is not followed.")]
pub struct Args {
    /// The server
    #[arg(value_name = "URL")]
    url: String,
    /// How many phones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,
    /// Phones on one connection
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    per_socket: u32,
    /// The first person of the range, from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u32,
    /// Connect from these addresses by turns (127.0.0.2 ...), for more than 20,000 connections; may be repeated
    #[arg(long, value_name = "IP")]
    source: Vec<IpAddr>,
    /// File with the server's token; BONGSU_TOKEN otherwise
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// Plays the phones until the run is over or somebody asks for the end.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let token = token_of(args.token_file.as_deref(), io.lang)?;
    let server = Server::at(&args.url, token.clone()).map_err(|error| told::refused(&error, io.lang))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Simulator(format!("cannot start: {error}")))?;
    runtime.block_on(async {
        let options = options(&args, &server, token, io).await?;
        let summary = play(options, io).await?;
        let line = told(&summary, io.lang);
        writeln!(io.out, "{line}")?;
        Ok(Exit::Pass)
    })
}

/// The phones of the run that the server plays: its plan is read from the scenario that the server resolved.
async fn options(args: &Args, server: &Server, token: Option<String>, io: &Io) -> Result<PhonesOptions, Failure> {
    let run = json(&server.ask(Method::GET, "/v1/runs/current").await.map_err(failed)?)?;
    let id = run["id"].as_str().unwrap_or("current");
    let text = server.ask(Method::GET, &format!("/v1/runs/{id}/scenario")).await.map_err(failed)?;
    let resolved = Options { resolved: true, ..Options::default() };
    let read = scenario::read("scenario.yaml", &text, &Alone, &resolved);
    let plan = read.map_err(|problems| Failure::Problems(problems.render(io.lang, io.err_color)))?.plan;
    let end = args.first.saturating_add(args.count);
    if end > plan.people() {
        let (first, people) = (args.first, plan.people());
        return Err(Failure::Usage(match io.lang {
            Lang::Ko => format!("시민이 {people}명인 실행에 단말 {first}부터 {end}까지는 없음"),
            Lang::En => format!("phones {first} to {end} of a run with {people} people"),
        }));
    }
    let people = Arc::new(Population::of(&plan));
    Ok(PhonesOptions {
        url: server.sockets(),
        which: PersonId(args.first)..PersonId(end),
        per_socket: args.per_socket,
        speed: speed_of(&run),
        networks: networks_of(&plan),
        sources: args.source.clone(),
        token,
        counters: Arc::new(Counters::default()),
        plan: Arc::new(plan),
        people,
    })
}

/// Simulated seconds a real second, of the run's `clock`.
fn speed_of(run: &Value) -> u32 {
    let clock = run["clock"].as_str().unwrap_or("real");
    clock.strip_prefix('x').and_then(|times| times.parse().ok()).unwrap_or(1)
}

async fn play(options: PhonesOptions, io: &mut Io) -> Result<PhonesSummary, Failure> {
    let counters = options.counters.clone();
    let (hand, end) = shutdown();
    let unheard = |error| Failure::Simulator(format!("cannot hear signals: {error}"));
    let mut signals = Signals::listen().map_err(unheard)?;
    let mut playing = std::pin::pin!(phones::run(options, end));
    let mut tick = interval(Duration::from_secs(1));
    let ended = loop {
        tokio::select! {
            ended = playing.as_mut() => break ended,
            () = signals.asked() => hand.throw(),
            _ = tick.tick() => if io.err_watched {
                let line = told(&counters.summary(), io.lang);
                write!(io.err, "\r\u{1b}[2K{line}")?;
                io.err.flush()?;
            },
        }
    };
    if io.err_watched {
        writeln!(io.err)?;
    }
    ended.map_err(|error| Failure::Usage(error.to_string()))
}

fn told(summary: &PhonesSummary, lang: Lang) -> String {
    let PhonesSummary { open, opened, lost, refused, shown, read, pressed, .. } = *summary;
    match lang {
        Lang::Ko => {
            format!(
                "연결 {open} (누적 {opened}, 끊김 {lost}, 거절 {refused}), 표시 {shown}, 읽음 {read}, 누름 {pressed}"
            )
        }
        Lang::En => format!(
            "{open} connected ({opened} in all, {lost} lost, {refused} refused), {shown} shown, {read} read, {pressed} pressed"
        ),
    }
}
