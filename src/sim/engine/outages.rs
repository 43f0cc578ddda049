//! Outages: faults begin, turn, give capabilities back and end; what they held is let go as `recover` says.

use std::collections::VecDeque;

use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::state::AttemptIx;
use crate::sim::fault::{Fault, FaultKind, Recover};
use crate::sim::medium::Capability;
use crate::sim::model::event::{EventKind, Hold, Leg, Loss};
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::time::{SimTime, Span};

/// What waits for faults to end, one row a fault.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    held: Vec<VecDeque<Alarm>>,
    parked: Vec<Vec<(PersonId, Network, SimTime)>>,
}

impl Waiting {
    pub(super) fn park(&mut self, fault: FaultId, person: PersonId, network: Network, since: SimTime) {
        self.parked[fault.index()].push((person, network, since));
    }

    pub(super) fn take_parked(&mut self, fault: FaultId) -> Vec<(PersonId, Network, SimTime)> {
        std::mem::take(&mut self.parked[fault.index()])
    }
}

impl Engine {
    /// How much waits for faults to end: messages, receipts, calls of the sender.
    pub fn held(&self) -> u64 {
        self.waiting.held.iter().map(|held| held.len() as u64).sum()
    }

    pub(super) fn plan_faults(&mut self) {
        let plan = self.plan.clone();
        for fault in &plan.faults {
            self.add_fault(fault.clone());
        }
    }

    /// Adds a fault and sets its alarms; a beginning in the past is now.
    pub(super) fn add_fault(&mut self, fault: Fault) -> FaultId {
        let (begins, ends, release) = (fault.begins, fault.ends, fault.kind.release());
        let stages = match &fault.recover {
            Recover::Staged(stages) => stages.clone(),
            Recover::Drop | Recover::Flush { .. } => Vec::new(),
        };
        let id = self.faults.add(fault);
        self.waiting.held.push(VecDeque::new());
        self.waiting.parked.push(Vec::new());
        self.agenda.set(begins, Alarm::FaultBegins(id));
        for (number, stage) in stages.iter().enumerate() {
            self.agenda.set(begins + stage.after, Alarm::FaultStage(id, number as u8));
        }
        if let Some(ends) = ends {
            self.agenda.set(ends, Alarm::FaultEnds(id));
        }
        if let Some(release) = release {
            self.agenda.set(begins + release, Alarm::FaultReleases(id));
        }
        id
    }

    pub(super) fn fault_begins(&mut self, id: FaultId) {
        if self.faults.get(id).is_none_or(|live| live.on || live.over) {
            return;
        }
        self.faults.begin(id);
        self.emit(EventKind::FaultBegan { fault: id });
        self.set_gates();
        let kind = self.faults.get(id).expect("it has just begun").fault.kind.clone();
        match kind {
            FaultKind::Down { .. } => self.cut_sessions(id, 0),
            FaultKind::Sever { every } => {
                self.cut_sessions(id, 0);
                self.turn_after(id, every, 1);
            }
            FaultKind::Flap { down, .. } => {
                self.cut_sessions(id, 0);
                self.turn_after(id, Some(down), 1);
            }
            _acts_on_crossings_only => {}
        }
    }

    /// A flapping fault goes up or down, or a repeated sever cuts again.
    pub(super) fn fault_turns(&mut self, id: FaultId, round: u16) {
        let Some(kind) = self.faults.get(id).filter(|live| live.on).map(|live| live.fault.kind.clone()) else { return };
        match kind {
            FaultKind::Sever { every } => {
                self.cut_sessions(id, round);
                self.turn_after(id, every, round.wrapping_add(1));
            }
            FaultKind::Flap { down, up } => {
                let down_now = self.faults.turn(id);
                self.set_gates();
                if down_now {
                    self.cut_sessions(id, round);
                } else {
                    self.unpark(id);
                    self.let_go(id, |_| true);
                }
                self.turn_after(id, Some(if down_now { down } else { up }), round.wrapping_add(1));
            }
            _never_turns => {}
        }
    }

    /// A staged recovery gives one capability back, and what waited for it.
    pub(super) fn fault_stage(&mut self, id: FaultId, number: u8) {
        let Some(live) = self.faults.get(id).filter(|live| live.on) else { return };
        let Recover::Staged(stages) = &live.fault.recover else { return };
        let gives = stages[usize::from(number)].gives;
        self.faults.give(id, gives);
        self.emit(EventKind::FaultStaged { fault: id, stage: number });
        if gives == Capability::Text {
            self.set_gates();
            self.unpark(id);
        }
        self.let_go(id, |capability| capability == gives);
    }

    pub(super) fn fault_ends(&mut self, id: FaultId, lifted: bool) {
        let Some(live) = self.faults.get(id).filter(|live| !live.over) else { return };
        if !live.on {
            // Lifted before it began: it never will.
            self.faults.end(id);
            return self.emit(EventKind::FaultEnded { fault: id, lifted });
        }
        let later = live.fault.kind.release().is_some_and(|release| live.fault.begins + release > self.now);
        self.faults.end(id);
        self.emit(EventKind::FaultEnded { fault: id, lifted });
        self.set_gates();
        self.unpark(id);
        if lifted || !later {
            self.let_go(id, |_| true);
        }
    }

