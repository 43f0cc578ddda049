//! The ledger: events folded into records as they come. No work is done here for any one expression.
//!
//! It grows with the run: one row a notice, an attempt, a press, an answer, a count and a lost session. The engine
//! bounds notices; rows of the desk and of sessions can be driven from outside, so they stop at [`ROWS_MAX`], and what
//! did not fit is counted in `dropped` and makes the clauses that would have needed it inconclusive.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::sim::expect::credits::Credit;
use crate::sim::expect::deed::{DeedRow, TalkBook};
use crate::sim::expect::forms::Sent;
use crate::sim::expect::live::Tallies;
use crate::sim::expect::orders::OrderRow;
use crate::sim::expect::record::{AttemptRecord, Belief, Fall, Heard, Mark, Moment, NO_ATTEMPT, NoticeRecord};
use crate::sim::expect::rows::{AnswerRow, CountRow, FaultRecord, LossRow, PressRow};
use crate::sim::expect::view::View;
use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Cause, Claim, Ear, End, Event, EventKind, Hold, Leg};
use crate::sim::model::ids::{AttemptId, ButtonId, CounterId, FaultId, KindId, NoticeId, PersonId, SendId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;
use crate::sim::time::SimTime;

/// Most rows kept of presses, of answers, of counts and of lost sessions, each.
const ROWS_MAX: usize = 1 << 24;
/// Most rows reserved before the run begins.
const RESERVED_MAX: usize = 1 << 23;

/// All that is known of a run.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    /// Names of the faults that were posted while the run went on.
    posted: Vec<String>,
    pub(super) plan: Arc<Plan>,
    pub(super) people: Arc<Population>,
    pub(super) notices: Vec<NoticeRecord>,
    pub(super) attempts: Vec<AttemptRecord>,
    pub(super) faults: Vec<FaultRecord>,
    pub(super) presses: Vec<PressRow>,
    pub(super) answers: Vec<AnswerRow>,
    pub(super) counts: Vec<CountRow>,
    pub(super) losses: Vec<LossRow>,
    pub(super) deeds: Vec<DeedRow>,
    /// The rows of the census' calls, by call.
    pub(super) blasts: BTreeMap<u32, usize>,
    /// Who was counted by which counter: (counter, person).
    counted: BTreeSet<(u16, u32)>,
    /// How many of a stock a person has: (stock, person).
    pub(super) holdings: BTreeMap<(u16, u32), u32>,
    /// How many of each stock people have redeemed, by stock and person.
    pub(super) redeemed: BTreeMap<(u16, u32), u32>,
    /// For every `send:` line to friends, who was one when it began; known after `Ledger::settle`.
    pub(super) meant: Vec<Option<Vec<bool>>>,
    /// What people have of credits.
    pub(super) credits: BTreeMap<(CounterId, PersonId), Credit>,
    /// Forms that people sent to intakes.
    pub(super) forms: BTreeMap<(CounterId, PersonId), Sent>,
    pub(super) orders: Vec<OrderRow>,
    /// The row of each notice that somebody wanted to pay.
    pub(super) order_of: BTreeMap<NoticeId, usize>,
    /// Rows of `deeds` that are rides, by ride, and the ride that each driver is on.
    pub(super) rides: BTreeMap<u32, usize>,
    pub(super) driving: BTreeMap<PersonId, u32>,
    /// Notices whose buttons were pressed; known after `Ledger::settle`.
    pub(super) clicks: BTreeSet<(NoticeId, ButtonId)>,
    /// Rows of `deeds` that are certificates, by attempt and [`crate::sim::expect::documents::certificate_key`].
    pub(super) certificates: BTreeMap<(AttemptId, u16), usize>,
    pub(super) talk_book: TalkBook,
    /// Rows that did not fit.
    pub(super) dropped: u64,
    pub(super) tallies: Tallies,
    /// How the run ended, once it has.
    pub(super) end: Option<End>,
    /// The instant of the last event.
    pub(super) now: SimTime,
    /// Requests that were refused and belong to no notice, by what the provider said.
    pub(super) requests_refused: BTreeMap<Denial, u64>,
    /// The second fall of an attempt that provider and sender both gave up: the first stands in its record.
    pub(super) second_falls: BTreeMap<AttemptId, Fall>,
    /// Hits of faults beyond the 64th: (fault, notice).
    pub(super) hits_beyond: BTreeSet<(u16, u32)>,
    /// For each network that lost a session: each person's last lost session.
    pub(super) open_losses: [Vec<u32>; Network::COUNT],
    /// Kinds that a desk replies with.
    reply_kinds: Vec<bool>,
}

