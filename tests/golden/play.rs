//! Reads a scenario of the library as `bongsu run` would, and plays it in virtual time.

use bongsu::cli::library::{self, Files};
use bongsu::sim::engine::Phones;
use bongsu::sim::engine::effect::Effect;
use bongsu::sim::expect::verdict::Verdict;
use bongsu::sim::model::event::Event;
use bongsu::sim::model::words::Lang;
use bongsu::sim::rehearsal::Rehearsal;
use bongsu::sim::scenario::{self, Options, OutageAt, Scenario, Setting};
use bongsu::sim::time::{SimTime, Span};

/// What `--set` and `--outage` say.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// `path=value`.
    pub set: Vec<String>,
    /// A pack, and the seconds after which it begins.
    pub outage: Option<(String, u64)>,
}

/// A scenario by its name in the library, with changes.
pub fn read(name: &str, changes: &Changes) -> Scenario {
    let mut shelf = Files::default();
    let mut options = Options::default();
    for written in &changes.set {
        let (path, value) = written.split_once('=').expect("path=value");
        options.settings.push(Setting { path: path.into(), value: value.into() });
    }
    if let Some((pack, at_s)) = &changes.outage {
        let name = library::pack(pack, &mut shelf).expect("a pack of the library");
        options.outages.push(OutageAt { name, at: Span::from_secs(*at_s) });
    }
    let found = library::scenario(name).expect("a scenario of the library");
    match scenario::read(&found.name, &found.text, &shelf, &options) {
        Ok(scenario) => scenario,
        Err(problems) => panic!("{name} {changes:?}\n{}", problems.render(Lang::En, false)),
    }
}

/// Plays a scenario to its end: all its events, and the verdict.
pub fn play(scenario: &Scenario) -> (Vec<Event>, Verdict) {
    let mut rehearsal = Rehearsal::new(scenario, Phones::Simulated);
    let mut effects = Vec::new();
    while !rehearsal.ended() {
        let at = rehearsal.next_wakeup().unwrap_or(SimTime::NEVER);
        rehearsal.step(at, None, &mut effects);
    }
    let events = effects.into_iter().filter_map(|effect| match effect {
        Effect::Event(event) => Some(event),
        _orders_for_sockets => None,
    });
    (events.collect(), rehearsal.into_watch().finish())
}
