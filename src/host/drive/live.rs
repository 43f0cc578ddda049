//! Live: one task owns the run and is the only place where order is decided.
//!
//! It sleeps until the next alarm is due by the real clock (times a speed), and wakes for inputs and orders. An input is
//! stamped with the simulated time at which it is taken; stamps never go back. Orders of the engine go to the gateway
//! in their order: a full channel makes this task wait (the gateway never waits for the engine, so not for long), and a
//! gateway that is gone is not waited for at all.
//!
//! Pausing freezes simulated time, nothing else: sockets stay up, and what they say is taken at the frozen instant.
//! Records are written here, on the task's own thread: small appends to files that the kernel buffers.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::host::control::pace::Pace;
use crate::host::control::run::Run;
use crate::host::control::{Order, Ordered, RecordError, Recorder, Refusal};
use crate::host::drive::stepper::{Stepper, rejection};
use crate::host::link::{EngineEnd, ToEngine, ToGateway};
use crate::host::shutdown::Shutdown;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::model::event::Rejection;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::time::SimTime;

/// Inputs taken at one waking before alarms and orders get their turn.
const INPUTS_AT_ONCE: usize = 256;
/// How often recorders are asked to make sure of what they took.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// All that a live run needs.
pub struct Live {
    /// The run, not begun.
    pub rehearsal: Rehearsal,
    /// Where it shows how it stands.
    pub run: Arc<Run>,
    /// Its pace; begun already.
    pub pace: Pace,
    /// Orders from the API.
    pub orders: mpsc::Receiver<Ordered>,
    /// The sockets.
    pub link: EngineEnd,
    /// Ends the run: the process is asked to go.
    pub shutdown: Shutdown,
}

/// What woke the task.
enum Woken {
    Alarm,
    Input(Option<ToEngine>),
    Order(Option<Ordered>),
    Tick,
    Shutdown,
}

struct Going<'a> {
    stepper: Stepper<'a>,
    run: Arc<Run>,
    pace: Pace,
    gateway: mpsc::Sender<ToGateway>,
}

/// Runs to the end. The answer is the run, to be judged; an error means that it could not be written down any more, and
/// brings the run as far as it came.
pub async fn run(live: Live, recorder: &mut dyn Recorder) -> (Rehearsal, Result<(), RecordError>) {
    let Live { rehearsal, run, pace, mut orders, link, mut shutdown } = live;
    let EngineEnd { mut inputs, orders: gateway } = link;
    let stepper = Stepper::new(rehearsal, recorder);
    let mut going = Going { stepper, run, pace, gateway };
    let result = going.on(&mut inputs, &mut orders, &mut shutdown).await;
    let last = if shutdown.is_asked() { ToGateway::Shutdown } else { ToGateway::RunEnded };
    // An error means that the gateway is gone, and with it everybody who would have to be told.
    let _ = going.gateway.send(last).await;
    (going.stepper.into_rehearsal(), result)
}

