//! Cell broadcasts 재난문자 at the phone: whether it shows them, how loud it is, how much of the text fits.
//!
//! Cells ask nobody and hear nothing back; all that differs is the phone and the hour. A loud tone is noticed at once, a
//! silent one in the morning. Not here: the 24-hour check for doubles, and the tone of a phone that is played from
//! outside, which knows its own.

use crate::sim::dice::{Spread, Subject};
use crate::sim::engine::Engine;
use crate::sim::engine::state::AttemptIx;
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::PersonId;
use crate::sim::model::service::ServiceEvent;
use crate::sim::model::service::word::Tone;
use crate::sim::plan::message::Text;
use crate::sim::plan::service::alert::{Alert, Level};
use crate::sim::plan::traits;
use crate::sim::time::Span;

/// From a loud tone to reading. Assumed: whoever hears an alarm looks.
const NOTICED: Spread = Spread::Uniform(Span::from_secs(2), Span::from_secs(30));
/// The hours at which safety information makes no sound: 21:00 to 06:00.
const NIGHT_FROM_S: u32 = 21 * 3_600;
const NIGHT_TO_S: u32 = 6 * 3_600;

impl Engine {
    /// Whether this person's phone was told not to show such a broadcast.
    pub(in crate::sim::engine) fn is_muted(&self, ix: AttemptIx) -> bool {
        let level = self.broadcast(ix).map(|alert| alert.level);
        level.is_some_and(|level| traits::mutes(&self.plan, self.person_of(ix), level))
    }

    /// The phone shows a broadcast: says how loud and how long, and answers when the person will read it, where the tone
    /// decides that and not their habit.
    pub(in crate::sim::engine) fn sound(&mut self, ix: AttemptIx) -> Option<Noticed> {
        let (attempt, person) = (self.attempt(ix).id(), self.person_of(ix));
        let alert = self.broadcast(ix)?;
        let second = self.plan.clock.second_of_day(self.now);
        let tone = tone(alert.level, second);
        let kind = self.notice(attempt.notice).kind;
        let short = self.plan.kinds[kind.index()].content(alert.medium).map(|content| &content.text);
        let long = alert.long.as_ref().filter(|_| !traits::old_phone(&self.plan, person));
        let characters = long.or(short).map_or(0, length);
        self.emit(EventKind::Service(ServiceEvent::AlertSounded { attempt, person, tone, characters }));
        match tone {
            Tone::Loud => Some(Noticed::After(self.loud_reading(person, ix))),
            Tone::Own => None,
            Tone::Silent => Some(Noticed::NotBefore(Span::from_secs(u64::from(until_morning(second))))),
        }
    }

    fn broadcast(&self, ix: AttemptIx) -> Option<&Alert> {
        let attempt = self.attempt(ix);
        let alert = self.plan.services.alert(self.notice(attempt.notice).kind)?;
        (alert.medium == attempt.medium).then_some(alert)
    }

    fn loud_reading(&self, person: PersonId, ix: AttemptIx) -> Span {
        let key = crate::sim::behaviour::key(self.attempt(ix).id());
        NOTICED.at(self.plan.seed.roll(Subject::Tone, u64::from(person.0), key))
    }
}

/// When a person reads what their phone showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim::engine) enum Noticed {
    /// So long after it showed, whatever their habit.
    After(Span),
    /// By their habit, but no sooner than so long after it showed.
    NotBefore(Span),
}

/// The tone of a level at a second of the local day.
fn tone(level: Level, second_of_day: u32) -> Tone {
    let night = !(NIGHT_TO_S..NIGHT_FROM_S).contains(&second_of_day);
    match (level, night) {
        (Level::Critical | Level::Urgent, _) => Tone::Loud,
        (Level::Safety, false) => Tone::Own,
        (Level::Safety, true) => Tone::Silent,
    }
}

/// Seconds from a second of the night to the next 06:00.
fn until_morning(second_of_day: u32) -> u32 {
    (NIGHT_TO_S + 86_400 - second_of_day) % 86_400
}

fn length(text: &Text) -> u32 {
    use crate::sim::plan::message::Part;
    let parts = text.parts.iter().map(|part| match part {
        Part::Fixed(text) => text.chars().count() as u32,
        Part::Var(_) => 0,
    });
    parts.sum()
}

#[cfg(test)]
mod tests {
    use super::{tone, until_morning};
    use crate::sim::model::service::word::Tone;
    use crate::sim::plan::service::alert::Level;

    #[test]
    fn only_safety_information_sleeps_at_night() {
        let at = |hour: u32| Level::ALL.map(|(level, _)| tone(level, hour * 3_600));
        assert_eq!(at(12), [Tone::Loud, Tone::Loud, Tone::Own]);
        assert_eq!([at(21), at(0), at(5)], [[Tone::Loud, Tone::Loud, Tone::Silent]; 3]);
        assert_eq!(at(6)[2], Tone::Own);
        assert_eq!([until_morning(21 * 3_600), until_morning(3 * 3_600)], [9 * 3_600, 3 * 3_600]);
    }
}
