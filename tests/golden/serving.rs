//! The commands of `docs/operators.md` and `docs/rehearse.md` that need a server, against one on any free port: a run is
//! started over the API, phones connect, faults are posted and lifted, a verdict is fetched, and SIGTERM ends it all.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::commands::commands;
use super::root;

/// Longest wait for anything here.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that is killed if the test fails before it has ended by itself.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running `bongsu serve`.
struct Server {
    child: Killed,
    address: String,
}

fn program<S: AsRef<OsStr>>(args: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bongsu"));
    command.args(args).env("BONGSU_LANG", "en").env_remove("BONGSU_TOKEN").stdin(Stdio::null());
    command
}

fn serve() -> Server {
    let command = program(&["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn();
    let mut child = Killed(command.expect("it starts"));
    let mut line = String::new();
    let mut out = BufReader::new(child.0.stdout.take().expect("a pipe"));
    out.read_line(&mut line).expect("a line");
    let address = line.trim_end().strip_prefix("listening on http://").unwrap_or_else(|| panic!("found {line:?}"));
    Server { address: address.to_owned(), child }
}

/// One request over a connection of its own: the status and the body.
fn ask(server: &Server, method: &str, path: &str, body: &str) -> (u16, String) {
    let mut line = TcpStream::connect(&server.address).expect("it listens");
    line.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    let (host, length) = (&server.address, body.len());
    let head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    let rest = format!("content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}");
    line.write_all((head + &rest).as_bytes()).expect("it reads");
    let mut answer = String::new();
    line.read_to_string(&mut answer).expect("it answers");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    (status, answer.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned()))
}

/// Asks until the answer has the text.
fn await_text(server: &Server, path: &str, wanted: &str) {
    let since = Instant::now();
    while !ask(server, "GET", path, "").1.contains(wanted) {
        assert!(since.elapsed() < PATIENCE, "{path} never said {wanted}: {}", ask(server, "GET", path, "").1);
        std::thread::yield_now();
    }
}

/// A command of the page as words, its address that of the server.
fn words(command: &str, server: &Server) -> Vec<String> {
    let command = command.replace("127.0.0.1:8080", &server.address);
    let mut words = Vec::new();
    for (place, piece) in command.split('\'').enumerate() {
        if place % 2 == 1 {
            words.push(piece.to_owned());
        } else {
            words.extend(piece.split_whitespace().map(str::to_owned));
        }
    }
    if words[1] == "fault" && !words.iter().any(|word| word == "--url") {
        words.extend(["--url".to_owned(), format!("http://{}", server.address)]);
    }
    words.split_off(1)
}

#[test]
fn every_documented_command_for_a_server_works() {
    let page = fs::read_to_string(root().join("docs/operators.md")).expect("the page is there");
    let all = commands(&page);
    let of = |start: &str| all.iter().filter(|command| command.starts_with(start)).cloned().collect::<Vec<_>>();
    let (faults, phones) = (of("bongsu fault"), of("bongsu phones"));
    assert!(faults.len() == 4 && phones.len() == 1, "{faults:?} {phones:?}");
    let mut server = serve();
    let start = r#"{"scenario":"lessons/quiet-day","clock":"real","phones":"outside"}"#;
    let (status, body) = ask(&server, "POST", "/v1/runs", start);
    assert_eq!(status, 201, "{body}");
    // As many phones as the scenario has people.
    let args: Vec<String> = words(&phones[0], &server).iter().map(|word| word.replace("1000", "300")).collect();
    let mut playing = Killed(program(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("phones start"));
    // Phones that are on and whose people use the messenger; how many, the scenario's seed decides.
    await_text(&server, "/v1/runs/current", r#""kakao":28"#);
    for command in &faults {
        let output = program(&words(command, &server)).output().expect("it starts");
        assert_eq!(output.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(end(&mut playing.0), Some(0), "phones");
    assert_eq!(ask(&server, "POST", "/v1/runs/current/stop", "").0, 200);
    assert_eq!(end(&mut server.child.0), Some(0), "the server");
}

/// What a `curl` of the page asks: the path and the body, which is empty for a question.
fn curl(command: &str) -> (String, String) {
    let pieces: Vec<&str> = command.split('\'').collect();
    let body = pieces.iter().find(|piece| piece.starts_with('{')).map_or("", |body| body);
    let path = command.split_whitespace().find_map(|word| word.strip_prefix("http://127.0.0.1:8080"));
    (path.unwrap_or_else(|| panic!("no address in `{command}`")).to_owned(), body.to_owned())
}

#[test]
fn the_page_on_rehearsals_comes_to_its_verdict() {
    let page = fs::read_to_string(root().join("docs/rehearse.md")).expect("the page is there");
    let all = commands(&page);
    let asked: Vec<(String, String)> =
        all.iter().filter(|command| command.starts_with("curl ")).map(|command| curl(command)).collect();
    let [(start, body), (state, _), (verdict, _)] = asked.as_slice() else { panic!("{asked:?}") };
    let mut server = serve();
    let (status, told) = ask(&server, "POST", start, body);
    assert!(status == 201 && told.contains(r#""id":"r1""#), "{status} {told}");
    // Forty minutes at x60 are more than a test may take, and what comes after the end is the question.
    assert_eq!(ask(&server, "POST", "/v1/runs/current/stop", "").0, 200);
    await_text(&server, state, r#""state":"ended""#);
    let (status, told) = ask(&server, "GET", verdict, "");
    assert!(status == 200 && told.contains(r#""verdict": "STOPPED""#), "{status} {told}");
    assert_eq!(ask(&server, "GET", "/v1/runs/current", "").0, 409, "as the page says");
    assert_eq!(end(&mut server.child.0), Some(0), "the server");
}

/// Asks a process to end, by SIGTERM, and waits for it.
fn end(child: &mut Child) -> Option<i32> {
    let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(asked.expect("kill runs").success());
    child.wait().expect("it ends").code()
}
