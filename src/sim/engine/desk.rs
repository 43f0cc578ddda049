//! The desk 창구: a channel's automatic counter. A press, a word, a new friend or a lost one sets off the first rule that
//! fits; the rule looks at its terms (friends only? counted before? anything left of the stock?), counts, grants, and
//! replies with a notice of its own, up to a depth. A rule may wait for a counter to come to a mark instead.

use crate::sim::engine::Engine;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{ButtonId, ChannelId, CounterId, KindId, NoticeId, PersonId, RuleId, StockId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::plan::render;
use crate::sim::plan::{DeskRule, Trigger};

/// How many replies may follow from each other. A reply may carry the button that asked for it; without an end, people
/// who press at once would keep the desk busy for ever within one instant. The press that comes after the last reply is
/// counted and not answered.
const REPLIES_DEEP_MAX: u8 = 8;

/// Who has been counted by which rule, and by which counter: one bit a person, grown as people come.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    counted: Vec<People>,
    counters: Vec<Count>,
}

/// A set of people.
#[derive(Clone, Debug, Default)]
struct People(Vec<u64>);

/// What a counter has counted.
#[derive(Clone, Debug, Default)]
struct Count {
    times: u32,
    people: People,
}

/// What a rule makes of somebody who sets it off.
enum Served {
    /// Counted, with what was granted.
    Yes(Option<(StockId, u32)>),
    /// Counted before.
    Again,
    /// No friend of the channel.
    Stranger(ChannelId),
    /// Nothing is left of the stock.
    TooLate(StockId),
}

impl Desk {
    pub(super) fn new(rules: usize, counters: usize) -> Desk {
        Desk { counted: vec![People::default(); rules], counters: vec![Count::default(); counters] }
    }
}

impl People {
    /// Takes a person in; `false` if they were in before.
    fn take(&mut self, person: PersonId) -> bool {
        let (word, bit) = (person.index() / 64, 1_u64 << (person.0 % 64));
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }

    fn has(&self, person: PersonId) -> bool {
        self.0.get(person.index() / 64).is_some_and(|word| word >> (person.0 % 64) & 1 == 1)
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Everybody, in order of id.
    fn all(&self) -> Vec<PersonId> {
        let bits =
            self.0.iter().enumerate().flat_map(|(word, bits)| (0..64).map(move |bit| (word, bits >> bit & 1, bit)));
        bits.filter(|(_, there, _)| *there == 1).map(|(word, _, bit)| PersonId(word as u32 * 64 + bit)).collect()
    }
}

impl Engine {
    /// A press reaches the desk.
    pub(super) fn press_arrives(&mut self, ix: AttemptIx, button: ButtonId) {
        let notice = self.attempt(ix).notice;
        if self.takes_offer(notice, button) {
            return;
        }
        let (person, kind) = (self.notice(notice).person, self.notice(notice).kind);
        if let Some(channel) = self.adds_channel(ix, button) {
            self.add_friend(person, channel);
        }
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
            Trigger::Press(_) | Trigger::Follow(_) | Trigger::Leave(_) | Trigger::Reaches(..) => false,
        };
        if let Some(place) = plan.desk.iter().position(fits) {
            self.answer(RuleId(place as u16), person, None);
        }
    }

    /// Somebody has become a friend of the channel.
    pub(super) fn friend_arrives(&mut self, person: PersonId, channel: ChannelId) {
        self.set_off(person, &Trigger::Follow(channel));
    }

    /// Somebody is a friend of the channel no longer.
    pub(super) fn friend_leaves(&mut self, person: PersonId, channel: ChannelId) {
        self.set_off(person, &Trigger::Leave(channel));
    }

    fn set_off(&mut self, person: PersonId, trigger: &Trigger) {
        if let Some(place) = self.plan.desk.iter().position(|rule| rule.when == *trigger) {
            self.answer(RuleId(place as u16), person, None);
        }
    }

