//! A carrier: the phones of one socket, from their first connection to the end, through every break of the line.
//!
//! When the network drops or refuses some of its phones and keeps the others, those go to a carrier of their own.

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Sink, SinkExt, StreamExt};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::host::phones::World;
use crate::host::phones::agenda::{Act, Agenda};
use crate::host::phones::counters::{one_less, one_more};
use crate::host::phones::line::{self, Line};
use crate::host::phones::talk::{Button, Heard, Said};
use crate::host::shutdown::Shutdown;
use crate::sim::behaviour::{reaction, reconnect_pause};
use crate::sim::model::ids::{AttemptId, ButtonId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::message;
use crate::sim::plan::population::{person_of_number, phone_number};

/// The shortest pause between two tries, whatever the dice and the speed say.
const PAUSE_MIN: Duration = Duration::from_millis(20);
/// Receipts wait this long for company.
const RECEIPTS_WITHIN: Duration = Duration::from_millis(3);
/// Receipts in one frame; the network takes 1,024.
const RECEIPTS_MAX: usize = 512;
/// A network that was not heard for this many of its heartbeats is gone.
const HEARTBEATS_MISSED: u32 = 3;
/// How long a goodbye may take.
const GOODBYE_WITHIN: Duration = Duration::from_secs(1);
/// The close code of a run that is over.
const RUN_ENDED: u16 = 4010;

/// The phones of one socket.
pub struct Carrier {
    network: Network,
    phones: Vec<PersonId>,
    /// Last sequence number seen.
    since: u64,
    agenda: Agenda,
    /// Attempts that somebody has reacted to already; a second copy changes nobody's mind.
    reacted: HashSet<AttemptId>,
    report: Report,
    /// What was handed to a line that may have broken before it was gone.
    unsure: Report,
    /// Since when the report waits.
    waiting: Option<Instant>,
    tries: u32,
}

/// What the network must still hear of.
#[derive(Debug, Default)]
struct Report {
    delivered: Vec<String>,
    read: Vec<String>,
    presses: Vec<(AttemptId, ButtonId)>,
}

/// Why a line is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// It broke, or was closed: come back after the phone's own pause.
    Lost,
    /// Closed with the wish to come back after so long.
    ComeBack(Duration),
    /// There is nothing to come back to, or nobody left to come back.
    Over,
}

/// What happened on the line.
enum Turn {
    Heard(String),
    Pinged,
    Flushed,
    Ended(Why),
}

/// One life of a line.
struct Call<'a> {
    carrier: &'a mut Carrier,
    world: &'a World,
    line: Line,
    flushing: bool,
    welcomed: bool,
    patience: Duration,
    heard: Instant,
}

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
            waiting: None,
            tries: 0,
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
            let why = tokio::select! {
                biased;
                () = shutdown.asked() => return,
                line = line::connect(&world.options.url, world.address, self.source(&world), self.network) => match line {
                    Some(line) => self.call(&world, line, &mut shutdown).await,
                    None => {
                        one_more(&world.options.counters.refused);
                        Why::Lost
                    }
                },
            };
            pause = match why {
                Why::Over => return,
                Why::ComeBack(pause) => pause,
                Why::Lost => {
                    let rules = &world.options.plan.networks[self.network.index()];
                    world.real(reconnect_pause(world.options.plan.seed, rules, lead, self.network, self.tries))
                }
            };
            pause = pause.max(PAUSE_MIN);
            self.tries = self.tries.saturating_add(1);
        }
    }

    fn source(&self, world: &World) -> Option<std::net::IpAddr> {
        let sources = &world.options.sources;
        let turn = self.phones.first().map_or(0, |person| person.index());
        if sources.is_empty() { None } else { Some(sources[turn % sources.len()]) }
    }

    async fn call(&mut self, world: &World, line: Line, shutdown: &mut Shutdown) -> Why {
        if self.report.take_back(&mut self.unsure) {
            self.waiting.get_or_insert_with(Instant::now);
        }
        let mut call = Call {
            carrier: self,
            world,
            line,
            flushing: false,
            welcomed: false,
            patience: line::HANDSHAKE_WITHIN * 2,
            heard: Instant::now(),
        };
        let why = call.talk(shutdown).await;
        let counters = &world.options.counters;
        if call.welcomed {
            one_less(&counters.open);
        }
        match call.welcomed {
            // Phones that are being stopped lose nothing.
            _ if shutdown.is_asked() => {}
            true => one_more(&counters.lost),
            false => one_more(&counters.refused),
        }
        why
    }

    /// Takes these phones out, with all that is theirs.
    fn split_off(&mut self, people: &[PersonId]) -> Carrier {
        self.phones.retain(|person| !people.contains(person));
        let mut other = Carrier::new(self.network, people.to_vec());
        other.since = self.since;
        other.agenda = self.agenda.split_off(people);
        other.reacted = self.reacted.clone();
        // What is being reported goes on over this line; the network knows whose it is, or says that it does not.
        other.tries = self.tries.saturating_add(1);
        other
    }
}

