//! Whom an event is about: the person, the notice, and the fault that it names.

use crate::sim::model::event::EventKind as E;
use crate::sim::model::ids::{AttemptId, FaultId, NoticeId, PersonId};

/// Whom an event is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subjects {
    /// The person, where the event names one.
    pub person: Option<PersonId>,
    /// The notice, its own or that of its attempt.
    pub notice: Option<NoticeId>,
    /// The fault that did it, and how often at once. Not the beginning and end of a fault's own window.
    pub hit: Option<(FaultId, u32)>,
}

/// The subjects of an event.
pub fn of(kind: &E) -> Subjects {
    match *kind {
        E::RunStarted
        | E::RequestsRefused { .. }
        | E::RunEnded { .. }
        | E::FaultBegan { .. }
        | E::FaultStaged { .. }
        | E::FaultEnded { .. }
        | E::WeightsMoved { .. }
        | E::SlowSessionCut { .. }
        | E::InputRejected { .. } => subjects(None, None, None),
        E::Service(event) => subjects(event.person(), event.notice(), event.fault().map(|fault| (fault, 1))),
        E::Created { notice, person, .. } => subjects(Some(person), Some(notice), None),
        E::Submitted { attempt, person, .. } | E::Opened { attempt, person } | E::Pressed { attempt, person, .. } => {
            subjects(Some(person), Some(attempt.notice), None)
        }
        E::Accepted { attempt } | E::Charged { attempt, .. } | E::Returned { attempt } | E::Retried { attempt, .. } => {
            about(attempt, None)
        }
        E::HookGivenUp { attempt, .. } => subjects(None, attempt.map(|attempt| attempt.notice), None),
        E::Refused { attempt, fault, .. }
        | E::Unanswered { attempt, fault, .. }
        | E::Held { attempt, fault, .. }
        | E::Lost { attempt, fault, .. }
        | E::Reported { attempt, fault, .. } => about(attempt, fault),
        E::Shown { attempt, person, fault, .. } => subjects(Some(person), Some(attempt.notice), once(fault)),
        // It names the fault behind it, which has been counted where it bit.
        E::FellBack { notice, .. } | E::RouteEnded { notice, .. } => subjects(None, Some(notice), None),
        E::Answered { person, .. } | E::Counted { person, .. } | E::SessionOpened { person, .. } => {
            subjects(Some(person), None, None)
        }
        E::SessionClosed { person, fault, .. } | E::SessionRefused { person, fault, .. } => {
            subjects(Some(person), None, once(fault))
        }
        E::HandshakesRefused { count, fault, .. } => match fault {
            Some(fault) => subjects(None, None, Some((fault, count))),
            None => subjects(None, None, None),
        },
    }
}

const fn subjects(person: Option<PersonId>, notice: Option<NoticeId>, hit: Option<(FaultId, u32)>) -> Subjects {
    Subjects { person, notice, hit }
}

const fn about(attempt: AttemptId, fault: Option<FaultId>) -> Subjects {
    subjects(None, Some(attempt.notice), once(fault))
}

const fn once(fault: Option<FaultId>) -> Option<(FaultId, u32)> {
    match fault {
        Some(fault) => Some((fault, 1)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Subjects, of};
    use crate::sim::model::event::EventKind as E;
    use crate::sim::model::ids::{AttemptId, FaultId, NoticeId, PersonId};
    use crate::sim::model::medium::Network;

    #[test]
    fn an_event_is_about_its_person_its_notice_and_its_fault() {
        let (person, fault) = (PersonId(3), Some(FaultId(1)));
        let attempt = AttemptId { notice: NoticeId(7), ordinal: 1 };
        let shown = of(&E::Shown { attempt, person, copy: 0, fault });
        let expected = Subjects { person: Some(person), notice: Some(NoticeId(7)), hit: Some((FaultId(1), 1)) };
        assert_eq!(shown, expected);
        let refused = of(&E::HandshakesRefused { network: Network::Kakao, count: 9, fault });
        assert_eq!(refused, Subjects { hit: Some((FaultId(1), 9)), ..Subjects::default() });
        assert_eq!(of(&E::FaultBegan { fault: FaultId(1) }), Subjects::default());
    }
}
