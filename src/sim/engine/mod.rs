//! The engine: one pure state machine that turns a plan and stamped inputs into events.
//!
//! Contract: `step(at, input, effects)` fires every alarm due by `at`, each **at its own due time**, then takes the
//! input at `at`; `next_wakeup()` says when the next alarm is due. `at` never goes back. Alarms at one instant fire in
//! the order they were set; an input at an instant comes after the alarms of that instant. Same plan and same stamped
//! inputs give the same effects, always, whoever steps it and however late.
//!
//! One notice, in reading order: `sends` creates it, `calls` hands it to a platform, `delivery` brings it to the phone,
//! `receipts` tells the sender, `route` decides what the sender does next, `people` read and answer, the `desk` counts.
//! What a channel offers beside messages is under `service`, a file each.
//! Beside that path stand `sessions` (who is connected), `outages` (faults begin and end), `weights` (one sender policy),
//! `provider` (what an application outside hands in) and `outside` (inputs).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sim::engine::agenda::Agenda;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::desk::Desk;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::engine::outages::Waiting;
use crate::sim::engine::provider::Provider;
use crate::sim::engine::sends::SendState;
use crate::sim::engine::service::Services;
use crate::sim::engine::service::census::Calls;
use crate::sim::engine::service::certificate::Certificates;
use crate::sim::engine::service::fleet::Fleet;
use crate::sim::engine::service::relay::Relays;
use crate::sim::engine::service::stock::Stocks;
use crate::sim::engine::service::talk::Talks;
use crate::sim::engine::sessions::Sessions;
use crate::sim::engine::state::{Attempt, AttemptIx, AttemptRef, Notice};
use crate::sim::engine::weights::Weights;
use crate::sim::fault::judge::{Crossing, Faults, Ruling};
use crate::sim::medium::{Capability, MediumRules};
use crate::sim::model::event::{End, Event, EventKind, Leg};
use crate::sim::model::ids::{AttemptId, FaultId, NoticeId, PersonId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::{Groups, Person};
use crate::sim::plan::check::{self, Fits};
use crate::sim::plan::message::Kind;
use crate::sim::plan::population::Population;
use crate::sim::plan::{Plan, SenderDrive};
use crate::sim::time::SimTime;

pub mod call;
pub mod input;
pub mod effect;
mod alarm;
mod agenda;
mod state;
mod sends;
mod calls;
mod delivery;
mod receipts;
mod route;
mod people;
mod desk;
mod sessions;
mod outages;
mod weights;
mod provider;
mod outside;
mod service;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod waits;

/// Who plays the phones that no session has claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phones {
    /// The engine. A phone that says hello over a socket is played from outside from then on.
    Simulated,
    /// Nobody: a phone is offline until it says hello.
    Outside,
}

/// The most notices a run may have; a submission beyond them is rejected as `full`.
pub const NOTICES_MAX: usize = 100_000_000;

/// The most faults a run may have, planned and posted.
pub const FAULTS_MAX: usize = 10_000;

/// The state machine of one run.
#[derive(Debug)]
pub struct Engine {
    plan: Arc<Plan>,
    people: Arc<Population>,
    phones: Phones,
    now: SimTime,
    begun: bool,
    ended: bool,
    agenda: Agenda,
    /// Effects of the step under way; the caller's buffer, while a step lasts.
    out: Vec<Effect>,
    faults: Faults,
    waiting: Waiting,
    notices: Vec<Notice>,
    attempts: Vec<Attempt>,
    /// Whether a kind's content can be handed in on each medium; one row a kind.
    fits: Vec<[Fits; Medium::COUNT]>,
    sends: Vec<SendState>,
    /// When the sender may hand in the next message of each medium.
    next_call: [SimTime; Medium::COUNT],
    sessions: Sessions,
    desk: Desk,
    stocks: Stocks,
    relays: Relays,
    talks: Talks,
    weights: Weights,
    provider: Provider,
    calls: Calls,
    services: Services,
    certificates: Certificates,
    fleet: Fleet,
    /// Reminders, and of which document each speaks.
    reminders: BTreeMap<NoticeId, AttemptIx>,
    /// Who wrote a document that came from another office.
    writers: BTreeMap<NoticeId, PersonId>,
}

