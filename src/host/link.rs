//! The seam between the engine's task and the parts that hold sockets: two bounded channels and a board to read from.
//!
//! Inputs go to the engine's task, which alone stamps and orders them. Orders come back in the order in which the
//! engine gave them, many at a time: a slot of a channel for each cost as much as a frame's rendering. A full input channel makes its sender wait (a session's own task, so only that session); the
//! gateway takes orders without ever waiting for the engine, so the engine's task may wait for room and never for long.
//! Nothing here decides, translates or holds a socket.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{mpsc, watch};

use crate::sim::engine::call::Said;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::fault::DownHow;
use crate::sim::model::ids::{AttemptId, FaultId, KindId, PersonId, SessionId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;
use crate::sim::time::SimTime;

/// Inputs that may wait for the engine's task.
pub const INPUTS_MAX: usize = 4_096;
/// Batches of orders that may wait for the gateway.
pub const BATCHES_MAX: usize = 16;
/// Orders in a batch at most: whoever has more sends several.
pub const BATCH_MAX: usize = 1_024;

/// What host parts send to the engine's task: an input to be stamped and stepped.
#[derive(Clone, Debug, PartialEq)]
pub struct ToEngine(pub Input);

/// What the engine's task tells the gateway, in order. The first four are the engine's own orders, word for word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToGateway {
    /// Send a message to a phone.
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
        /// What kind of notice it is.
        kind: KindId,
        /// By what medium.
        medium: Medium,
        /// When the platform let it go.
        at: SimTime,
    },
    /// Answer a hello.
    Admit {
        /// The session.
        session: SessionId,
        /// Phones that are in.
        people: Vec<PersonId>,
        /// Phones that were refused, each with the fault.
        refused: Vec<(PersonId, Option<FaultId>)>,
    },
    /// Take phones off a session because a fault cut them.
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
    /// The run is over: every session is told so and closed. The last order of a run, unless `Shutdown` is.
    RunEnded,
    /// The process ends: every session is told to come back later and closed. The last order of a run.
    Shutdown,
}

/// What an earlier process did in a run that goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Messages that were transmitted and doors that were shut or opened, in their order.
    pub orders: Vec<ToGateway>,
    /// The highest number of a session; new ones are counted from there.
    pub last_session: u32,
}

/// What any task may read of a run without asking: it never changes while the run goes on.
#[derive(Clone, Debug)]
pub struct Board {
    /// The run's name in addresses and logs.
    pub run: String,
    /// What is being played.
    pub plan: Arc<Plan>,
    /// Who is in it.
    pub people: Arc<Population>,
    /// Words that applications outside handed in.
    pub words: Arc<Words>,
}

/// Words of attempts whose text no plan knows, because an application outside handed them in. Written by whoever shows a
/// run, before the gateway hears of such an attempt.
#[derive(Debug, Default)]
pub struct Words {
    any: AtomicBool,
    said: RwLock<BTreeMap<AttemptId, Arc<Said>>>,
}

impl Words {
    /// Adds the words of an attempt.
    pub fn add(&self, attempt: AttemptId, said: Arc<Said>) {
        self.said.write().unwrap_or_else(PoisonError::into_inner).insert(attempt, said);
        self.any.store(true, Ordering::Release);
    }

    /// The words of an attempt, if it was handed in from outside.
    pub fn of(&self, attempt: AttemptId) -> Option<Arc<Said>> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        self.said.read().unwrap_or_else(PoisonError::into_inner).get(&attempt).cloned()
    }
}

/// Where a request comes from; `None` if the kernel does not say. Among a request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub Option<IpAddr>);

/// Among a request's extensions: somebody has judged it already, it needs no token of this server.
#[derive(Clone, Copy, Debug)]
pub struct Admitted;

/// Among a handshake's extensions: the connection is a seat's, may carry this one phone, and only as long as the seat is.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The phone.
    pub person: PersonId,
    /// Turns `true`, or is let go of, when the seat is given up.
    pub over: watch::Receiver<bool>,
}

impl Seat {
    /// Waits until the seat is given up.
    pub async fn given_up(mut self) {
        // An error means that whoever kept the seat is gone.
        let _ = self.over.wait_for(|over| *over).await;
    }
}

/// The engine's end of the seam.
#[derive(Debug)]
pub struct EngineEnd {
    /// Inputs of the outside world.
    pub inputs: mpsc::Receiver<ToEngine>,
    /// Orders to the gateway, in batches of at most [`BATCH_MAX`]. Waiting for room is safe; an error means that there
    /// is no gateway any more.
    pub orders: mpsc::Sender<Vec<ToGateway>>,
}

/// The gateway's end of the seam.
#[derive(Debug)]
pub struct GatewayEnd {
    /// Inputs to the engine's task. An error means that the run is over.
    pub inputs: mpsc::Sender<ToEngine>,
    /// Orders of the engine.
    pub orders: mpsc::Receiver<Vec<ToGateway>>,
}

/// A new seam for one run. Other parts that send inputs clone [`GatewayEnd::inputs`] before it is given away.
pub fn seam() -> (EngineEnd, GatewayEnd) {
    let (to_engine, inputs) = mpsc::channel(INPUTS_MAX);
    let (to_gateway, orders) = mpsc::channel(BATCHES_MAX);
    (EngineEnd { inputs, orders: to_gateway }, GatewayEnd { inputs: to_engine, orders })
}

impl ToGateway {
    /// The order in an effect; `None` for what is not the gateway's: events, and what a provider is told.
    pub fn of(effect: Effect) -> Option<ToGateway> {
        Some(match effect {
            Effect::Event(_) | Effect::Handed(_) | Effect::CallAnswered(_) | Effect::Word(_) => return None,
            Effect::Transmit { session, network, seq, attempt, person, kind, medium, at } => {
                ToGateway::Transmit { session, network, seq, attempt, person, kind, medium, at }
            }
            Effect::Admit { session, people, refused } => ToGateway::Admit { session, people, refused },
            Effect::Sever { session, people, fault } => ToGateway::Sever { session, people, fault },
            Effect::Gate { network, shut } => ToGateway::Gate { network, shut },
        })
    }
}
