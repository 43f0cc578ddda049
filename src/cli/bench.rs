//! `bongsu bench`: how fast this build is on this machine, each figure beside a floor measured in the same run.

use std::io::{self, Write as _};
use std::time::Duration;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::host::bench::fanout::aims::{self, Line};
use crate::host::bench::fanout::{self, CLIENTS_MAX, Options, Part, storm};
use crate::host::bench::senders::{self, PAIRS_MAX};
use crate::host::bench::{Row, engine, restart};
use crate::report::text::terminal::{Tone, fit};
use crate::sim::model::words::Lang;

/// What to measure.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu bench engine --people 1000,100000
  bongsu bench fanout
  bongsu bench fanout --clients 10000
  bongsu bench restart --rows 100000
  bongsu bench senders
  bongsu bench storm --clients 10000 --check

Figures are for comparing on one machine, in a release build; ratios to the floor move less than rates.")]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Measure virtual time: notices a second, beside a bare simulation by events
    Engine(EngineArgs),
    /// Measure the gateway on real sockets, beside a bare epoll loop
    Fanout(FanoutArgs),
    /// Measure how soon a killed server goes on with its run
    Restart(RestartArgs),
    /// Measure what applications outside hand in and are told, beside a bare axum server
    Senders(SendersArgs),
    /// Break everybody's line, and measure how everybody comes back to the whole program
    Storm(StormArgs),
    /// Play a part of a benchmark; the benchmark itself starts these
    #[command(hide = true)]
    Part(PartArgs),
}

/// How much of the engine.
#[derive(Debug, clap::Args)]
struct EngineArgs {
    /// Numbers of people, by commas
    #[arg(long, value_name = "N,N", value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000])]
    people: Vec<u32>,
    /// Rounds of each size; the median counts
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
}

/// How much of the gateway.
#[derive(Debug, clap::Args)]
struct FanoutArgs {
    /// Phones, each on a socket of its own
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(CLIENTS_MAX)))]
    clients: u32,
    /// Pairs of slices for each figure; the median of their ratios counts
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=100))]
    pairs: u32,
    /// End with 1 if an aim is missed
    #[arg(long)]
    check: bool,
}

/// How much of a storm.
#[derive(Debug, clap::Args)]
struct StormArgs {
    /// Phones, each on a socket of its own
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(2..=i64::from(storm::CLIENTS_MAX)))]
    clients: u32,
    /// End with 1 if an aim is missed
    #[arg(long)]
    check: bool,
}

/// How much of the senders.
#[derive(Debug, clap::Args)]
struct SendersArgs {
    /// Pairs of slices for each figure; the medians count
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=i64::from(PAIRS_MAX)))]
    pairs: u32,
    /// End with 1 if an aim is missed
    #[arg(long)]
    check: bool,
}

/// How large a journal.
#[derive(Debug, clap::Args)]
struct RestartArgs {
    /// Rows of inputs in the journal, about
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(4..=4_000_000))]
    rows: u32,
    /// Restarts; the median counts
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: usize,
}

/// Which part.
#[derive(Debug, clap::Args)]
struct PartArgs {
    /// Its name
    part: String,
    /// How many clients
    clients: u32,
}

/// Measures.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    match args.what {
        What::Engine(args) => engine(&args, io),
        What::Fanout(args) => fanout(&args, io),
        What::Restart(args) => restart(&args, io),
        What::Senders(args) => senders(&args, io),
        What::Storm(args) => storm(&args, io),
        What::Part(args) => part(&args),
    }
}

fn engine(args: &EngineArgs, io: &mut Io) -> Result<Exit, Failure> {
    let mut written = Ok(());
    engine::speed(&args.people, args.rounds, |row| {
        if written.is_ok() {
            written = io.out.write_all(
                engine_line(row, io.pick("알림/초", "notices/s"), io.pick("바닥의", "of the floor")).as_bytes(),
            );
        }
    });
    written?;
    let people = args.people.iter().copied().max().unwrap_or(0);
    if let Some(memory) = engine::memory(people) {
        let (person, open) =
            (io.pick("바이트/사람", "bytes a person"), io.pick("바이트/열린 알림", "bytes an open notice"));
        writeln!(
            io.out,
            "{people:>9}  {:.0} {person}, {:.0} {open}",
            memory.bytes_a_person, memory.bytes_an_open_notice
        )?;
    }
    Ok(Exit::Pass)
}

fn engine_line(row: &Row, rate: &str, of_floor: &str) -> String {
    format!(
        "{:>9}  {:<6} {:>10.0} {rate}  {of_floor} {:.2}  {} ({:.2} s)\n",
        row.people,
        row.story,
        row.notices_a_second(),
        row.of_floor,
        row.verdict,
        row.took.as_secs_f64()
    )
}

