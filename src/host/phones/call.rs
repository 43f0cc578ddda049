//! A call: one life of a carrier's line, from hello to its end.
//!
//! It reads always and writes when there is something to write; a network that is slow to take it is no reason to stop
//! listening.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::{Sink, SinkExt, StreamExt};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::host::phones::World;
use crate::host::phones::agenda::Act;
use crate::host::phones::carrier::Carrier;
use crate::host::phones::counters::one_more;
use crate::host::phones::line::{self, Line};
use crate::host::phones::talk::{Button, Heard, Said};
use crate::host::shutdown::Shutdown;
use crate::sim::behaviour::{reaction, saying};
use crate::sim::model::ids::{AttemptId, ButtonId, KindId, PersonId};
use crate::sim::model::medium::Medium;
use crate::sim::plan::message;
use crate::sim::plan::numbers::Numbers;

/// Receipts wait this long for company.
const RECEIPTS_WITHIN: Duration = Duration::from_millis(3);
/// A network that was not heard for this many of its heartbeats is gone.
const HEARTBEATS_MISSED: u32 = 3;
/// How long a goodbye may take.
const GOODBYE_WITHIN: Duration = Duration::from_secs(1);
/// The close code of a run that is over.
const RUN_ENDED: u16 = 4010;

/// Why a line is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It broke, or was closed: come back after the phone's own pause.
    Lost,
    /// Closed by a server that ends, with the wish to come back after so long.
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
pub(super) struct Call<'a> {
    carrier: &'a mut Carrier,
    world: &'a World,
    line: Line,
    flushing: bool,
    /// Whether the phones were logged in.
    pub(super) welcomed: bool,
    patience: Duration,
    /// When the network was last heard.
    pub(super) heard: Instant,
}

impl<'a> Call<'a> {
    /// A line that has just been got.
    pub(super) fn new(carrier: &'a mut Carrier, world: &'a World, line: Line) -> Call<'a> {
        let patience = line::HANDSHAKE_WITHIN * 2;
        Call { carrier, world, line, flushing: false, welcomed: false, patience, heard: Instant::now() }
    }

    /// Talks until the line ends, and answers why it did.
    pub(super) async fn talk(&mut self, shutdown: &mut Shutdown) -> Why {
        let phones = self.carrier.phones.iter().map(|person| self.numbers().number(*person)).collect();
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
                    let taken = std::mem::take(&mut self.carrier.unsure);
                    self.carrier.recent.add(Instant::now(), &taken);
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
            Ok(Heard::Notice { seq, attempt, to, kind, buttons }) => self.notice(seq, &attempt, &to, &kind, &buttons),
            Ok(Heard::Error { code, phones }) => return self.error(&code, &phones).await,
            Ok(Heard::Unknown) | Err(_) => {}
        }
        Ok(())
    }

    fn welcome(&mut self, heartbeat: Duration) {
        self.welcomed = true;
        self.world.goodbye.store(false, Ordering::Relaxed);
        self.patience = heartbeat * HEARTBEATS_MISSED;
        self.carrier.tries = 0;
        one_more(&self.world.options.counters.opened);
        one_more(&self.world.options.counters.open);
    }

    fn notice(&mut self, seq: u64, attempt: &str, to: &[String], kind: &str, buttons: &[Button]) {
        let counters = &self.world.options.counters;
        if seq <= self.carrier.since {
            return one_more(&counters.repeated);
        }
        self.carrier.since = seq;
        one_more(&counters.shown);
        let person = to.first().and_then(|number| self.numbers().person(number));
        let (Some(person), Some(attempt)) = (person, AttemptId::parse(attempt)) else { return };
        self.carrier.report.delivered.push((person, attempt));
        self.carrier.waiting.get_or_insert_with(Instant::now);
        if self.carrier.reacted.insert(attempt) {
            self.react(person, attempt, kind, buttons);
        }
    }

    fn numbers(&self) -> Numbers {
        Numbers::of(&self.world.options.plan)
    }

    /// Puts on the agenda what the person will do with the message.
    fn react(&mut self, person: PersonId, attempt: AttemptId, kind: &str, buttons: &[Button]) {
        let plan = &self.world.options.plan;
        let Some(habits) = plan.habits_of(person) else { return };
        let content = seen(&plan.buttons, buttons);
        let reaction = reaction(plan.seed, habits, &content, person, attempt);
        let Some(reads_after) = reaction.reads_after else { return };
        let Some(reads) = Instant::now().checked_add(self.world.real(reads_after)) else { return };
        self.carrier.agenda.add(reads, person, Act::Read(attempt));
        let presses =
            reaction.presses.and_then(|(button, after)| Some((button, reads.checked_add(self.world.real(after))?)));
        if let Some((button, presses)) = presses {
            self.carrier.agenda.add(presses, person, Act::Press(attempt, button));
        } else if reaction.presses.is_none() {
            self.speak(person, attempt, kind, reads);
        }
    }

    /// Puts on the agenda what the person will say once the message was read.
    fn speak(&mut self, person: PersonId, attempt: AttemptId, kind: &str, reads: Instant) {
        let plan = &self.world.options.plan;
        let Some(kind) = plan.kinds.iter().position(|row| row.key == kind) else { return };
        let Some((of, after)) = saying(plan, KindId(kind as u16), person, attempt) else { return };
        if let Some(says) = reads.checked_add(self.world.real(after)) {
            self.carrier.agenda.add(says, person, Act::Say(of));
        }
    }

    /// Some of the phones are off: they go on by themselves. All of them: the network will close the line.
    async fn error(&mut self, code: &str, phones: &[String]) -> Result<(), Why> {
        let numbers = self.numbers();
        let mine = |number: &String| numbers.person(number).filter(|person| self.carrier.phones.contains(person));
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
        while let Some((who, act)) = carrier.agenda.pop_due(now) {
            match act {
                Act::Read(attempt) => {
                    one_more(&counters.read);
                    carrier.report.read.push((who, attempt));
                    carrier.waiting.get_or_insert(now);
                }
                Act::Press(attempt, button) => {
                    one_more(&counters.pressed);
                    carrier.report.presses.push((who, attempt, button));
                    carrier.waiting.get_or_insert(now);
                }
                Act::Say(of) => {
                    one_more(&counters.said);
                    carrier.report.words.push((who, of));
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
            let names = |attempts: &[(PersonId, AttemptId)]| attempts.iter().map(|(_, id)| id.to_string()).collect();
            self.say(&Said::Receipt { delivered: names(&part.delivered), read: names(&part.read) })?;
        }
        let world = self.world;
        for (_, attempt, button) in &part.presses {
            let button = &world.options.plan.buttons[button.index()];
            self.say(&Said::Press { attempt: attempt.to_string(), button })?;
        }
        let plan = &world.options.plan;
        for (person, of) in &part.words {
            let saying = &plan.services.talk.says[usize::from(*of)];
            let channel = &plan.channels[plan.kinds[saying.after.index()].channel.index()].key;
            self.say(&Said::Say { channel, text: &saying.text, phone: self.numbers().number(*person) })?;
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