impl Ledger {
    pub(super) fn new(plan: Arc<Plan>, people: Arc<Population>) -> Ledger {
        let mut reply_kinds = vec![false; plan.kinds.len()];
        for kind in plan.replies() {
            reply_kinds[kind.index()] = true;
        }
        let expected = plan.sends.iter().fold(0usize, |sum, send| sum.saturating_add(send.to.count as usize));
        let reserved = expected.min(RESERVED_MAX);
        Ledger {
            posted: Vec::new(),
            notices: Vec::with_capacity(reserved),
            attempts: Vec::with_capacity(reserved),
            faults: vec![FaultRecord::default(); plan.faults.len()],
            presses: Vec::new(),
            answers: Vec::new(),
            counts: Vec::new(),
            losses: Vec::new(),
            deeds: Vec::new(),
            blasts: BTreeMap::new(),
            counted: BTreeSet::new(),
            holdings: BTreeMap::new(),
            redeemed: BTreeMap::new(),
            meant: Vec::new(),
            credits: BTreeMap::new(),
            forms: BTreeMap::new(),
            orders: Vec::new(),
            order_of: BTreeMap::new(),
            certificates: BTreeMap::new(),
            rides: BTreeMap::new(),
            driving: BTreeMap::new(),
            clicks: BTreeSet::new(),
            talk_book: TalkBook::default(),
            dropped: 0,
            tallies: Tallies::new(plan.counters.len(), people.all().len()),
            end: None,
            now: SimTime::ZERO,
            requests_refused: BTreeMap::new(),
            second_falls: BTreeMap::new(),
            hits_beyond: BTreeSet::new(),
            open_losses: [const { Vec::new() }; Network::COUNT],
            reply_kinds,
            plan,
            people,
        }
    }