impl Going<'_> {
    async fn on(
        &mut self,
        inputs: &mut mpsc::Receiver<ToEngine>,
        orders: &mut mpsc::Receiver<Ordered>,
        shutdown: &mut Shutdown,
    ) -> Result<(), RecordError> {
        let mut tick = interval(FLUSH_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.advance(SimTime::ZERO).await?;
        let (mut linked, mut ordered) = (true, true);
        while !self.stepper.ended() {
            let due = self.stepper.next_wakeup().and_then(|due| self.pace.due(due));
            let alarm = async {
                match due {
                    Some(due) => sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            let woken = tokio::select! {
                biased;
                () = shutdown.asked() => Woken::Shutdown,
                order = orders.recv(), if ordered => Woken::Order(order),
                _ = tick.tick() => Woken::Tick,
                // Before alarms, or a machine that is too slow for the speed would never listen; taking inputs catches
                // up with the alarms anyway.
                input = inputs.recv(), if linked => Woken::Input(input),
                () = alarm => Woken::Alarm,
            };
            match woken {
                Woken::Alarm => self.catch_up().await?,
                Woken::Input(Some(first)) => self.inputs(first, inputs).await?,
                Woken::Input(None) => linked = false,
                Woken::Order(Some(order)) => self.order(order).await?,
                Woken::Order(None) => ordered = false,
                Woken::Tick => self.stepper.flush()?,
                Woken::Shutdown => drop(self.input(Input::Stop).await?),
            }
        }
        self.stepper.flush()
    }

    /// Lets simulated time pass to where the real clock says it is.
    async fn catch_up(&mut self) -> Result<(), RecordError> {
        self.advance(self.pace.now(Instant::now())).await
    }

    async fn advance(&mut self, at: SimTime) -> Result<(), RecordError> {
        let effects = self.stepper.advance(at)?;
        tell(&self.gateway, effects).await;
        self.run.set_time(self.stepper.at());
        Ok(())
    }

    async fn inputs(&mut self, first: ToEngine, more: &mut mpsc::Receiver<ToEngine>) -> Result<(), RecordError> {
        self.catch_up().await?;
        let mut next = Some(first);
        for _ in 0..INPUTS_AT_ONCE {
            let Some(ToEngine(input)) = next else { break };
            self.step(input).await?;
            next = more.try_recv().ok();
        }
        // What the loop took but did not step would be lost.
        match next {
            Some(ToEngine(input)) => self.step(input).await.map(drop),
            None => Ok(()),
        }
    }

    async fn input(&mut self, input: Input) -> Result<Option<Rejection>, RecordError> {
        self.catch_up().await?;
        self.step(input).await
    }

    /// Takes an input at the present instant.
    async fn step(&mut self, input: Input) -> Result<Option<Rejection>, RecordError> {
        let effects = self.stepper.input(input)?;
        let rejected = rejection(effects);
        tell(&self.gateway, effects).await;
        Ok(rejected)
    }

    async fn order(&mut self, ordered: Ordered) -> Result<(), RecordError> {
        let now = Instant::now();
        let answer = match ordered.order {
            Order::Pause => {
                self.repace(|pace| pace.pause(now));
                self.catch_up().await?;
                Ok(())
            }
            Order::Resume => {
                self.repace(|pace| pace.resume(now));
                Ok(())
            }
            Order::Speed(speed) => {
                self.repace(|pace| pace.set_speed(now, speed));
                Ok(())
            }
            Order::Stop => self.answered(Input::Stop).await?,
            Order::PostFault(fault) => self.answered(Input::PostFault(fault)).await?,
            Order::LiftFault(name) => match self.run.fault_named(&name) {
                Some(fault) => self.answered(Input::LiftFault(fault)).await?,
                None => Err(Refusal::Rejected(Rejection::UnknownFault)),
            },
            Order::LiftAll => {
                for fault in self.run.faults_on() {
                    self.answered(Input::LiftFault(fault)).await?.ok();
                }
                Ok(())
            }
        };
        // Whoever asked may have left meanwhile.
        let _ = ordered.reply.send(answer);
        Ok(())
    }

    fn repace(&mut self, change: impl FnOnce(&mut Pace)) {
        change(&mut self.pace);
        self.run.set_pace(self.pace);
    }

    async fn answered(&mut self, input: Input) -> Result<Result<(), Refusal>, RecordError> {
        Ok(self.input(input).await?.map_or(Ok(()), |why| Err(Refusal::Rejected(why))))
    }
}

/// Passes the engine's orders on to the gateway.
async fn tell(gateway: &mpsc::Sender<ToGateway>, effects: &[Effect]) {
    for order in effects.iter().filter(|effect| !matches!(effect, Effect::Event(_))).cloned().filter_map(ToGateway::of)
    {
        if gateway.send(order).await.is_err() {
            return;
        }
    }
}
