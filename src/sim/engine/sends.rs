//! Sends: the timeline's lines become notices, one after the other, at the line's pace or down a telephone tree.

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::state::Notice;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{KindId, NoticeId, PersonId, SendId};
use crate::sim::plan::traits::stands_in;
use crate::sim::plan::{Audience, Pace, Send, SenderDrive};
use crate::sim::time::{SimTime, Span};

/// Most notices that room is kept for ahead; more of them make the tables grow as they come.
const RESERVED_MAX: u64 = 1 << 22;

/// How far a line has come.
#[derive(Clone, Debug, Default)]
pub(super) struct SendState {
    /// The next person of the audience's range to look at.
    cursor: u32,
    /// How many notices the line has made.
    made: u64,
    /// How many it will make.
    total: u64,
    /// Everybody of the line, where it has to be known ahead: a telephone tree's people in calling order, and those who
    /// are friends of a channel at the instant at which the line begins. Empty for every other line.
    order: Vec<PersonId>,
    /// The line has begun.
    begun: bool,
    /// Whose people below have been called already, by place in that order.
    passed: Vec<bool>,
    /// The notice to the first of that order; the others follow it without a gap.
    first: Option<NoticeId>,
}

impl Engine {
    pub(super) fn plan_sends(&mut self) {
        let plan = self.plan.clone();
        for (index, send) in plan.sends.iter().enumerate() {
            let id = SendId(index as u16);
            let state = SendState { total: self.count(&send.to), ..SendState::default() };
            if state.total > 0 || send.to.friends_of.is_some() {
                self.agenda.set(send.at, Alarm::Send(id));
            }
            self.sends.push(state);
        }
        // Room for what is known to come, so that tables need not double; it is memory only when it is used.
        let known: u64 = self.sends.iter().map(|state| state.total).sum();
        let room = known.min(RESERVED_MAX) as usize;
        self.notices.reserve_exact(room);
        self.attempts.reserve_exact(room);
    }

    /// Makes the notices of a line that are due now, and sets the alarm for the next.
    pub(super) fn send_next(&mut self, id: SendId) {
        let plan = self.plan.clone();
        let send = &plan.sends[id.index()];
        if !std::mem::replace(&mut self.sends[id.index()].begun, true) {
            self.begin_line(id, send);
        }
        if let (Pace::Chain { fanout, .. }, SenderDrive::Builtin) = (&send.pace, plan.sender.drive) {
            let fanout = *fanout;
            return self.begin_chain(id, send.kind, fanout);
        }
        loop {
            let state = &self.sends[id.index()];
            let due = send.at + offset(&send.pace, state.made, state.total);
            if state.made == state.total || due > self.now {
                if state.made < state.total {
                    self.agenda.set(due, Alarm::Send(id));
                }
                return;
            }
            let Some(person) = self.next_person(id, send) else { return };
            self.sends[id.index()].made += 1;
            match plan.sender.drive {
                SenderDrive::Builtin => self.create(send.kind, person, Some(id)),
                SenderDrive::External => self.fall_due(send.kind, person, id),
            }
        }
    }

    /// A line begins: whoever is a friend of a channel at this instant is, and nobody else.
    fn begin_line(&mut self, id: SendId, send: &Send) {
        let chain = matches!(send.pace, Pace::Chain { .. });
        if !chain && send.to.friends_of.is_none() {
            return;
        }
        let order = self.listed(&send.to);
        let state = &mut self.sends[id.index()];
        state.total = order.len() as u64;
        state.passed = vec![false; if chain { order.len() } else { 0 }];
        state.order = order;
    }

    /// Everybody of a telephone tree is to be told from now on, so that the wait for one's call counts; then the first
    /// calls are made.
    fn begin_chain(&mut self, id: SendId, kind: KindId, fanout: u32) {
        for place in 0..self.sends[id.index()].order.len() {
            let person = self.sends[id.index()].order[place];
            let notice = self.make(kind, person, Some(id));
            if place == 0 {
                self.sends[id.index()].first = notice;
            }
        }
        self.call_down(id, 0, fanout, self.now);
    }

    /// Calls one person of a telephone tree.
    pub(super) fn call_next(&mut self, id: SendId, place: u32) {
        let Some(first) = self.sends[id.index()].first else { return };
        let notice = NoticeId(first.0 + place);
        if notice.index() < self.notices.len() {
            self.start_leg(notice);
        }
    }

    /// A person of a telephone tree was reached, or given up: the next ones below are called, by that person or by
    /// whoever stands above.
    pub(super) fn pass_on(&mut self, notice: NoticeId) {
        let Notice { send: Some(id), person, .. } = *self.notice(notice) else { return };
        let Pace::Chain { fanout, .. } = self.plan.sends[id.index()].pace else { return };
        let Ok(place) = self.sends[id.index()].order.binary_search(&person) else { return };
        if std::mem::replace(&mut self.sends[id.index()].passed[place], true) {
            return;
        }
        let own_call = self.call_time(id, place as u64);
        self.call_down(id, (place as u64 + 1) * u64::from(fanout), fanout, self.now + own_call);
    }

