//! How the fields of a service's event are written and read: by key, into any sink and from any source.

use crate::sim::model::ids::{AttemptId, FaultId, NoticeId, PersonId};

/// Where the fields of an event are written to.
pub trait Sink {
    /// A number.
    fn number(&mut self, key: &str, value: u64);
    /// Yes or no.
    fn truth(&mut self, key: &str, value: bool);
    /// A word of our own.
    fn word(&mut self, key: &str, word: &'static str);
    /// A person, by number.
    fn person(&mut self, key: &str, person: PersonId);
    /// A notice.
    fn notice(&mut self, key: &str, notice: NoticeId);
    /// An attempt.
    fn attempt(&mut self, key: &str, attempt: AttemptId);
    /// A name of the plan.
    fn name(&mut self, key: &str, named: Named);
}

/// Where the fields of an event are read from; every error is a lowercase fragment that names the field.
pub trait Source {
    /// A number.
    fn number(&mut self, key: &str) -> Result<u64, String>;
    /// Yes or no.
    fn truth(&mut self, key: &str) -> Result<bool, String>;
    /// A word of our own.
    fn word(&mut self, key: &str) -> Result<String, String>;
    /// A person.
    fn person(&mut self, key: &str) -> Result<PersonId, String>;
    /// A notice.
    fn notice(&mut self, key: &str) -> Result<NoticeId, String>;
    /// An attempt.
    fn attempt(&mut self, key: &str) -> Result<AttemptId, String>;
    /// The place of a name in its table of the plan; `None` when the field is absent.
    fn name(&mut self, key: &str, table: Table) -> Result<Option<usize>, String>;
}

/// Tables of names in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// `channels:`.
    Channel,
    /// `notices:`.
    Kind,
    /// Counters of the desk.
    Counter,
    /// Faults.
    Fault,
    /// `stocks:`.
    Stock,
    /// States of talks.
    State,
}

/// A name, by its table and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The table.
    pub table: Table,
    /// The place in it.
    pub place: usize,
}

/// A field of a service's event.
pub trait Field: Copy {
    /// Writes it under its key; an absent one not at all.
    fn write(self, key: &str, sink: &mut dyn Sink);
    /// Reads it back.
    fn read(key: &str, source: &mut dyn Source) -> Result<Self, String>;
    /// The person, if it is one.
    fn person(self) -> Option<PersonId> {
        None
    }
    /// The notice, if it is one or belongs to one.
    fn notice(self) -> Option<NoticeId> {
        None
    }
    /// The attempt, if it is one.
    fn attempt(self) -> Option<AttemptId> {
        None
    }
    /// The fault, if it is one.
    fn fault(self) -> Option<FaultId> {
        None
    }
}
