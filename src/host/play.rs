//! A live run in one process: a gateway on loopback, mock phones on real sockets against it, and the drive between.
//!
//! This is `run --clock real`: nothing is short-cut, the phones know of the gateway what any phone would. No API is
//! served; the run is for its caller alone.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::host::control::pace::Pace;
use crate::host::control::run::{Opening, Run, RunId, RunWriter};
use crate::host::control::{Order, RecordError, Recorder, Tee};
use crate::host::drive::live::{self, Live};
use crate::host::gateway::Gateway;
use crate::host::gateway::serve::{bind, serve};
use crate::host::gateway::visitor::Names;
use crate::host::link::{Board, seam};
use crate::host::phones::counters::{Counters, PhonesSummary};
use crate::host::phones::{self, PhonesOptions, networks_of, sessions_of};
use crate::host::shutdown::{Shutdown, shutdown};
use crate::sim::engine::Phones;
use crate::sim::model::ids::PersonId;
use crate::sim::rehearsal::Rehearsal;
use crate::sim::scenario::Scenario;
use crate::sim::time::SimTime;

pub mod lockstep;

/// How often the observer is told.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// Looks at the phones while they connect.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The clock starts when all phones are there, or when for so many looks no further one has connected: a busy machine
/// may well stand still for a second.
const QUIET_LOOKS: u32 = 30;
/// The clock starts after so many looks without any phone: an outage may begin with the run.
const ALONE_LOOKS: u32 = 200;
/// The clock starts after so many looks at the latest.
const LOOKS_MAX: u32 = 1_200;

/// A run that goes on, for those who watch it.
#[derive(Clone, Copy)]
pub struct Progress<'a> {
    /// The run: its time, counts, faults and newest events.
    pub run: &'a Run,
    /// What the phones have seen.
    pub phones: PhonesSummary,
}

/// A live run that is over.
#[derive(Debug)]
pub struct Played {
    /// The run, to be judged.
    pub rehearsal: Rehearsal,
    /// Whether it could be written down to its end.
    pub recorded: Result<(), RecordError>,
    /// What the phones saw.
    pub phones: PhonesSummary,
}

/// Plays a scenario live at `speed` simulated seconds a real second, with everybody's phone on a socket of its own.
///
/// Simulated time stands at zero until the phones have connected; then it runs. The switch stops the run, which is then
/// over as any other. Fails if no address of loopback can be listened on.
pub async fn run_live(
    scenario: &Scenario,
    speed: u32,
    recorder: &mut dyn Recorder,
    observer: &mut (dyn FnMut(Progress<'_>) + Send),
    stop: Shutdown,
) -> io::Result<Played> {
    let listener = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let url = format!("ws://{}", listener.local_addr()?);
    let rehearsal = Rehearsal::new(scenario, Phones::Outside);
    let (hand, end) = shutdown();
    let gateway = Gateway::new(end.clone());
    let serving = tokio::spawn(serve(listener, gateway.router(), Names(Vec::new()), end.clone()));

    let mut pace = Pace::starting(Instant::now(), speed);
    pace.pause(Instant::now());
    let (plan, people) = (rehearsal.plan().clone(), rehearsal.people().clone());
    let (run, orders) = Run::open(Opening {
        id: RunId(1),
        plan: plan.clone(),
        people: people.clone(),
        promise: rehearsal.watch().promise().clone(),
        resolved: String::new(),
        phones: Phones::Outside,
        pace: Some(pace),
        begun_s: jiff::Timestamp::now().as_second(),
    });
    let (link, gateway_end) = seam();
    let board = Board { run: run.id.to_string(), plan: plan.clone(), people: people.clone(), words: run.words.clone() };
    let playing = tokio::spawn(async move { gateway.play(Arc::new(board), gateway_end).await });

    let counters = Arc::new(Counters::default());
    let options = PhonesOptions {
        url,
        which: PersonId(0)..PersonId(plan.people()),
        per_socket: 1,
        speed: pace.speed(),
        networks: networks_of(&plan),
        sources: Vec::new(),
        token: None,
        counters: counters.clone(),
        plan,
        people,
    };
    let carried = tokio::spawn(phones::run(options, end));

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
    let (rehearsal, recorded) = {
        let driven = live::run(live, &mut recorder);
        let watched = attend(&run, &counters, observer);
        let mut driven = std::pin::pin!(driven);
        tokio::select! {
            over = driven.as_mut() => over,
            // The watch ends only with a run that is over already.
            () = watched => driven.await,
        }
    };
    observer(Progress { run: &run, phones: counters.summary() });
    // Whatever broke there broke after the run: it is judged all the same.
    let _ = playing.await;
    hand.throw();
    let _ = carried.await;
    let _ = serving.await;
    Ok(Played { rehearsal, recorded, phones: counters.summary() })
}

/// Starts the clock of a paused run when the phones are there, then tells the observer once a second until the run is
/// over. Nobody is waited for who will not come; whoever does gets time, and two minutes are the most.
pub async fn attend(run: &Run, counters: &Counters, observer: &mut (dyn FnMut(Progress<'_>) + Send)) {
    let mut look = interval(LOOK_EVERY);
    // Looks that were missed are not made up for: thirty at once would be no three seconds.
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut open, mut quiet) = (0, 0);
    let all = sessions_of(&run.plan, &run.people) as u64;
    for looks in 0..LOOKS_MAX {
        if open >= all {
            break;
        }
        look.tick().await;
        let now = counters.summary().open;
        quiet = if now == open { quiet + 1 } else { 0 };
        open = now;
        if (open > 0 && quiet >= QUIET_LOOKS) || (open == 0 && looks >= ALONE_LOOKS) {
            break;
        }
    }
    let mut tell = interval(TOLD_EVERY);
    tell.set_missed_tick_behavior(MissedTickBehavior::Skip);
    if run.ask(Order::Resume).await.is_err() {
        return;
    }
    while run.outcome().is_none() {
        tell.tick().await;
        observer(Progress { run, phones: counters.summary() });
    }
}
