//! The verbs of services in a run written by hand.

use super::{attempt, number, person};
use crate::sim::model::event::EventKind;
use crate::sim::model::ids::{FaultId, NoticeId, PersonId};
use crate::sim::model::service::ServiceEvent;
use crate::sim::model::service::word::{Certificate, DocumentEnd, Instead};

/// The event of a service's verb; `None` if it is none.
pub(super) fn kind_of(verb: &str, words: &[&str], fault: Option<FaultId>) -> Option<EventKind> {
    let first = words[0];
    let kind = match verb {
        "hailed" => EventKind::Service(ServiceEvent::RideAsked { person: person(first), ride: number(words[1]) }),
        "assigned" => {
            let (person, ride) = (person(first), number(words[1]));
            EventKind::Service(ServiceEvent::RideAssigned { person, ride, rider: PersonId(0), cells: 1 })
        }
        "freed" => EventKind::Service(ServiceEvent::RideEnded { person: person(first), ride: number(words[1]) }),
        "gaveup" => {
            let (person, ride) = (person(first), number(words[1]));
            EventKind::Service(ServiceEvent::RideGivenUp { person, ride, instead: Instead::Street, in_vain: false })
        }
        "certified" => EventKind::Service(ServiceEvent::CertificateIssued {
            attempt: attempt(first),
            certificate: word_of(Certificate::ALL, words[1]),
            ends: words[2].parse().expect("a number"),
        }),
        "handed" => EventKind::Service(ServiceEvent::CertificateHeld {
            attempt: attempt(first),
            certificate: word_of(Certificate::ALL, words[1]),
            end: word_of(DocumentEnd::ALL, words[2]),
        }),
        "identified" => {
            let (attempt, person) = (attempt(first), person(words[1]));
            EventKind::Service(ServiceEvent::IdentityChecked { attempt, person, passed: words[2] == "passed", fault })
        }
        "expired" => {
            EventKind::Service(ServiceEvent::LinkExpired { attempt: attempt(first), person: person(words[1]) })
        }
        "reminded" => {
            let (attempt, person) = (attempt(first), person(words[1]));
            EventKind::Service(ServiceEvent::Reminded { attempt, person, reminder: NoticeId(99) })
        }
        _no_service => return None,
    };
    Some(kind)
}

fn word_of<T: Copy>(rows: &[(T, &str)], word: &str) -> T {
    rows.iter().find(|row| row.1 == word).expect("a word of the table").0
}
