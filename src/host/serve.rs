//! `serve`: the gateway, the API and the runs on one address, until the process is asked to end.

use std::fmt;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::host::api::guard::{self, Guard, guard};
use crate::host::api::meter::count;
use crate::host::api::notices::remember;
use crate::host::api::{self, Api};
use crate::host::class::door::door;
use crate::host::class::{self, Class};
use crate::host::control::run::Run;
use crate::host::control::runs::{Runs, Stage, Start, StartError};
use crate::host::gateway::cut::Cut;
use crate::host::gateway::serve::{Place, bind, serve as accept};
use crate::host::gateway::visitor::Names;
use crate::host::gateway::{Gateway, echo};
use crate::host::journal::store::StoreError;
use crate::host::page;
use crate::host::provider::accounts::{Account, Accounts};
use crate::host::provider::breaker::{Break, Breaker};
use crate::host::provider::senders::Senders;
use crate::host::provider::{self, Providers};
use crate::host::shutdown::{Shutdown, Trigger, shutdown};
use crate::host::stage::archive::{Archive, DataOptions, now_s};
use crate::host::stage::{House, Shelf};
use crate::host::tls::{self, TlsError, TlsOptions, authority};

/// How often old runs are looked for.
const PURGE_EVERY: Duration = Duration::from_secs(3_600);

/// How to serve.
pub struct ServeOptions {
    /// Where to listen; port 0 for any free one.
    pub listen: SocketAddr,
    /// Where runs are kept; `None`: in memory only.
    pub data: Option<DataOptions>,
    /// The token that every request must carry; needed beyond loopback.
    pub token: Option<Guard>,
    /// Host names besides loopback under which clients call.
    pub hosts: Vec<String>,
    /// Who may call as an application outside; none: the usual test account.
    pub accounts: Vec<Account>,
    /// From which numbers those applications may send texts; none: from any.
    pub senders: Senders,
    /// Where reports to an application outside go, when the scenario does not say.
    pub receipts_to: Option<String>,
    /// Whether strangers' tests of the framing find their echo.
    pub conformance: bool,
    /// Where to listen for TLS too, under the vendors' names.
    pub tls: Option<TlsOptions>,
    /// Where to listen for mails; on loopback only.
    pub smtp: Option<SocketAddr>,
}

impl ServeOptions {
    /// On loopback for everybody there, with nothing kept and nothing more.
    pub fn at(listen: SocketAddr) -> ServeOptions {
        ServeOptions {
            listen,
            data: None,
            token: None,
            hosts: Vec::new(),
            accounts: Vec::new(),
            senders: Senders::default(),
            receipts_to: None,
            conformance: false,
            tls: None,
            smtp: None,
        }
    }
}

/// Why serving did not begin.
#[derive(Debug)]
pub enum ServeError {
    /// Beyond loopback without a token.
    Open(SocketAddr),
    /// Mails are taken from loopback only: a dialogue of SMTP carries no token.
    OpenMail(SocketAddr),
    /// The address cannot be listened on.
    Bind(SocketAddr, io::Error),
    /// The data folder cannot be used.
    Data(StoreError),
    /// There is no certificate to show.
    Tls(TlsError),
}