    /// Takes one event.
    pub(super) fn observe(&mut self, event: &Event) {
        let at = event.at;
        self.now = at;
        match event.kind {
            EventKind::RunStarted
            | EventKind::FaultStaged { .. }
            | EventKind::RouteEnded { .. }
            | EventKind::WeightsMoved { .. }
            | EventKind::SlowSessionCut { .. }
            | EventKind::HookGivenUp { .. }
            | EventKind::InputRejected { .. } => {}
            EventKind::RunEnded { end } => self.end = Some(end),
            EventKind::FaultBegan { fault } => {
                self.fault(fault).began.get_or_insert(at);
            }
            EventKind::FaultEnded { fault, .. } => self.fault(fault).ended = Some(at),
            EventKind::Created { notice, person, kind, send } => self.created(at, notice, person, kind, send),
            EventKind::Submitted { attempt, medium, .. } => self.submitted(at, attempt, medium),
            EventKind::Accepted { attempt } => self.accepted(attempt),
            EventKind::Refused { attempt, said: Some(_), .. } => self.denied(attempt),
            EventKind::Refused { attempt, code, said: None, fault } => self.refused(attempt, code, fault),
            EventKind::RequestsRefused { said, count } => {
                let known = self.requests_refused.entry(said).or_default();
                *known = known.saturating_add(u64::from(count));
            }
            EventKind::Unanswered { attempt, fault, .. } => self.bite(attempt.notice, fault),
            EventKind::Held { attempt, why, fault } => self.held(attempt, why, fault),
            EventKind::Lost { attempt, leg, fault, .. } => {
                self.bite(attempt.notice, fault);
                match leg {
                    Leg::Submit | Leg::Connect | Leg::Deliver => self.mark(attempt, Mark::Lost),
                    // Word of the message is lost, not the message.
                    Leg::Receipt | Leg::Report | Leg::Identify => {}
                }
            }
            EventKind::Charged { attempt, price } => self.charged(attempt, price),
            EventKind::Shown { attempt, fault, .. } => self.shown(at, attempt, fault),
            EventKind::Reported { attempt, claim, ear, fault, .. } => self.reported(attempt, claim, ear, fault),
            EventKind::Opened { attempt, .. } => self.opened(at, attempt),
            EventKind::Returned { attempt } => self.returned(attempt),
            EventKind::FellBack { notice, from, to, cause, fault } => {
                self.bite(notice, fault);
                self.fell_back(at, notice, from, to, cause);
            }
            EventKind::Retried { attempt, .. } => self.retried(attempt),
            EventKind::Pressed { attempt, person, button } => self.pressed(at, attempt, person, button),
            EventKind::Answered { rule, person, counted } => {
                let row = AnswerRow { at: Moment::at(at), person, rule, counted, stock: None, surplus: false };
                keep(&mut self.answers, &mut self.dropped, row);
            }
            EventKind::Counted { counter, person, amount } => {
                self.tallies.counted(counter);
                let again = !self.counted.insert((counter.0, person.0));
                let row = CountRow { at: Moment::at(at), person, amount, counter, again };
                keep(&mut self.counts, &mut self.dropped, row);
            }
            EventKind::Service(event) => self.serve(at, event),
            EventKind::SessionOpened { person, network } => self.session_opened(at, person, network),
            EventKind::SessionClosed { person, network, fault } => self.session_closed(at, person, network, fault),
            EventKind::SessionRefused { fault, .. } | EventKind::HandshakesRefused { fault, .. } => self.name(fault),
        }
    }