fn restart(args: &RestartArgs, io: &mut Io) -> Result<Exit, Failure> {
    let figures = restart::measure(args.rows, args.rounds).map_err(Failure::Simulator)?;
    let restart::Figures { rows, notices, events, bytes, empty, took, longest } = figures;
    let [rows_word, notices_word, events_word] = match io.lang {
        Lang::Ko => ["입력 행", "알림", "사건"],
        Lang::En => ["rows of inputs", "notices", "events"],
    };
    let mib = bytes as f64 / f64::from(1 << 20);
    writeln!(io.out, "{rows} {rows_word}, {notices} {notices_word}, {events} {events_word}, {mib:.1} MiB")?;
    let millis = |span: Duration| format!("{:.0} ms", span.as_secs_f64() * 1e3);
    let (took, longest, empty) = (millis(took), millis(longest), millis(empty));
    match io.lang {
        Lang::Ko => writeln!(io.out, "다시 시작: {took} (가장 김 {longest}), 빈 폴더 {empty}; 목표 < 250 ms")?,
        Lang::En => writeln!(io.out, "restart: {took} (longest {longest}), empty folder {empty}; aim < 250 ms")?,
    }
    Ok(Exit::Pass)
}

fn fanout(args: &FanoutArgs, io: &mut Io) -> Result<Exit, Failure> {
    let options = Options { clients: args.clients, pairs: args.pairs };
    let figures = fanout::measure(options, told(io)).map_err(Failure::Simulator)?;
    let title = format!(
        "{}: {} {}, {} {}, {} {}",
        io.look.paint(Tone::Head, io.pick("팬아웃", "fan-out")),
        figures.options.clients,
        io.pick("단말", "phones"),
        figures.frame_bytes,
        io.pick("바이트 프레임", "bytes a frame"),
        figures.options.pairs,
        io.pick("짝", "pairs")
    );
    show(&title, &aims::fanout(&figures), args.check, io)
}

fn storm(args: &StormArgs, io: &mut Io) -> Result<Exit, Failure> {
    let figures = storm::measure(args.clients, told(io)).map_err(Failure::Simulator)?;
    let title = format!(
        "{}: {} {}, {} {}, {} {}",
        io.look.paint(Tone::Head, io.pick("폭풍", "storm")),
        figures.clients,
        io.pick("단말", "phones"),
        figures.missed,
        io.pick("통씩 밀림", "notices missed by each"),
        figures.strangers,
        io.pick("번의 적대적 접속", "lines of strangers")
    );
    show(&title, &aims::storm(&figures), args.check, io)
}

fn senders(args: &SendersArgs, io: &mut Io) -> Result<Exit, Failure> {
    let figures = senders::measure(args.pairs, told(io)).map_err(Failure::Simulator)?;
    let title = format!(
        "{}: {:.1} MB {}, {:.0} KB {}, {} {}",
        io.look.paint(Tone::Head, io.pick("발신 앱", "senders")),
        figures.body_bytes as f64 / 1e6,
        io.pick("요청", "a POST"),
        figures.hook_bytes as f64 / 1e3,
        io.pick("웹훅", "a webhook"),
        figures.pairs,
        io.pick("짝", "pairs")
    );
    show(&title, &senders::aims::senders(&figures), args.check, io)
}

/// Says what is being measured, if somebody watches.
fn told(io: &mut Io) -> impl FnMut(&str) {
    let watched = io.err_watched;
    let err = &mut io.err;
    move |what| {
        if watched {
            // Progress that cannot be shown is no reason to stop.
            let _ = writeln!(err, "{what} ...");
        }
    }
}

fn show(title: &str, lines: &[Line], check: bool, io: &mut Io) -> Result<Exit, Failure> {
    let (floor, own) = (io.pick("바닥", "floor"), io.pick("봉수", "bongsu"));
    let mut out = format!("{title}\n\n");
    out.push_str(&row("", [floor, own, io.pick("비율", "ratio")], io.pick("목표", "aim")));
    for line in lines {
        let figure =
            |value: Option<f64>, digits: usize| value.map_or(String::new(), |value| format!("{value:.digits$}"));
        let figures = [figure(line.floor, 1), figure(Some(line.own), 1), figure(line.ratio, 2)];
        let aim = line.aim.map_or(String::new(), |aim| aim.to_string());
        let met = match line.met() {
            None => String::new(),
            Some(true) => io.look.paint(Tone::Good, io.pick("이룸", "met")),
            Some(false) => io.look.paint(Tone::Bad, io.pick("못 이룸", "missed")),
        };
        out.push_str(&row(
            io.pick(&line.name.ko, &line.name.en),
            figures.each_ref().map(String::as_str),
            &format!("{aim:<8} {met}"),
        ));
    }
    io.out.write_all(out.as_bytes())?;
    let missed = lines.iter().any(|line| line.met() == Some(false));
    Ok(if check && missed { Exit::Fail } else { Exit::Pass })
}

fn row(name: &str, [floor, own, ratio]: [&str; 3], aim: &str) -> String {
    format!("{} {floor:>9} {own:>9} {ratio:>7}  {}\n", fit(name, 50), aim.trim_end())
}

/// The leader reads these answers; nobody else does.
fn part(args: &PartArgs) -> Result<Exit, Failure> {
    let part = Part::ALL.into_iter().find(|part| part.name() == args.part);
    let part = part.ok_or_else(|| {
        Failure::Usage(format!("expected floor, gateway, clients, hostile, echo or sink, found {}", args.part))
    })?;
    part.play(args.clients, io::stdin().lock(), io::stdout().lock())?;
    Ok(Exit::Pass)
}