/// A server that answers. Dropping it ends it without waiting; use [`Server::end`].
pub struct Server {
    /// Where it answers.
    pub address: SocketAddr,
    /// Where it answers behind TLS, and what clients are told to trust there.
    pub tls: Option<(SocketAddr, PathBuf)>,
    /// Where it takes mails.
    pub smtp: Option<SocketAddr>,
    /// Its runs.
    pub runs: Runs,
    house: House,
    trigger: Trigger,
    accepting: Vec<JoinHandle<()>>,
    hooks: JoinHandle<()>,
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Open(address) => {
                write!(f, "listening on {address}, beyond loopback, needs a token of 32 bytes or more")
            }
            ServeError::OpenMail(address) => {
                write!(f, "mails are taken on loopback only (127.0.0.1, ::1), not on {address}")
            }
            ServeError::Data(error) => error.fmt(f),
            ServeError::Tls(error) => error.fmt(f),
            ServeError::Bind(address, error) => write!(f, "cannot listen on {address}: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// Begins to serve. The address answers when this returns.
pub async fn serve(options: ServeOptions, shelf: Arc<dyn Shelf>) -> Result<Server, ServeError> {
    let ServeOptions { listen, data, token, mut hosts, accounts, senders, receipts_to, conformance, tls, smtp } =
        options;
    let addresses = [Some(listen), tls.as_ref().map(|tls| tls.listen)];
    if let (Some(open), None) = (addresses.into_iter().flatten().find(|listen| !listen.ip().is_loopback()), &token) {
        return Err(ServeError::Open(open));
    }
    if let Some(open) = smtp.filter(|listen| !listen.ip().is_loopback()) {
        return Err(ServeError::OpenMail(open));
    }
    let (listener, address) = listening(listen)?;
    let mails = smtp.map(listening).transpose()?;
    let behind_tls = tls.map(handshakes).transpose()?;
    if behind_tls.is_some() {
        hosts.extend(tls::HOSTS.map(str::to_owned));
    }
    let (trigger, asked) = shutdown();
    let gateway = Gateway::new(asked.clone());
    let opened = data.map(Archive::open).transpose().map_err(ServeError::Data)?;
    let (archive, left) = opened.map_or((None, Vec::new()), |(archive, left)| (Some(Arc::new(archive)), left));
    let house = House::new(shelf, gateway.clone(), archive.clone(), asked.clone());
    let runs = Runs::default();
    let went_on = house.resume(&runs, left).await.map_err(ServeError::Data)?;
    if let Some(archive) = archive {
        tokio::spawn(purge_now_and_then(archive, asked.clone()));
    }
    let mut api = Api::new(runs.clone(), Arc::new(house.clone()), asked.clone());
    api.parts = Some(class::document::parts);
    let api = Arc::new(api.gauging(Arc::new(gateway.clone())));
    let class = Arc::new(Class::new(runs.clone(), for_students(&hosts, address), api.deeds.clone(), asked.clone()));
    for (run, answered) in went_on {
        remember(&api.keys, &run, answered, now_s());
    }
    let meter = api.meter.clone();
    let mut router = unguarded(api, &gateway);
    router = router.merge(class::routes::router(class.clone()));
    if conformance {
        router = router.merge(echo::router(asked.clone()));
    }
    if let Some(token) = token.clone() {
        router = router.merge(guard::entrance(token));
    }
    router = api::telling_methods(router);
    // An SDK knows no token of ours. Its account stands for it, unless that is the one which everybody knows.
    let known_account = accounts.is_empty();
    let (providers, outside, hooks) = outside(runs.clone(), accounts, senders, receipts_to, asked.clone());
    router = match token {
        Some(token) if known_account => router.merge(outside).layer(middleware::from_fn_with_state(token, guard)),
        Some(token) => router.layer(middleware::from_fn_with_state(token, guard)).merge(outside),
        None => router.merge(outside),
    };
    router = router.layer(middleware::from_fn_with_state(class, door));
    router = router.layer(middleware::from_fn_with_state(meter, count));
    let mut accepting = vec![tokio::spawn(accept(listener, router, Names(hosts), asked.clone()))];
    accepting.push(tokio::spawn(house.clone().tidy()));
    let tls = behind_tls.map(|Handshakes { listener, address: at, acceptor, trust }| {
        accepting.push(tokio::spawn(tls::serve(listener, acceptor, reachable(address), asked.clone())));
        (at, trust)
    });
    let smtp = mails.map(|(listener, at)| {
        accepting.push(tokio::spawn(provider::smtp::serve(listener, providers, asked)));
        at
    });
    Ok(Server { address, tls, smtp, runs, house, trigger, accepting, hooks })
}

/// A listener for TLS, with a certificate to show.
struct Handshakes {
    listener: TcpListener,
    address: SocketAddr,
    acceptor: TlsAcceptor,
    trust: PathBuf,
}

fn handshakes(options: TlsOptions) -> Result<Handshakes, ServeError> {
    let chain = authority::open(&options.folder).map_err(ServeError::Tls)?;
    let trust = chain.trust.clone();
    let acceptor = tls::acceptor(chain).map_err(ServeError::Tls)?;
    let (listener, address) = listening(options.listen)?;
    Ok(Handshakes { listener, address, acceptor, trust })
}

fn listening(listen: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let wrong = |error| ServeError::Bind(listen, error);
    let listener = bind(listen).map_err(wrong)?;
    let address = listener.local_addr().map_err(wrong)?;
    Ok((listener, address))
}

/// Where a listener is reached from this machine: one on every address, by loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let loopback: IpAddr = if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
    if address.ip().is_unspecified() { SocketAddr::new(loopback, address.port()) } else { address }
}

/// Lends a request to a provider the breaker of its own connection.
async fn lend_breaker(mut request: Request, next: Next) -> Response {
    let cut: Option<Arc<Cut>> = request.extensions().get::<Place>().map(|place| place.cut.clone());
    if let Some(cut) = cut {
        request.extensions_mut().insert(Breaker::new(move |how| match how {
            Break::Reset => cut.reset(),
            Break::Close => cut.close(),
        }));
    }
    next.run(request).await
}

/// All addresses of a server for everybody on loopback, and the task that reports to applications outside.
pub fn for_everybody(api: Arc<Api>, gateway: &Gateway, asked: Shutdown) -> (Router, JoinHandle<()>) {
    let (meter, runs) = (api.meter.clone(), api.runs.clone());
    let (_, outside, hooks) = outside(runs, Vec::new(), Senders::default(), None, asked);
    let router = api::telling_methods(unguarded(api, gateway)).merge(outside);
    (router.layer(middleware::from_fn_with_state(meter, count)), hooks)
}

/// The providers' contracts, and the task that reports to applications.
fn outside(
    runs: Runs,
    accounts: Vec<Account>,
    senders: Senders,
    receipts_to: Option<String>,
    shutdown: Shutdown,
) -> (Arc<Providers>, Router, JoinHandle<()>) {
    let accounts = Accounts::new(accounts);
    let providers = Arc::new(Providers { runs, accounts, senders, receipts_to, shutdown });
    let router = provider::router(providers.clone()).layer(middleware::from_fn(lend_breaker));
    let hooks = tokio::spawn(provider::hooks::follow(providers.clone(), provider::reports()));
    (providers, router, hooks)
}

fn unguarded(api: Arc<Api>, gateway: &Gateway) -> Router {
    api::router(api).merge(gateway.router()).merge(page::router())
}

/// How students of a class may type this server's address: the names that were given, those of other machines first.
fn for_students(hosts: &[String], address: SocketAddr) -> Vec<String> {
    let mut names: Vec<String> = hosts.to_vec();
    if !address.ip().is_unspecified() {
        names.push(address.ip().to_string());
    }
    names.retain(|name| name.parse::<IpAddr>().map_or(true, |ip| !ip.is_unspecified()));
    names.dedup();
    let named = |name: &String| match name.parse::<IpAddr>() {
        Ok(ip) => format!("http://{}", SocketAddr::new(ip, address.port())),
        Err(_) => format!("http://{name}:{}", address.port()),
    };
    let mut all: Vec<String> = names.iter().map(named).collect();
    all.dedup();
    all
}

/// Lets go of old runs, also while nothing else happens.
async fn purge_now_and_then(archive: Arc<Archive>, mut asked: Shutdown) {
    let mut every = tokio::time::interval(PURGE_EVERY);
    loop {
        tokio::select! {
            () = asked.asked() => return,
            _ = every.tick() => archive.purge().await,
        }
    }
}

impl Server {
    /// Writes the line that scripts wait for, and one more for each other way in.
    pub fn say_ready(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "listening on http://{}", self.address)?;
        if let Some((address, trust)) = &self.tls {
            writeln!(out, "listening on https://{address}, certificate authority {}", trust.display())?;
        }
        if let Some(address) = &self.smtp {
            writeln!(out, "listening on smtp://{address}, for NUMBER@{}", provider::smtp::address::DOMAIN)?;
        }
        out.flush()
    }

    /// Starts a run without the API.
    pub async fn start(&self, start: Start) -> Result<Arc<Run>, StartError> {
        let claim = self.runs.claim(start.speed.is_some())?;
        self.house.start(claim, start).await
    }

    /// Ends in good order: runs are stopped, judged and written, clients are told, then the address is closed. Answers
    /// whether every run of this process could be written down; the log says which could not, and why.
    pub async fn end(self) -> bool {
        self.trigger.throw();
        self.house.finish().await;
        for accepting in self.accepting {
            // A panic there has ended the task already; there is nothing to wait for.
            let _ = accepting.await;
        }
        let _ = self.hooks.await;
        let mut written = true;
        for run in self.runs.all() {
            if let Some(why) = run.outcome().and_then(|outcome| outcome.unrecorded.clone()) {
                tracing::error!(run = %run.id, at = %run.status().at, why, "the run could not be written down");
                written = false;
            }
        }
        written
    }

    /// Serves until `asked` is thrown.
    pub async fn until(self, mut asked: Shutdown) -> bool {
        asked.asked().await;
        self.end().await
    }
}