impl Report {
    fn is_empty(&self) -> bool {
        self.delivered.is_empty() && self.read.is_empty() && self.presses.is_empty()
    }

    /// The oldest part of it, as much as goes into one frame.
    fn take_part(&mut self) -> Report {
        fn part<T>(all: &mut Vec<T>) -> Vec<T> {
            all.drain(..all.len().min(RECEIPTS_MAX)).collect()
        }
        Report { delivered: part(&mut self.delivered), read: part(&mut self.read), presses: part(&mut self.presses) }
    }

    /// Puts another report in front; whether there was anything in it.
    fn take_back(&mut self, other: &mut Report) -> bool {
        let any = !other.is_empty();
        self.delivered.splice(..0, other.delivered.drain(..));
        self.read.splice(..0, other.read.drain(..));
        self.presses.splice(..0, other.presses.drain(..));
        any
    }
}

impl Call<'_> {
    async fn talk(&mut self, shutdown: &mut Shutdown) -> Why {
        let phones = self.carrier.phones.iter().map(|person| phone_number(*person)).collect();
        let hello = Said::Hello { phones, since: self.carrier.since };
        if let Err(why) = self.say(&hello) {
            return why;
        }
        loop {
            if self.welcomed
                && let Err(why) = self.act(Instant::now())
            {
                return why;
            }
            let (next, gone, flushing) = (self.next(), self.heard + self.patience, self.flushing);
            let turn = tokio::select! {
                biased;
                () = shutdown.asked() => {
                    let _ = timeout(GOODBYE_WITHIN, self.line.close(None)).await;
                    return Why::Over;
                }
                turn = poll_fn(|cx| self.poll_turn(cx, flushing)) => turn,
                () = sleep_until(gone) => return Why::Lost,
                () = sleep_until(next.unwrap_or(gone)), if next.is_some() => continue,
            };
            match turn {
                Turn::Flushed => {
                    self.flushing = false;
                    self.carrier.unsure = Report::default();
                }
                Turn::Pinged => self.heard = Instant::now(),
                Turn::Ended(why) => return why,
                Turn::Heard(text) => {
                    self.heard = Instant::now();
                    if let Err(why) = self.hear(&text).await {
                        return why;
                    }
                }
            }
        }
    }

    fn poll_turn(&mut self, cx: &mut Context<'_>, flushing: bool) -> Poll<Turn> {
        if flushing && let Poll::Ready(flushed) = self.line.poll_flush_unpin(cx) {
            return Poll::Ready(flushed.map_or(Turn::Ended(Why::Lost), |()| Turn::Flushed));
        }
        self.line.poll_next_unpin(cx).map(|message| match message {
            Some(Ok(Message::Text(text))) => Turn::Heard(text.to_string()),
            Some(Ok(Message::Close(frame))) => Turn::Ended(closed(frame.as_ref())),
            Some(Ok(_)) => Turn::Pinged,
            Some(Err(_)) | None => Turn::Ended(Why::Lost),
        })
    }

    async fn hear(&mut self, text: &str) -> Result<(), Why> {
        match serde_json::from_str(text) {
            Ok(Heard::Welcome { heartbeat_ms }) => self.welcome(Duration::from_millis(heartbeat_ms)),
            Ok(Heard::Notice { seq, attempt, to, buttons }) => self.notice(seq, &attempt, &to, &buttons),
            Ok(Heard::Error { code, phones }) => return self.error(&code, &phones).await,
            Ok(Heard::Unknown) | Err(_) => {}
        }
        Ok(())
    }

    fn welcome(&mut self, heartbeat: Duration) {
        self.welcomed = true;
        self.patience = heartbeat * HEARTBEATS_MISSED;
        self.carrier.tries = 0;
        one_more(&self.world.options.counters.opened);
        one_more(&self.world.options.counters.open);
    }

    fn notice(&mut self, seq: u64, attempt: &str, to: &[String], buttons: &[Button]) {
        let counters = &self.world.options.counters;
        if seq <= self.carrier.since {
            return one_more(&counters.repeated);
        }
        self.carrier.since = seq;
        one_more(&counters.shown);
        self.carrier.report.delivered.push(attempt.to_owned());
        self.carrier.waiting.get_or_insert_with(Instant::now);
        let person = to.first().and_then(|number| person_of_number(number));
        if let (Some(person), Some(attempt)) = (person, AttemptId::parse(attempt))
            && self.carrier.reacted.insert(attempt)
        {
            self.react(person, attempt, buttons);
        }
    }

    /// Puts on the agenda what the person will do with the message.
    fn react(&mut self, person: PersonId, attempt: AttemptId, buttons: &[Button]) {
        let plan = &self.world.options.plan;
        let Some(cohort) = plan.cohort_of(person) else { return };
        let content = seen(&plan.buttons, buttons);
        let reaction = reaction(plan.seed, &plan.cohorts[cohort].habits, &content, person, attempt);
        let Some(reads_after) = reaction.reads_after else { return };
        let Some(reads) = Instant::now().checked_add(self.world.real(reads_after)) else { return };
        self.carrier.agenda.add(reads, person, Act::Read(attempt));
        let presses =
            reaction.presses.and_then(|(button, after)| Some((button, reads.checked_add(self.world.real(after))?)));
        if let Some((button, presses)) = presses {
            self.carrier.agenda.add(presses, person, Act::Press(attempt, button));
        }
    }

    /// Some of the phones are off: they go on by themselves. All of them: the network will close the line.
    async fn error(&mut self, code: &str, phones: &[String]) -> Result<(), Why> {
        let mine = |number: &String| person_of_number(number).filter(|person| self.carrier.phones.contains(person));
        let people: Vec<PersonId> = phones.iter().filter_map(mine).collect();
        match code {
            "login_refused" | "session_lost" if people.len() < self.carrier.phones.len() && !people.is_empty() => {
                let other = self.carrier.split_off(&people);
                // Nobody takes it when the phones are being stopped.
                let _ = self.world.splits.send(other).await;
            }
            "taken_over" | "unknown_phone" => {
                people.iter().for_each(|_| one_more(&self.world.options.counters.retired));
                self.carrier.phones.retain(|person| !people.contains(person));
            }
            _ => {}
        }
        if self.carrier.phones.is_empty() { Err(Why::Over) } else { Ok(()) }
    }

    /// Does what is due and reports what waits, unless the last report is still on its way.
    fn act(&mut self, now: Instant) -> Result<(), Why> {
        let carrier = &mut *self.carrier;
        let counters = &self.world.options.counters;
        while let Some(act) = carrier.agenda.pop_due(now) {
            match act {
                Act::Read(attempt) => {
                    one_more(&counters.read);
                    carrier.report.read.push(attempt.to_string());
                    carrier.waiting.get_or_insert(now);
                }
                Act::Press(attempt, button) => {
                    one_more(&counters.pressed);
                    carrier.report.presses.push((attempt, button));
                    carrier.waiting.get_or_insert(now);
                }
            }
        }
        if self.flushing || self.carrier.waiting.is_none_or(|since| now < since + RECEIPTS_WITHIN) {
            return Ok(());
        }
        self.report()
    }

    fn report(&mut self) -> Result<(), Why> {
        let part = self.carrier.report.take_part();
        if self.carrier.report.is_empty() {
            self.carrier.waiting = None;
        }
        if !part.delivered.is_empty() || !part.read.is_empty() {
            self.say(&Said::Receipt { delivered: &part.delivered, read: &part.read })?;
        }
        let world = self.world;
        for (attempt, button) in &part.presses {
            let button = &world.options.plan.buttons[button.index()];
            self.say(&Said::Press { attempt: attempt.to_string(), button })?;
        }
        self.carrier.unsure = part;
        Ok(())
    }

    fn next(&self) -> Option<Instant> {
        // While a report is on its way, its end is what is waited for.
        if !self.welcomed || self.flushing {
            return None;
        }
        let waiting = self.carrier.waiting.map(|since| since + RECEIPTS_WITHIN);
        [self.carrier.agenda.next(), waiting].into_iter().flatten().min()
    }

    fn say(&mut self, frame: &Said) -> Result<(), Why> {
        self.flushing = true;
        Pin::new(&mut self.line).start_send(Message::text(frame.text())).map_err(|_| Why::Lost)
    }
}

/// What a phone sees of a message, as far as it matters to a person's reaction.
fn seen(names: &[String], buttons: &[Button]) -> message::Content {
    let id = |button: &Button| names.iter().position(|name| *name == button.id).map(|place| ButtonId(place as u16));
    let button = |id| message::Button { id, label: String::new(), kind: String::new() };
    message::Content {
        medium: Medium::Chat,
        template: None,
        title: message::Text::default(),
        text: message::Text::default(),
        buttons: buttons.iter().filter_map(id).map(button).collect(),
        advert: false,
    }
}

/// What a close frame asks for.
fn closed(frame: Option<&CloseFrame>) -> Why {
    let Some(frame) = frame else { return Why::Lost };
    if u16::from(frame.code) == RUN_ENDED {
        return Why::Over;
    }
    let wish = frame.reason.split("reconnect_ms=").nth(1).and_then(|millis| millis.parse().ok());
    wish.map_or(Why::Lost, |millis: u64| Why::ComeBack(Duration::from_millis(millis.min(60_000))))
}
