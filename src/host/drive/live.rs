//! Live: one task owns the run and is the only place where order is decided.
//!
//! It sleeps until the next alarm is due by the real clock (times a speed), and wakes for inputs and orders. An input is
//! stamped with the simulated time at which it is taken; stamps never go back. Orders of the engine go to the gateway
//! in their order: a full channel makes this task wait (the gateway never waits for the engine, so not for long), and a
//! gateway that is gone is not waited for at all.
//!
//! What a waking brings about is held until its inputs, and how far time has come, are on disk; then recorders, gateway
//! and askers are shown it, in that order. A run that nobody keeps is shown at once. A disk that is full holds the run:
//! simulated time stands still, orders are refused, sockets stay up and wait, and the same batch is tried again until it
//! is taken. A disk that fails ends it.
//!
//! Pausing freezes simulated time, nothing else: sockets stay up, and what they say is taken at the frozen instant.
//! Records are written here, on the task's own thread: small appends to files that the kernel buffers.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::host::control::keep::{Batch, Keep, Keyed};
use crate::host::control::notable::Notable;
use crate::host::control::pace::Pace;
use crate::host::control::run::Run;
use crate::host::control::{Made, Order, Ordered, RecordError, Recorder, Refusal, Until, WatchCopy};
use crate::host::drive::crowd::{gathered, gathers_until};
use crate::host::drive::held::Held;
use crate::host::drive::stepper::{Stepper, made};
use crate::host::drive::turn;
use crate::host::link::{BATCH_MAX, EngineEnd, ToEngine, ToGateway};
use crate::host::shutdown::Shutdown;
use crate::sim::engine::effect::Effect;
use crate::sim::engine::input::Input;
use crate::sim::model::event::{Event, Rejection};
use crate::sim::rehearsal::Rehearsal;
use crate::sim::time::{SimTime, Span};

/// Inputs taken at one waking, and so put on disk in one go, before alarms and orders get their turn.
const INPUTS_AT_ONCE: usize = 1_024;
/// Steps of a long stretch of time after which what they brought about is put on disk and shown.
const STEPS_AT_ONCE: usize = 1_024;
/// How often recorders are asked to make sure of what they took.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// How often a full disk is tried again.
const TRY_EVERY: Duration = Duration::from_millis(500);

/// All that a live run needs.
pub struct Live {
    /// The run, not begun, or rebuilt.
    pub rehearsal: Rehearsal,
    /// The instant that it was stepped to; zero if it has not begun.
    pub at: SimTime,
    /// Inputs to take before any other: goodbyes for the sessions of a process that died.
    pub first: Vec<Input>,
    /// Who keeps it; nobody, if there is no data folder.
    pub keep: Option<Arc<dyn Keep>>,
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
    /// Simulated time may go on; in lock-step by so much at once.
    Alarm(Option<Span>),
    Input(Option<ToEngine>),
    Gathered,
    Order(Option<Ordered>),
    Tick,
    Shutdown,
}

/// Who may ask something of the task besides the sockets.
struct Askers {
    orders: mpsc::Receiver<Ordered>,
    /// Whether anybody is left who could.
    any: bool,
    /// An order that has been taken and waits for what happened before it.
    in_hand: Option<Ordered>,
    shutdown: Shutdown,
}

/// What a full disk keeps the task from.
enum Chore {
    Keep(Arc<Batch>),
    Flush,
}

struct Going<'a> {
    stepper: Stepper<Held>,
    recorder: &'a mut dyn Recorder,
    keep: Option<Arc<dyn Keep>>,
    run: Arc<Run>,
    pace: Pace,
    gateway: mpsc::Sender<Vec<ToGateway>>,
    notable: Notable,
}

/// Runs to the end. The answer is the run, to be judged; an error means that it could not be written down any more, and
/// brings the run as far as it came.
pub async fn run(live: Live, recorder: &mut dyn Recorder) -> (Rehearsal, Result<(), RecordError>) {
    let Live { rehearsal, at, first, keep, run, pace, orders, link, shutdown } = live;
    let EngineEnd { mut inputs, orders: gateway } = link;
    let stepper = Stepper::going_on(rehearsal, at, Held::default());
    let notable = Notable::default();
    let mut going = Going { stepper, recorder, keep, run, pace, gateway, notable };
    let mut askers = Askers { orders, any: true, in_hand: None, shutdown };
    let result = going.on(first, &mut inputs, &mut askers).await;
    let last = if askers.shutdown.is_asked() { ToGateway::Shutdown } else { ToGateway::RunEnded };
    // An error means that the gateway is gone, and with it everybody who would have to be told.
    let _ = going.gateway.send(vec![last]).await;
    (going.stepper.into_rehearsal(), result)
}

