//! Applications outside: how fast ten thousand recipients in one POST are taken for good, and how fast what became of
//! them is told over webhooks.
//!
//! Four processes: this one, which leads and is the application that calls; the whole program (`bongsu serve` with a data
//! folder: signature, SOLAPI's words, engine, journal and its syncs, books, webhooks); the `sink`, where the webhooks go,
//! which looks at every report; and `echo`, the floor: a bare axum server that reads the same bodies and answers with as
//! many bytes of them, and that posts as many bytes to the sink as the webhooks brought. Phones are the engine's own: there
//! is no socket for them here, `fanout` has those. By turns (echo, bongsu, echo ...); the median of the pairs' ratios
//! counts. It stops by itself after the benchmarks' limit, and its processes end with it.

use std::time::Instant;

use serde_json::{Value, json};

use crate::host::bench::fanout::child::Child;
use crate::host::bench::fanout::service::Service;
use crate::host::bench::fanout::{LIMIT, Pair, Part};
use crate::host::bench::median;

pub mod aims;
mod client;
pub mod echo;
pub mod sink;
mod story;

use client::{Post, Taken};

/// Recipients of one POST.
pub const RECIPIENTS: u64 = 10_000;
/// POSTs of a slice that measures rates, and lines that they come on.
const POSTS: usize = 4;
const LINES: usize = 2;
/// Most pairs: the books of a run hold two million messages.
pub const PAIRS_MAX: u32 = 30;

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Pairs of slices for each figure.
    pub pairs: u32,
    /// Bytes of a POST.
    pub body_bytes: u64,
    /// Microseconds from the first byte of a POST alone until its answer.
    pub post: Pair,
    /// Recipients a second of wall time while POST follows POST and webhooks go out at the same time.
    pub accepted: Pair,
    /// Reports a second of wall time at the sink, from the first to the last of a slice.
    pub reported: Pair,
    /// The same for the floor while nothing else is done; the ratio is that of processor time of the servers.
    pub whole: f64,
    /// Reports that never came, and that came again.
    pub missing: u64,
    /// See `missing`.
    pub repeated: u64,
    /// Bytes a webhook, and reports in it, on average.
    pub hook_bytes: u64,
    /// Most bytes that the server had resident.
    pub peak: u64,
}

/// The servers and what was asked of them so far.
struct Field {
    echo: Child,
    sink: Child,
    service: Service,
    echo_address: String,
    sink_port: u64,
    /// POSTs that bongsu got: each has words of its own, so each is a new notice for everybody.
    posts: u32,
}

/// What one slice of reports was.
#[derive(Clone, Copy, Debug, Default)]
struct Told {
    per_second: f64,
    calls: u64,
    bytes: u64,
}

/// Measures. `told` hears what is being measured. An error says which process could not do what.
pub fn measure(pairs: u32, mut told: impl FnMut(&str)) -> Result<Figures, String> {
    if !(1..=PAIRS_MAX).contains(&pairs) {
        return Err(format!("expected 1 to {PAIRS_MAX} pairs, found {pairs}"));
    }
    let mut field = Field::open(Instant::now() + LIMIT)?;
    told("the first POST");
    let body_bytes = story::body(0).len() as u64;
    field.warm_up()?;
    told("one POST at a time");
    let posts: Vec<(f64, f64)> = (0..pairs).map(|_| field.post()).collect::<Result<_, _>>()?;
    told("POST after POST, and their reports");
    let before = field.service.account()?[0];
    let (mut accepted, mut reported, mut hooks) = (Vec::new(), Vec::new(), Told::default());
    for _ in 0..pairs {
        let (rates, reports, slice) = field.flow()?;
        accepted.push(rates);
        reported.push(reports);
        hooks = Told { calls: hooks.calls + slice.calls, bytes: hooks.bytes + slice.bytes, ..hooks };
    }
    let account = field.service.account()?;
    let messages = u64::from(pairs) * POSTS as u64 * RECIPIENTS;
    let all = u64::from(field.posts) * RECIPIENTS;
    let [distinct, repeated] = field.counted()?;
    Ok(Figures {
        pairs,
        body_bytes,
        post: paired(&posts),
        accepted: paired(&accepted),
        reported: paired(&reported),
        whole: messages as f64 * 1e9 / account[0].saturating_sub(before).max(1) as f64,
        missing: all.saturating_sub(distinct),
        repeated,
        hook_bytes: hooks.bytes / hooks.calls.max(1),
        peak: account[4],
    })
}

