//! Talk 대화: what people write to a channel crosses to the desk, like a press, and a rule of the desk answers it.
//!
//! A word that finds no session waits on the phone; the faults of the instant judge its crossing. What the answer does
//! to the talk's state, and answers by people who work at the desk, are in `counsel`.

use std::collections::BTreeMap;

use crate::sim::behaviour;
use crate::sim::engine::Engine;
use crate::sim::engine::alarm::Alarm;
use crate::sim::engine::service::Duty;
use crate::sim::engine::service::counsel::Standing;
use crate::sim::engine::state::AttemptIx;
use crate::sim::fault::judge::{Bite, Crossing};
use crate::sim::model::event::{EventKind, Leg, Rejection};
use crate::sim::model::ids::{ChannelId, FaultId, PersonId, RuleId};
use crate::sim::model::medium::Medium;
use crate::sim::model::service::ServiceEvent;
use crate::sim::time::Span;

/// The most words that may be on their way or waiting for somebody at once; one more is rejected as `full`.
const WORDS_MAX: usize = 1 << 20;

/// Talks of a run.
#[derive(Debug, Default)]
pub(in crate::sim::engine) struct Talks {
    /// Words on their way, and words that somebody who works at the desk will answer.
    words: Vec<Word>,
    /// Free rows of `words`.
    free: Vec<u32>,
    /// How many words were said in all.
    said: u32,
    /// How many words each person has said: the key of a word's luck.
    by_person: BTreeMap<PersonId, u32>,
    /// Where talks stand that are in some state.
    pub(super) standing: BTreeMap<(PersonId, ChannelId), Standing>,
}

/// One thing that was said.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) person: PersonId,
    pub(super) channel: ChannelId,
    /// Its number in the record.
    pub(super) number: u32,
    /// How many words the person had said before.
    pub(super) nth: u32,
    /// How many replies led to it.
    pub(super) depth: u8,
    /// The rule by which somebody will answer it.
    pub(super) rule: Option<RuleId>,
    text: Box<str>,
}

impl Talks {
    pub(super) fn word(&self, row: u32) -> &Word {
        &self.words[row as usize]
    }

    pub(super) fn put_through(&mut self, row: u32, rule: RuleId) {
        self.words[row as usize].rule = Some(rule);
    }

    /// The row is free for another word.
    pub(super) fn forget_word(&mut self, row: u32) {
        self.words[row as usize].text = Box::default();
        self.free.push(row);
    }

    fn add(&mut self, person: PersonId, channel: ChannelId, depth: u8, text: &str) -> Option<u32> {
        if self.free.is_empty() && self.words.len() >= WORDS_MAX {
            return None;
        }
        let nth = self.by_person.entry(person).or_default();
        let word = Word { person, channel, number: self.said, nth: *nth, depth, rule: None, text: text.into() };
        *nth += 1;
        self.said += 1;
        match self.free.pop() {
            Some(row) => {
                self.words[row as usize] = word;
                Some(row)
            }
            None => {
                self.words.push(word);
                Some(self.words.len() as u32 - 1)
            }
        }
    }
}

impl Engine {
    /// A person who has read a message will say something, or nothing.
    pub(in crate::sim::engine) fn speak_later(&mut self, ix: AttemptIx) {
        let plan = self.plan.clone();
        let attempt = self.attempt(ix).id();
        let notice = self.notice(attempt.notice);
        let (kind, person) = (notice.kind, notice.person);
        if let Some((of, after)) = behaviour::saying(&plan, kind, person, attempt) {
            self.agenda.set(self.now + after, Alarm::Duty { duty: Duty::Speak, of, row: ix.0 });
        }
    }

    /// The person says it.
    pub(super) fn speak(&mut self, of: u16, row: u32) {
        let plan = self.plan.clone();
        let saying = &plan.services.talk.says[usize::from(of)];
        let notice = self.notice(self.attempt(AttemptIx(row)).notice);
        let (person, depth) = (notice.person, notice.depth);
        let channel = plan.kinds[saying.after.index()].channel;
        // Without room for one more word on its way, a simulated person keeps silent.
        let _full = self.say(person, channel, &saying.text, depth);
    }

    /// A person writes to a channel. Truth; the words are about to cross to the desk.
    pub(in crate::sim::engine) fn say(
        &mut self,
        person: PersonId,
        channel: ChannelId,
        text: &str,
        depth: u8,
    ) -> Result<(), Rejection> {
        let row = self.talks.add(person, channel, depth, text).ok_or(Rejection::Full)?;
        let word = self.talks.word(row).number;
        self.emit(EventKind::Service(ServiceEvent::Said { person, channel, word }));
        self.word_crosses(row);
        Ok(())
    }

    /// What was said is about to cross. Without a session it waits on the phone until there is one.
    pub(super) fn word_crosses(&mut self, row: u32) {
        let Word { person, nth, .. } = *self.talks.word(row);
        let rules = self.plan.medium(Medium::Chat);
        let (network, capability) = (rules.network, rules.capability);
        let alarm = Engine::duty(Duty::WordCrosses, row);
        if self.plan.networks[network.index()].sessions && !self.sessions.online(person, network) {
            return self.sessions.keep(person, network, alarm, self.now);
        }
        if self.faults.calm() {
            return self.word_arrives(row);
        }
        let people = self.people.clone();
        let who = people.get(person).expect("the caller knows the person");
        let crossing = Crossing {
            at: self.now,
            leg: Leg::Receipt,
            network,
            medium: Some((Medium::Chat, capability)),
            person,
            who,
            key: WORD_KEY | u64::from(person.0) << 24 | u64::from(nth),
        };
        let ruling = self.faults.judge(self.plan.seed, &crossing);
        match ruling.fate {
            None if ruling.delay == Span::ZERO => self.word_arrives(row),
            None => self.agenda.set(self.now + ruling.delay, Engine::duty(Duty::WordArrives, row)),
            Some((Bite::Hold, fault)) => self.hold(fault, alarm, None),
            Some((_gone, fault)) => self.lose_word(row, Some(fault)),
        }
    }

    /// The desk hears it: the first rule that fits answers, or none does.
    pub(super) fn word_arrives(&mut self, row: u32) {
        let Word { person, channel, ref text, .. } = *self.talks.word(row);
        match self.rule_for_word(person, channel, text) {
            Some(rule) => self.answer_word(row, rule),
            None => self.talks.forget_word(row),
        }
    }

    pub(super) fn lose_word(&mut self, row: u32, fault: Option<FaultId>) {
        let Word { person, channel, number: word, .. } = *self.talks.word(row);
        self.emit(EventKind::Service(ServiceEvent::WordLost { person, channel, word, fault }));
        self.talks.forget_word(row);
    }
}

/// Tells the luck of words from that of attempts, whose keys never have this bit.
const WORD_KEY: u64 = 1 << 63;
