//! Orders to a run in virtual time, taken between batches.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::host::control::run::Run;
use crate::host::control::{Order, Ordered, Refusal};
use crate::host::drive::virtual_time::Between;
use crate::host::shutdown::Shutdown;
use crate::sim::engine::input::Input;
use crate::sim::model::event::Rejection;
use crate::sim::time::SimTime;

/// Where a reply to an order goes.
type Reply = oneshot::Sender<Result<(), Refusal>>;

/// Turns orders into inputs, and answers them when the engine has taken the input.
pub struct Orders {
    run: Arc<Run>,
    orders: mpsc::Receiver<Ordered>,
    shutdown: Shutdown,
    more: VecDeque<Input>,
    waiting: Option<Reply>,
    stopped: bool,
}

impl Orders {
    /// The orders to a run; `shutdown` stops it.
    pub fn new(run: Arc<Run>, orders: mpsc::Receiver<Ordered>, shutdown: Shutdown) -> Orders {
        Orders { run, orders, shutdown, more: VecDeque::new(), waiting: None, stopped: false }
    }

    /// The input that an order asks for; `None` if it was answered without one.
    fn input(&mut self, ordered: Ordered) -> Option<Input> {
        let answer = match ordered.order {
            Order::Pause | Order::Resume | Order::Speed(_) | Order::Advance(_) | Order::Leap(_) => {
                Err(Refusal::NotPaced)
            }
            Order::Submit(_) | Order::Watch(_) => Err(Refusal::NotLive),
            Order::Stop => return self.later(ordered.reply, Input::Stop),
            Order::PostFault(fault) => return self.later(ordered.reply, Input::PostFault(fault)),
            Order::PostFaults(faults) => {
                self.more = faults.into_iter().map(|fault| Input::PostFault(Box::new(fault))).collect();
                return self.all_later(ordered.reply);
            }
            Order::ByHand(done) => return self.later(ordered.reply, done.into()),
            Order::LiftFault(name) => match self.run.fault_named(&name) {
                Some(fault) => return self.later(ordered.reply, Input::LiftFault(fault)),
                None => Err(Refusal::Rejected(Rejection::UnknownFault)),
            },
            Order::LiftAll => {
                self.more = self.run.faults_on().into_iter().map(Input::LiftFault).collect();
                return self.all_later(ordered.reply);
            }
        };
        // Whoever asked may have left meanwhile.
        let _ = ordered.reply.send(answer);
        None
    }

    /// The first of several inputs that one order asks for; it is answered when the last of them is taken.
    fn all_later(&mut self, reply: Reply) -> Option<Input> {
        match self.more.pop_front() {
            Some(first) => self.later(reply, first),
            None => {
                let _ = reply.send(Ok(()));
                None
            }
        }
    }

    fn later(&mut self, reply: Reply, input: Input) -> Option<Input> {
        self.waiting = Some(reply);
        Some(input)
    }
}

impl Between for Orders {
    fn next(&mut self, _at: SimTime) -> Option<Input> {
        if self.shutdown.is_asked() && !self.stopped {
            self.stopped = true;
            return Some(Input::Stop);
        }
        loop {
            if let Some(input) = self.more.pop_front() {
                return Some(input);
            }
            let ordered = self.orders.try_recv().ok()?;
            if let Some(input) = self.input(ordered) {
                return Some(input);
            }
        }
    }

    fn taken(&mut self, rejected: Option<Rejection>) {
        if !self.more.is_empty() {
            return;
        }
        if let Some(reply) = self.waiting.take() {
            let _ = reply.send(rejected.map_or(Ok(()), |why| Err(Refusal::Rejected(why))));
        }
    }

    fn full(&mut self) -> bool {
        self.more.clear();
        let reply = self.waiting.take();
        reply.map(|reply| reply.send(Err(Refusal::Full))).is_some()
    }
}