    /// Whether the sender's own systems are gone for this attempt; what it was about to do waits until they are back.
    pub(super) fn sender_stops(&mut self, ix: AttemptIx, act: Alarm) -> bool {
        if self.faults.calm() {
            return false;
        }
        let who = self.who(ix);
        let crossing = self.crossing(ix, &who, Leg::Submit, self.attempt(ix).retries);
        let Some(fault) = self.faults.stops_sender(self.plan.seed, &crossing) else { return false };
        self.hold(fault, act, None);
        if let Alarm::Submit(_) = act {
            let attempt = self.attempt_mut(ix);
            attempt.fault = Some(fault);
            let attempt = attempt.id();
            self.emit(EventKind::Held { attempt, why: Hold::Sender, fault: Some(fault) });
        }
        true
    }

    /// A fault keeps something until it ends. `shown_to` names the attempt when it is a message, for the record.
    pub(super) fn hold(&mut self, fault: FaultId, alarm: Alarm, message: Option<AttemptIx>) {
        self.waiting.held[fault.index()].push_back(alarm);
        if let Some(ix) = message {
            let attempt = self.attempt(ix).id();
            self.emit(EventKind::Held { attempt, why: Hold::Fault, fault: Some(fault) });
        }
    }

    /// Lets go of what a fault held, as far as `of` says so of its capability, in the way that `recover` says.
    pub(super) fn let_go(&mut self, id: FaultId, of: impl Fn(Capability) -> bool) {
        let held = std::mem::take(&mut self.waiting.held[id.index()]);
        let (mut free, kept): (Vec<Alarm>, VecDeque<Alarm>) = self.part(held, of);
        self.waiting.held[id.index()] = kept;
        let fault = &self.faults.get(id).expect("it has held something").fault;
        // A frozen queue stands at the end of the way: nothing overtakes in it, and nothing has further to go.
        let frozen = matches!(fault.kind, FaultKind::Freeze { .. });
        let spacing = match fault.recover.clone() {
            Recover::Drop => return self.drop_all(&free, id),
            Recover::Staged(_) | Recover::Flush { per_second: None, newest_first: false } => Span::ZERO,
            Recover::Flush { per_second, newest_first } => {
                if newest_first {
                    free.reverse();
                }
                per_second.map_or(Span::ZERO, |n| Span::from_micros(1_000_000 / u64::from(n.max(1))))
            }
        };
        for (place, alarm) in free.into_iter().enumerate() {
            let journey = if frozen { Span::ZERO } else { self.journey_again(alarm) };
            self.agenda.set(self.now + spacing.times(place as u64) + journey, alarm);
        }
    }

    fn part(&self, held: VecDeque<Alarm>, of: impl Fn(Capability) -> bool) -> (Vec<Alarm>, VecDeque<Alarm>) {
        let (mut free, mut kept) = (Vec::new(), VecDeque::new());
        for alarm in held {
            match attempt_of(alarm) {
                Some((ix, _)) if !of(self.rules_of(ix).capability) => kept.push_back(alarm),
                None if !self.of_duty(alarm).is_none_or(&of) => kept.push_back(alarm),
                _ => free.push(alarm),
            }
        }
        (free, kept)
    }

    fn drop_all(&mut self, alarms: &[Alarm], fault: FaultId) {
        for alarm in alarms {
            if let Some((ix, leg)) = attempt_of(*alarm) {
                self.lose(ix, leg, Loss::Dropped, Some(fault));
            } else if let Alarm::Duty { duty, of, row } = *alarm {
                self.drop_duty(duty, of, row, fault);
            }
        }
    }

    fn of_duty(&self, alarm: Alarm) -> Option<Capability> {
        match alarm {
            Alarm::Duty { duty, .. } => self.capability_of(duty),
            _no_service => None,
        }
    }

    /// A message that is let go has its way to the phone still before it.
    fn journey_again(&self, alarm: Alarm) -> Span {
        match alarm {
            Alarm::Arrive(ix) => self.transit(ix, HELD_ROUND),
            _receipts_and_reports_are_there_at_once => Span::ZERO,
        }
    }

    fn turn_after(&mut self, id: FaultId, after: Option<Span>, round: u16) {
        if let Some(after) = after {
            // A turn of no length would turn for ever within one instant.
            self.agenda.set(self.now + after.max(Span::from_millis(1)), Alarm::FaultTurns(id, round));
        }
    }
}

/// Tells the luck of a journey after a hold from that of the first.
const HELD_ROUND: u8 = 255;

fn attempt_of(alarm: Alarm) -> Option<(AttemptIx, Leg)> {
    match alarm {
        Alarm::Submit(ix) => Some((ix, Leg::Submit)),
        Alarm::Arrive(ix) => Some((ix, Leg::Deliver)),
        Alarm::Receipt { attempt, .. } | Alarm::PressCrosses { attempt, .. } => Some((attempt, Leg::Receipt)),
        Alarm::Report { attempt, .. } => Some((attempt, Leg::Report)),
        _never_held => None,
    }
}
