//! Mock phones: people's apps on real sockets, as many as asked for, that behave as `sim::behaviour` says.
//!
//! A `carrier` holds the phones of one socket and brings them back whenever it breaks; its `agenda` holds what their
//! people will do. The phones know the plan only for people's habits; that a network is down they learn as anybody
//! would: the line breaks, and nobody answers. They judge nothing and keep no record but the counters.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::host::shutdown::Shutdown;
use crate::sim::behaviour::connects;
use crate::sim::model::ids::PersonId;
use crate::sim::model::medium::Network;
use crate::sim::plan::Plan;
use crate::sim::plan::population::Population;
use crate::sim::time::Span;

pub mod counters;
mod talk;
mod agenda;
mod line;
mod report;
mod recent;
mod call;
mod carrier;
#[cfg(test)]
mod tests;

use carrier::Carrier;
use counters::{Counters, PhonesSummary};

/// Carriers that may wait to be started when phones leave a shared socket.
const SPLITS_MAX: usize = 1_024;
/// The first connections are spread over this much for each of them, up to [`RAMP_MAX`].
const RAMP_EACH: Duration = Duration::from_micros(500);
/// The longest time over which first connections are spread.
const RAMP_MAX: Duration = Duration::from_secs(5);

/// Which phones to play, and against what.
#[derive(Clone, Debug)]
pub struct PhonesOptions {
    /// Base address of the gateway: `ws://127.0.0.1:8080`. Plain only; there is no TLS.
    pub url: String,
    /// The plan of the run that the gateway plays: for habits, back-off and the seed.
    pub plan: Arc<Plan>,
    /// Its people.
    pub people: Arc<Population>,
    /// Whose phones.
    pub which: Range<PersonId>,
    /// Phones on one connection; 0 counts as 1.
    pub per_socket: u32,
    /// Simulated seconds in a real second; 0 counts as 1.
    pub speed: u32,
    /// Networks to connect to; see [`networks_of`].
    pub networks: Vec<Network>,
    /// Addresses to connect from, by turns; empty leaves it to the kernel. One address has about 28,000 ports.
    pub sources: Vec<IpAddr>,
    /// The token that the server wants, if it wants one.
    pub token: Option<String>,
    /// Counted while they run, for whoever shows progress.
    pub counters: Arc<Counters>,
}

/// What all carriers share.
struct World {
    options: PhonesOptions,
    address: SocketAddr,
    splits: mpsc::Sender<Carrier>,
    /// Whether the server said goodbye to any of them, and has welcomed none since.
    goodbye: AtomicBool,
}

/// The networks with sessions that a plan's notices travel on, in the order of their numbers.
pub fn networks_of(plan: &Plan) -> Vec<Network> {
    let mut networks: Vec<Network> =
        plan.kinds.iter().flat_map(|kind| kind.legs()).map(|leg| plan.medium(leg.medium).network).collect();
    networks.sort_unstable();
    networks.dedup();
    networks.retain(|network| plan.networks[network.index()].sessions);
    networks
}

/// Plays the phones until the switch is thrown, the run is over for all of them, or none is left to play.
///
/// Fails only if the address is none: a gateway that is not there is an outage like any other, and is tried again.
pub async fn run(options: PhonesOptions, mut shutdown: Shutdown) -> io::Result<PhonesSummary> {
    let address = line::resolve(&options.url).await?;
    let (splits, mut split) = mpsc::channel(SPLITS_MAX);
    let counters = Arc::clone(&options.counters);
    let first = carriers(&options);
    let ramp = (RAMP_EACH * first.len() as u32).min(RAMP_MAX);
    let count = first.len().max(1) as u32;
    let world = Arc::new(World { options, address, splits, goodbye: AtomicBool::new(false) });
    let mut tasks = JoinSet::new();
    for (place, carrier) in first.into_iter().enumerate() {
        tasks.spawn(carrier.carry(Arc::clone(&world), ramp * place as u32 / count, shutdown.clone()));
    }
    loop {
        tokio::select! {
            biased;
            Some(carrier) = split.recv() => {
                tasks.spawn(carrier.carry(Arc::clone(&world), Duration::ZERO, shutdown.clone()));
            }
            ended = tasks.join_next() => if ended.is_none() { break },
            () = shutdown.asked() => break,
        }
    }
    // Those that still wait to be split off need not begin.
    split.close();
    while tasks.join_next().await.is_some() {}
    Ok(counters.summary())
}

/// How many sessions all phones will hold together: none where letters are all that is sent.
pub fn sessions_of(plan: &Plan, people: &Population) -> usize {
    let on = |network| people.all().iter().filter(|who| connects(plan, who, network)).count();
    networks_of(plan).into_iter().map(on).sum()
}

fn carriers(options: &PhonesOptions) -> Vec<Carrier> {
    let mut carriers = Vec::new();
    for network in &options.networks {
        let phones: Vec<PersonId> = (options.which.start.0..options.which.end.0)
            .map(PersonId)
            .filter(|person| options.people.get(*person).is_some_and(|who| connects(&options.plan, who, *network)))
            .collect();
        let per_socket = options.per_socket.max(1) as usize;
        carriers.extend(phones.chunks(per_socket).map(|phones| Carrier::new(*network, phones.to_vec())));
    }
    carriers
}

impl World {
    /// A span of simulated time as it passes here.
    fn real(&self, span: Span) -> Duration {
        Duration::from_micros(span.micros() / u64::from(self.options.speed.max(1)))
    }
}
