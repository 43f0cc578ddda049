//! `bongsu` alone: serves on loopback, plays the first scenario of the library in real time with every phone on a real
//! socket, tells what happens, prints the report, and stays up.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::cli::chronicle::Chronicle;
use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::library;
use crate::cli::serve::{end, runtime, signals, unserved};
use crate::cli::stage::{House, Told};
use crate::host::control::Order;
use crate::host::control::run::Run;
use crate::host::control::runs::{Source, Start};
use crate::host::phones::counters::Counters;
use crate::host::phones::{self, PhonesOptions, networks_of};
use crate::host::play::{Progress, attend};
use crate::host::serve::{ServeOptions, serve};
use crate::host::shutdown::shutdown;
use crate::sim::engine::Phones;
use crate::sim::model::ids::PersonId;
use crate::sim::model::words::Lang;

/// Serves and plays until somebody asks for the end.
pub fn run(io: &mut Io) -> Result<Exit, Failure> {
    let usual = SocketAddr::from(([127, 0, 0, 1], 8080));
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let listen = if TcpListener::bind(usual).is_ok() { usual } else { free };
    let options = ServeOptions::at(listen);
    runtime()?.block_on(playing(options, io))
}

async fn playing(options: ServeOptions, io: &mut Io) -> Result<Exit, Failure> {
    let mut signals = signals()?;
    let (to, mut reports) = mpsc::channel(4);
    let house = House { lang: io.lang, told: Some(Told { look: io.look, to }) };
    let server = serve(options, Arc::new(house)).await.map_err(|error| unserved(&error, io.lang))?;
    server.say_ready(&mut io.out)?;
    let run = server.start(first()).await;
    let run = run.map_err(|error| Failure::Simulator(format!("the first scenario did not start: {error:?}")))?;
    // The clock stands still until the phones are there.
    let _ = run.ask(Order::Pause).await;
    say(io.lang, server.address, &run);

    let counters = Arc::new(Counters::default());
    let (hand, over) = shutdown();
    let phones = tokio::spawn(phones::run(phones_of(server.address, &run, &counters), over));
    let mut chronicle = Chronicle::new(&run.plan, io.lang);
    let mut observer = |progress: Progress<'_>| chronicle.read(progress.run).iter().for_each(|line| tell(line));
    tokio::select! {
        () = attend(&run, &counters, &mut observer) => {
            observer(Progress { run: &run, phones: counters.summary() });
            if let Ok(report) = reports.try_recv() {
                io.out.write_all(format!("\n{report}\n").as_bytes())?;
            }
            writeln!(io.out, "{}", stays(io.lang, server.address))?;
            io.out.flush()?;
            signals.asked().await;
        }
        () = signals.asked() => {}
    }
    let ended = end(server, &mut signals).await;
    hand.throw();
    // Phones that broke have nothing left to do.
    let _ = phones.await;
    ended
}

/// The first scenario, by the real clock, with the phones outside.
fn first() -> Start {
    Start {
        scenario: Source::Name(library::FIRST.to_owned()),
        speed: Some(1),
        seed: None,
        outages: Vec::new(),
        settings: Vec::new(),
        phones: Phones::Outside,
    }
}

fn phones_of(server: SocketAddr, run: &Run, counters: &Arc<Counters>) -> PhonesOptions {
    PhonesOptions {
        url: format!("ws://{server}"),
        which: PersonId(0)..PersonId(run.plan.people()),
        per_socket: 1,
        speed: 1,
        networks: networks_of(&run.plan),
        sources: Vec::new(),
        token: None,
        counters: counters.clone(),
        plan: run.plan.clone(),
        people: run.people.clone(),
    }
}

fn say(lang: Lang, address: SocketAddr, run: &Run) {
    let (title, people) = (run.plan.title.text(lang), run.plan.people());
    tell(&match lang {
        Lang::Ko => {
            format!(
                "{title}\n단말 {people}대를 실제 소켓으로 연결하고 실시간으로 재현합니다. Ctrl-C로 끝냅니다.\n\
                 보면서 장애를 일으키려면 브라우저로 http://{address} 를 여세요."
            )
        }
        Lang::En => format!(
            "{title}\nplays in real time with {people} phones on real sockets; Ctrl-C ends it\n\
             to watch it and to cause outages, open http://{address} in a browser"
        ),
    });
}

fn stays(lang: Lang, address: SocketAddr) -> String {
    match lang {
        Lang::Ko => format!("http://{address} 는 계속 열려 있습니다. 다른 시나리오: bongsu list · 끝내기: Ctrl-C"),
        Lang::En => format!("http://{address} stays open. Other scenarios: bongsu list. To end: Ctrl-C"),
    }
}

/// What happens is told beside the results. A terminal that is gone is no reason to stop.
fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
