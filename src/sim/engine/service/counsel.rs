//! Counsel 상담: where a talk stands, and answers by the machine and by people who work at the desk.
//!
//! A rule with `takes:` puts a person through to somebody: within the desk's hours the answer comes after so long;
//! outside them the machine says so at once, and somebody answers so long after the desk has opened again.
//! Deliberately not here: how many work there. Whoever is put through is answered, however many are.

use crate::sim::dice::Subject;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::desk::Asked;
use crate::sim::engine::service::Duty;
use crate::sim::engine::service::talk::Word;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{ChannelId, PersonId, RuleId, StateId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::plan::service::talk::Human;
use crate::sim::time::{SimTime, Span};

/// Where a talk stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    pub(super) state: StateId,
    /// When something was said last.
    since: SimTime,
}

impl Engine {
    /// The state of a talk, if it is in one.
    pub(in crate::sim::engine) fn talk_state(&self, person: PersonId, channel: ChannelId) -> Option<StateId> {
        self.talks.standing.get(&(person, channel)).map(|standing| standing.state)
    }

    /// A rule was set off: the talk goes where the rule says, or stays where it is and is not forgotten for a while.
    pub(in crate::sim::engine) fn turn_talk(&mut self, person: PersonId, channel: ChannelId, rule: RuleId) {
        let goto = self.plan.services.talk.turn(rule).and_then(|turn| turn.goto);
        let since = self.now;
        match goto {
            None => {
                if let Some(standing) = self.talks.standing.get_mut(&(person, channel)) {
                    standing.since = since;
                }
            }
            Some(None) => {
                self.talks.standing.remove(&(person, channel));
            }
            Some(Some(state)) => {
                let before = self.talks.standing.insert((person, channel), Standing { state, since });
                self.emit(EventKind::Service(ServiceEvent::TalkTurned { person, channel, state }));
                if let (Some(forgets), None) = (self.plan.services.talk.counter(channel).forgets, before) {
                    self.watch_talk(person, channel, self.now + forgets);
                }
            }
        }
    }

    /// The desk forgets a talk that was silent for too long.
    pub(super) fn forget_talk(&mut self, channel: ChannelId, person: PersonId) {
        let Some(forgets) = self.plan.services.talk.counter(channel).forgets else { return };
        let Some(standing) = self.talks.standing.get(&(person, channel)) else { return };
        let (due, state) = (standing.since + forgets, standing.state);
        if due > self.now {
            return self.watch_talk(person, channel, due);
        }
        self.talks.standing.remove(&(person, channel));
        self.emit(EventKind::Service(ServiceEvent::TalkForgotten { person, channel, state }));
    }

    /// A rule answers what was said: at once, or by somebody who works at the desk.
    pub(super) fn answer_word(&mut self, row: u32, rule: RuleId) {
        let plan = self.plan.clone();
        let Word { person, channel, number: word, depth, .. } = *self.talks.word(row);
        let human = plan.services.talk.turn(rule).and_then(|turn| turn.human.as_ref());
        let asked = Asked { person, channel, notice: None, depth };
        let Some(human) = human else {
            let replied = self.answer(rule, asked);
            self.talks.forget_word(row);
            if replied {
                self.emit(EventKind::Service(ServiceEvent::Replied { person, channel, word, human: false }));
            }
            return;
        };
        match self.serve_by(rule, asked) {
            // Not served by the rule's terms: the machine says why, and nobody is bothered.
            Some(kind) if Some(kind) != plan.desk[rule.index()].reply => {
                self.talks.forget_word(row);
                if self.reply_to(kind, asked) {
                    self.emit(EventKind::Service(ServiceEvent::Replied { person, channel, word, human: false }));
                }
            }
            Some(_) | None => self.put_through(row, rule, human),
        }
    }

    /// Somebody who works at the desk answers.
    pub(super) fn counsel(&mut self, row: u32) {
        let Word { person, channel, number: word, depth, rule, .. } = *self.talks.word(row);
        let reply = rule.and_then(|rule| self.plan.desk[rule.index()].reply);
        self.talks.forget_word(row);
        if let Some(kind) = reply
            && self.reply_to(kind, Asked { person, channel, notice: None, depth })
        {
            self.emit(EventKind::Service(ServiceEvent::Replied { person, channel, word, human: true }));
        }
    }

    fn put_through(&mut self, row: u32, rule: RuleId, human: &Human) {
        let plan = self.plan.clone();
        let Word { person, channel, number: word, nth, depth, .. } = *self.talks.word(row);
        let opens_in = plan.services.talk.counter(channel).opens_in(&plan.clock, self.now);
        let open = opens_in == Span::ZERO;
        self.emit(EventKind::Service(ServiceEvent::PutThrough { person, channel, word, open }));
        if let (false, Some(kind)) = (open, human.closed)
            && self.reply_to(kind, Asked { person, channel, notice: None, depth })
        {
            self.emit(EventKind::Service(ServiceEvent::Replied { person, channel, word, human: false }));
        }
        self.talks.put_through(row, rule);
        let takes = human.takes.at(plan.seed.roll(Subject::Counsel, u64::from(person.0), u64::from(nth)));
        self.agenda.set(self.now + opens_in + takes, Engine::duty(Duty::Counsel, row));
    }

    fn watch_talk(&mut self, person: PersonId, channel: ChannelId, at: SimTime) {
        self.agenda.set(at, Alarm::Duty { duty: Duty::Forget, of: channel.0, row: person.0 });
    }
}
