//! The events of one person or of one notice, out of all events of a run, as they are read.

use std::collections::BTreeSet;

use crate::sim::model::event::{Event, EventKind};
use crate::sim::model::ids::{NoticeId, PersonId};

/// Most events that a story holds; what comes after is counted and left out.
pub const EVENTS_MAX: usize = 10_000;

/// Whose story it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// All notices of a person.
    Person(PersonId),
    /// One notice.
    Notice(NoticeId),
}

/// Picks events.
#[derive(Debug)]
pub struct Select {
    whose: Whose,
    person: Option<PersonId>,
    notices: BTreeSet<NoticeId>,
    events: Vec<Event>,
    left_out: u64,
}

/// What was picked.
#[derive(Debug)]
pub struct Selected {
    /// Whose it is; absent if no notice was found.
    pub person: Option<PersonId>,
    /// The events, in order of time; windows of all faults among them.
    pub events: Vec<Event>,
    /// Events beyond [`EVENTS_MAX`].
    pub left_out: u64,
}

impl Select {
    /// Of that person or notice.
    pub fn of(whose: Whose) -> Select {
        let person = match whose {
            Whose::Person(person) => Some(person),
            Whose::Notice(_) => None,
        };
        Select { whose, person, notices: BTreeSet::new(), events: Vec::new(), left_out: 0 }
    }

    /// Looks at one more event of the run.
    pub fn see(&mut self, event: &Event) {
        if !self.concerns(event.kind) {
            return;
        }
        if self.events.len() < EVENTS_MAX {
            self.events.push(*event);
        } else {
            self.left_out += 1;
        }
    }

    /// What was found. A person without notices has sessions at most, and is nobody's story.
    pub fn done(self) -> Selected {
        let found = !self.notices.is_empty();
        Selected { person: self.person.filter(|_| found), events: self.events, left_out: self.left_out }
    }

    fn concerns(&mut self, kind: EventKind) -> bool {
        use EventKind as E;
        match kind {
            E::RunEnded { .. } | E::FaultBegan { .. } | E::FaultStaged { .. } | E::FaultEnded { .. } => true,
            E::Created { notice, person, .. } => self.created(notice, person),
            E::Answered { person, .. }
            | E::Counted { person, .. }
            | E::SessionOpened { person, .. }
            | E::SessionClosed { person, .. }
            | E::SessionRefused { person, .. } => self.person == Some(person),
            _of_a_notice_or_of_nobody => kind.notice().is_some_and(|notice| self.notices.contains(&notice)),
        }
    }

    fn created(&mut self, notice: NoticeId, person: PersonId) -> bool {
        let ours = match self.whose {
            Whose::Person(whose) => whose == person,
            Whose::Notice(which) => which == notice,
        };
        if ours {
            self.person = Some(person);
            self.notices.insert(notice);
        }
        ours
    }
}
