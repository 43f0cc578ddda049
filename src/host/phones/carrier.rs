//! A carrier: the phones of one socket, from their first connection to the end, through every break of the line.
//!
//! When the network drops or refuses some of its phones and keeps the others, those go to a carrier of their own.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::host::phones::World;
use crate::host::phones::agenda::Agenda;
use crate::host::phones::call::{Call, Why};
use crate::host::phones::counters::{one_less, one_more};
use crate::host::phones::line::{self, Answered, Line};
use crate::host::phones::recent::Recent;
use crate::host::phones::report::Report;
use crate::host::shutdown::Shutdown;
use crate::sim::behaviour::reconnect_pause;
use crate::sim::model::ids::{AttemptId, PersonId};
use crate::sim::model::medium::Network;

/// The shortest pause between two tries, whatever the dice and the speed say.
const PAUSE_MIN: Duration = Duration::from_millis(20);

/// The phones of one socket.
pub struct Carrier {
    network: Network,
    pub(super) phones: Vec<PersonId>,
    /// Last sequence number seen.
    pub(super) since: u64,
    pub(super) agenda: Agenda,
    /// Attempts that somebody has reacted to already; a second copy changes nobody's mind.
    pub(super) reacted: HashSet<AttemptId>,
    pub(super) report: Report,
    /// What was handed to a line that may have broken before it was gone.
    pub(super) unsure: Report,
    /// What lines took, and a server that died may have lost.
    pub(super) recent: Recent,
    /// Since when the report waits.
    pub(super) waiting: Option<Instant>,
    pub(super) tries: u32,
    /// Whether the run has ever let these phones in.
    pub(super) welcomed: bool,
    /// Since when nobody listens at the server's address.
    nobody_since: Option<Instant>,
}

/// Tries after which phones that were never let in believe that there is no run.
const NO_RUN_TRIES: u32 = 20;
/// How long phones try to reach a server that said goodbye and no longer listens: its run is over.
const AFTER_GOODBYE: Duration = Duration::from_secs(5);
/// How long they try to reach one that went without a word: a run goes on when its server is started again.
const AFTER_CRASH: Duration = Duration::from_secs(60);

impl Carrier {
    /// Phones that have not connected yet.
    pub fn new(network: Network, phones: Vec<PersonId>) -> Carrier {
        Carrier {
            network,
            phones,
            since: 0,
            agenda: Agenda::default(),
            reacted: HashSet::new(),
            report: Report::default(),
            unsure: Report::default(),
            recent: Recent::default(),
            waiting: None,
            tries: 0,
            welcomed: false,
            nobody_since: None,
        }
    }

    /// Plays the phones, after a first pause, until the switch is thrown or there is nothing left to play.
    pub(super) async fn carry(mut self, world: Arc<World>, first: Duration, mut shutdown: Shutdown) {
        let mut pause = first;
        while let Some(lead) = self.phones.first().copied() {
            tokio::select! {
                biased;
                () = shutdown.asked() => return,
                () = sleep(pause) => {}
            }
            let answered = tokio::select! {
                biased;
                () = shutdown.asked() => return,
                answered = line::connect(&world.options, world.address, self.source(&world), self.network) => answered,
            };
            let gone = self.is_gone(&world, &answered);
            let why = match answered {
                Answered::Line(line) => self.call(&world, *line, &mut shutdown).await,
                // A run that these phones were in is over, and a run that never comes is not waited for for ever.
                Answered::NoRun if self.welcomed || self.tries >= NO_RUN_TRIES => Why::Over,
                Answered::NoServer if gone => Why::Over,
                Answered::NoRun | Answered::NoServer | Answered::No => {
                    one_more(&world.options.counters.refused);
                    Why::Lost
                }
            };
            pause = match why {
                Why::Over => return,
                Why::ComeBack(pause) => {
                    world.goodbye.store(true, Ordering::Relaxed);
                    pause
                }
                Why::Lost => {
                    let rules = &world.options.plan.networks[self.network.index()];
                    world.real(reconnect_pause(world.options.plan.seed, rules, lead, self.network, self.tries))
                }
            };
            pause = pause.max(PAUSE_MIN);
            self.tries = self.tries.saturating_add(1);
        }
    }

    /// Whether a server that does not listen has been away for longer than it is waited for.
    fn is_gone(&mut self, world: &World, answered: &Answered) -> bool {
        if !matches!(answered, Answered::NoServer) {
            self.nobody_since = None;
            return false;
        }
        // Said to one it is said to all: some may have been without a line just then.
        let patience = if world.goodbye.load(Ordering::Relaxed) { AFTER_GOODBYE } else { AFTER_CRASH };
        self.nobody_since.get_or_insert_with(Instant::now).elapsed() >= patience
    }

    fn source(&self, world: &World) -> Option<IpAddr> {
        let sources = &world.options.sources;
        let turn = self.phones.first().map_or(0, |person| person.index());
        if sources.is_empty() { None } else { Some(sources[turn % sources.len()]) }
    }

    async fn call(&mut self, world: &World, line: Line, shutdown: &mut Shutdown) -> Why {
        if self.report.take_back(&mut self.unsure) {
            self.waiting.get_or_insert_with(Instant::now);
        }
        let mut call = Call::new(self, world, line);
        let why = call.talk(shutdown).await;
        let (welcomed, heard, counters) = (call.welcomed, call.heard, &world.options.counters);
        let mut again = self.recent.unsure(heard);
        again.append(&mut self.unsure);
        self.unsure = again;
        self.welcomed |= welcomed;
        if welcomed {
            one_less(&counters.open);
        }
        match welcomed {
            // Phones that are being stopped lose nothing.
            _ if shutdown.is_asked() => {}
            true => one_more(&counters.lost),
            false => one_more(&counters.refused),
        }
        why
    }

    /// Takes these phones out, with all that is theirs.
    pub(super) fn split_off(&mut self, people: &[PersonId]) -> Carrier {
        self.phones.retain(|person| !people.contains(person));
        let mut other = Carrier::new(self.network, people.to_vec());
        other.since = self.since;
        other.agenda = self.agenda.split_off(people);
        other.reacted = self.reacted.clone();
        other.report = self.report.split_off(people);
        other.unsure = self.unsure.split_off(people);
        other.recent = self.recent.split_off(people);
        other.waiting = self.waiting;
        other.tries = self.tries.saturating_add(1);
        other.welcomed = self.welcomed;
        other.nobody_since = self.nobody_since;
        other
    }
}