impl Going<'_> {
    async fn on(
        &mut self,
        first: Vec<Input>,
        inputs: &mut mpsc::Receiver<ToEngine>,
        askers: &mut Askers,
    ) -> Result<(), RecordError> {
        let mut tick = interval(FLUSH_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.advance(SimTime::ZERO)?;
        first.into_iter().try_for_each(|input| self.stepper.hear(input))?;
        self.settle(askers).await?;
        let (mut linked, mut crowd) = (true, None);
        while !self.stepper.ended() {
            let alarm = turn::next(&self.run, &self.pace, self.stepper.next_wakeup());
            let woken = tokio::select! {
                biased;
                () = askers.shutdown.asked() => Woken::Shutdown,
                order = askers.orders.recv(), if askers.any => Woken::Order(order),
                _ = tick.tick() => Woken::Tick,
                // Before alarms, or a machine that is too slow for the speed would never listen; taking inputs catches
                // up with the alarms anyway.
                input = inputs.recv(), if linked && crowd.is_none() => Woken::Input(input),
                () = gathered(crowd), if crowd.is_some() => Woken::Gathered,
                jump = alarm => Woken::Alarm(jump),
            };
            match woken {
                Woken::Alarm(jump) => self.turn(jump)?,
                Woken::Input(Some(first)) => {
                    let began = Instant::now();
                    let taken = self.inputs(first, inputs)?;
                    // What waits already need not wait for more.
                    crowd = gathers_until(taken, began, self.pace).filter(|_| inputs.len() < INPUTS_AT_ONCE);
                }
                Woken::Gathered => crowd = None,
                Woken::Input(None) => linked = false,
                Woken::Order(Some(order)) => self.order(order, askers).await?,
                Woken::Order(None) => askers.any = false,
                Woken::Tick => {
                    turn::sweep(&self.run);
                    self.done(Chore::Flush, askers).await?;
                }
                Woken::Shutdown => self.stop()?,
            }
            self.settle(askers).await?;
        }
        self.done(Chore::Flush, askers).await
    }

    /// Lets simulated time go on: by a jump, or to where the real clock says it is.
    fn turn(&mut self, jump: Option<Span>) -> Result<(), RecordError> {
        if let Some(span) = jump {
            self.pace.jump(span);
            self.run.set_pace(self.pace);
        }
        self.catch_up()
    }

    /// Lets simulated time pass to where the real clock says it is.
    fn catch_up(&mut self) -> Result<(), RecordError> {
        self.advance(self.pace.now(Instant::now()))
    }

    fn advance(&mut self, at: SimTime) -> Result<(), RecordError> {
        self.stepper.pass(at)
    }

    /// Takes what has come, and answers how many that was.
    fn inputs(&mut self, first: ToEngine, more: &mut mpsc::Receiver<ToEngine>) -> Result<usize, RecordError> {
        self.catch_up()?;
        let (mut next, mut taken) = (Some(first), 0);
        for left in (0..INPUTS_AT_ONCE).rev() {
            let Some(ToEngine(input)) = next else { break };
            self.stepper.hear(input)?;
            taken += 1;
            // What is taken must be stepped, or it would be lost.
            next = if left > 0 { more.try_recv().ok() } else { None };
        }
        Ok(taken)
    }

    fn stop(&mut self) -> Result<(), RecordError> {
        self.catch_up()?;
        self.stepper.hear(Input::Stop)
    }

    /// Takes an order. What happened before it is on disk first; a disk that is full then refuses the order.
    async fn order(&mut self, ordered: Ordered, askers: &mut Askers) -> Result<(), RecordError> {
        askers.in_hand = Some(ordered);
        self.catch_up()?;
        self.settle(askers).await?;
        let Some(Ordered { order, reply }) = askers.in_hand.take() else { return Ok(()) };
        let advances = matches!(order, Order::Advance(_));
        let answer = match order {
            // The time of such a run is its applications'.
            Order::Leap(_) if self.pace.lockstep() => Err(Refusal::Lockstep),
            Order::Leap(until) => self.leap(until, askers).await.map(Ok)?,
            Order::Watch(reply) => {
                // Whoever asked may have left meanwhile.
                let _ = reply.send(self.watch_copy());
                Ok(())
            }
            order => self.carry_out(order).await?,
        };
        self.pass(askers).await?;
        if advances {
            // Whoever lets time pass looks at what it brought, next.
            self.settle(askers).await?;
        }
        // Whoever asked may have left meanwhile.
        let _ = reply.send(answer);
        Ok(())
    }

    /// Carries an order out, on disk before it happens: one that was refused for want of room never happens.
    async fn carry_out(&mut self, order: Order) -> Result<Result<(), Refusal>, RecordError> {
        let (now, mut pace, mut told, mut key) = (Instant::now(), self.pace, None, None);
        let inputs: Vec<Input> = match order {
            Order::Pause => {
                pace.pause(now);
                Vec::new()
            }
            Order::Resume => {
                pace.resume(now);
                Vec::new()
            }
            Order::Speed(_) if pace.lockstep() => return Ok(Err(Refusal::Lockstep)),
            Order::Speed(speed) => {
                pace.set_speed(now, speed);
                Vec::new()
            }
            Order::Stop => vec![Input::Stop],
            Order::PostFault(fault) => vec![Input::PostFault(fault)],
            Order::PostFaults(faults) => faults.into_iter().map(|fault| Input::PostFault(Box::new(fault))).collect(),
            Order::ByHand(done) => vec![done.into()],
            Order::LiftFault(name) => match self.run.fault_named(&name) {
                Some(fault) => vec![Input::LiftFault(fault)],
                None => return Ok(Err(Refusal::Rejected(Rejection::UnknownFault))),
            },
            Order::LiftAll => self.run.faults_on().into_iter().map(Input::LiftFault).collect(),
            Order::Submit(submission) => {
                told = Some(submission.made);
                key = submission.key;
                let items = submission.items.into_iter();
                items.map(|(kind, person)| Input::Submit { kind, person }).collect()
            }
            Order::Advance(_) if !pace.paused() => return Ok(Err(Refusal::NotPaused)),
            Order::Advance(span) => {
                pace.jump(span);
                Vec::new()
            }
            Order::Leap(_) | Order::Watch(_) => unreachable!("neither is carried out at once, as an input"),
        };
        let stamped = inputs.iter().map(|input| (self.stepper.at(), input.clone())).collect();
        let batch = Chore::Keep(self.batch(pace, stamped, key));
        match self.attempt(&batch).await {
            Err(error) if error.full => return Ok(Err(Refusal::Full)),
            kept => kept?,
        }
        self.pace = pace;
        self.run.set_pace(pace);
        let made = self.made(inputs)?;
        self.show().await?;
        match told {
            // What the disk has taken, and everybody was shown, may be told.
            Some(told) => drop(told.send(made)),
            None => {
                if let Some(why) = made.into_iter().rev().find_map(|made| made.and_then(Result::err)) {
                    return Ok(Err(Refusal::Rejected(why)));
                }
            }
        }
        Ok(Ok(()))
    }

    /// The watch, once everybody was shown what it has taken.
    fn watch_copy(&self) -> WatchCopy {
        let posted = self.run.faults().iter().filter(|fault| fault.posted).count();
        WatchCopy { watch: self.stepper.watch().clone(), last: self.run.last_event(), at: self.stepper.at(), posted }
    }

    /// Lets time pass at once to where something of that sort happens, or to the end of the run, from alarm to alarm.
    async fn leap(&mut self, until: Until, askers: &mut Askers) -> Result<(), RecordError> {
        let mut steps = 0_usize;
        while let Some(due) = self.stepper.next_wakeup() {
            let (effects, notable) = (self.stepper.advance(due)?, &mut self.notable);
            let mut found = false;
            for event in effects.iter().filter_map(event_of) {
                // All of them, or the next leap would stop at what this one has passed.
                found |= notable.observe(event) || until == Until::Event;
            }
            self.pace.leap(Instant::now(), due);
            steps += 1;
            if found || self.stepper.ended() {
                break;
            }
            if steps.is_multiple_of(STEPS_AT_ONCE) {
                self.settle(askers).await?;
            }
        }
        self.run.set_pace(self.pace);
        self.settle(askers).await
    }

    /// Takes the inputs of an order. What became of each; nothing at all, of a run that has ended.
    fn made(&mut self, inputs: Vec<Input>) -> Result<Vec<Option<Made>>, RecordError> {
        let mut all = Vec::with_capacity(inputs.len());
        for input in inputs {
            all.push(made(self.stepper.input(input)?));
        }
        Ok(all)
    }

    /// Lets time pass to where the pace is now, a little or, after an advance, a lot: so in stretches.
    async fn pass(&mut self, askers: &mut Askers) -> Result<(), RecordError> {
        let (until, mut steps) = (self.pace.now(Instant::now()), 0_usize);
        while let Some(due) = self.stepper.next_wakeup().filter(|due| *due <= until) {
            self.advance(due)?;
            steps += 1;
            if steps.is_multiple_of(STEPS_AT_ONCE) {
                self.settle(askers).await?;
            }
        }
        // A run goes no further than its end.
        if self.stepper.ended() { Ok(()) } else { self.advance(until) }
    }

    fn batch(&mut self, pace: Pace, inputs: Vec<(SimTime, Input)>, key: Option<Keyed>) -> Arc<Batch> {
        let (speed, paused) = (Some(pace.speed()), pace.paused());
        Arc::new(Batch { run: self.run.id, at: self.stepper.at(), speed, paused, inputs, key })
    }

    /// Puts on disk what is held, then shows it.
    async fn settle(&mut self, askers: &mut Askers) -> Result<(), RecordError> {
        if self.keep.is_some() && !self.stepper.recorder().is_empty() {
            let inputs = self.stepper.recorder().inputs().to_vec();
            let batch = self.batch(self.pace, inputs, None);
            self.done(Chore::Keep(batch), askers).await?;
        }
        self.show().await?;
        self.run.set_time(self.stepper.at(), self.stepper.waiting());
        Ok(())
    }

    async fn show(&mut self) -> Result<(), RecordError> {
        let lot = self.stepper.recorder().release();
        lot.repeat(self.recorder)?;
        for event in lot.effects().iter().filter_map(event_of) {
            self.notable.observe(event);
        }
        tell(&self.gateway, lot.into_effects()).await;
        Ok(())
    }

    /// Does a chore; a full disk holds the run until it is done. An error is final.
    async fn done(&mut self, chore: Chore, askers: &mut Askers) -> Result<(), RecordError> {
        let Err(mut full) = self.attempt(&chore).await else { return Ok(()) };
        let paused = self.pace.paused();
        self.hold(&full);
        let done = loop {
            if !full.full || !wait(askers).await {
                break Err(full);
            }
            match self.attempt(&chore).await {
                Ok(()) => break Ok(()),
                Err(error) => full = error,
            }
        };
        self.let_go(paused);
        if done.is_ok() {
            tracing::info!(run = %self.run.id, at = %self.stepper.at(), "there is room on the disk again: the run goes on");
        }
        done
    }

    async fn attempt(&mut self, chore: &Chore) -> Result<(), RecordError> {
        match (chore, &self.keep) {
            (Chore::Keep(batch), Some(keep)) => keep.keep(batch.clone()).await.map_err(RecordError::from),
            (Chore::Keep(_), None) => Ok(()),
            (Chore::Flush, _) => self.recorder.flush(),
        }
    }

    fn hold(&mut self, why: &RecordError) {
        if why.full {
            let why = &why.message;
            tracing::warn!(run = %self.run.id, at = %self.stepper.at(), why, "the disk is full: the run is held until there is room");
        }
        self.pace.pause(Instant::now());
        self.run.set_pace(self.pace);
        self.run.set_held(true);
    }

    fn let_go(&mut self, paused: bool) {
        if !paused {
            self.pace.resume(Instant::now());
        }
        self.run.set_pace(self.pace);
        self.run.set_held(false);
    }
}

fn event_of(effect: &Effect) -> Option<&Event> {
    if let Effect::Event(event) = effect { Some(event) } else { None }
}

/// Waits before a full disk is tried again, refusing whatever is asked meanwhile; `false` if the process is to end.
async fn wait(askers: &mut Askers) -> bool {
    let until = Instant::now() + TRY_EVERY;
    // Whoever asked may have left meanwhile, here and below.
    if let Some(ordered) = askers.in_hand.take() {
        let _ = ordered.reply.send(Err(Refusal::Full));
    }
    loop {
        tokio::select! {
            biased;
            () = askers.shutdown.asked() => return false,
            order = askers.orders.recv(), if askers.any => match order {
                Some(ordered) => drop(ordered.reply.send(Err(Refusal::Full))),
                None => askers.any = false,
            },
            () = sleep_until(until) => return true,
        }
    }
}

/// Passes the engine's orders on to the gateway.
async fn tell(gateway: &mpsc::Sender<Vec<ToGateway>>, effects: impl Iterator<Item = Effect>) {
    let mut orders = effects.filter_map(ToGateway::of).peekable();
    while orders.peek().is_some() {
        if gateway.send(orders.by_ref().take(BATCH_MAX).collect()).await.is_err() {
            return;
        }
    }
}
