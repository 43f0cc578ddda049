//! The storm: everybody's line breaks at once, and everybody is back within a second; first with nothing missed, then with
//! a backlog for each, while strangers who mean no good come too. Against the whole program, with engine and journal.

use std::time::Instant;

use crate::host::bench::fanout::child::Child;
use crate::host::bench::fanout::service::Service;
use crate::host::bench::fanout::{self, LIMIT, Part};

/// Processes of clients.
const PROCESSES: u32 = 2;
/// Everybody calls within so many microseconds.
const WITHIN_US: u64 = 1_000_000;
/// Notices that each phone has missed the second time, and how many of them were sent at once.
const MISSED: (u32, u32) = (50, 10);
/// Strangers, a third of each kind.
const STRANGERS: u32 = 300;
/// Most phones: half of them are a process, and the server has a descriptor for each and for every stranger.
pub const CLIENTS_MAX: u32 = fanout::CLIENTS_MAX - 10 * STRANGERS;

/// What was measured. Times in microseconds since the storm began, memory in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Phones, each on a socket of its own.
    pub clients: u32,
    /// With nothing missed.
    pub bare: Storm,
    /// With a backlog and strangers.
    pub laden: Storm,
    /// Notices that each phone had missed.
    pub missed: u32,
    /// Lines that the strangers opened.
    pub strangers: u64,
}

/// One storm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Storm {
    /// Connections that were refused or broke.
    pub refused: u64,
    /// When 99 of 100 were welcomed.
    pub back_99: u64,
    /// When all were welcomed.
    pub back: u64,
    /// When all had what they had missed.
    pub caught_up: u64,
    /// Notices that came, each once and in order.
    pub notices: u64,
    /// Resident memory of the server and all clients together: before, and at most.
    pub before: u64,
    /// See `before`; the sum of each process's own peak.
    pub peak: u64,
}

struct Field {
    service: Service,
    phones: Vec<Child>,
    each: u64,
}

/// Measures. `told` hears what is being measured. An error says which process could not do what.
pub fn measure(clients: u32, mut told: impl FnMut(&str)) -> Result<Figures, String> {
    if !(PROCESSES..=CLIENTS_MAX).contains(&clients) {
        return Err(format!("expected {PROCESSES} to {CLIENTS_MAX} clients, found {clients}"));
    }
    let until = Instant::now() + LIMIT;
    let clients = clients / PROCESSES * PROCESSES;
    told("connecting");
    let mut field = Field::open(clients, until)?;
    let mut strangers = Child::start(Part::Hostile, STRANGERS, until)?;
    field.send(1)?;
    told("a storm");
    let bare = field.storm(0, 0)?;
    told("sending what will be missed");
    let seen = field.every("seq", &[])?.iter().map(|numbers| numbers[0]).max().unwrap_or(0);
    (0..MISSED.0 / MISSED.1).try_for_each(|_| field.send(u64::from(MISSED.1)))?;
    told("a storm with a backlog, and strangers");
    strangers.tell("attack", &[u64::from(STRANGERS), field.service.port()?, u64::from(clients)])?;
    let laden = field.storm(u64::from(MISSED.0), seen)?;
    let opened = strangers.hear()?[0];
    Ok(Figures { clients, bare, laden, missed: MISSED.0, strangers: opened })
}

impl Field {
    fn open(clients: u32, until: Instant) -> Result<Field, String> {
        let mut steps = vec![("news", 1)];
        steps.extend(vec![("news", MISSED.1); (MISSED.0 / MISSED.1) as usize]);
        let service = Service::start(clients + STRANGERS / 3, &steps, until)?;
        let (port, each) = (service.port()?, u64::from(clients / PROCESSES));
        let mut phones = Vec::new();
        for place in 0..u64::from(PROCESSES) {
            let mut part = Child::start(Part::Clients, each as u32, until)?;
            part.ask("first", &[place * each])?;
            part.ask("connect", &[each, port])?;
            part.ask("hello", &[])?;
            phones.push(part);
        }
        Ok(Field { service, phones, each })
    }

    /// The next step of the clock, with so many notices for everybody.
    fn send(&mut self, notices: u64) -> Result<(), String> {
        self.phones.iter_mut().try_for_each(|part| part.tell("expect", &[notices]))?;
        self.service.step()?;
        self.phones.iter_mut().try_for_each(|part| part.hear().map(drop))
    }

    fn storm(&mut self, missed: u64, seen: u64) -> Result<Storm, String> {
        self.every("cut", &[])?;
        self.every("forget", &[])?;
        self.service.forget_peak()?;
        let before = self.memory(3)?;
        let port = self.service.port()?;
        let came = self.every("storm", &[self.each, port, WITHIN_US, missed, seen])?;
        let most = |place: usize| came.iter().map(|numbers| numbers[place]).max().unwrap_or(0);
        let sum = |place: usize| came.iter().map(|numbers| numbers[place]).sum();
        Ok(Storm {
            refused: sum(0),
            back_99: most(1),
            back: most(2),
            caught_up: most(3),
            notices: sum(4),
            before,
            peak: self.memory(4)?,
        })
    }

    /// A figure of the accounts of all processes but the leader's and the strangers'.
    fn memory(&mut self, place: usize) -> Result<u64, String> {
        let phones: u64 = self.every("account", &[])?.iter().map(|numbers| numbers[place]).sum();
        Ok(phones + self.service.account()?[place])
    }

    /// Asks all processes of clients at the same time.
    fn every(&mut self, word: &str, numbers: &[u64]) -> Result<Vec<Vec<u64>>, String> {
        self.phones.iter_mut().try_for_each(|part| part.tell(word, numbers))?;
        self.phones.iter_mut().map(Child::hear).collect()
    }
}
