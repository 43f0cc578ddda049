//! A run in lock-step in one process: the gateway and the whole API on one address, and the drive between. Applications
//! take leases there and let time pass; the engine plays the phones of whoever has not connected.
//!
//! This is `run --clock lockstep`. The address closes when the run is over; its verdict is its caller's to tell.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::host::api::Api;
use crate::host::control::lease::Gone;
use crate::host::control::pace::{LOCKSTEP, Pace};
use crate::host::control::run::{Opening, Run, RunWriter};
use crate::host::control::runs::Runs;
use crate::host::control::{Order, RecordError, Recorder, Tee};
use crate::host::drive::live::{self, Live};
use crate::host::gateway::Gateway;
use crate::host::gateway::serve::{bind, serve};
use crate::host::gateway::visitor::Names;
use crate::host::link::{Board, seam};
use crate::host::serve::for_everybody;
use crate::host::shutdown::{Shutdown, shutdown};
use crate::host::stage::{House, Shelf};
use crate::sim::engine::Phones;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

/// How long the first application may take to come, in real time; then the run is stopped.
pub const FIRST_WITHIN: Duration = Duration::from_secs(60);
/// How often the observer is told.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// What a run in lock-step needs besides its scenario.
pub struct Lockstep<'a> {
    /// Where to listen; port 0 for any free one.
    pub listen: SocketAddr,
    /// What the API reads and judges with.
    pub shelf: Arc<dyn Shelf>,
    /// Who writes the run down.
    pub recorder: &'a mut dyn Recorder,
    /// Is told where it listens, as soon as it does.
    pub ready: &'a mut dyn FnMut(SocketAddr) -> io::Result<()>,
    /// Is told now and then how the run stands.
    pub observer: &'a mut (dyn FnMut(&Run) + Send),
    /// Stops the run, which is then over as any other.
    pub stop: Shutdown,
}

/// A run in lock-step that is over.
#[derive(Debug)]
pub struct Played {
    /// The run, to be judged.
    pub rehearsal: Rehearsal,
    /// Whether it could be written down to its end.
    pub recorded: Result<(), RecordError>,
    /// Whether it was stopped because no application came.
    pub nobody_came: bool,
    /// Leases that were dropped, because nothing was heard of their applications.
    pub dropped: Vec<Gone>,
}

/// Plays a scenario in lock-step. Fails if the address cannot be listened on.
pub async fn run(scenario: &Scenario, lockstep: Lockstep<'_>) -> io::Result<Played> {
    let Lockstep { listen, shelf, recorder, ready, observer, stop } = lockstep;
    let listener = bind(listen)?;
    let address = listener.local_addr()?;
    let (hand, end) = shutdown();
    let gateway = Gateway::new(end.clone());
    let (house, runs) = (House::new(shelf, gateway.clone(), None, end.clone()), Runs::default());
    let api = Arc::new(Api::new(runs.clone(), Arc::new(house.clone()), end.clone()));
    let claim = runs.claim(true).map_err(|error| io::Error::other(format!("{error:?}")))?;

    let rehearsal = Rehearsal::new(scenario, Phones::Simulated);
    let (plan, people) = (rehearsal.plan().clone(), rehearsal.people().clone());
    let pace = Pace::starting(Instant::now(), LOCKSTEP);
    let (run, orders) = Run::open(Opening {
        id: claim.id,
        plan: plan.clone(),
        people: people.clone(),
        promise: scenario.promise.clone(),
        resolved: scenario.resolved.clone(),
        phones: Phones::Simulated,
        pace: Some(pace),
        begun_s: jiff::Timestamp::now().as_second(),
    });
    let (link, gateway_end) = seam();
    run.connect(gateway_end.inputs.clone());
    let board = Board { run: run.id.to_string(), plan, people, words: run.words.clone() };
    let playing = tokio::spawn(gateway.play(Arc::new(board), gateway_end));
    claim.show(run.clone());
    let (router, hooks) = for_everybody(api, &gateway, end.clone());
    let serving = tokio::spawn(serve(listener, router, Names(Vec::new()), end));
    ready(address)?;

    let live = Live {
        rehearsal,
        at: SimTime::ZERO,
        first: Vec::new(),
        keep: None,
        run: run.clone(),
        pace,
        orders,
        link,
        shutdown: stop,
    };
    let mut shown = RunWriter::new(run.clone());
    let mut recorder = Tee(vec![recorder, &mut shown]);
    let mut nobody_came = false;
    let (rehearsal, recorded) = {
        let mut driven = std::pin::pin!(live::run(live, &mut recorder));
        tokio::select! {
            over = driven.as_mut() => over,
            // It ends only by stopping the run.
            () = watch(&run, observer) => {
                nobody_came = true;
                driven.await
            }
        }
    };
    observer(&run);
    let standing = run.leases.as_ref().map(|leases| {
        // Whoever waits is told; the verdict is the caller's to make.
        leases.end();
        leases.standing()
    });
    let gone = standing.iter().flat_map(|standing| standing.gone.iter());
    let dropped = gone.filter(|gone| gone.dropped).cloned().collect();
    // Whatever broke there broke after the run: it is judged all the same.
    let _ = playing.await;
    hand.throw();
    house.finish().await;
    let _ = (hooks.await, serving.await);
    Ok(Played { rehearsal, recorded, nobody_came, dropped })
}

/// Stops a run that no application comes to; tells the observer how one that goes on stands, for ever.
async fn watch(run: &Run, observer: &mut (dyn FnMut(&Run) + Send)) {
    let begun = async {
        match &run.leases {
            Some(leases) => leases.begun().await,
            None => std::future::pending().await,
        }
    };
    if timeout(FIRST_WITHIN, begun).await.is_err() {
        // A run that is over already needs no stopping.
        let _ = run.ask(Order::Stop).await;
        return;
    }
    let mut tell = interval(TOLD_EVERY);
    tell.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tell.tick().await;
        observer(run);
    }
}
