//! The program as others see it: `bongsu serve` from its ready line to its end by SIGTERM.

mod again;
mod clock;
mod durable;
mod groups;
mod hooks;
mod hostile;
mod mail;
mod phones;
mod stop;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use bongsu::host::provider::signature::hex;

/// A server of its own, on a port that the kernel chose. Killed if a test fails before it has ended.
struct Served {
    child: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Served {
    fn start(data: &Path) -> Served {
        Served::start_with(data, &[])
    }

    fn start_with(data: &Path, more: &[&str]) -> Served {
        Served::start_by(Command::new(env!("CARGO_BIN_EXE_bongsu")), data, "127.0.0.1:0", more)
    }

    /// Starts it by a command that lacks only its arguments.
    fn start_by(mut command: Command, data: &Path, listen: &str, more: &[&str]) -> Served {
        command.args(["serve", "--listen", listen, "--data"]).arg(data).args(more).stdout(Stdio::piped());
        let mut child = command.env_remove("BONGSU_TOKEN").spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("the ready line");
        let address = line.strip_prefix("listening on http://").and_then(|rest| rest.strip_suffix('\n'));
        let address = address.unwrap_or_else(|| panic!("not the ready line: {line:?}")).to_owned();
        Served { child, out, address }
    }

    /// One request, one connection; the status line's number and the body.
    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let (status, _, body) = self.ask_whole(method, path, body);
        (status, body)
    }

    /// The same with the answer's head.
    fn ask_whole(&self, method: &str, path: &str, body: &str) -> (u16, String, String) {
        self.ask_with(method, path, "", body)
    }

    /// The same with more lines in the request's head.
    fn ask_with(&self, method: &str, path: &str, more: &str, body: &str) -> (u16, String, String) {
        ask(&self.address, method, path, more, body)
    }

    /// Sends SIGKILL and waits: nothing is tidied up.
    fn kill(mut self) {
        self.child.kill().expect("it was there");
        self.child.wait().expect("it ends");
    }

    /// Sends SIGTERM and waits; the exit code and what else was printed.
    fn terminate(mut self) -> (Option<i32>, String) {
        let sent = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
        let status = self.child.wait().expect("it ends");
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("UTF-8");
        (status.code(), rest)
    }
}

/// What a server that was started by [`logged`] has said on its error output.
fn log(home: &Path) -> String {
    std::fs::read_to_string(home.join("log")).expect("there")
}

/// The program, with its error output in a file.
fn logged(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    command.stderr(std::fs::File::create(home.join("log")).expect("writable"));
    command
}

/// One request to that address: the status line's number, the head and the body.
fn ask(address: &str, method: &str, path: &str, more: &str, body: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).expect("it answers");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a socket");
    let head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    let kind = format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(format!("{head}{more}{kind}").as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    (head[9..12].parse().expect("a status"), head.to_owned(), body.to_owned())
}

/// A header that SOLAPI's contract takes once, for the account that is there; `salt` makes it one of its own.
fn solapi_key(salt: &str) -> String {
    signed_by("bongsu-test-key", "bongsu-test-secret", salt)
}

fn signed_by(key: &str, secret: &str, salt: &str) -> String {
    let (date, salt) =
        (jiff::Timestamp::now(), format!("{:x<12}", salt.replace(|c: char| !c.is_ascii_alphanumeric(), "-")));
    let signature = hex(secret, format!("{date}{salt}").as_bytes());
    format!("Authorization: HMAC-SHA256 apiKey={key}, date={date}, salt={salt}, signature={signature}\r\n")
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has ended already in a test that went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the only run.
fn run_folder(data: &Path) -> PathBuf {
    let mut entries = std::fs::read_dir(data).expect("there").map(|entry| entry.expect("readable").path());
    entries.find(|path| path.is_dir()).expect("a run")
}

#[test]
fn a_served_run_is_stopped_judged_and_written_by_sigterm_and_replays() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    assert_eq!(served.ask("GET", "/healthz", ""), (200, "ok\n".to_owned()));
    assert_eq!(served.ask("GET", "/readyz", ""), (200, "ready\n".to_owned()));
    let text = "scenario: tiny\\ntimeline:\\n  - { at: 0s, send: '[구청] 모의 알림', to: 20 people, over: 10m }\\n";
    let (status, body) = served.ask("POST", "/v1/runs", &format!("{{\"scenario\":\"{text}\",\"clock\":\"x60\"}}"));
    assert_eq!(status, 201, "{body}");
    let fault = r#"{"fault":"cut","network":"kakao","kind":"down","until":"lifted"}"#;
    let (status, body) = served.ask("POST", "/v1/faults", fault);
    assert_eq!(status, 201, "{body}");
    let (status, body) = served.ask("GET", "/nowhere", "");
    assert!(status == 404 && body.contains("\"type\":\"/problems/not-found\""), "{body}");

    assert_eq!(served.terminate(), (Some(0), String::new()));
    let folder = run_folder(data.path());
    for file in
        ["run.json", "scenario.yaml", "inputs.ndjson", "events.ndjson", "verdict.json", "junit.xml", "report.html"]
    {
        assert!(folder.join(file).is_file(), "no {file}");
    }
    let mut replay = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    let replayed = replay.args(["replay", "--lang", "en"]).arg(&folder).output().expect("the program starts");
    let said = String::from_utf8(replayed.stdout).expect("UTF-8");
    let lines = std::fs::read_to_string(folder.join("events.ndjson")).expect("events").lines().count();
    assert_eq!(said, format!("equal: {lines} events, the same bytes as recorded\n"));
    assert_eq!(replayed.status.code(), Some(0));
}

#[test]
fn an_outage_pack_is_posted_from_the_command_line() {
    let data = tempfile::tempdir().expect("a folder");
    let served = Served::start(data.path());
    let url = format!("http://{}", served.address);
    let fault = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
        let command = command.args(["fault", "--lang", "en", "--url", &url]).args(args).env_remove("BONGSU_TOKEN");
        let said = command.output().expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (said.status.code(), text(said.stdout), text(said.stderr))
    };
    let (code, out, err) = fault(&["pack", "2022-10-15-pangyo"]);
    assert_eq!((code, out.as_str(), err.contains("no run is going on")), (Some(3), "", true), "{err}");

    assert_eq!(served.ask("POST", "/v1/runs", r#"{"scenario":"lh/rent-bill-blackout","clock":"x1"}"#).0, 201);
    let (code, out, err) = fault(&["pack", "outages/2022-10-15-pangyo", "--speed", "x60"]);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    let names: Vec<&str> = out.lines().filter_map(|line| line.split('\t').next()).collect();
    assert!(!names.is_empty() && out.lines().all(|line| line.split('\t').count() == 4), "{out}");
    let (_, list, _) = fault(&["list"]);
    assert!(names.iter().all(|name| list.contains(name)), "{list}");
    // Once more: it is another outage, whose faults have names of their own.
    let (code, again, _) = fault(&["pack", "2022-10-15-pangyo"]);
    assert!(code == Some(0) && again.lines().all(|line| !out.contains(line)), "{again}");
    for (args, expected) in [
        (&["pack", "2022-13-15-nowhere"][..], "no built-in outage pack of that name among 2019-02-14-syniverse"),
        (&["pack", "2021-05-05-kakao", "--speed", "fast"], "expected x1 to x"),
    ] {
        let (code, out, err) = fault(args);
        assert_eq!((code, out.as_str(), err.contains(expected)), (Some(3), "", true), "{args:?}: {err}");
    }
    assert_eq!(served.terminate().0, Some(0));
}
