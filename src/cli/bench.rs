//! `bongsu bench`: how fast this build is on this machine, each figure beside a floor measured in the same run.

use std::io::{self, Write as _};
use std::time::Duration;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::host::bench::fanout::{self, BURST, CLIENTS_MAX, Figures, Options, Pair, Part};
use crate::host::bench::{Row, engine, restart};
use crate::report::text::terminal::Tone;
use crate::sim::model::words::Lang;

/// What to measure.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu bench engine --people 1000,100000
  bongsu bench fanout
  bongsu bench fanout --clients 10000
  bongsu bench restart --rows 100000

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
    let watched = io.err_watched;
    let err = &mut io.err;
    let figures = fanout::measure(options, |what| {
        if watched {
            // Progress that cannot be shown is no reason to stop.
            let _ = writeln!(err, "{what} ...");
        }
    });
    let figures = figures.map_err(Failure::Simulator)?;
    let text = fanout_table(&figures, io);
    io.out.write_all(text.as_bytes())?;
    Ok(Exit::Pass)
}

fn fanout_table(figures: &Figures, io: &Io) -> String {
    let pick = |ko, en| io.pick(ko, en);
    let mut out = format!(
        "{}: {}, {} {}, {} {}\n\n",
        io.look.paint(Tone::Head, pick("팬아웃", "fan-out")),
        figures.options.clients,
        pick("단말, 프레임", "phones, frames of"),
        figures.frame_bytes,
        pick("바이트, 짝", "bytes, pairs:"),
        figures.options.pairs
    );
    out.push_str(&row("", pick("바닥", "floor"), pick("봉수", "bongsu"), pick("비율", "ratio"), pick("목표", "aim")));
    let mut pair = |name: &str, pair: &Pair, unit: f64, aim: &str| {
        let figure = |value: f64| format!("{:.1}", value / unit);
        out.push_str(&row(name, &figure(pair.floor), &figure(pair.gateway), &format!("{:.2}", pair.ratio), aim));
    };
    pair(pick("한 통씩, 천 배달/CPU초", "lock-step, thousand deliveries/CPU-s"), &figures.lockstep, 1e3, ">= 0.85");
    let burst = format!("{} {BURST}", pick("한꺼번에", "bursts of"));
    let burst = format!("{burst}, {}", pick("천 배달/CPU초", "thousand deliveries/CPU-s"));
    pair(&burst, &figures.burst, 1e3, ">= 12");
    pair(pick("p99, 밀리초", "p99, ms"), &figures.p99, 1e3, "<= 1.10");
    pair(pick("핸드셰이크, 천/초", "handshakes, thousand/s"), &figures.handshakes, 1e3, ">= 0.50");
    pair(
        pick("개인 알림과 영수증, 천/CPU초", "personal notice and receipt, thousand/CPU-s"),
        &figures.exchange,
        1e3,
        ">= 0.60",
    );
    pair(
        pick("멈춘 단말이 있을 때 p99, 밀리초", "p99 without and with a stalled reader, ms"),
        &figures.stalled,
        1e3,
        "<= 1.10",
    );
    let share = format!("{:.1} %", figures.user_share * 100.0);
    out.push_str(&row(pick("사용자 시간의 몫", "user share of CPU"), "", &share, "", "<= 15 %"));
    let idle = format!("{:.1}", figures.idle_kib);
    out.push_str(&row(pick("쉬는 연결의 KiB", "KiB an idle connection"), "", &idle, "", "<= 4"));
    let (after, ratio) = (format!("{:.1}", figures.after_kib), format!("{:.2}", figures.after_kib / figures.idle_kib));
    out.push_str(&row(
        pick("배달 뒤의 KiB (우편함 빼고)", "KiB after traffic, without the mailbox"),
        "",
        &after,
        &ratio,
        "<= 1.20",
    ));
    out.push_str(&row(pick("우편함, MiB", "mailbox, MiB"), "", &format!("{:.1}", figures.mailbox_mib), "", ""));
    out
}

fn row(name: &str, floor: &str, bongsu: &str, ratio: &str, aim: &str) -> String {
    format!("{} {floor:>9} {bongsu:>9} {ratio:>7}  {aim}\n", crate::report::text::terminal::fit(name, 46))
}

/// The leader reads these answers; nobody else does.
fn part(args: &PartArgs) -> Result<Exit, Failure> {
    let part = Part::ALL.into_iter().find(|part| part.name() == args.part);
    let part =
        part.ok_or_else(|| Failure::Usage(format!("expected floor, gateway or clients, found {}", args.part)))?;
    part.play(args.clients, io::stdin().lock(), io::stdout().lock())?;
    Ok(Exit::Pass)
}
