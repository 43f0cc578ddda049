//! What a step brings about: facts for everybody who watches, and orders for the host's sockets.

use crate::sim::engine::call::{CallAnswer, Handed, Word};
use crate::sim::fault::DownHow;
use crate::sim::model::event::Event;
use crate::sim::model::ids::{AttemptId, FaultId, KindId, PersonId, SessionId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::time::SimTime;

/// One effect. A driver that has no sockets (virtual time) only ever sees `Event`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A fact.
    Event(Event),
    /// Send a message to a phone that is played from outside.
    Transmit {
        /// The session its phone is on.
        session: SessionId,
        /// The network.
        network: Network,
        /// Place in the network's sequence, counting from 1 without a gap.
        seq: u64,
        /// The attempt.
        attempt: AttemptId,
        /// The person.
        person: PersonId,
        /// What kind of notice it is, for rendering.
        kind: KindId,
        /// By what medium, for rendering.
        medium: Medium,
        /// When it left the platform.
        at: SimTime,
    },
    /// Answer a hello: these phones are logged in; those of the hello that are not named were refused.
    Admit {
        /// The session.
        session: SessionId,
        /// Phones that are in.
        people: Vec<PersonId>,
        /// Phones that were refused, each with the fault.
        refused: Vec<(PersonId, Option<FaultId>)>,
    },
    /// Take phones off a session because a fault cut them. A session without phones is severed for real.
    Sever {
        /// The session.
        session: SessionId,
        /// The phones that are off; the session's other phones stay.
        people: Vec<PersonId>,
        /// The fault.
        fault: FaultId,
    },
    /// From now on connections to this network are turned away before a hello, or let in again (`None`).
    Gate {
        /// The network.
        network: Network,
        /// How they are turned away, and by which fault.
        shut: Option<(DownHow, FaultId)>,
    },
    /// A message of an application outside is on record.
    Handed(Box<Handed>),
    /// A call of an application outside is answered, or breaks.
    CallAnswered(Box<CallAnswer>),
    /// The provider knows what became of a message of an application outside.
    Word(Word),
}
