//! `bongsu serve`: the gateway, the API and the runs on one address, until Ctrl-C or SIGTERM.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use tokio::runtime::Runtime;

use crate::cli::values::{AgeArg, SizeArg};
use crate::cli::{runs, stage, told};
use crate::host::api::guard::Guard;
use crate::host::logs;
use crate::host::provider::accounts::Account;
use crate::host::provider::hooks::post::Sink;
use crate::host::provider::senders::Senders;
use crate::host::serve::{ServeError, ServeOptions, Server, serve};
use crate::host::signals::Signals;
use crate::host::stage::archive::DataOptions;
use crate::host::tls::TlsOptions;
use crate::report::words::pick;
use crate::sim::model::words::Lang;

/// How to serve.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu serve
  bongsu serve --listen 127.0.0.1:0 --data data --keep 30d --keep-runs 100
  bongsu serve --tls-listen 127.0.0.1:443   (for SDKs whose address is fixed: bongsu attach)
  bongsu serve --smtp-listen 127.0.0.1:2525   (for senders whose fallback is e-mail)
  bongsu serve --listen 0.0.0.0:8080 --token-file token --host drill.example
  bongsu serve --listen 192.0.2.7:8080 --token-file token     # a class: students join with the code at /class

A run that a crash or a power cut broke off goes on when a server starts again on the same --data. On a full disk the
run is held, requests that change something are answered 503, and all goes on by itself when there is room.

One line, 'listening on http://ADDR:PORT', is printed when the address answers. Ctrl-C or SIGTERM stops the run, tells
every phone (close code 1001), writes the reports and ends with 0, whatever the verdict; with 4 if a run could not be
written down. A second signal ends at once, with 4.")]
pub struct Args {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder for the journal and the folders of runs: a run goes on after a crash; without it runs are kept in memory
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Let go of runs that ended longer ago than this, such as 30d [default: never]
    #[arg(long, value_name = "TIME", requires = "data")]
    keep: Option<AgeArg>,
    /// Let go of all ended runs but the newest N [default: none]
    #[arg(long, value_name = "N", requires = "data")]
    keep_runs: Option<usize>,
    /// The most that the journal's database may take, such as 512MiB [default: what the disk has]
    #[arg(long, value_name = "SIZE", requires = "data")]
    data_max: Option<SizeArg>,
    /// File with the token of 32 bytes or more that every request must carry; BONGSU_TOKEN otherwise
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// A name under which clients call, besides loopback and the address of --listen; may be repeated
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// An account of applications outside, KEY:SECRET; may be repeated [default: bongsu-test-key:bongsu-test-secret]
    #[arg(long, value_name = "KEY:SECRET", value_parser = Account::parse)]
    account: Vec<Account>,
    /// A number from which texts may be sent; may be repeated; others are refused then [default: any number is registered]
    #[arg(long, value_name = "NUMBER", value_parser = Senders::parse)]
    sender_number: Vec<String>,
    /// Where reports to applications outside go when the scenario does not say, on loopback
    #[arg(long, value_name = "URL", value_parser = address)]
    receipts_to: Option<String>,
    /// Where to listen for TLS too, under the vendors' names, for SDKs whose address is fixed: 127.0.0.1:443
    #[arg(long, value_name = "ADDR:PORT")]
    tls_listen: Option<SocketAddr>,
    /// Folder of the certificate authority, made if it is not there [default: tls in the folder of --data, else bongsu-tls]
    #[arg(long, value_name = "DIR", requires = "tls_listen")]
    tls_dir: Option<PathBuf>,
    /// Where to listen for mails too, on loopback, for senders whose fallback is e-mail: 127.0.0.1:2525
    #[arg(long, value_name = "ADDR:PORT")]
    smtp_listen: Option<SocketAddr>,
    /// Open /conformance, an echo without a protocol on it, for tests of the WebSocket framing
    #[arg(long)]
    conformance: bool,
}

/// Longest token file, in bytes.
const TOKEN_FILE_MAX: u64 = 4_096;

fn address(text: &str) -> Result<String, String> {
    Sink::at(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

/// Serves until somebody asks for the end.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let options = options_of(args, io.lang)?;
    let house = stage::House { lang: io.lang, told: None };
    runtime()?.block_on(until_asked(options, house, io))
}

/// A runtime for everything that waits.
pub fn runtime() -> Result<Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::Simulator(format!("cannot start: {error}")))
}

/// The signals that end the process.
pub fn signals() -> Result<Signals, Failure> {
    Signals::listen().map_err(|error| Failure::Simulator(format!("cannot hear signals: {error}")))
}

/// Ends the server in good order, unless a second signal comes first.
pub async fn end(server: Server, signals: &mut Signals) -> Result<Exit, Failure> {
    tokio::select! {
        written = server.end() => Ok(if written { Exit::Pass } else { Exit::SimulatorError }),
        () = signals.asked() => Err(Failure::Simulator("ended by a second signal".to_owned())),
    }
}

