//! The census: a share of all channels writes to all its friends; calls of many recipients queue at the platform.
//!
//! The platform delivers in the order in which it took the calls, at its own rate. A call that a fault refuses is
//! repeated as the sender repeats its own, then given up; one that it holds queues again when it is let go. A repeat
//! that the platform has already counts as the same call. Not here: phones, reading, fallback, money.

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::fault::judge::{Bite, Crossing, Ruling};
use crate::sim::model::event::{EventKind, Leg};
use crate::sim::model::ids::{FaultId, PersonId};
use crate::sim::model::person::{Friends, Groups, KakaoState, Person, PhoneState};
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::{SimTime, Span};

/// Most calls of a run.
const CALLS_MAX: usize = 1 << 24;

/// What the platform has to do for channels.
#[derive(Debug, Default)]
pub(in crate::sim::engine) struct Calls {
    rows: Vec<Call>,
    /// When the platform has room for the next call.
    free: SimTime,
}

/// One call to many recipients.
#[derive(Clone, Copy, Debug)]
struct Call {
    /// The channel's rank.
    channel: u32,
    recipients: u32,
    /// The `blast:` line.
    line: u16,
    tries: u8,
    /// Was held, and has to queue again.
    held: bool,
    fault: Option<FaultId>,
}

/// For whom a call of many is judged: nobody in particular.
const ANYBODY: Person = Person {
    groups: Groups(0),
    friends: Friends(0),
    cohort: 0,
    region: None,
    kakao: KakaoState::Active,
    phone: PhoneState::Powered,
};

impl Engine {
    /// Every channel of a `blast:` line that writes does so at an instant of its own.
    pub(super) fn plan_blasts(&mut self) {
        let plan = self.plan.clone();
        let Some(census) = plan.services.census else { return };
        for (line, blast) in plan.services.blasts.iter().enumerate() {
            for channel in 1..=census.channels {
                if plan.seed.happens(blast.share, Subject::Blast, u64::from(channel), (line as u64) << 1) {
                    let within = blast.over.micros().saturating_add(1);
                    let after = plan.seed.pick(within, Subject::Blast, u64::from(channel), (line as u64) << 1 | 1);
                    self.plan_calls(channel, line as u16, blast.at + Span::from_micros(after));
                }
            }
        }
    }

    fn plan_calls(&mut self, channel: u32, line: u16, at: SimTime) {
        let Some(census) = self.plan.services.census else { return };
        let mut left = census.friends_of(channel);
        while left > 0 && self.calls.rows.len() < CALLS_MAX {
            let recipients = left.min(census.recipients);
            left -= recipients;
            let row = self.calls.rows.len() as u32;
            self.calls.rows.push(Call { channel, recipients, line, tries: 0, held: false, fault: None });
            self.agenda.set(at, Alarm::Duty { duty: Duty::Blast, of: line, row });
        }
    }

    /// A channel calls the platform, for the first time or again.
    pub(super) fn blast(&mut self, row: u32) {
        let Call { channel, recipients, tries, .. } = self.calls.rows[row as usize];
        if tries == 0 {
            self.serve(ServiceEvent::BlastCalled { blast: row, channel, recipients });
        }
        let ruling = self.judge_call(row, Leg::Submit);
        match ruling.fate {
            None | Some((Bite::Taken(_), _)) => self.queue_call(row, ruling.delay),
            Some((_refused, fault)) => self.call_refused(row, fault),
        }
    }

    /// A call's turn has come: it is delivered, unless a fault is in the way.
    pub(super) fn blast_turn(&mut self, row: u32) {
        if std::mem::take(&mut self.calls.rows[row as usize].held) {
            return self.queue_call(row, Span::ZERO);
        }
        let ruling = self.judge_call(row, Leg::Deliver);
        match ruling.fate {
            None => {
                let after = self.call_takes(row) + ruling.delay;
                let line = self.calls.rows[row as usize].line;
                self.agenda.set(self.now + after, Alarm::Duty { duty: Duty::BlastEnds, of: line, row });
            }
            Some((Bite::Hold, fault)) => {
                let call = &mut self.calls.rows[row as usize];
                (call.held, call.fault) = (true, Some(fault));
                let line = call.line;
                self.serve(ServiceEvent::BlastHeld { blast: row, fault: Some(fault) });
                self.hold(fault, Alarm::Duty { duty: Duty::BlastTurn, of: line, row }, None);
            }
            Some((_gone, fault)) => self.serve(ServiceEvent::BlastLost { blast: row, fault: Some(fault) }),
        }
    }

    /// The last recipient of a call has it.
    pub(super) fn blast_ends(&mut self, row: u32) {
        let fault = self.calls.rows[row as usize].fault;
        self.serve(ServiceEvent::BlastDelivered { blast: row, fault });
    }

    /// A fault that held a call let it drop.
    pub(super) fn blast_dropped(&mut self, row: u32, fault: FaultId) {
        self.serve(ServiceEvent::BlastLost { blast: row, fault: Some(fault) });
    }

    fn queue_call(&mut self, row: u32, delay: Span) {
        let (from, line) = (self.now + delay, self.calls.rows[row as usize].line);
        let turn = self.calls.free.max(from);
        self.calls.free = turn + self.call_takes(row);
        self.agenda.set(turn, Alarm::Duty { duty: Duty::BlastTurn, of: line, row });
    }

    fn call_refused(&mut self, row: u32, fault: FaultId) {
        let (retries, backoff) = (self.plan.sender.retries, self.plan.sender.backoff);
        let call = &mut self.calls.rows[row as usize];
        call.fault = Some(fault);
        if call.tries >= retries {
            return self.serve(ServiceEvent::BlastLost { blast: row, fault: Some(fault) });
        }
        let (tries, line) = (call.tries, call.line);
        call.tries += 1;
        let half = backoff.times(1 << tries.min(20)).micros() / 2;
        let jitter = self.plan.seed.pick(half + 1, Subject::Retry, u64::from(row) << 8 | u64::from(tries), 1);
        self.agenda.set(self.now + Span::from_micros(half + jitter), Alarm::Duty { duty: Duty::Blast, of: line, row });
    }

    fn call_takes(&self, row: u32) -> Span {
        let per_second = self.plan.services.census.map_or(1, |census| census.per_second.max(1));
        let micros = u64::from(self.calls.rows[row as usize].recipients) * 1_000_000 / u64::from(per_second);
        Span::from_micros(micros)
    }

    fn judge_call(&mut self, row: u32, leg: Leg) -> Ruling {
        if self.faults.calm() {
            return Ruling::default();
        }
        let call = self.calls.rows[row as usize];
        let blast = self.plan.services.blasts[usize::from(call.line)];
        let crossing = Crossing {
            at: self.now,
            leg,
            network: blast.network,
            medium: Some((blast.medium, blast.capability)),
            person: PersonId(u32::MAX),
            who: &ANYBODY,
            // Calls have a key space of their own, beside that of attempts.
            key: 1 << 60 | u64::from(row) << 8 | u64::from(call.tries),
        };
        let ruling = self.faults.judge(self.plan.seed, &crossing);
        if ruling.touched.is_some() {
            self.calls.rows[row as usize].fault = ruling.touched;
        }
        ruling
    }

    /// Tells what happened in a service.
    pub(in crate::sim::engine) fn serve(&mut self, event: ServiceEvent) {
        self.emit(EventKind::Service(event));
    }
}