impl Field {
    fn open(until: Instant) -> Result<Field, String> {
        let mut echo = Child::start(Part::Echo, 0, until)?;
        let mut sink = Child::start(Part::Sink, 0, until)?;
        let (echo_port, sink_port) = (echo.ask("port", &[])?[0], sink.ask("port", &[])?[0]);
        let scenario = story::scenario(RECIPIENTS, sink_port);
        let start = json!({ "scenario": scenario, "phones": "simulated", "clock": "real" });
        let service = Service::with(&start, until)?;
        Ok(Field { echo, sink, service, echo_address: format!("127.0.0.1:{echo_port}"), sink_port, posts: 0 })
    }

    /// The first of anything is dearer; and what is measured is what was asked for.
    fn warm_up(&mut self) -> Result<(), String> {
        let taken = self.submit(1, 1)?;
        let answer: Value = serde_json::from_slice(&taken[0].body).map_err(|error| error.to_string())?;
        let count = &answer["groupInfo"]["count"];
        if count["registeredSuccess"] != RECIPIENTS || answer["failedMessageList"] != json!([]) {
            return Err(format!("expected {RECIPIENTS} recipients taken, found {count}"));
        }
        self.all_told()?;
        self.floor(1, 1).map(drop)
    }

    /// One POST to the floor, one to bongsu; microseconds.
    fn post(&mut self) -> Result<(f64, f64), String> {
        let floor = self.floor(1, 1)?[0].took_us();
        let own = self.submit(1, 1)?[0].took_us();
        // The next one finds a server that has nothing else to do.
        self.all_told()?;
        Ok((floor, own))
    }

    /// POST after POST on a few lines: rates of acceptance, rates of reports, and what the reports were.
    fn flow(&mut self) -> Result<(Beside, Beside, Told), String> {
        let floor = rate(&self.floor(POSTS, LINES)?);
        self.sink.ask("slice", &[])?;
        let own = rate(&self.submit(POSTS, LINES)?);
        let told = self.all_told()?;
        self.sink.ask("slice", &[])?;
        let reports = POSTS as u64 * RECIPIENTS;
        let took = self.echo.ask("post", &[self.sink_port, told.calls, told.bytes / told.calls.max(1)])?[0];
        let bare = reports as f64 * 1e6 / took.max(1) as f64;
        Ok(((floor, own), (bare, told.per_second), told))
    }

    fn floor(&mut self, posts: usize, lines: usize) -> Result<Vec<Taken>, String> {
        // Bodies that are as long and as new as those of bongsu.
        let posts = (0..posts).map(|_| Post::new(&self.echo_address, "/", story::body(self.posts))).collect();
        client::send(&self.echo_address, posts, lines)
    }

    fn submit(&mut self, posts: usize, lines: usize) -> Result<Vec<Taken>, String> {
        let address = self.service.address().to_owned();
        let mut all = Vec::with_capacity(posts);
        for _ in 0..posts {
            self.posts += 1;
            all.push(Post::new(&address, story::PATH, story::body(self.posts)).signed());
        }
        client::send(&address, all, lines)
    }

    /// Waits until the sink has every report of everything that was submitted.
    fn all_told(&mut self) -> Result<Told, String> {
        let wanted = u64::from(self.posts) * RECIPIENTS;
        let numbers = self.sink.ask("wait", &[wanted])?;
        let (first, last, reports) = (numbers[0], numbers[1], numbers[2]);
        let per_second = reports as f64 * 1e6 / last.saturating_sub(first).max(1) as f64;
        Ok(Told { per_second, calls: numbers[3], bytes: numbers[4] })
    }

    fn counted(&mut self) -> Result<[u64; 2], String> {
        let numbers = self.sink.ask("count", &[])?;
        Ok([numbers[0], numbers[1]])
    }
}

/// A figure of the floor and ours.
type Beside = (f64, f64);

/// Recipients a second, from the first byte of the first POST to the last of the last answer.
fn rate(taken: &[Taken]) -> f64 {
    let first = taken.iter().map(|one| one.began).min();
    let last = taken.iter().map(|one| one.ended).max();
    let took = first.zip(last).map_or(0.0, |(first, last)| (last - first).as_secs_f64());
    taken.len() as f64 * RECIPIENTS as f64 / took.max(1e-9)
}

fn paired(figures: &[(f64, f64)]) -> Pair {
    let of = |figure: fn(&(f64, f64)) -> f64| median(figures.iter().map(figure).collect());
    Pair { floor: of(|row| row.0), gateway: of(|row| row.1), ratio: of(|row| row.1 / row.0) }
}