    /// Makes a notice and starts its route. The caller has checked that there is room.
    pub(super) fn create(&mut self, kind: KindId, person: PersonId, send: Option<SendId>) {
        if let Some(notice) = self.make(kind, person, send) {
            self.start_leg(notice);
        }
    }

    /// Makes the notice of a desk's reply, so many replies deep.
    pub(super) fn reply(&mut self, kind: KindId, person: PersonId, depth: u8) {
        if let Some(notice) = self.make(kind, person, None) {
            self.notice_mut(notice).depth = depth;
            self.start_leg(notice);
        }
    }

    /// Makes the notice of what somebody passes on; its route does not start yet.
    pub(super) fn pass_to(&mut self, kind: KindId, person: PersonId, hops: u8) -> Option<NoticeId> {
        let notice = self.make(kind, person, None)?;
        self.notice_mut(notice).hops = hops;
        Some(notice)
    }

    /// Makes a notice whose route does not start yet; `None` when there is no room.
    pub(super) fn make(&mut self, kind: KindId, person: PersonId, send: Option<SendId>) -> Option<NoticeId> {
        if self.notices.len() >= super::NOTICES_MAX {
            return None;
        }
        let id = NoticeId(self.notices.len() as u32);
        let swapped = self.starts_swapped(id, kind);
        self.notices.push(Notice {
            person,
            newest: None,
            kind,
            send,
            leg: 0,
            attempts: 0,
            done: false,
            pressed: false,
            swapped,
            depth: 0,
            hops: 0,
        });
        self.emit(EventKind::Created { notice: id, person, kind, send });
        self.come_in_from_standby(person);
        Some(id)
    }

    fn call_down(&mut self, id: SendId, first: u64, fanout: u32, from: SimTime) {
        let mut at = from;
        for place in first..first + u64::from(fanout) {
            if place >= self.sends[id.index()].order.len() as u64 {
                return;
            }
            self.agenda.set(at, Alarm::Call { send: id, place: place as u32 });
            at += self.call_time(id, place);
        }
    }

    /// How long the call to the person of this place takes.
    fn call_time(&self, id: SendId, place: u64) -> Span {
        match &self.plan.sends[id.index()].pace {
            Pace::Chain { call, .. } => call.at(self.plan.seed.roll(Subject::Call, u64::from(id.0), place)),
            Pace::Over(_) => Span::ZERO,
        }
    }

    fn next_person(&mut self, id: SendId, send: &Send) -> Option<PersonId> {
        let plain = send.to.friends_of.is_none();
        let state = &mut self.sends[id.index()];
        if !plain {
            state.cursor += 1;
            return state.order.get(state.cursor as usize - 1).copied();
        }
        while self.sends[id.index()].cursor < send.to.count {
            let cursor = &mut self.sends[id.index()].cursor;
            let person = PersonId(send.to.first.0 + *cursor);
            *cursor += 1;
            if self.people.get(person).is_some_and(|who| send.to.lives_in(who)) && self.stands_in(&send.to, person) {
                return Some(person);
            }
        }
        None
    }

    fn count(&self, to: &Audience) -> u64 {
        self.range(to).filter(|person| self.belongs(to, *person)).count() as u64
    }

    /// Everybody who is addressed at this instant.
    pub(super) fn listed(&self, to: &Audience) -> Vec<PersonId> {
        self.range(to).filter(|person| self.belongs(to, *person)).collect()
    }

    /// Everybody who may come to be addressed: friends of a channel change while the run goes on.
    pub(super) fn ranged(&self, to: &Audience) -> Vec<PersonId> {
        self.range(to).filter(|person| self.people.get(*person).is_some_and(|who| to.lives_in(who))).collect()
    }

    /// Whether a person is addressed at this instant.
    pub(super) fn belongs(&self, to: &Audience, person: PersonId) -> bool {
        let inside = person >= to.first && person.0 - to.first.0 < to.count;
        inside
            && self.people.get(person).is_some_and(|who| to.lives_in(who))
            && to.friends_of.is_none_or(|channel| self.is_friend(person, channel))
            && self.stands_in(to, person)
    }

    /// Whether a person stands where the audience has to stand, if it has to.
    fn stands_in(&self, to: &Audience, person: PersonId) -> bool {
        let place = |who| stands_in(&self.plan, person, who);
        to.standing_in.is_empty()
            || self.people.get(person).and_then(place).is_some_and(|region| to.standing_in.contains(&region))
    }

    fn range(&self, to: &Audience) -> impl Iterator<Item = PersonId> + use<> {
        let all = self.people.all().len();
        let first = to.first.index().min(all);
        let end = (first + to.count as usize).min(all);
        (first as u32..end as u32).map(PersonId)
    }
}

/// How long after the line's beginning its notice of this number is due.
fn offset(pace: &Pace, number: u64, total: u64) -> Span {
    match pace {
        Pace::Over(span) => {
            let micros = u128::from(span.micros()) * u128::from(number) / u128::from(total.max(1));
            Span::from_micros(micros as u64)
        }
        Pace::Chain { .. } => Span::ZERO,
    }
}