    /// One notice; `None` for a hole in the numbering and for an id beyond the last.
    pub(super) fn view(&self, id: NoticeId) -> Option<View<'_>> {
        let notice = self.notices.get(id.index()).filter(|notice| !notice.is_vacant())?;
        Some(View { ledger: self, id, notice })
    }

    /// Every notice, in order of id.
    pub(super) fn views(&self) -> impl Iterator<Item = View<'_>> {
        let numbered = self.notices.iter().enumerate();
        let there = numbered.filter(|(_, notice)| !notice.is_vacant());
        there.map(|(id, notice)| View { ledger: self, id: NoticeId(id as u32), notice })
    }

    /// A fault was posted while the run goes on: it is the next by number.
    pub(super) fn fault_posted(&mut self, name: &str) {
        self.posted.push(name.to_owned());
    }

    /// The name of a fault: the plan's, the posted one's, or a number for one that nobody named.
    pub(super) fn fault_name(&self, fault: FaultId) -> String {
        let planned = self.plan.faults.get(fault.index()).map(|fault| &fault.name);
        let posted = || self.posted.get(fault.index().checked_sub(self.plan.faults.len())?);
        planned.or_else(posted).map_or_else(|| format!("posted-{}", fault.0), Clone::clone)
    }

    fn fault(&mut self, fault: FaultId) -> &mut FaultRecord {
        let missing = fault.index() + 1;
        if self.faults.len() < missing {
            self.faults.resize(missing, FaultRecord::default());
        }
        &mut self.faults[fault.index()]
    }

    /// An event names a fault.
    pub(super) fn name(&mut self, fault: Option<FaultId>) {
        if let Some(fault) = fault {
            self.fault(fault).hits += 1;
        }
    }

    /// An event of a notice names a fault.
    pub(super) fn bite(&mut self, notice: NoticeId, fault: Option<FaultId>) {
        let Some(fault) = fault else { return };
        self.fault(fault).hits += 1;
        if fault.0 >= 64 {
            self.hits_beyond.insert((fault.0, notice.0));
        } else if let Some(record) = self.notices.get_mut(notice.index()) {
            record.hit(fault.0 as u8);
        }
    }

    fn created(&mut self, at: SimTime, id: NoticeId, person: PersonId, kind: KindId, send: Option<SendId>) {
        let reply = send.is_none() && self.reply_kinds.get(kind.index()).copied().unwrap_or(false);
        if self.notices.len() <= id.index() {
            self.notices.resize(id.index() + 1, NoticeRecord::VACANT);
        }
        self.notices[id.index()] = NoticeRecord::new(at, person, kind, send, reply);
        self.tallies.notices += u64::from(!reply);
    }

    /// Puts an attempt at the end of its notice's chain.
    fn submitted(&mut self, at: SimTime, attempt: AttemptId, medium: Medium) {
        let row = self.attempts.len() as u32;
        let Some(notice) = self.notices.get_mut(attempt.notice.index()) else { return };
        if notice.first_attempt == NO_ATTEMPT {
            notice.first_attempt = row;
        } else {
            let mut last = notice.first_attempt as usize;
            while self.attempts[last].next != NO_ATTEMPT {
                last = self.attempts[last].next as usize;
            }
            self.attempts[last].next = row;
        }
        self.attempts.push(AttemptRecord::new(at, medium));
        self.tallies.attempts[medium.index()] += 1;
    }

    /// The row of an attempt: as many steps down the chain as its ordinal says.
    pub(super) fn row(&self, attempt: AttemptId) -> Option<usize> {
        let mut row = self.notices.get(attempt.notice.index())?.first_attempt;
        for _ in 0..attempt.ordinal {
            row = self.attempts.get(row as usize)?.next;
        }
        (row != NO_ATTEMPT).then_some(row as usize)
    }

    fn attempt(&mut self, attempt: AttemptId) -> Option<&mut AttemptRecord> {
        self.row(attempt).map(|row| &mut self.attempts[row])
    }

    fn mark(&mut self, attempt: AttemptId, mark: Mark) {
        if let Some(record) = self.attempt(attempt) {
            record.mark(mark);
        }
    }

    /// The provider did not take the request: word of failure that nothing takes back.
    fn denied(&mut self, attempt: AttemptId) {
        if let Some(record) = self.attempt(attempt) {
            record.mark(Mark::Refused);
            record.heard = Heard::DENIED;
        }
    }

    /// A refusal is word of failure; a later acceptance or retry takes it back.
    fn refused(&mut self, attempt: AttemptId, code: Code, fault: Option<FaultId>) {
        self.bite(attempt.notice, fault);
        let Some(record) = self.attempt(attempt) else { return };
        record.mark(Mark::Refused);
        record.heard = Heard::new(Belief::Failed, Ear::Answer);
        if code == Code::TOO_MANY && !record.has(Mark::Limited) {
            record.mark(Mark::Limited);
            let medium = record.medium;
            self.tallies.limited[medium.index()] += 1;
        }
    }

    fn accepted(&mut self, attempt: AttemptId) {
        self.mark(attempt, Mark::Accepted);
        self.retried(attempt);
    }

    fn retried(&mut self, attempt: AttemptId) {
        if let Some(record) = self.attempt(attempt).filter(|record| record.belief() == Belief::Failed) {
            record.heard = Heard::NOTHING;
        }
    }

    fn held(&mut self, attempt: AttemptId, why: Hold, fault: Option<FaultId>) {
        self.bite(attempt.notice, fault);
        match why {
            Hold::Offline | Hold::Fault | Hold::Sender => {}
            Hold::Capacity => {
                let Some(record) = self.attempt(attempt).filter(|record| !record.has(Mark::Queued)) else { return };
                record.mark(Mark::Queued);
                let medium = record.medium;
                self.tallies.queued[medium.index()] += 1;
            }
        }
    }

    fn charged(&mut self, attempt: AttemptId, price: u32) {
        let Some(record) = self.attempt(attempt) else { return };
        record.cost = record.cost.saturating_add(price);
        let medium = record.medium;
        self.tallies.cost[medium.index()] += u64::from(price);
    }

    fn shown(&mut self, at: SimTime, attempt: AttemptId, fault: Option<FaultId>) {
        self.bite(attempt.notice, fault);
        let before = self.view(attempt.notice).map_or(0, |view| view.showings());
        let Some(record) = self.attempt(attempt) else { return };
        record.showings = record.showings.saturating_add(1);
        if record.shown.is_never() {
            record.shown = Moment::at(at);
        }
        let medium = record.medium;
        let Some(view) = self.view(attempt.notice).filter(|view| !view.notice.reply) else { return };
        let first = before == 0 && view.reached_at().is_some();
        self.tallies.reached[medium.index()] += u64::from(first);
        self.tallies.shown += u64::from(before == 0);
        self.tallies.twice += u64::from(before == 1);
    }

    fn reported(&mut self, attempt: AttemptId, claim: Claim, ear: Ear, fault: Option<FaultId>) {
        self.bite(attempt.notice, fault);
        let Some(record) = self.attempt(attempt) else { return };
        record.heard = Heard::new(Belief::of(claim), ear);
        if record.belief().is_success() && !record.given_up.is_never() {
            record.mark(Mark::LateReceipt);
        }
    }

    fn opened(&mut self, at: SimTime, attempt: AttemptId) {
        self.mark(attempt, Mark::Opened);
        let Some(notice) = self.notices.get_mut(attempt.notice.index()) else { return };
        if notice.opened.is_never() {
            notice.opened = Moment::at(at);
            self.tallies.opened += u64::from(!notice.reply);
        }
    }

    fn returned(&mut self, attempt: AttemptId) {
        self.mark(attempt, Mark::Returned);
        self.tallies.returned += 1;
    }

    /// The attempt given up is the last one on that medium that the same side has not given up yet. Provider and sender
    /// both leave the one that the sender handed in, each for its own reason, so an attempt may fall twice.
    fn fell_back(&mut self, at: SimTime, notice: NoticeId, from: Medium, to: Medium, cause: Cause) {
        self.tallies.fell_back(from, to, cause);
        let fall = Fall { at: Moment::at(at), cause, to };
        let Some(view) = self.view(notice) else { return };
        let on_medium = view.attempts().zip(0..=u8::MAX).filter(|(attempt, _)| attempt.medium == from);
        let ordinals =
            on_medium.map(|(attempt, ordinal)| (view.falls(attempt).any(|fell| fell.is_beside(fall)), ordinal));
        // `false` is less than `true`, and of equals the last counts.
        let Some((_, ordinal)) = ordinals.min_by_key(|(gone, ordinal)| (*gone, std::cmp::Reverse(*ordinal))) else {
            return;
        };
        let attempt = AttemptId { notice, ordinal };
        let Some(record) = self.attempt(attempt) else { return };
        match record.fall() {
            Some(first) if !first.is_beside(fall) => drop(self.second_falls.insert(attempt, fall)),
            Some(_) | None => record.give_up(fall),
        }
    }

    fn pressed(&mut self, at: SimTime, attempt: AttemptId, person: PersonId, button: ButtonId) {
        let Some(row) = self.row(attempt) else { return };
        let medium = self.attempts[row].medium;
        let row =
            PressRow { at: Moment::at(at), answered: Moment::NEVER, notice: attempt.notice, person, button, medium };
        keep(&mut self.presses, &mut self.dropped, row);
    }
}

/// Keeps a row if there is room, and says whether there was.
pub(super) fn keep<T>(rows: &mut Vec<T>, dropped: &mut u64, row: T) -> bool {
    let room = rows.len() < ROWS_MAX;
    if room {
        rows.push(row);
    } else {
        *dropped += 1;
    }
    room
}
