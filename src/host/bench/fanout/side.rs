//! A server of the benchmark with its clients, and one slice of what it can do.

use std::time::Instant;

use crate::host::bench::fanout::Part;
use crate::host::bench::fanout::child::Child;
use crate::host::bench::fanout::clients::RECEIPT;
use crate::host::bench::median;

/// What the stalled reader gets beforehand, so that its socket is full: the kernel's 64 KiB, doubled, and some.
const STALLING: u64 = 500;

/// A server and its clients.
pub struct Side {
    /// The server.
    pub server: Child,
    /// Its clients.
    pub clients: Child,
    port: u64,
    /// How many clients.
    pub count: u64,
}

/// What a slice took.
pub struct Slice {
    /// Deliveries, or exchanges, a second of the server's processor time.
    pub per_second: f64,
    /// Median over the rounds, in microseconds.
    pub p99: f64,
    /// User time.
    pub user_ns: u64,
    /// System time.
    pub system_ns: u64,
}

impl Slice {
    /// So many deliveries between two accounts of their server, with the latest of each round.
    pub fn between(before: &[u64], after: &[u64], deliveries: u64, late: Vec<u64>) -> Slice {
        let busy = after[0].saturating_sub(before[0]).max(1);
        Slice {
            per_second: deliveries as f64 * 1e9 / busy as f64,
            p99: median(late) as f64,
            user_ns: after[1].saturating_sub(before[1]),
            system_ns: after[2].saturating_sub(before[2]),
        }
    }
}

impl Side {
    /// Starts both.
    pub fn start(part: Part, count: u32, until: Instant) -> Result<Side, String> {
        let mut server = Child::start(part, count, until)?;
        let clients = Child::start(Part::Clients, count, until)?;
        let port = server.ask("port", &[])?[0];
        Ok(Side { server, clients, port, count: u64::from(count) })
    }

    /// So many more clients; answers handshakes a second.
    pub fn connect(&mut self, count: u64) -> Result<f64, String> {
        self.server.tell("accept", &[count])?;
        let took = self.clients.ask("connect", &[count, self.port])?[0];
        self.server.hear()?;
        Ok(count as f64 * 1e6 / took.max(1) as f64)
    }

    /// One round: what the server does, and what the clients wait for. Answers the microseconds until 99 of 100 had it,
    /// and the bytes that came.
    pub fn round(&mut self, order: &str, number: u64, wait: &str, frames: u64) -> Result<(u64, u64), String> {
        self.clients.tell(wait, &[frames])?;
        let start = self.server.ask(order, &[number])?[0];
        let came = self.clients.hear()?;
        Ok((came[1].saturating_sub(start), came[3]))
    }

    /// So many rounds of something, each so many times for every client.
    pub fn slice(&mut self, order: &str, times: u64, rounds: u64) -> Result<Slice, String> {
        let exchange = order == "exchange";
        let (number, wait) = if exchange { (RECEIPT as u64, "answer") } else { (times, "expect") };
        let before = self.server.ask("account", &[])?;
        let late: Result<Vec<u64>, String> =
            (0..rounds).map(|_| self.round(order, number, wait, times).map(|round| round.0)).collect();
        let late = late?;
        let after = self.server.ask("account", &[])?;
        Ok(Slice::between(&before, &after, self.count * times * rounds, late))
    }

    /// A slice of lock-step while one client reads nothing and its socket is full.
    pub fn stalled(&mut self, rounds: u64) -> Result<Slice, String> {
        self.clients.ask("stall", &[])?;
        self.server.ask("prime", &[STALLING])?;
        let slice = self.slice("send", 1, rounds)?;
        self.clients.ask("resume", &[STALLING + rounds])?;
        Ok(slice)
    }

    /// Bytes that the server has resident.
    pub fn resident(&mut self) -> Result<u64, String> {
        Ok(self.server.ask("account", &[])?[3])
    }
}
