//! The fan-out: what one delivery to one of many phones costs, against the least that any server must pay for it.
//!
//! Seven processes: this one, which leads; the gateway with a peer at the engine's end of its seam; the `service`, which
//! is the whole program with a data folder; the `floor`, a bare epoll loop that writes bytes; and for each of the three a
//! process of clients. All servers have their clients connected all the time, and are measured in turns (floor, gateway,
//! floor, gateway ...), so that a machine that is busy with something else moves both; what counts is the median of the
//! pairs' ratios. Processor time is the server process's own, by the kernel's account. [`storm`] is measured apart.
//!
//! Nothing here is a test. It stops by itself after [`LIMIT`], whatever hangs, and its processes end with it.

use std::io::{self, BufRead, Write};
use std::time::Duration;

use crate::host::bench::senders::{echo, sink};

pub(in crate::host::bench) mod account;
pub(in crate::host::bench) mod child;
mod clients;
mod floor;
mod gateway;
mod hostile;
mod lead;
mod scenario;
pub(in crate::host::bench) mod service;
mod side;
pub(in crate::host::bench) mod talk;
pub mod aims;
pub mod storm;

pub use lead::measure;

/// How long the whole may take.
pub const LIMIT: Duration = Duration::from_secs(300);
/// Most clients: each process has one descriptor a client, of 20,000 that systems usually allow.
pub const CLIENTS_MAX: u32 = 19_800;
/// Notices that come at once in a burst.
pub const BURST: u32 = 16;

/// How much to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Phones, each on a socket of its own.
    pub clients: u32,
    /// Pairs of slices for each figure.
    pub pairs: u32,
}

/// What a process of this benchmark does; the first word of its command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The bare loop.
    Floor,
    /// The gateway.
    Gateway,
    /// Clients of one of them.
    Clients,
    /// Strangers who mean no good.
    Hostile,
    /// The bare server of `bench senders`.
    Echo,
    /// Where the webhooks of `bench senders` go.
    Sink,
}

/// One figure of both servers: each the median of its slices, and the median of the pairs' ratios.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The floor's.
    pub floor: f64,
    /// The gateway's.
    pub gateway: f64,
    /// Gateway over floor.
    pub ratio: f64,
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// How much.
    pub options: Options,
    /// Bytes of the frame that is delivered.
    pub frame_bytes: u64,
    /// Handshakes a second of wall time.
    pub handshakes: Pair,
    /// One notice to everybody, the next when everybody has it: deliveries a CPU-second of the server.
    pub lockstep: Pair,
    /// [`BURST`] notices for each phone at once, likewise; the floor writes each by itself.
    pub burst: Pair,
    /// Microseconds from the order until 99 of 100 phones have the notice, in lock-step.
    pub p99: Pair,
    /// A notice with words of the person's own, and its receipt: exchanges a CPU-second.
    pub exchange: Pair,
    /// The same through the whole program: engine, journal and API, at rest but for this.
    pub whole: Pair,
    /// The p99 of the others while one reader is stalled (`gateway`), and while none is (`floor`).
    pub stalled: Pair,
    /// Share of user time in the gateway's processor time, in lock-step.
    pub user_share: f64,
    /// Resident memory of the gateway's process a connection before any traffic, in KiB.
    pub idle_kib: f64,
    /// The same after all traffic, without the mailbox.
    pub after_kib: f64,
    /// What the mailbox keeps so that phones can catch up, in MiB.
    pub mailbox_mib: f64,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 6] = [Part::Floor, Part::Gateway, Part::Clients, Part::Hostile, Part::Echo, Part::Sink];

    /// Its word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Part::Floor => "floor",
            Part::Gateway => "gateway",
            Part::Clients => "clients",
            Part::Hostile => "hostile",
            Part::Echo => "echo",
            Part::Sink => "sink",
        }
    }

    /// Plays the part until its leader says no more.
    pub fn play(self, clients: u32, orders: impl BufRead, answers: impl Write) -> io::Result<()> {
        match self {
            Part::Floor => floor::play(orders, answers),
            Part::Gateway => gateway::play(clients, orders, answers),
            Part::Clients => clients::play(orders, answers),
            Part::Hostile => hostile::play(orders, answers),
            Part::Echo => echo::play(orders, answers),
            Part::Sink => sink::play(orders, answers),
        }
    }
}
