//! What an event is about: its attempt and its notice. One answer for everybody who sorts events by them.

use crate::sim::model::event::EventKind as E;
use crate::sim::model::ids::{AttemptId, NoticeId};

impl E {
    /// The attempt that the event is about, if it is about one.
    pub fn attempt(&self) -> Option<AttemptId> {
        match *self {
            E::Submitted { attempt, .. }
            | E::Accepted { attempt }
            | E::Refused { attempt, .. }
            | E::Unanswered { attempt, .. }
            | E::Held { attempt, .. }
            | E::Lost { attempt, .. }
            | E::Charged { attempt, .. }
            | E::Shown { attempt, .. }
            | E::Reported { attempt, .. }
            | E::Opened { attempt, .. }
            | E::Returned { attempt }
            | E::Retried { attempt, .. }
            | E::Pressed { attempt, .. } => Some(attempt),
            E::HookGivenUp { attempt, .. } => attempt,
            E::Service(event) => event.attempt(),
            E::RunStarted
            | E::RequestsRefused { .. }
            | E::RunEnded { .. }
            | E::FaultBegan { .. }
            | E::FaultStaged { .. }
            | E::FaultEnded { .. }
            | E::Created { .. }
            | E::FellBack { .. }
            | E::RouteEnded { .. }
            | E::WeightsMoved { .. }
            | E::Answered { .. }
            | E::Counted { .. }
            | E::SessionOpened { .. }
            | E::SessionClosed { .. }
            | E::SessionRefused { .. }
            | E::HandshakesRefused { .. }
            | E::SlowSessionCut { .. }
            | E::InputRejected { .. } => None,
        }
    }

    /// The notice that the event is about: its own, or that of its attempt.
    pub fn notice(&self) -> Option<NoticeId> {
        match (*self, self.attempt()) {
            (E::Created { notice, .. } | E::FellBack { notice, .. } | E::RouteEnded { notice, .. }, _) => Some(notice),
            (E::Service(event), _) => event.notice(),
            (_, Some(attempt)) => Some(attempt.notice),
            (_, None) => None,
        }
    }
}