fn options_of(args: Args, lang: Lang) -> Result<ServeOptions, Failure> {
    let short = || Failure::Usage(pick(lang, SHORT_TOKEN.0, SHORT_TOKEN.1).to_owned());
    let token = match token_of(args.token_file.as_deref(), lang)? {
        Some(token) => Some(Guard::new(&token).ok_or_else(short)?),
        None => None,
    };
    let mut hosts = args.host;
    hosts.push(args.listen.ip().to_string());
    let (stay, bytes_max) = (runs::stay(args.keep, args.keep_runs), args.data_max.map(|SizeArg(bytes)| bytes));
    let beside = args.data.as_ref().map_or_else(|| PathBuf::from("bongsu-tls"), |data| data.join("tls"));
    let tls = args.tls_listen.map(|listen| TlsOptions { listen, folder: args.tls_dir.unwrap_or(beside) });
    let data = args.data.map(|folder| DataOptions { folder, stay, bytes_max });
    let (accounts, receipts_to, conformance) = (args.account, args.receipts_to, args.conformance);
    let mut keys = BTreeSet::new();
    if let Some(twice) = accounts.iter().find(|account| !keys.insert(&account.key)) {
        let (ko, en) =
            ("키마다 --account 하나씩이어야 함. 두 번 나온 키:", "expected one --account for each key, found twice:");
        return Err(Failure::Usage(format!("{} {}", pick(lang, ko, en), twice.key)));
    }
    let smtp = args.smtp_listen;
    let senders = Senders::new(args.sender_number);
    Ok(ServeOptions { listen: args.listen, data, token, hosts, accounts, senders, receipts_to, conformance, tls, smtp })
}

async fn until_asked(options: ServeOptions, house: stage::House, io: &mut Io) -> Result<Exit, Failure> {
    logs::begin();
    let mut signals = signals()?;
    let server = serve(options, Arc::new(house)).await.map_err(|error| unserved(&error, io.lang))?;
    server.say_ready(&mut io.out)?;
    if let Some(open) = opened(server.address, io.lang) {
        writeln!(io.err, "{open}")?;
    }
    signals.asked().await;
    end(server, &mut signals).await
}

/// What an address beyond loopback opens to whom, said when it does.
fn opened(address: SocketAddr, lang: Lang) -> Option<String> {
    let said = match lang {
        Lang::Ko => format!(
            "이 주소는 다른 기기에도 열려 있습니다: 누구나 http://{address}/join 을 보고, 수업이 열려 있고 수업 코드를 알면 자리에 앉을 수 있습니다. \
             나머지는 모두 토큰이 있어야 합니다 (브라우저: /enter)."
        ),
        Lang::En => format!(
            "this address is open to other machines: anybody can see http://{address}/join and, while a class is open and with \
             its code, take a seat. Everything else needs the token (in a browser: /enter)."
        ),
    };
    (!address.ip().is_loopback()).then_some(said)
}

const SHORT_TOKEN: (&str, &str) =
    ("토큰은 빈칸 없이 32바이트 이상이어야 함", "the token must have 32 bytes or more, without spaces");

/// The token of a file, or of `BONGSU_TOKEN`; `None` if neither is there.
pub fn token_of(file: Option<&Path>, lang: Lang) -> Result<Option<String>, Failure> {
    let Some(path) = file else {
        return Ok(std::env::var("BONGSU_TOKEN").ok().filter(|token| !token.is_empty()));
    };
    let mut text = String::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(TOKEN_FILE_MAX).read_to_string(&mut text));
    read.map_err(|error| {
        Failure::Usage(format!("{} {}: {error}", pick(lang, "읽을 수 없음:", "cannot read"), path.display()))
    })?;
    Ok(Some(text.trim_end().to_owned()))
}

/// Why serving did not begin, as the command fails with it.
pub fn unserved(error: &ServeError, lang: Lang) -> Failure {
    let text = told::unserved(error, lang);
    match error {
        ServeError::Data(error) => runs::unusable(error, lang),
        ServeError::Open(_) | ServeError::OpenMail(_) => Failure::Usage(text),
        ServeError::Bind(..) | ServeError::Tls(_) => Failure::Simulator(text),
    }
}

#[cfg(test)]
mod tests {
    use super::opened;
    use crate::sim::model::words::Lang;

    #[test]
    fn what_is_opened_is_said_beyond_loopback_only() {
        let said = |address: &str| opened(address.parse().expect("an address"), Lang::En);
        assert_eq!(said("127.0.0.1:80"), None);
        let expected = "this address is open to other machines: anybody can see http://192.0.2.7:8080/join and, while a \
                        class is open and with its code, take a seat. Everything else needs the token (in a browser: \
                        /enter).";
        assert_eq!(said("192.0.2.7:8080").as_deref(), Some(expected));
    }
}
