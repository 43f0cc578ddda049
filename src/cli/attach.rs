//! `bongsu attach [SDK]`: the exact lines by which an SDK, unchanged, calls bongsu instead of its vendor.
//!
//! It prints and changes nothing: what has to be set is set by whoever reads it, for one process and not for a machine.

use std::fmt::Write as _;
use std::path::PathBuf;

use hyper::Uri;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::host::api::attach::MODULE;
use crate::report::words::pick;
use crate::sim::model::words::Lang;

mod sdks;

use sdks::{Runtime, SDKS, Sdk};

/// Which SDK, and where bongsu is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu attach
  bongsu attach solapi-node
  bongsu attach solapi-python --url http://127.0.0.1:9090
  bongsu attach --module > bongsu-redirect.mjs")]
pub struct Args {
    /// Name of the SDK; all of them without it
    #[arg(value_name = "SDK")]
    sdk: Option<String>,
    /// Where bongsu is
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The certificate authority that bongsu serve --tls-listen tells
    #[arg(long, value_name = "FILE", default_value = "bongsu-tls/ca.pem")]
    ca: PathBuf,
    /// Print the module for node --import as it is
    #[arg(long, conflicts_with = "sdk")]
    module: bool,
}

/// How far a name may be from one that is meant, in edits.
const NEAR: usize = 6;

/// Prints the lines.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    if args.module {
        io.out.write_all(MODULE.as_bytes())?;
        return Ok(Exit::Pass);
    }
    let host = host_of(&args.url, io)?;
    let text = match &args.sdk {
        None => list(io.lang),
        Some(name) => match SDKS.iter().find(|sdk| sdk.name == name.as_str()) {
            Some(sdk) => told(sdk, &args.url, &host, &args.ca.display().to_string(), io.lang),
            None => return Err(Failure::Usage(unknown(name, io.lang))),
        },
    };
    io.out.write_all(text.as_bytes())?;
    Ok(Exit::Pass)
}

/// `ADDR:PORT` of an address.
fn host_of(url: &str, io: &Io) -> Result<String, Failure> {
    let authority = url.parse::<Uri>().ok().filter(|uri| uri.scheme_str() == Some("http")).and_then(|uri| {
        let bare = uri.path() == "/" && uri.query().is_none();
        uri.authority().filter(|_| bare).map(ToString::to_string)
    });
    authority.ok_or_else(|| {
        let why = io.pick("--url: http://ADDR:PORT 꼴이어야 합니다:", "--url: expected http://ADDR:PORT, found");
        Failure::Usage(format!("{why} {url}"))
    })
}

fn list(lang: Lang) -> String {
    let mut text = String::new();
    let width = SDKS.iter().map(|sdk| sdk.name.len()).max().unwrap_or(0);
    for sdk in SDKS {
        let modes = [(sdk.base.is_some(), "base-url"), (sdk.redirects(), "redirect"), (sdk.tls(), "tls")];
        let modes: Vec<&str> = modes.into_iter().filter(|mode| mode.0).map(|mode| mode.1).collect();
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{:width$}  {:28}  {}", sdk.name, sdk.package, modes.join(", "));
    }
    text.push_str(pick(lang, "\n자세히: bongsu attach SDK\n", "\nmore: bongsu attach SDK\n"));
    text
}

fn told(sdk: &Sdk, url: &str, host: &str, ca: &str, lang: Lang) -> String {
    let mut text = format!("{} ({}) → {url}\n", sdk.name, sdk.package);
    let mut number = 0;
    let mut section = |title: &str, lines: &str| {
        number += 1;
        let _ = write!(text, "\n[{number}] {title}\n");
        for line in lines.lines() {
            let _ = writeln!(text, "{}", if line.is_empty() { String::new() } else { format!("    {line}") });
        }
    };
    if let Some(base) = sdk.base {
        let title = pick(lang, "주소를 바꿉니다 (base URL)", "set the address (base URL)");
        section(title, &base.replace("{url}", url).replace("{host}", host));
    }
    if sdk.redirects() {
        let title = pick(
            lang,
            "node --import: 프로그램을 고치지 않고 fetch만 돌립니다",
            "node --import: only fetch is replaced",
        );
        section(title, &redirect(url));
    }
    if sdk.tls() {
        let title = pick(
            lang,
            "hosts와 TLS: 벤더의 이름과 인증서로 받습니다 (root 필요, 이 셸 밖은 그대로)",
            "hosts and TLS: the vendor's own name and a certificate (needs root; nothing outside this shell changes)",
        );
        section(title, &tls(sdk, ca, lang));
    }
    text
}

fn redirect(url: &str) -> String {
    format!("bongsu attach --module > bongsu-redirect.mjs\nBONGSU_URL={url} node --import ./bongsu-redirect.mjs app.js")
}

/// A shell with networks and mounts of its own: its `/etc/hosts` is nobody else's.
fn tls(sdk: &Sdk, ca: &str, lang: Lang) -> String {
    let folder = ca.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let hosts: String = sdk.hosts.iter().map(|host| format!(" {host}")).collect();
    let (own, app) = (
        pick(lang, "# 망과 마운트가 따로인 셸", "# a shell with a network and mounts of its own"),
        pick(lang, "# 이 셸에서 프로그램을 돌립니다", "# run the program in this shell"),
    );
    format!(
        "sudo unshare -m -n bash        {own}\n\
         ip link set lo up\n\
         (cat /etc/hosts; echo '127.0.0.1{hosts}') > hosts.bongsu\n\
         mount --bind hosts.bongsu /etc/hosts\n\
         bongsu serve --tls-listen 127.0.0.1:443 --tls-dir {folder} &\n\
         \n\
         {app}\n\
         {}",
        sdk.runtime.trusting(ca)
    )
}

/// No such SDK, and the nearest names.
fn unknown(name: &str, lang: Lang) -> String {
    let wanted: String = name.to_lowercase().chars().take(64).collect();
    // All whose name has it in it; else those that are few edits away.
    let mut near: Vec<&str> = SDKS.iter().map(|sdk| sdk.name).filter(|name| name.contains(&wanted)).collect();
    if near.is_empty() || wanted.is_empty() {
        let distance = |name: &&str| strsim::damerau_levenshtein(&wanted, name);
        near = SDKS.iter().map(|sdk| sdk.name).filter(|name| distance(name) <= NEAR).collect();
        near.sort_by_key(distance);
        near.truncate(3);
    }
    match (lang, near.is_empty()) {
        (Lang::Ko, true) => format!("{name}이라는 SDK를 모릅니다. 아는 것: bongsu attach"),
        (Lang::Ko, false) => format!("{name}이라는 SDK를 모릅니다. 혹시 {}?", near.join(", ")),
        (Lang::En, true) => format!("no SDK is called {name}; those that are known: bongsu attach"),
        (Lang::En, false) => format!("no SDK is called {name}; did you mean {}?", near.join(", ")),
    }
}

impl Sdk {
    /// Whether it goes through `fetch`.
    fn redirects(&self) -> bool {
        matches!(self.runtime, Runtime::Node { fetches: true })
    }

    /// Whether it speaks to a host of its own.
    fn tls(&self) -> bool {
        !self.hosts.is_empty()
    }
}

#[cfg(test)]
mod tests;
