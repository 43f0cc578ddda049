//! People: they read what shows, and answer it, when and if they do.

use crate::sim::behaviour;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::alert::Noticed;
use crate::sim::engine::state::{AttemptIx, OPENED};
use crate::sim::fault::judge::Bite;
use crate::sim::model::event::{EventKind, Leg, Loss};
use crate::sim::model::ids::ButtonId;
use crate::sim::plan::service::relay::Moves;
use crate::sim::time::Span;

impl Engine {
    /// A person whose phone the engine plays will read the message, or never.
    pub(super) fn react(&mut self, ix: AttemptIx) {
        if self.rules_of(ix).spoken {
            self.open_truth(ix);
            return;
        }
        let noticed = self.sound(ix);
        let habit = self.reaction(ix).reads_after;
        let after = match noticed {
            None => habit,
            Some(Noticed::After(after)) => Some(after),
            Some(Noticed::NotBefore(least)) => habit.map(|habit| habit.max(least)),
        };
        if let Some(after) = after {
            self.agenda.set(self.now + after, Alarm::Open(ix));
        }
    }

    /// The person reads it, and may press something later.
    pub(super) fn open(&mut self, ix: AttemptIx) {
        // A phone that has been taken over since is read by whoever holds it.
        let (person, network) = (self.person_of(ix), self.rules_of(ix).network);
        if self.sessions.carrier(person, network).is_some() {
            return;
        }
        if self.asks_identity(ix) || !self.open_truth(ix) {
            return;
        }
        self.receipt_crosses(ix, true);
        self.press_after_reading(ix);
    }

    /// A person whose phone the engine plays may press something, some time after reading.
    pub(super) fn press_after_reading(&mut self, ix: AttemptIx) {
        let (person, network) = (self.person_of(ix), self.rules_of(ix).network);
        if self.sessions.carrier(person, network).is_some() {
            return;
        }
        if let Some((button, after)) = self.reaction(ix).presses {
            self.agenda.set(self.now + after, Alarm::Press { attempt: ix, button });
        } else {
            self.speak_later(ix);
        }
    }

    /// The person read it. Truth; `false` if they had before.
    pub(super) fn open_truth(&mut self, ix: AttemptIx) -> bool {
        if self.attempt(ix).is(OPENED) {
            return false;
        }
        self.attempt_mut(ix).flags |= OPENED;
        let (attempt, person) = (self.attempt(ix).id(), self.person_of(ix));
        self.emit(EventKind::Opened { attempt, person });
        self.moved(ix, Moves::Opened);
        self.heed(attempt.notice);
        true
    }

    /// The person presses. Somebody who has answered a notice does not answer it again on another medium.
    pub(super) fn press(&mut self, ix: AttemptIx, button: ButtonId) {
        let id = self.attempt(ix).id();
        if self.notice(id.notice).pressed {
            return;
        }
        self.press_truth(ix, button);
        self.press_crosses(ix, button);
    }

    /// The person pressed. Truth.
    pub(super) fn press_truth(&mut self, ix: AttemptIx, button: ButtonId) {
        let (attempt, person) = (self.attempt(ix).id(), self.person_of(ix));
        self.notice_mut(attempt.notice).pressed = true;
        self.emit(EventKind::Pressed { attempt, person, button });
        self.moved(ix, Moves::Pressed(button));
        self.press_pays(ix, button);
        self.press_files(ix, button);
    }

    /// A press is about to cross to the desk. One that finds no session waits on the phone until there is one.
    pub(super) fn press_crosses(&mut self, ix: AttemptIx, button: ButtonId) {
        let (person, network) = (self.person_of(ix), self.rules_of(ix).network);
        let alarm = Alarm::PressCrosses { attempt: ix, button };
        if self.plan.networks[network.index()].sessions && !self.sessions.online(person, network) {
            return self.sessions.keep(person, network, alarm, self.now);
        }
        let ruling = self.judge(ix, Leg::Receipt, PRESS_ROUND);
        match ruling.fate {
            None if ruling.delay == Span::ZERO => self.press_arrives(ix, button),
            None => self.agenda.set(self.now + ruling.delay, Alarm::PressArrives { attempt: ix, button }),
            Some((Bite::Hold, fault)) => self.hold(fault, alarm, None),
            Some((_gone, fault)) => self.lose(ix, Leg::Receipt, Loss::Dropped, Some(fault)),
        }
    }

    fn reaction(&self, ix: AttemptIx) -> behaviour::Reaction {
        let attempt = self.attempt(ix);
        let notice = self.notice(attempt.notice);
        let who = self.people.get(notice.person).expect("every notice is for a person of the plan");
        let habits = self.plan.habits_of(notice.person).expect("whoever is somebody has habits");
        match self.plan.kinds[notice.kind.index()].content_for(attempt.medium, who.groups) {
            Some(content) => behaviour::reaction(self.plan.seed, habits, content, notice.person, attempt.id()),
            None => behaviour::Reaction { reads_after: None, presses: None },
        }
    }
}

/// Tells the luck of a press from that of the receipts of the same attempt.
const PRESS_ROUND: u8 = 2;
