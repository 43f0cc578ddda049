//! Running counts of a run, for progress lines, status answers and gauges. The verdict never uses them.

use crate::sim::behaviour::connects;
use crate::sim::engine::Phones;
use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::ids::NoticeId;
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;

/// Counts since the run began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events of any kind.
    pub events: u64,
    /// Notices created.
    pub notices: u64,
    /// Notices that some phone has shown.
    pub reached: u64,
    /// Notices that somebody has opened.
    pub opened: u64,
    /// Notices that their sender is done with.
    pub settled: u64,
    /// Calls of the sender to a platform.
    pub attempts: u64,
    /// The same by `Medium::index`.
    pub attempts_by: [u64; Medium::COUNT],
    /// Times that a sender went on to the next leg.
    pub fallbacks: u64,
    /// Messages lost for good.
    pub lost: u64,
    /// Presses that the desk answered.
    pub answered: u64,
    /// Cost so far in hundredths of a won.
    pub cost: u64,
    /// Phones connected now, by `Network::index`.
    pub sessions: [u64; Network::COUNT],
    /// Connections and logins turned away, by `Network::index`.
    pub turned_away: [u64; Network::COUNT],
    /// Reports that no webhook could tell, however often it was tried.
    pub hooks_given_up: u64,
    /// Inputs from outside that could not be.
    pub rejected: u64,
}

/// Counts, and what is needed to count a notice only once.
#[derive(Debug, Default)]
pub struct Tally {
    counts: Counts,
    reached: Seen,
    opened: Seen,
}

/// A set of notices, one bit each.
#[derive(Debug, Default)]
struct Seen(Vec<u64>);

impl Tally {
    /// Nothing has happened yet. Phones that the engine plays are connected from the beginning, without an event each.
    pub fn of(plan: &Plan, people: &Population, phones: Phones) -> Tally {
        let mut tally = Tally::default();
        if phones == Phones::Simulated {
            for network in Network::ALL.into_iter().filter(|network| plan.networks[network.index()].sessions) {
                let connected = people.all().iter().filter(|who| connects(plan, who, network)).count();
                tally.counts.sessions[network.index()] = connected as u64;
            }
        }
        tally
    }

    /// The counts.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Takes one event.
    pub fn observe(&mut self, event: &Event) {
        let counts = &mut self.counts;
        counts.events += 1;
        match event.kind {
            EventKind::Created { .. } => counts.notices += 1,
            EventKind::Submitted { medium, .. } => {
                counts.attempts += 1;
                counts.attempts_by[medium.index()] += 1;
            }
            EventKind::RouteEnded { .. } => counts.settled += 1,
            EventKind::Shown { attempt, .. } => counts.reached += u64::from(self.reached.add(attempt.notice)),
            EventKind::Opened { attempt, .. } => counts.opened += u64::from(self.opened.add(attempt.notice)),
            EventKind::FellBack { .. } => counts.fallbacks += 1,
            EventKind::Lost { .. } => counts.lost += 1,
            EventKind::Charged { price, .. } => counts.cost += u64::from(price),
            EventKind::Answered { .. } => counts.answered += 1,
            EventKind::SessionOpened { network, .. } => counts.sessions[network.index()] += 1,
            EventKind::SessionClosed { network, .. } => {
                let open = &mut counts.sessions[network.index()];
                *open = open.saturating_sub(1);
            }
            EventKind::SessionRefused { network, .. } => counts.turned_away[network.index()] += 1,
            EventKind::HandshakesRefused { network, count, .. } => {
                counts.turned_away[network.index()] += u64::from(count);
            }
            EventKind::HookGivenUp { .. } => counts.hooks_given_up += 1,
            EventKind::InputRejected { .. } => counts.rejected += 1,
            EventKind::Service(_)
            | EventKind::RunStarted
            | EventKind::RunEnded { .. }
            | EventKind::FaultBegan { .. }
            | EventKind::FaultStaged { .. }
            | EventKind::FaultEnded { .. }
            | EventKind::Accepted { .. }
            | EventKind::Refused { .. }
            | EventKind::RequestsRefused { .. }
            | EventKind::Unanswered { .. }
            | EventKind::Held { .. }
            | EventKind::Reported { .. }
            | EventKind::Returned { .. }
            | EventKind::Retried { .. }
            | EventKind::WeightsMoved { .. }
            | EventKind::Pressed { .. }
            | EventKind::Counted { .. }
            | EventKind::SlowSessionCut { .. } => {}
        }
    }
}

impl Seen {
    /// Adds a notice; whether it was new.
    fn add(&mut self, notice: NoticeId) -> bool {
        let (word, bit) = (notice.index() / 64, 1 << (notice.index() % 64));
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        let new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        new
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;
    use crate::sim::model::event::{Event, EventKind};
    use crate::sim::model::ids::{AttemptId, NoticeId, PersonId};
    use crate::sim::model::medium::Network;
    use crate::sim::time::SimTime;

    #[test]
    fn a_notice_shown_twice_is_reached_once() {
        let mut tally = Tally::default();
        let person = PersonId(3);
        for (notice, ordinal) in [(70, 0), (70, 1), (2, 0)] {
            let attempt = AttemptId { notice: NoticeId(notice), ordinal };
            let kind = EventKind::Shown { attempt, person, copy: 0, fault: None };
            tally.observe(&Event { at: SimTime::ZERO, kind });
        }
        assert_eq!((tally.counts().reached, tally.counts().events), (2, 3));
    }

    #[test]
    fn sessions_are_counted_as_they_stand() {
        let mut tally = Tally::default();
        let (person, network) = (PersonId(3), Network::Mobile);
        let opened = EventKind::SessionOpened { person, network };
        let closed = EventKind::SessionClosed { person, network, fault: None };
        for kind in [opened, opened, closed] {
            tally.observe(&Event { at: SimTime::ZERO, kind });
        }
        assert_eq!(tally.counts().sessions, [0, 1, 0, 0, 0, 0, 0]);
    }
}
