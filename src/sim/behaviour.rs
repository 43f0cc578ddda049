//! Behaviour: what a person does after a message shows, and what a phone does after its session is cut.
//!
//! Used by the engine for the phones it plays itself and by the mock phones on real sockets, with the same keys; so a
//! person reads, answers and comes back alike in both, as far as the network lets them.

use crate::sim::dice::{Seed, Subject, below};
use crate::sim::model::ids::{AttemptId, ButtonId, KindId, PersonId};
use crate::sim::model::medium::Network;
use crate::sim::model::person::{KakaoState, Person, PhoneState};
use crate::sim::network::NetworkRules;
use crate::sim::plan::message::Content;
use crate::sim::plan::service::talk::Saying;
use crate::sim::plan::{Habits, Plan};
use crate::sim::time::Span;

/// What a person will do with a message that has just shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reaction {
    /// Reads it so long after it showed; `None`: never.
    pub reads_after: Option<Span>,
    /// Then presses this, so long after reading.
    pub presses: Option<(ButtonId, Span)>,
}

/// The reaction of a person to an attempt; the same answer however often it is asked.
pub fn reaction(seed: Seed, habits: &Habits, content: &Content, person: PersonId, attempt: AttemptId) -> Reaction {
    let (who, what) = (u64::from(person.0), key(attempt));
    // Keyed by person and notice, not by attempt: somebody who reads a bill reads it on whatever medium it comes.
    let notice = u64::from(attempt.notice.0);
    if seed.happens(habits.never, Subject::Reads, who, notice) {
        return Reaction { reads_after: None, presses: None };
    }
    let reads_after = habits.reads_after.at(seed.roll(Subject::ReadsAfter, who, what));
    let pressed = habits.presses.iter().find(|(button, share)| {
        content.buttons.iter().any(|on_it| on_it.id == *button)
            && seed.happens(*share, Subject::Presses, who, notice << 16 | u64::from(button.0))
    });
    let pressed = pressed.map(|(button, _)| *button).or_else(|| {
        let first = content.buttons.first()?.id;
        seed.happens(habits.presses_any, Subject::Presses, who, notice << 16 | 0xffff).then_some(first)
    });
    let presses = pressed.map(|button| (button, habits.press_after.at(seed.roll(Subject::PressAfter, who, what))));
    Reaction { reads_after: Some(reads_after), presses }
}

/// What a person will say after a message of this kind was read, as a row of the plan's `says`, and how long after
/// reading; the same answer however often it is asked. Somebody who presses a button says nothing beside it.
pub fn saying(plan: &Plan, kind: KindId, person: PersonId, attempt: AttemptId) -> Option<(u16, Span)> {
    let says = &plan.services.talk.says;
    if says.is_empty() {
        return None;
    }
    let cohort = plan.cohort_of(person)?;
    let (who, notice) = (u64::from(person.0), u64::from(attempt.notice.0));
    let said = |(of, saying): &(u16, &Saying)| {
        usize::from(saying.cohort) == cohort
            && saying.after == kind
            && plan.seed.happens(saying.share, Subject::Says, who, notice << 16 | u64::from(*of))
    };
    let (of, saying) = (0..).zip(says).find(said)?;
    Some((of, saying.wait.at(plan.seed.roll(Subject::SaysAfter, who, key(attempt)))))
}

/// The pause before a phone's next try to connect; `tries` counts the refusals since it was last connected.
///
/// Doubled each time up to the network's maximum, with full jitter: anything from nothing to the whole pause.
pub fn reconnect_pause(seed: Seed, rules: &NetworkRules, person: PersonId, network: Network, tries: u32) -> Span {
    let whole = rules.backoff.times(1 << tries.min(20)).min(rules.backoff_max);
    let bits = seed.roll(Subject::Reconnect, u64::from(person.0) << 3 | network as u64, u64::from(tries));
    Span::from_micros(below(bits, whole.micros().saturating_add(1)))
}

/// Whether a person's phone holds a session on a network: it is on, the person is on the network, and for the messenger
/// there is an account in use.
pub fn connects(plan: &Plan, who: &Person, network: Network) -> bool {
    let account = network != Network::Kakao || matches!(who.kakao, KakaoState::Active | KakaoState::Blocked);
    let member = plan.networks[network.index()].members.has(who.groups);
    who.phone == PhoneState::Powered && account && member
}

/// An attempt as one key of a roll.
pub fn key(attempt: AttemptId) -> u64 {
    u64::from(attempt.notice.0) << 8 | u64::from(attempt.ordinal)
}