impl Engine {
    /// A run that has not begun. The first `step` begins it.
    pub fn new(plan: Arc<Plan>, people: Arc<Population>, phones: Phones) -> Engine {
        let sessions = Sessions::new(people.everyone().len());
        let desk = Desk::new(plan.desk.len(), plan.counters.len());
        let (stocks, relays) = (Stocks::new(plan.services.stocks.len()), Relays::new(&plan));
        let weights = Weights::default();
        let fits = plan.kinds.iter().map(|kind| fits_of(&plan, kind)).collect();
        Engine {
            plan,
            people,
            phones,
            now: SimTime::ZERO,
            begun: false,
            ended: false,
            agenda: Agenda::new(),
            out: Vec::new(),
            faults: Faults::default(),
            waiting: Waiting::default(),
            notices: Vec::new(),
            attempts: Vec::new(),
            fits,
            sends: Vec::new(),
            next_call: [SimTime::ZERO; Medium::COUNT],
            sessions,
            desk,
            stocks,
            relays,
            talks: Talks::default(),
            weights,
            provider: Provider::default(),
            calls: Calls::default(),
            services: Services::default(),
            certificates: Certificates::default(),
            fleet: Fleet::default(),
            reminders: BTreeMap::new(),
            writers: BTreeMap::new(),
        }
    }

    /// Lets time pass to `at`, then takes the input. Effects are appended in the order in which they happen.
    ///
    /// An `at` before the last one counts as the last one. After the run has ended nothing happens any more.
    pub fn step(&mut self, at: SimTime, input: Option<Input>, effects: &mut Vec<Effect>) {
        if self.ended {
            return;
        }
        std::mem::swap(&mut self.out, effects);
        if !self.begun {
            self.begin();
        }
        self.pass_time(at);
        if let (Some(input), false) = (input, self.ended) {
            self.take(input);
        }
        std::mem::swap(&mut self.out, effects);
    }

    /// When the next alarm is due; `None` when the run is over, or waits for the outside world alone.
    pub fn next_wakeup(&self) -> Option<SimTime> {
        match (self.ended, self.begun) {
            (true, _) => None,
            (false, false) => Some(SimTime::ZERO),
            (false, true) => self.agenda.next(),
        }
    }

