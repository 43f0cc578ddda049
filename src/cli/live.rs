//! One run by the real clock, in this process: every phone on a real socket of loopback.

use indicatif::ProgressBar;

use crate::cli::chronicle::Chronicle;
use crate::cli::exit::Failure;
use crate::cli::rehearse::judged;
use crate::host::control::Recorder;
use crate::host::play::{self, Progress};
use crate::host::shutdown::shutdown;
use crate::host::signals::Signals;
use crate::report::text::terminal::clean;
use crate::report::view::{PaceView, RunView};
use crate::report::words::number;
use crate::sim::model::ids::FaultId;
use crate::sim::model::words::Lang;
use crate::sim::scenario::Scenario;

/// Plays to the end, or to the first Ctrl-C or SIGTERM; then it is judged like any other. A second signal is not waited
/// for: the run is ending already.
pub fn run(
    scenario: &Scenario,
    speed: u32,
    recorder: &mut dyn Recorder,
    bar: &ProgressBar,
    say: &mut (dyn FnMut(&str) + Send),
    lang: Lang,
) -> Result<RunView, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Simulator(format!("cannot start: {error}")))?;
    let mut chronicle = Chronicle::new(&scenario.plan, lang);
    let mut observer = |progress: Progress<'_>| {
        bar.set_position(progress.run.status().at.micros() / 1_000_000);
        bar.set_message(line(progress, lang));
        for told in chronicle.read(progress.run) {
            say(&told);
        }
    };
    let played = runtime.block_on(async {
        let unheard = |error| Failure::Simulator(format!("cannot hear signals: {error}"));
        let mut signals = Signals::listen().map_err(unheard)?;
        let (hand, stop) = shutdown();
        let mut playing = std::pin::pin!(play::run_live(scenario, speed, recorder, &mut observer, stop));
        let played = tokio::select! {
            played = playing.as_mut() => played,
            () = signals.asked() => {
                hand.throw();
                playing.await
            }
        };
        played.map_err(|error| Failure::Simulator(format!("cannot play: {error}")))
    })?;
    played.recorded.map_err(|error| Failure::Simulator(error.message))?;
    Ok(judged(played.rehearsal, PaceView::Live(speed)))
}

/// What the progress line says: phones that are connected, and faults that are on.
pub fn line(progress: Progress<'_>, lang: Lang) -> String {
    let open = number(progress.phones.open);
    let faults = progress.run.faults();
    let name = |id: &FaultId| faults.get(id.index()).map(|fault| clean(&fault.name));
    let on: Vec<String> = progress.run.faults_on().iter().filter_map(name).collect();
    let on = on.join(", ");
    match (lang, on.is_empty()) {
        (Lang::Ko, true) => format!("접속 {open}"),
        (Lang::Ko, false) => format!("접속 {open} · 장애 {on}"),
        (Lang::En, true) => format!("{open} connected"),
        (Lang::En, false) => format!("{open} connected · fault {on}"),
    }
}
