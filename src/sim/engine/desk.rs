//! The desk 창구: a channel's automatic counter. A press or a word sets off the first rule that fits; the rule counts,
//! once per person if it says so, and replies with a notice of its own, up to a depth.

use crate::sim::engine::Engine;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{ButtonId, KindId, NoticeId, PersonId, RuleId};
use crate::sim::plan::render;
use crate::sim::plan::{DeskRule, Trigger};

/// How many replies may follow from each other. A reply may carry the button that asked for it; without an end, people
/// who press at once would keep the desk busy for ever within one instant. The press that comes after the last reply is
/// counted and not answered.
const REPLIES_DEEP_MAX: u8 = 8;

/// Who has been counted by which rule: one bit a person, grown as people come.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    counted: Vec<Vec<u64>>,
}

impl Desk {
    pub(super) fn new(rules: usize) -> Desk {
        Desk { counted: vec![Vec::new(); rules] }
    }

    /// Marks a person; `false` if they were marked before.
    fn mark(&mut self, rule: RuleId, person: PersonId) -> bool {
        let (word, bit) = (person.index() / 64, 1_u64 << (person.0 % 64));
        let bits = &mut self.counted[rule.index()];
        if bits.len() <= word {
            bits.resize(word + 1, 0);
        }
        let new = bits[word] & bit == 0;
        bits[word] |= bit;
        new
    }
}

impl Engine {
    /// A press reaches the desk.
    pub(super) fn press_arrives(&mut self, ix: AttemptIx, button: ButtonId) {
        let notice = self.attempt(ix).notice;
        let (person, kind) = (self.notice(notice).person, self.notice(notice).kind);
        let plan = self.plan.clone();
        let fits =
            |rule: &DeskRule| rule.when == Trigger::Press(button) && rule.from.is_none_or(|from: KindId| from == kind);
        if let Some(place) = plan.desk.iter().position(fits) {
            self.answer(RuleId(place as u16), person, Some(notice));
        }
    }

    /// A word reaches the desk.
    pub(super) fn word_arrives(&mut self, person: PersonId, text: &str) {
        let plan = self.plan.clone();
        let fits = |rule: &DeskRule| match &rule.when {
            Trigger::Say(word) => text.contains(word.as_str()),
            Trigger::Press(_) => false,
        };
        if let Some(place) = plan.desk.iter().position(fits) {
            self.answer(RuleId(place as u16), person, None);
        }
    }

    fn answer(&mut self, id: RuleId, person: PersonId, notice: Option<NoticeId>) {
        let plan = self.plan.clone();
        let rule = &plan.desk[id.index()];
        let counted = !rule.once || self.desk.mark(id, person);
        self.emit(EventKind::Answered { rule: id, person, counted });
        if let (true, Some(counter)) = (counted, rule.count) {
            let amount = notice.map_or(0, |n| render::amount(&plan, self.notice(n).kind, person));
            self.emit(EventKind::Counted { counter, person, amount });
        }
        let depth = notice.map_or(0, |n| self.notice(n).depth);
        if let Some(reply) = rule.reply.filter(|_| depth < REPLIES_DEEP_MAX) {
            self.sessions.open_talk(person, plan.kinds[reply.index()].channel);
            self.reply(reply, person, depth + 1);
        }
    }
}
