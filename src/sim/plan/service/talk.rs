//! Talk 대화: what people say to a channel, in which state a talk is, and when somebody works at the desk.
//!
//! Beside the desk's rules, which say what is answered: here stands what a talk adds to them.

use crate::sim::dice::{Share, Spread};
use crate::sim::model::ids::{ChannelId, KindId, RuleId, StateId};
use crate::sim::plan::Clock;
use crate::sim::time::{SimTime, Span};

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    /// Names of states, by `StateId`.
    pub states: Vec<String>,
    /// What a talk adds to the desk's rules, by `RuleId`; a rule beyond the list adds nothing.
    pub turns: Vec<Turn>,
    /// What a channel does about talks, by `ChannelId`; a channel beyond the list is always open and never forgets.
    pub counters: Vec<Counter>,
    /// `says:` of the rows of people, in order of the file.
    pub says: Vec<Saying>,
}

/// What a talk adds to a rule of the desk.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// Only for words to this channel, if named.
    pub channel: Option<ChannelId>,
    /// Only in one of these states, if any are named; `None` is a talk that is in no state.
    pub only_in: Vec<Option<StateId>>,
    /// The state that the talk comes to; `Some(None)` ends it.
    pub goto: Option<Option<StateId>>,
    /// Somebody who works there answers, not the machine.
    pub human: Option<Human>,
}

/// An answer by somebody who works at the desk.
#[derive(Clone, Debug)]
pub struct Human {
    /// From being asked, or from the desk's opening, to the answer.
    pub takes: Spread,
    /// What the machine answers outside the hours of the desk.
    pub closed: Option<KindId>,
}

/// What a channel does about talks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counter {
    /// When somebody works there; always, if absent.
    pub hours: Option<Hours>,
    /// A talk that was silent for so long is in no state any more.
    pub forgets: Option<Span>,
}

/// Hours of the day, every day: from the first second up to, not including, the last. Over midnight if the first is
/// the later one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Second of the day.
    pub from_s: u32,
    /// Second of the day.
    pub to_s: u32,
}

/// A habit: what people of a row say after they have read a message.
#[derive(Clone, Debug)]
pub struct Saying {
    /// The row of `people:`.
    pub cohort: u16,
    /// After reading a notice of this kind; it is said to the notice's channel.
    pub after: KindId,
    /// What is said.
    pub text: String,
    /// Share of readers who say it; the first saying whose luck succeeds is said, no other.
    pub share: Share,
    /// From reading to saying.
    pub wait: Spread,
}

impl Talk {
    /// What a talk adds to a rule.
    pub fn turn(&self, rule: RuleId) -> Option<&Turn> {
        self.turns.get(rule.index())
    }

    /// What a channel does about talks.
    pub fn counter(&self, channel: ChannelId) -> Counter {
        self.counters.get(channel.index()).copied().unwrap_or_default()
    }

    /// Kinds that the machine answers with while nobody works at the desk.
    pub fn closed_replies(&self) -> impl Iterator<Item = KindId> + '_ {
        self.turns.iter().filter_map(|turn| turn.human.as_ref()?.closed)
    }
}

impl Turn {
    /// Whether a talk with this channel that is in this state is meant.
    pub fn fits(&self, channel: ChannelId, state: Option<StateId>) -> bool {
        self.channel.is_none_or(|only| only == channel) && (self.only_in.is_empty() || self.only_in.contains(&state))
    }
}

impl Counter {
    /// How long it is until somebody works there; nothing while somebody does.
    pub fn opens_in(&self, clock: &Clock, now: SimTime) -> Span {
        let Some(Hours { from_s, to_s }) = self.hours else { return Span::ZERO };
        let second = clock.second_of_day(now);
        let open = if from_s < to_s { (from_s..to_s).contains(&second) } else { second >= from_s || second < to_s };
        if open {
            return Span::ZERO;
        }
        let wait_s = (from_s + DAY_S - second) % DAY_S;
        // To the very second of opening, whatever the fraction of the second now.
        let fraction = Span::from_micros(now.micros() % 1_000_000);
        Span::from_secs(u64::from(wait_s)) - fraction
    }
}

const DAY_S: u32 = 86_400;

#[cfg(test)]
mod tests {
    use super::{Counter, Hours};
    use crate::sim::plan::Clock;
    use crate::sim::time::{SimTime, Span};

    /// Seconds to the opening of a desk with these hours, at this second of a run that begins at midnight.
    fn waits(from_h: u32, to_h: u32, second: u64) -> u64 {
        let clock = Clock { start_unix_s: 0, offset_s: 0, stop: SimTime::NEVER };
        let hours = Some(Hours { from_s: from_h * 3_600, to_s: to_h * 3_600 });
        let counter = Counter { hours, forgets: None };
        counter.opens_in(&clock, SimTime::ZERO + Span::from_secs(second)).micros() / 1_000_000
    }

    #[test]
    fn a_desk_opens_in_the_morning_and_some_desks_at_night() {
        assert_eq!([waits(9, 18, 9 * 3_600), waits(9, 18, 18 * 3_600 - 1)], [0, 0]);
        assert_eq!(waits(9, 18, 18 * 3_600), 15 * 3_600);
        assert_eq!(waits(9, 18, 86_400 + 8 * 3_600 + 59 * 60), 60);
        assert_eq!([waits(22, 6, 23 * 3_600), waits(22, 6, 5 * 3_600)], [0, 0]);
        assert_eq!(waits(22, 6, 6 * 3_600), 16 * 3_600);
        assert_eq!(
            Counter::default().opens_in(&Clock { start_unix_s: 0, offset_s: 0, stop: SimTime::NEVER }, SimTime::ZERO),
            Span::ZERO
        );
    }
}
