//! Outside: inputs from sockets, the API and the class. A wrong or unknown id becomes an event, never a panic.

use crate::sim::engine::input::Input;
use crate::sim::engine::service::friends::{Wish, Wished};
use crate::sim::engine::state::AttemptIx;
use crate::sim::engine::{Engine, FAULTS_MAX, NOTICES_MAX};
use crate::sim::fault::Fault;
use crate::sim::model::event::{End, EventKind, Rejection};
use crate::sim::model::ids::{AttemptId, ButtonId, ChannelId, FaultId, KindId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::model::person::Person;

impl Engine {
    pub(super) fn take(&mut self, input: Input) {
        let taken = match input {
            Input::Hello { session, network, people } => {
                self.hello(session, network, people);
                Ok(())
            }
            Input::Bye { session } => self.bye(session).then_some(()).ok_or(Rejection::UnknownSession),
            Input::Delivered { person, attempt } => self.phone_showed(person, attempt),
            Input::Read { person, attempt } => self.person_read(person, attempt),
            Input::Press { person, attempt, button } => self.person_pressed(person, attempt, button),
            Input::Say { person, channel, text } => self.person_said(person, channel, &text),
            Input::Follow { person, channel } => self.befriend(person, channel, true),
            Input::Unfollow { person, channel } => self.befriend(person, channel, false),
            Input::Block { person, channel } => self.block(person, channel),
            Input::PostFault(fault) => self.post_fault(*fault),
            Input::LiftFault(fault) => self.lift_fault(fault),
            Input::Submit { kind, person } => self.submit(kind, person),
            Input::Call(call) => {
                self.take_call(&call);
                Ok(())
            }
            Input::Denied(all) => {
                self.take_denials(&all);
                Ok(())
            }
            Input::RequestsRefused { said, count } => {
                self.emit(EventKind::RequestsRefused { said, count });
                Ok(())
            }
            Input::HungUp { call } => self.hang_up(call),
            Input::Heard { attempt, claim, code, ear } => self.application_hears(attempt, claim, code, ear),
            Input::Hook(word) => self.webhook_called(&word),
            // The provider's own business.
            Input::Note(_) => Ok(()),
            Input::HandshakesRefused { network, count } => {
                self.handshakes_refused(network, count);
                Ok(())
            }
            Input::SlowSessionCut { session } => match self.network_of(session) {
                Some(network) => {
                    self.emit(EventKind::SlowSessionCut { session, network });
                    Ok(())
                }
                None => Err(Rejection::UnknownSession),
            },
            Input::Stop => {
                self.end(End::Asked);
                Ok(())
            }
            Input::StopCondition(number) => {
                self.end(End::Condition(number));
                Ok(())
            }
        };
        if let Err(why) = taken {
            self.emit(EventKind::InputRejected { why });
        }
    }

    /// A receipt says that a phone showed a message: a truth at once, and a receipt on its way to the platform.
    fn phone_showed(&mut self, person: PersonId, attempt: AttemptId) -> Result<(), Rejection> {
        let ix = self.sent_to(person, attempt)?;
        let row = self.attempt_mut(ix);
        if row.copies == 0 {
            return Ok(());
        }
        row.copies -= 1;
        let first = row.shown == 0;
        self.show_truth(ix);
        if first {
            self.receipt_crosses(ix, false);
        }
        Ok(())
    }

    fn person_read(&mut self, person: PersonId, attempt: AttemptId) -> Result<(), Rejection> {
        let ix = self.sent_to(person, attempt)?;
        if self.attempt(ix).shown == 0 {
            self.phone_showed(person, attempt)?;
        }
        if !self.asks_identity(ix) && self.open_truth(ix) {
            self.receipt_crosses(ix, true);
        }
        Ok(())
    }

    fn person_pressed(&mut self, person: PersonId, attempt: AttemptId, button: ButtonId) -> Result<(), Rejection> {
        let ix = self.sent_to(person, attempt)?;
        let kind = self.notice(attempt.notice).kind;
        let content = self.plan.kinds[kind.index()].content_for(self.attempt(ix).medium, self.groups_of(person));
        if !content.is_some_and(|content| content.buttons.iter().any(|one| one.id == button)) {
            return Err(Rejection::UnknownButton);
        }
        // A person at a real phone may press twice; the desk, not the phone, counts once.
        self.press_truth(ix, button);
        self.press_crosses(ix, button);
        Ok(())
    }

    fn person_said(&mut self, person: PersonId, channel: ChannelId, text: &str) -> Result<(), Rejection> {
        self.known(person)?;
        self.known_channel(channel)?;
        self.say(person, channel, text, 0)
    }

    fn befriend(&mut self, person: PersonId, channel: ChannelId, friend: bool) -> Result<(), Rejection> {
        self.known(person)?;
        self.known_channel(channel)?;
        self.wish(Wished { wish: if friend { Wish::Add } else { Wish::Leave }, channel }, person);
        Ok(())
    }

    fn block(&mut self, person: PersonId, channel: ChannelId) -> Result<(), Rejection> {
        self.known(person)?;
        self.known_channel(channel)?;
        self.wish(Wished { wish: Wish::Block, channel }, person);
        Ok(())
    }

    fn post_fault(&mut self, mut fault: Fault) -> Result<(), Rejection> {
        if self.faults.all().len() >= FAULTS_MAX {
            return Err(Rejection::Full);
        }
        if self.faults.named(&fault.name).is_some() {
            return Err(Rejection::FaultNameTaken);
        }
        let begins_now = fault.begins <= self.now;
        fault.begins = fault.begins.max(self.now);
        let id = self.add_fault(fault);
        if begins_now {
            self.fault_begins(id);
        }
        Ok(())
    }

    fn lift_fault(&mut self, fault: FaultId) -> Result<(), Rejection> {
        if self.faults.get(fault).is_none_or(|live| live.over) {
            return Err(Rejection::UnknownFault);
        }
        self.fault_ends(fault, true);
        Ok(())
    }

    fn submit(&mut self, kind: KindId, person: PersonId) -> Result<(), Rejection> {
        self.known(person)?;
        if self.notices.len() >= NOTICES_MAX || kind.index() >= self.plan.kinds.len() {
            return Err(Rejection::Full);
        }
        self.create(kind, person, None);
        Ok(())
    }

    fn handshakes_refused(&mut self, network: Network, count: u32) {
        let fault = self.sessions.gate(network);
        self.emit(EventKind::HandshakesRefused { network, count, fault });
    }

    /// The attempt that a phone speaks of, if it was ever sent to that phone.
    fn sent_to(&self, person: PersonId, attempt: AttemptId) -> Result<AttemptIx, Rejection> {
        self.known(person)?;
        let ix = self.find(attempt).ok_or(Rejection::UnknownAttempt)?;
        let row = self.attempt(ix);
        let sent = row.shown > 0 || row.is(super::state::TRANSMITTED);
        if sent && self.person_of(ix) == person { Ok(ix) } else { Err(Rejection::NotTheirs) }
    }

    fn known(&self, person: PersonId) -> Result<Person, Rejection> {
        self.people.get(person).copied().ok_or(Rejection::UnknownPerson)
    }

    fn known_channel(&self, channel: ChannelId) -> Result<(), Rejection> {
        if channel.index() < self.plan.channels.len() { Ok(()) } else { Err(Rejection::UnknownChannel) }
    }
}