    fn answer(&mut self, id: RuleId, person: PersonId, notice: Option<NoticeId>) {
        let plan = self.plan.clone();
        let rule = &plan.desk[id.index()];
        let served = self.settle_terms(id, rule, person);
        let counted = matches!(served, Served::Yes(_));
        self.emit(EventKind::Answered { rule: id, person, counted });
        self.tell_served(person, &served);
        let depth = notice.map_or(0, |n| self.notice(n).depth);
        let reply = match served {
            Served::Yes(_) => rule.reply,
            Served::Again => rule.terms.repeat.or(rule.reply),
            Served::Stranger(_) => rule.terms.otherwise,
            Served::TooLate(_) => rule.terms.sold_out,
        };
        if let (true, Some(counter)) = (counted, rule.count) {
            let amount = notice.map_or(0, |n| render::amount(&plan, self.notice(n).kind, person));
            self.emit(EventKind::Counted { counter, person, amount });
            self.count_up(counter, person);
        }
        if let Some(reply) = reply.filter(|_| depth < REPLIES_DEEP_MAX) {
            self.sessions.open_talk(person, plan.kinds[reply.index()].channel);
            self.reply(reply, person, depth + 1);
        }
    }

    /// Whether a rule serves this person, by its terms; takes from the stock if it does.
    fn settle_terms(&mut self, id: RuleId, rule: &DeskRule, person: PersonId) -> Served {
        if let Some(channel) = rule.terms.friend_of.filter(|channel| !self.is_friend(person, *channel)) {
            return Served::Stranger(channel);
        }
        if rule.once && self.desk.counted[id.index()].has(person) {
            return Served::Again;
        }
        let granted = match rule.terms.grant {
            None => None,
            Some(stock) => match self.take_from(stock) {
                Some(number) => Some((stock, number)),
                None => return Served::TooLate(stock),
            },
        };
        if rule.once {
            self.desk.counted[id.index()].take(person);
        }
        Served::Yes(granted)
    }

    fn tell_served(&mut self, person: PersonId, served: &Served) {
        let event = match *served {
            Served::Yes(Some((stock, number))) => ServiceEvent::Granted { person, stock, number },
            Served::Stranger(channel) => ServiceEvent::TurnedAway { person, channel },
            Served::TooLate(stock) => ServiceEvent::SoldOut { person, stock },
            Served::Yes(None) | Served::Again => return,
        };
        self.emit(EventKind::Service(event));
    }

    /// A counter goes up; rules that wait for just this many are set off.
    fn count_up(&mut self, counter: CounterId, person: PersonId) {
        let row = &mut self.desk.counters[counter.index()];
        row.times = row.times.saturating_add(1);
        row.people.take(person);
        let count = row.times;
        let plan = self.plan.clone();
        for rule in plan.desk.iter().filter(|rule| rule.when == Trigger::Reaches(counter, count)) {
            let people = self.desk.counters[counter.index()].people.count();
            self.emit(EventKind::Service(ServiceEvent::ThresholdReached { counter, count, people }));
            if let Some(kind) = rule.terms.tell {
                self.tell_all(counter, kind);
            }
        }
    }

    /// A notice to everybody whom a counter has counted.
    fn tell_all(&mut self, counter: CounterId, kind: KindId) {
        let channel = self.plan.kinds[kind.index()].channel;
        for person in self.desk.counters[counter.index()].people.all() {
            self.sessions.open_talk(person, channel);
            self.reply(kind, person, 1);
        }
    }

    /// A button that adds the channel, by its kind `AC`.
    fn adds_channel(&self, ix: AttemptIx, button: ButtonId) -> Option<ChannelId> {
        let attempt = self.attempt(ix);
        let kind = &self.plan.kinds[self.notice(attempt.notice).kind.index()];
        let buttons = &kind.content(attempt.medium)?.buttons;
        buttons.iter().any(|one| one.id == button && one.kind == "AC").then_some(kind.channel)
    }
}
