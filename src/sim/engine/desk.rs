//! The desk 창구: a channel's automatic counter. A press, a word, a new friend or a lost one sets off the first rule that
//! fits; the rule looks at its terms (friends only? counted before? anything left of the stock?), counts, grants, and
//! replies with a notice of its own, up to a depth. A rule may wait for a counter to come to a mark instead.

use crate::sim::engine::Engine;
use crate::sim::engine::state::{AttemptIx, Notice};
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
    /// Served, and took back what was redeemed.
    Redeemed(StockId),
    /// Holds none of what is redeemed.
    Empty(StockId),
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

/// Whoever set a rule off, where, and by answering what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) person: PersonId,
    /// The channel whose desk was asked.
    pub(super) channel: ChannelId,
    /// The notice that was answered, if one was.
    pub(super) notice: Option<NoticeId>,
    /// How many replies led here.
    pub(super) depth: u8,
}

impl Engine {
    /// A press reaches the desk.
    pub(super) fn press_arrives(&mut self, ix: AttemptIx, button: ButtonId) {
        let notice = self.attempt(ix).notice;
        if self.takes_offer(notice, button) {
            return;
        }
        let Notice { person, kind, depth, .. } = *self.notice(notice);
        if let Some(channel) = self.adds_channel(ix, button) {
            self.add_friend(person, channel);
        }
        let channel = self.plan.kinds[kind.index()].channel;
        let fits =
            |rule: &DeskRule| rule.when == Trigger::Press(button) && rule.from.is_none_or(|from: KindId| from == kind);
        if let Some(rule) = self.rule_for(person, channel, fits) {
            self.answer(rule, Asked { person, channel, notice: Some(notice), depth });
        }
    }

    /// The rule that answers what a person says to a channel.
    pub(super) fn rule_for_word(&self, person: PersonId, channel: ChannelId, text: &str) -> Option<RuleId> {
        self.rule_for(person, channel, |rule| match &rule.when {
            Trigger::Say(word) => text.contains(word.as_str()),
            Trigger::Press(_) | Trigger::Follow(_) | Trigger::Leave(_) | Trigger::Reaches(..) => false,
        })
    }

    /// Somebody has become a friend of the channel.
    pub(super) fn friend_arrives(&mut self, person: PersonId, channel: ChannelId) {
        self.set_off(person, channel, &Trigger::Follow(channel));
    }

    /// Somebody is a friend of the channel no longer.
    pub(super) fn friend_leaves(&mut self, person: PersonId, channel: ChannelId) {
        self.set_off(person, channel, &Trigger::Leave(channel));
    }

    /// Answers by a rule: all that it does, and its reply. Whether a reply was sent.
    pub(super) fn answer(&mut self, id: RuleId, asked: Asked) -> bool {
        let reply = self.serve_by(id, asked);
        reply.is_some_and(|kind| self.reply_to(kind, asked))
    }

    /// All that a rule does but sending its reply: it counts, grants and turns the talk. Answers what is to be replied.
    pub(super) fn serve_by(&mut self, id: RuleId, asked: Asked) -> Option<KindId> {
        let plan = self.plan.clone();
        let (rule, person) = (&plan.desk[id.index()], asked.person);
        let served = self.settle_terms(id, rule, person);
        let counted = matches!(served, Served::Yes(_) | Served::Redeemed(_));
        self.emit(EventKind::Answered { rule: id, person, counted });
        self.tell_served(person, &served);
        if let (true, Some(counter)) = (counted, rule.count) {
            let amount = asked.notice.map_or(0, |n| render::amount(&plan, self.notice(n).kind, person));
            self.emit(EventKind::Counted { counter, person, amount });
            self.count_up(counter, person);
        }
        if counted || matches!(served, Served::Again) {
            self.turn_talk(person, asked.channel, id);
        }
        match served {
            Served::Yes(_) | Served::Redeemed(_) => rule.reply,
            Served::Again => rule.terms.repeat.or(rule.reply),
            Served::Stranger(_) | Served::Empty(_) => rule.terms.otherwise,
            Served::TooLate(_) => rule.terms.sold_out,
        }
    }

    /// Sends a reply, unless too many replies have followed from each other.
    pub(super) fn reply_to(&mut self, kind: KindId, asked: Asked) -> bool {
        if asked.depth >= REPLIES_DEEP_MAX {
            return false;
        }
        self.sessions.open_talk(asked.person, self.plan.kinds[kind.index()].channel);
        self.reply(kind, asked.person, asked.depth + 1);
        true
    }

    fn set_off(&mut self, person: PersonId, channel: ChannelId, trigger: &Trigger) {
        if let Some(rule) = self.rule_for(person, channel, |rule| rule.when == *trigger) {
            self.answer(rule, Asked { person, channel, notice: None, depth: 0 });
        }
    }

    /// The first rule that such a thing sets off, as the talk with this channel stands.
    fn rule_for(&self, person: PersonId, channel: ChannelId, fits: impl Fn(&DeskRule) -> bool) -> Option<RuleId> {
        let state = self.talk_state(person, channel);
        let mut numbered = (0..).map(RuleId).zip(&self.plan.desk);
        let here = |id| self.plan.services.talk.turn(id).is_none_or(|turn| turn.fits(channel, state));
        numbered.find(|(id, rule)| fits(rule) && here(*id)).map(|(id, _)| id)
    }

    /// Whether a rule serves this person, by its terms; takes from the stock if it does.
    fn settle_terms(&mut self, id: RuleId, rule: &DeskRule, person: PersonId) -> Served {
        if let Some(channel) = rule.terms.friend_of.filter(|channel| !self.is_friend(person, *channel)) {
            return Served::Stranger(channel);
        }
        if rule.once && self.desk.counted[id.index()].has(person) {
            return Served::Again;
        }
        if let Some(stock) = rule.terms.redeem {
            if !self.redeem_one(person, stock) {
                return Served::Empty(stock);
            }
            if rule.once {
                self.desk.counted[id.index()].take(person);
            }
            return Served::Redeemed(stock);
        }
        let granted = match rule.terms.grant {
            None => None,
            Some(stock) => match self.take_from(stock) {
                Some(number) => {
                    self.hold_one(person, stock);
                    Some((stock, number))
                }
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
            Served::Redeemed(stock) => ServiceEvent::Redeemed { person, stock },
            Served::Empty(stock) => ServiceEvent::RedeemRefused { person, stock },
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
