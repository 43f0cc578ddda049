//! The whole program as a server: `bongsu serve` with a data folder of its own, so that the engine, the journal and the
//! API are in the path, and orders to it over HTTP as anybody would give them.
//!
//! Its run stands still but for what the leader lets pass: a round is one order of time, in which a notice falls due for
//! everybody. Ended, and its folder removed, when this is dropped.

use std::fs::{self, DirBuilder};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::{Child as Process, Command, Stdio};
use std::thread::park_timeout;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::host::bench::fanout::account;
use crate::host::bench::fanout::scenario::{STEP_S, scenario};

/// How often the run is asked how far it is.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Longest wait for an answer of the server.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server with one run.
pub struct Service {
    process: Process,
    folder: PathBuf,
    address: String,
    until: Instant,
    /// Notices that must have been reached when all is done that was begun.
    wanted: u64,
}

impl Service {
    /// Starts it with a run for so many people that are all outside. Each step of its clock sends what `steps` says:
    /// personal notices (`rent`) or the same for everybody (`news`), so many to each.
    pub fn start(people: u32, steps: &[(&str, u32)], until: Instant) -> Result<Service, String> {
        let start = json!({ "scenario": scenario(people, steps), "phones": "outside" });
        let service = Service::with(&start, until)?;
        service.ask("POST", "/v1/runs/r1/pause", None)?;
        Ok(service)
    }

    /// Starts it with the run that is asked for.
    pub fn with(start: &Value, until: Instant) -> Result<Service, String> {
        let failed = |error: std::io::Error| format!("cannot start the server: {error}");
        let folder = std::env::temp_dir().join(format!("bongsu-bench-{}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&folder).map_err(failed)?;
        let program = std::env::current_exe().map_err(failed)?;
        let spawned = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn();
        let mut process = spawned.map_err(failed)?;
        let output = process.stdout.take().expect("its output was piped");
        let mut service = Service { process, folder, address: String::new(), until, wanted: 0 };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line).map_err(failed)?;
        let address = line.trim().strip_prefix("listening on http://");
        service.address = address.ok_or_else(|| format!("the server said {line:?}"))?.to_owned();
        service.ask("POST", "/v1/runs", Some(start))?;
        Ok(service)
    }

    /// Its address, `HOST:PORT`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its port.
    pub fn port(&self) -> Result<u64, String> {
        let port = self.address.rsplit(':').next().and_then(|port| port.parse().ok());
        port.ok_or_else(|| format!("the server listens on {:?}", self.address))
    }

    /// Lets the next step of the clock pass.
    pub fn step(&mut self) -> Result<(), String> {
        self.ask("POST", "/v1/clock", Some(&json!({ "advance_ms": STEP_S * 1_000 }))).map(drop)
    }

    /// Waits until so many more notices have been reached than the last time.
    pub fn reached(&mut self, more: u64) -> Result<(), String> {
        self.wanted += more;
        loop {
            let run = self.ask("GET", "/v1/runs/r1", None)?;
            let reached = run["counts"]["reached"].as_u64().unwrap_or(0);
            if reached >= self.wanted {
                return Ok(());
            }
            if Instant::now() > self.until {
                return Err(format!("the server has {reached} notices reached of {}", self.wanted));
            }
            // Nobody unparks it; to ask without a pause would be work of the server that nobody else gives it.
            park_timeout(LOOK_EVERY);
        }
    }

    /// What its process has used; see [`account::of`].
    pub fn account(&self) -> Result<Vec<u64>, String> {
        let account = account::of(&self.process.id().to_string());
        account.map_err(|error| format!("the server keeps no account: {error}"))
    }

    /// See [`account::forget_peak`].
    pub fn forget_peak(&self) -> Result<(), String> {
        account::forget_peak(&self.process.id().to_string()).map_err(|error| format!("no account of a peak: {error}"))
    }

    /// Asks its API; an answer that is no success is an error.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let failed = |why: String| format!("{method} {path}: {why}");
        let answer = self.exchange(method, path, body).map_err(|error| failed(error.to_string()))?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| failed("no answer".to_owned()))?;
        if !head.starts_with("HTTP/1.1 2") {
            return Err(failed(answer));
        }
        serde_json::from_str(body).map_err(|error| failed(error.to_string()))
    }

    fn exchange(&self, method: &str, path: &str, body: Option<&Value>) -> std::io::Result<String> {
        let mut line = TcpStream::connect(&self.address)?;
        line.set_read_timeout(Some(PATIENCE))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        line.write_all(request.as_bytes())?;
        let mut answer = String::new();
        line.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already; and a folder that stays is in the system's folder for such things.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
