//! The leader: starts the other processes, gives them their orders in turns, and puts the figures together.

use std::time::Instant;

use crate::host::bench::fanout::child::Child;
use crate::host::bench::fanout::clients::RECEIPT;
use crate::host::bench::fanout::{BURST, CLIENTS_MAX, Figures, LIMIT, Options, Pair, Part};
use crate::host::bench::median;

/// Deliveries of a slice, about: enough for the kernel's account, few enough for many slices.
const SLICE: u64 = 60_000;
/// What the stalled reader gets beforehand, so that its socket is full: the kernel's 64 KiB, doubled, and some.
const STALLING: u64 = 500;

/// A server and its clients.
struct Side {
    server: Child,
    clients: Child,
    port: u64,
    count: u64,
}

/// What a slice took.
struct Slice {
    /// Deliveries, or exchanges, a second of the server's processor time.
    per_second: f64,
    /// Median over the rounds, in microseconds.
    p99: f64,
    user_ns: u64,
    system_ns: u64,
}

/// Measures. `told` hears what is being measured. An error says which process could not do what.
pub fn measure(options: Options, mut told: impl FnMut(&str)) -> Result<Figures, String> {
    if options.clients == 0 || options.clients > CLIENTS_MAX {
        return Err(format!("expected 1 to {CLIENTS_MAX} clients, found {}", options.clients));
    }
    let until = Instant::now() + LIMIT;
    let mut floor = Side::start(Part::Floor, options.clients, until)?;
    let mut gateway = Side::start(Part::Gateway, options.clients, until)?;
    let pairs = options.pairs.max(1);

    told("handshakes");
    let empty = gateway.resident()?;
    let handshakes = shake(&mut floor, &mut gateway, pairs)?;
    gateway.clients.ask("hello", &[])?;
    let idle = gateway.resident()?;
    let frame_bytes = gateway.round("send", 1, "expect", 1)?.1 / gateway.count;
    floor.server.ask("frame", &[frame_bytes])?;

    told("lock-step");
    let rounds = (SLICE / gateway.count).clamp(3, 200);
    let steps = taken(pairs, || Ok((floor.slice("send", 1, rounds)?, gateway.slice("send", 1, rounds)?)))?;
    told("bursts");
    let bursts = (SLICE * 2 / gateway.count / u64::from(BURST)).max(1);
    let burst = u64::from(BURST);
    let burst = taken(pairs, || Ok((floor.slice("send", burst, bursts)?, gateway.slice("send", burst, bursts)?)))?;
    told("receipts");
    let receipts = (rounds / 2).max(2);
    let exchange =
        taken(pairs, || Ok((floor.slice("exchange", 1, receipts)?, gateway.slice("exchange", 1, receipts)?)))?;
    told("a stalled reader");
    let stalled = taken(pairs, || Ok((gateway.slice("send", 1, rounds)?, gateway.stalled(rounds)?)))?;

    let per_second = |slice: &Slice| slice.per_second;
    let (user, system): (u64, u64) =
        steps.iter().fold((0, 0), |sum, (_, own)| (sum.0 + own.user_ns, sum.1 + own.system_ns));
    let mailbox = gateway.server.ask("mailbox", &[])?[0];
    let after = gateway.resident()?.saturating_sub(mailbox);
    let kib = |bytes: u64| bytes.saturating_sub(empty) as f64 / 1_024.0 / gateway.count as f64;
    Ok(Figures {
        options,
        frame_bytes,
        handshakes,
        lockstep: pair(&steps, per_second),
        burst: pair(&burst, per_second),
        p99: pair(&steps, |slice| slice.p99),
        exchange: pair(&exchange, per_second),
        stalled: pair(&stalled, |slice| slice.p99),
        user_share: user as f64 / (user + system).max(1) as f64,
        idle_kib: kib(idle),
        after_kib: kib(after),
        mailbox_mib: mailbox as f64 / 1_048_576.0,
    })
}

/// Connects everybody, in slices by turns.
fn shake(floor: &mut Side, gateway: &mut Side, pairs: u32) -> Result<Pair, String> {
    let (mut left, mut rates) = (floor.count, Vec::new());
    for part in (1..=u64::from(pairs)).rev() {
        let count = left / part;
        left -= count;
        if count > 0 {
            rates.push((floor.connect(count)?, gateway.connect(count)?));
        }
    }
    Ok(paired(&rates))
}

fn taken(
    pairs: u32,
    mut slices: impl FnMut() -> Result<(Slice, Slice), String>,
) -> Result<Vec<(Slice, Slice)>, String> {
    (0..pairs).map(|_| slices()).collect()
}

fn pair(slices: &[(Slice, Slice)], figure: impl Fn(&Slice) -> f64) -> Pair {
    paired(&slices.iter().map(|(floor, gateway)| (figure(floor), figure(gateway))).collect::<Vec<_>>())
}

fn paired(figures: &[(f64, f64)]) -> Pair {
    let of = |figure: fn(&(f64, f64)) -> f64| median(figures.iter().map(figure).collect());
    Pair { floor: of(|row| row.0), gateway: of(|row| row.1), ratio: of(|row| row.1 / row.0) }
}

impl Side {
    fn start(part: Part, count: u32, until: Instant) -> Result<Side, String> {
        let mut server = Child::start(part, count, until)?;
        let clients = Child::start(Part::Clients, count, until)?;
        let port = server.ask("port", &[])?[0];
        Ok(Side { server, clients, port, count: u64::from(count) })
    }

    /// So many more clients; answers handshakes a second.
    fn connect(&mut self, count: u64) -> Result<f64, String> {
        self.server.tell("accept", &[count])?;
        let took = self.clients.ask("connect", &[count, self.port])?[0];
        self.server.hear()?;
        Ok(count as f64 * 1e6 / took.max(1) as f64)
    }

    /// One round: what the server does, and what the clients wait for. Answers the microseconds until 99 of 100 had it,
    /// and the bytes that came.
    fn round(&mut self, order: &str, number: u64, wait: &str, frames: u64) -> Result<(u64, u64), String> {
        self.clients.tell(wait, &[frames])?;
        let start = self.server.ask(order, &[number])?[0];
        let came = self.clients.hear()?;
        Ok((came[1].saturating_sub(start), came[3]))
    }

    fn slice(&mut self, order: &str, times: u64, rounds: u64) -> Result<Slice, String> {
        let exchange = order == "exchange";
        let (number, wait) = if exchange { (RECEIPT as u64, "answer") } else { (times, "expect") };
        let before = self.server.ask("account", &[])?;
        let late: Result<Vec<u64>, String> =
            (0..rounds).map(|_| self.round(order, number, wait, times).map(|round| round.0)).collect();
        let late = late?;
        let after = self.server.ask("account", &[])?;
        let busy = after[0].saturating_sub(before[0]).max(1);
        Ok(Slice {
            per_second: (self.count * times * rounds) as f64 * 1e9 / busy as f64,
            p99: median(late) as f64,
            user_ns: after[1].saturating_sub(before[1]),
            system_ns: after[2].saturating_sub(before[2]),
        })
    }

    /// A slice of lock-step while one client reads nothing and its socket is full.
    fn stalled(&mut self, rounds: u64) -> Result<Slice, String> {
        self.clients.ask("stall", &[])?;
        self.server.ask("prime", &[STALLING])?;
        let slice = self.slice("send", 1, rounds)?;
        self.clients.ask("resume", &[STALLING + rounds])?;
        Ok(slice)
    }

    fn resident(&mut self) -> Result<u64, String> {
        Ok(self.server.ask("account", &[])?[3])
    }
}