    /// Whether `RunEnded` has happened. Every later step does nothing.
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// The instant of the last thing that happened.
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// The faults, planned and posted.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    fn begin(&mut self) {
        self.begun = true;
        self.emit(EventKind::RunStarted);
        self.agenda.set(self.plan.clock.stop, Alarm::Stop { last: false });
        self.connect_everybody();
        self.plan_faults();
        self.plan_sends();
        self.plan_weights();
        self.plan_services();
    }

    fn pass_time(&mut self, at: SimTime) {
        let at = at.max(self.now);
        while let Some((due, alarm)) = self.agenda.take_due(at) {
            // An input may have set an alarm for an instant that is past, as a fault that is posted too late does.
            self.now = self.now.max(due);
            self.fire(alarm);
            if self.ended {
                return;
            }
        }
        self.now = at;
        let alone = self.phones == Phones::Simulated && self.plan.sender.drive == SenderDrive::Builtin;
        if alone && self.agenda.next().is_none() && self.plan.clock.stop == SimTime::NEVER {
            self.end(End::Quiet);
        }
    }

    fn fire(&mut self, alarm: Alarm) {
        match alarm {
            Alarm::Send(send) => self.send_next(send),
            Alarm::Call { send, place } => self.call_next(send, place),
            Alarm::Submit(attempt) => self.call_waited(attempt),
            Alarm::Accept(attempt) => self.answer_accepted(attempt),
            Alarm::Patience(attempt) => self.lose_patience(attempt),
            Alarm::Arrive(attempt) => self.arrive(attempt),
            Alarm::Show(attempt) => self.show(attempt),
            Alarm::Receipt { attempt, read } => self.receipt_crosses(attempt, read),
            Alarm::Report { attempt, claim, code } => self.report_crosses(attempt, claim, code),
            Alarm::Told { attempt, claim, code } => self.tell(attempt, claim, code, None),
            Alarm::Uncertain(attempt) => self.become_uncertain(attempt),
            Alarm::Return(attempt) => self.come_home(attempt),
            Alarm::Arrives { notice, ordinal } => self.arrival_is_due(notice, ordinal),
            Alarm::Within { notice, ordinal } => self.time_is_up(notice, ordinal),
            Alarm::Open(attempt) => self.open(attempt),
            Alarm::Press { attempt, button } => self.press(attempt, button),
            Alarm::PressCrosses { attempt, button } => self.press_crosses(attempt, button),
            Alarm::PressArrives { attempt, button } => self.press_arrives(attempt, button),
            Alarm::Reconnect { person, network } => self.reconnect(person, network),
            Alarm::Connected { person, network } => self.connected(person, network),
            Alarm::FaultBegins(fault) => self.fault_begins(fault),
            Alarm::FaultEnds(fault) => {
                let lifted = self.faults.get(fault).is_some_and(|live| live.fault.lifted);
                self.fault_ends(fault, lifted);
            }
            Alarm::FaultReleases(fault) => self.let_go(fault, |_| true),
            Alarm::FaultStage(fault, stage) => self.fault_stage(fault, stage),
            Alarm::FaultTurns(fault, round) => self.fault_turns(fault, round),
            Alarm::Duty { duty, of, row } => self.do_duty(duty, of, row),
            Alarm::Weigh => self.weigh(),
            Alarm::CallAnswered(call) => self.answer_call(call),
            Alarm::Stop { last: false } => self.agenda.set(self.now, Alarm::Stop { last: true }),
            Alarm::Stop { last: true } => self.end(End::Stop),
        }
    }

    /// Ends the run: gates are opened again, and nothing happens after this.
    fn end(&mut self, end: End) {
        for network in Network::ALL {
            if self.sessions.gate(network).is_some() {
                self.out.push(Effect::Gate { network, shut: None });
            }
        }
        self.emit(EventKind::RunEnded { end });
        self.ended = true;
    }

    fn emit(&mut self, kind: EventKind) {
        self.out.push(Effect::Event(Event { at: self.now, kind }));
    }

    fn attempt(&self, ix: AttemptIx) -> &Attempt {
        &self.attempts[ix.0 as usize]
    }

    fn attempt_mut(&mut self, ix: AttemptIx) -> &mut Attempt {
        &mut self.attempts[ix.0 as usize]
    }

    fn notice(&self, id: NoticeId) -> &Notice {
        &self.notices[id.index()]
    }

    fn notice_mut(&mut self, id: NoticeId) -> &mut Notice {
        &mut self.notices[id.index()]
    }

    fn person_of(&self, ix: AttemptIx) -> PersonId {
        self.notice(self.attempt(ix).notice).person
    }

    fn groups_of(&self, person: PersonId) -> Groups {
        self.people.get(person).map_or(Groups::default(), |who| who.groups)
    }

    fn rules_of(&self, ix: AttemptIx) -> &MediumRules {
        self.plan.medium(self.attempt(ix).medium)
    }

    /// The row of an attempt that the outside world names; `None` if there is no such attempt.
    fn find(&self, id: AttemptId) -> Option<AttemptIx> {
        let notice = self.notices.get(id.notice.index())?;
        let mut next: Option<AttemptRef> = notice.newest;
        while let Some(found) = next {
            let attempt = self.attempt(found.ix());
            if attempt.ordinal == id.ordinal {
                return Some(found.ix());
            }
            next = attempt.older;
        }
        None
    }

    /// Judges what an attempt is about to cross, and remembers the fault that touched it.
    fn judge(&mut self, ix: AttemptIx, leg: Leg, round: u8) -> Ruling {
        self.judge_paid(ix, leg, round, &[])
    }

    /// The same of a crossing that has its places with these throttles already.
    fn judge_paid(&mut self, ix: AttemptIx, leg: Leg, round: u8, paid: &[FaultId]) -> Ruling {
        if self.faults.calm() {
            return Ruling::default();
        }
        let who = self.who(ix);
        let crossing = self.crossing(ix, &who, leg, round);
        let ruling = self.faults.judge_paid(self.plan.seed, &crossing, paid);
        let touched = ruling.fate.as_ref().map(|fate| fate.1).or(ruling.touched);
        if touched.is_some() {
            self.attempt_mut(ix).fault = touched;
        }
        ruling
    }

    fn who(&self, ix: AttemptIx) -> Person {
        *self.people.get(self.person_of(ix)).expect("every notice is for a person of the plan")
    }

    fn crossing<'w>(&self, ix: AttemptIx, who: &'w Person, leg: Leg, round: u8) -> Crossing<'w> {
        let attempt = self.attempt(ix);
        let rules = self.plan.medium(attempt.medium);
        Crossing {
            at: self.now,
            leg,
            network: rules.network,
            medium: Some((attempt.medium, rules.capability)),
            person: self.person_of(ix),
            who,
            key: luck(attempt.id(), round),
        }
    }

    /// Judges what is about to cross to or from a person; the key is its luck.
    fn judge_for(
        &mut self,
        person: PersonId,
        network: Network,
        medium: Option<(Medium, Capability)>,
        leg: Leg,
        key: u64,
    ) -> Ruling {
        if self.faults.calm() {
            return Ruling::default();
        }
        let who = self.people.get(person).expect("only people of the plan send and receive");
        self.faults.judge(self.plan.seed, &Crossing { at: self.now, leg, network, medium, person, who, key })
    }
}

fn fits_of(plan: &Plan, kind: &Kind) -> [Fits; Medium::COUNT] {
    Medium::ALL.map(|medium| kind.content(medium).map_or(Fits::Always, |content| check::fits(plan, kind, content)))
}

/// The key of luck of an attempt's crossing; the round tells repeated calls and late copies apart.
fn luck(attempt: AttemptId, round: u8) -> u64 {
    crate::sim::behaviour::key(attempt) << 8 | u64::from(round)
}
