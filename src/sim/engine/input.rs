//! What the outside world may tell the engine. Every input that a live run takes is journaled with its instant, and
//! replaying them gives the run again, byte for byte.

use std::sync::Arc;

use crate::sim::engine::call::{Call, Denied, HookWord, Note};
use crate::sim::fault::Fault;
use crate::sim::model::code::Code;
use crate::sim::model::denial::Denial;
use crate::sim::model::event::{Claim, Ear};
use crate::sim::model::ids::{AttemptId, ButtonId, ChannelId, FaultId, KindId, PersonId, SessionId};
use crate::sim::model::medium::Network;

/// One thing that happened outside, in the imperative.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A session says which phones it carries on a network. Their phones are played from outside from now on.
    Hello {
        /// The session, numbered by the host and never used again.
        session: SessionId,
        /// The network it is connected to.
        network: Network,
        /// The phones.
        people: Vec<PersonId>,
    },
    /// A session is gone: closed by its client, broken, or cut by the host. Its phones are offline on that network.
    Bye {
        /// The session.
        session: SessionId,
    },
    /// A phone acknowledges that it showed a message.
    Delivered {
        /// Whose phone.
        person: PersonId,
        /// Which attempt.
        attempt: AttemptId,
    },
    /// A person opened a message.
    Read {
        /// Who.
        person: PersonId,
        /// Which attempt.
        attempt: AttemptId,
    },
    /// A person pressed a button of a message.
    Press {
        /// Who.
        person: PersonId,
        /// Which attempt.
        attempt: AttemptId,
        /// Which button.
        button: ButtonId,
    },
    /// A person wrote to a channel.
    Say {
        /// Who.
        person: PersonId,
        /// To which channel.
        channel: ChannelId,
        /// What, at most 1,000 characters.
        text: String,
    },
    /// A person added a channel.
    Follow {
        /// Who.
        person: PersonId,
        /// Which channel.
        channel: ChannelId,
    },
    /// A person left a channel.
    Unfollow {
        /// Who.
        person: PersonId,
        /// Which channel.
        channel: ChannelId,
    },
    /// A person blocked a channel: its alimtalk is refused with 3020 from now on.
    Block {
        /// Who.
        person: PersonId,
        /// Which channel.
        channel: ChannelId,
    },
    /// Somebody posts a fault. Its window is taken as given; a window that began in the past begins now.
    PostFault(Box<Fault>),
    /// Somebody lifts a fault.
    LiftFault(FaultId),
    /// Somebody submits a notice from outside.
    Submit {
        /// The kind of notice.
        kind: KindId,
        /// For whom.
        person: PersonId,
    },
    /// An application outside calls a provider.
    Call(Arc<Call>),
    /// The caller of a call that has not been answered is gone.
    HungUp {
        /// Which call.
        call: u32,
    },
    /// An application outside asked a provider to send messages, and was told in the answer that they are not taken. At
    /// most [`crate::sim::engine::call::ITEMS_MAX`].
    Denied(Vec<Denied>),
    /// Requests of an application outside were refused, and nobody knows for whom they were.
    RequestsRefused {
        /// What the provider said.
        said: Denial,
        /// How many since the last such input.
        count: u32,
    },
    /// An application outside hears what became of one of its messages.
    Heard {
        /// Which.
        attempt: AttemptId,
        /// What it is told.
        claim: Claim,
        /// With which result code.
        code: Code,
        /// How it comes to hear of it.
        ear: Ear,
    },
    /// A provider called an application's webhook.
    Hook(Box<HookWord>),
    /// A provider remembers something.
    Note(Arc<Note>),
    /// The host turned connections away before a hello, because a fault closed the network.
    HandshakesRefused {
        /// Which network.
        network: Network,
        /// How many since the last such input.
        count: u32,
    },
    /// The host cut a session that read too slowly; a `Bye` follows.
    SlowSessionCut {
        /// Which.
        session: SessionId,
    },
    /// End the run now.
    Stop,
    /// A `stop:` condition of the scenario holds (its place in the list): end the run now.
    StopCondition(u8),
}
