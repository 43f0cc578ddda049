//! The leader: starts the other processes, gives them their orders in turns, and puts the figures together.

use std::time::Instant;

use crate::host::bench::fanout::child::Child;
use crate::host::bench::fanout::service::Service;
use crate::host::bench::fanout::side::{Side, Slice};
use crate::host::bench::fanout::{BURST, CLIENTS_MAX, Figures, LIMIT, Options, Pair, Part};
use crate::host::bench::median;

/// Deliveries of a slice, about: enough for the kernel's account, few enough for many slices.
const SLICE: u64 = 60_000;

/// The whole program with its clients.
struct Whole {
    service: Service,
    clients: Child,
    count: u64,
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

    told("the whole program");
    let mut whole = Whole::start(options.clients, pairs * receipts as u32, until)?;
    let wholes = taken(pairs, || Ok((floor.slice("exchange", 1, receipts)?, whole.slice(receipts)?)))?;

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
        whole: pair(&wholes, per_second),
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

impl Whole {
    /// Everybody connected, and one round done already: the first of anything is dearer.
    fn start(count: u32, rounds: u32, until: Instant) -> Result<Whole, String> {
        let service = Service::start(count, &vec![("rent", 1); rounds as usize + 1], until)?;
        let mut clients = Child::start(Part::Clients, count, until)?;
        clients.ask("connect", &[u64::from(count), service.port()?])?;
        clients.ask("hello", &[])?;
        let mut whole = Whole { service, clients, count: u64::from(count) };
        whole.round()?;
        Ok(whole)
    }

    /// A personal notice to everybody, and everybody's receipt on disk and in the engine.
    fn round(&mut self) -> Result<(), String> {
        self.clients.tell("answer", &[1])?;
        self.service.step()?;
        self.clients.hear()?;
        self.service.reached(self.count)
    }

    fn slice(&mut self, rounds: u64) -> Result<Slice, String> {
        let before = self.service.account()?;
        (0..rounds).try_for_each(|_| self.round())?;
        let after = self.service.account()?;
        Ok(Slice::between(&before, &after, self.count * rounds, vec![0]))
    }
}
