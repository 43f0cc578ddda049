//! `bongsu fault post|pack|lift|list`: faults and outage packs of the run that a server plays, by hand, while it goes on.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use bytes::Bytes;
use clap::Subcommand;
use hyper::Method;
use serde_json::Value;

use crate::cli::exit::{Exit, Failure};
use crate::cli::io::Io;
use crate::cli::serve::token_of;
use crate::cli::told;
use crate::host::api::faults::encoded;
use crate::host::client::{ClientError, Server};
use crate::sim::model::words::Lang;

/// Where the server is, and what to do there.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  bongsu fault post '{ fault: cut, network: kakao, kind: down, for: 5m }'
  bongsu fault post @fault.yaml --url http://127.0.0.1:8080
  bongsu fault pack 2022-10-15-pangyo --speed x60
  bongsu fault lift cut
  bongsu fault lift --all
  bongsu fault list")]
pub struct Args {
    #[command(subcommand)]
    what: What,
    /// The server
    #[arg(long, global = true, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    url: String,
    /// File with the server's token; BONGSU_TOKEN otherwise
    #[arg(long, global = true, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Post a fault: a mapping as in a scenario's timeline, @FILE, or - for standard input
    Post {
        /// The fault
        #[arg(value_name = "FAULT|@FILE|-")]
        fault: String,
    },
    /// Post an outage pack: all of its faults, the first of them now
    Pack {
        /// A pack of the library, as `bongsu list` names it
        #[arg(value_name = "NAME")]
        pack: String,
        /// How many times faster than it happened
        #[arg(long, value_name = "xN", default_value = "x1")]
        speed: String,
    },
    /// Lift a fault, or all that are on
    Lift {
        /// The fault's name
        #[arg(required_unless_present = "all")]
        name: Option<String>,
        /// Lift all
        #[arg(long, conflicts_with = "name")]
        all: bool,
    },
    /// List the faults of the run
    List,
}

/// Longest fault that is read from a file, in bytes; the server takes no more.
const FAULT_MAX: u64 = 1 << 20;

/// Asks the server.
pub fn run(args: Args, io: &mut Io) -> Result<Exit, Failure> {
    let server = Server::at(&args.url, token_of(args.token_file.as_deref(), io.lang)?);
    let server = server.map_err(|error| told::refused(&error, io.lang))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Simulator(format!("cannot start: {error}")))?;
    let text = match args.what {
        What::Post { fault } => {
            let body = Bytes::from(text_of(&fault)?);
            let sent = server.send(Method::POST, "/v1/faults", "application/yaml", body);
            line(&json(&runtime.block_on(sent).map_err(failed)?)?)
        }
        What::Pack { pack, speed } => {
            let body = serde_json::json!({ "outage": named(&pack), "speed": speed }).to_string();
            let sent = server.send(Method::POST, "/v1/outages", "application/json", Bytes::from(body));
            let answer = json(&runtime.block_on(sent).map_err(failed)?)?;
            answer["faults"].as_array().into_iter().flatten().map(line).collect()
        }
        What::Lift { name: Some(name), .. } => {
            let path = format!("/v1/faults/{}", encoded(&name));
            line(&json(&runtime.block_on(server.ask(Method::DELETE, &path)).map_err(failed)?)?)
        }
        What::Lift { name: None, .. } => {
            let answer = json(&runtime.block_on(server.ask(Method::DELETE, "/v1/faults")).map_err(failed)?)?;
            texts(&answer["lifted"]).map(|name| format!("{name}\n")).collect()
        }
        What::List => {
            let answer = json(&runtime.block_on(server.ask(Method::GET, "/v1/faults")).map_err(failed)?)?;
            answer["faults"].as_array().into_iter().flatten().map(line).collect()
        }
    };
    io.out.write_all(text.as_bytes())?;
    Ok(Exit::Pass)
}

/// A pack as the server knows it: `bongsu list` shows it below `outages/`.
fn named(pack: &str) -> &str {
    pack.strip_prefix("outages/").unwrap_or(pack)
}

/// How a command ends with a server that says no, or nothing.
pub fn failed(error: ClientError) -> Failure {
    // Its words are the server's, in whatever language they are.
    told::refused(&error, Lang::En)
}

/// A server's answer as JSON.
pub fn json(bytes: &[u8]) -> Result<Value, Failure> {
    let wrong = |error| Failure::Simulator(format!("the server's answer is not JSON: {error}"));
    serde_json::from_slice(bytes).map_err(wrong)
}

/// A fault as a line: name, state, kind and networks, with tabs between them.
fn line(fault: &Value) -> String {
    let text = |key: &str| fault[key].as_str().unwrap_or("?").to_owned();
    let networks: Vec<&str> = texts(&fault["networks"]).collect();
    format!("{}\t{}\t{}\t{}\n", text("name"), text("state"), text("kind"), networks.join(","))
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn text_of(fault: &str) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let (what, read) = match (fault, fault.strip_prefix('@')) {
        (_, Some(path)) => {
            (path, std::fs::File::open(path).and_then(|file| file.take(FAULT_MAX).read_to_end(&mut text)))
        }
        ("-", None) => ("standard input", std::io::stdin().take(FAULT_MAX).read_to_end(&mut text)),
        (_, None) => return Ok(fault.as_bytes().to_vec()),
    };
    read.map_err(|error| Failure::Usage(format!("cannot read {what}: {error}")))?;
    Ok(text)
}
