//! One run in lock-step, in this process: an application under test takes a lease at the printed address, and time goes
//! where it lets it.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use indicatif::ProgressBar;

use crate::cli::exit::Failure;
use crate::cli::io::Io;
use crate::cli::rehearse::judged;
use crate::cli::serve::{runtime, signals};
use crate::cli::stage::House;
use crate::cli::values::ClockArg;
use crate::host::control::Recorder;
use crate::host::control::run::Run;
use crate::host::play::lockstep::{self, FIRST_WITHIN, Lockstep, Played};
use crate::host::shutdown::shutdown;
use crate::report::text::terminal::clean;
use crate::report::view::{PaceView, RunView};
use crate::sim::model::words::Lang;
use crate::sim::scenario::Scenario;

/// Where to listen; only a run in lock-step can be told, and only on loopback, because nobody is asked for a token.
pub fn address(clock: ClockArg, asked: Option<SocketAddr>, io: &Io) -> Result<SocketAddr, Failure> {
    let usual = SocketAddr::from(([127, 0, 0, 1], 8080));
    let Some(asked) = asked else { return Ok(usual) };
    if clock != ClockArg::Lockstep {
        let why = io.pick("--listen은 --clock lockstep과 함께 씁니다", "--listen goes with --clock lockstep");
        return Err(Failure::Usage(why.to_owned()));
    }
    if !asked.ip().is_loopback() {
        let why = io.pick("run은 루프백 주소에서만 엽니다:", "run listens on loopback only, found");
        return Err(Failure::Usage(format!("{why} {asked}")));
    }
    Ok(asked)
}

/// Plays to the end, or to the first Ctrl-C or SIGTERM; then it is judged like any other.
pub fn run(
    scenario: &Scenario,
    listen: SocketAddr,
    recorder: &mut dyn Recorder,
    bar: &ProgressBar,
    io: &mut Io,
) -> Result<RunView, Failure> {
    let lang = io.lang;
    let out = &mut io.out;
    let mut ready = |address| {
        writeln!(out, "listening on http://{address}")?;
        out.flush()
    };
    let mut observer = |run: &Run| {
        bar.set_position(run.status().at.micros() / 1_000_000);
        bar.set_message(line(run, lang));
    };
    let shelf = Arc::new(House { lang, told: None });
    let played = runtime()?.block_on(async {
        let mut signals = signals()?;
        let (hand, stop) = shutdown();
        let lockstep = Lockstep { listen, shelf, recorder, ready: &mut ready, observer: &mut observer, stop };
        let mut playing = std::pin::pin!(lockstep::run(scenario, lockstep));
        let played = tokio::select! {
            played = playing.as_mut() => played,
            () = signals.asked() => {
                hand.throw();
                playing.await
            }
        };
        played.map_err(|error| Failure::Simulator(format!("cannot play on {listen}: {error}")))
    })?;
    for told in remarks(&played, lang) {
        writeln!(io.err, "bongsu: {told}")?;
    }
    played.recorded.map_err(|error| Failure::Simulator(error.message))?;
    Ok(judged(played.rehearsal, PaceView::Lockstep))
}

/// What the progress line says: who holds time.
fn line(run: &Run, lang: Lang) -> String {
    let held = run.leases.iter().flat_map(|leases| leases.standing().held);
    let names: Vec<String> = held.map(|lease| clean(&lease.name)).collect();
    match lang {
        Lang::Ko => format!("임대 {}", names.join(", ")),
        Lang::En => format!("leases: {}", names.join(", ")),
    }
}

/// What somebody who reads the verdict must know of the applications.
fn remarks(played: &Played, lang: Lang) -> Vec<String> {
    let seconds = FIRST_WITHIN.as_secs();
    let nobody = match lang {
        Lang::Ko => format!("{seconds}초 동안 아무도 시간을 임대하지 않아 실행을 끝냈습니다"),
        Lang::En => format!("nobody took a lease on time within {seconds} s: the run was stopped"),
    };
    let silent = played.dropped.iter().map(|gone| {
        let (name, at) = (clean(&gone.name), gone.at);
        match lang {
            Lang::Ko => format!("'{name}'({})이 말이 없어 {at}에 시간 임대를 거두었습니다", gone.id),
            Lang::En => format!("'{name}' ({}) fell silent: its lease on time was dropped at {at}", gone.id),
        }
    });
    played.nobody_came.then_some(nobody).into_iter().chain(silent).collect()
}

#[cfg(test)]
mod tests {
    use super::{address, remarks};
    use crate::cli::io::Io;
    use crate::cli::reading::{self, Changes};
    use crate::cli::values::ClockArg;
    use crate::host::control::lease::{Gone, LeaseId};
    use crate::host::play::lockstep::Played;
    use crate::sim::engine::Phones;
    use crate::sim::model::words::Lang;
    use crate::sim::rehearsal::Rehearsal;
    use crate::sim::time::SimTime;

    #[test]
    fn only_a_lock_step_run_listens_and_only_on_loopback() {
        let io = Io { lang: Lang::En, ..Io::new(Vec::new(), Vec::new()) };
        let said = |clock, asked: &str| {
            let found = address(clock, Some(asked.parse().expect("an address")), &io);
            found.map(|address| address.to_string()).map_err(|failure| format!("{failure:?}"))
        };
        assert_eq!(address(ClockArg::Virtual, None, &io).expect("the usual one").port(), 8080);
        assert_eq!(said(ClockArg::Lockstep, "127.0.0.1:0"), Ok("127.0.0.1:0".to_owned()));
        let usage = |text: &str| Err(format!("Usage({text:?})"));
        assert_eq!(said(ClockArg::Live(1), "127.0.0.1:0"), usage("--listen goes with --clock lockstep"));
        assert_eq!(said(ClockArg::Lockstep, "0.0.0.0:1"), usage("run listens on loopback only, found 0.0.0.0:1"));
    }

    #[test]
    fn who_never_came_and_who_fell_silent_is_told() {
        let io = Io::new(Vec::new(), Vec::new());
        let scenario = reading::read("first-minute", &Changes::default(), &io).expect("built in");
        let rehearsal = Rehearsal::new(&scenario, Phones::Simulated);
        let mut played = Played { rehearsal, recorded: Ok(()), nobody_came: true, dropped: Vec::new() };
        assert_eq!(remarks(&played, Lang::En), ["nobody took a lease on time within 60 s: the run was stopped"]);
        let at = SimTime::from_micros(60_000_000);
        played.nobody_came = false;
        played.dropped = vec![Gone { id: LeaseId(2), name: "app\u{1b}".to_owned(), dropped: true, at }];
        assert_eq!(
            remarks(&played, Lang::En),
            ["'app\u{fffd}' (l2) fell silent: its lease on time was dropped at 00:01:00"]
        );
    }
}
