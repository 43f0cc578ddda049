//! The application that calls: plain sockets, bodies that are written beforehand, and nothing looked at before the answer
//! is there.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::scope;
use std::time::{Duration, Instant};

use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

/// The account that is there when none is named.
const KEY: &str = "bongsu-test-key";
const SECRET: &str = "bongsu-test-secret";
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Signatures are good once, so every one has a salt of its own.
static SALTS: AtomicU64 = AtomicU64::new(0);

/// A request, ready to be written.
pub struct Post {
    host: String,
    path: &'static str,
    signature: String,
    body: Vec<u8>,
}

/// A request that was answered.
pub struct Taken {
    /// Before its first byte was written.
    pub began: Instant,
    /// When the whole answer was there.
    pub ended: Instant,
    /// The answer's body.
    pub body: Vec<u8>,
}

impl Taken {
    /// Microseconds in between.
    pub fn took_us(&self) -> f64 {
        (self.ended - self.began).as_secs_f64() * 1e6
    }
}

impl Post {
    /// A request to that host.
    pub fn new(host: &str, path: &'static str, body: Vec<u8>) -> Post {
        Post { host: host.to_owned(), path, signature: String::new(), body }
    }

    /// The same with SOLAPI's signature.
    pub fn signed(self) -> Post {
        let (date, salt) = (Timestamp::now().to_string(), format!("salt{:012}", SALTS.fetch_add(1, Ordering::Relaxed)));
        let mut mac: Hmac<Sha256> = Hmac::new_from_slice(SECRET.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(format!("{date}{salt}").as_bytes());
        let mut signature = format!("Authorization: HMAC-SHA256 apiKey={KEY}, date={date}, salt={salt}, signature=");
        for byte in mac.finalize().into_bytes() {
            // Writing to a string cannot fail.
            let _ = write!(signature, "{byte:02x}");
        }
        Post { signature: signature + "\r\n", ..self }
    }

    fn send(&self, line: &mut BufReader<TcpStream>) -> io::Result<Taken> {
        let Post { host, path, signature, body } = self;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{signature}Content-Length: {}\r\n\r\n",
            body.len()
        );
        let began = Instant::now();
        line.get_mut().write_all(head.as_bytes())?;
        line.get_mut().write_all(body)?;
        let (status, body) = answer(line)?;
        let ended = Instant::now();
        if !status.starts_with("HTTP/1.1 200") {
            return Err(io::Error::other(format!("answered {status}: {}", String::from_utf8_lossy(&body))));
        }
        Ok(Taken { began, ended, body })
    }
}

/// An answer: its first line, and its body by its length.
pub fn answer(line: &mut BufReader<TcpStream>) -> io::Result<(String, Vec<u8>)> {
    let (mut status, mut length) = (String::new(), 0);
    line.read_line(&mut status)?;
    loop {
        let mut header = String::new();
        if line.read_line(&mut header)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body)?;
    Ok((status.trim_end().to_owned(), body))
}

/// Sends all of them over so many lines, each line one after the other; in no order.
pub fn send(address: &str, posts: Vec<Post>, lines: usize) -> Result<Vec<Taken>, String> {
    let failed = |error: io::Error| format!("POST to {address}: {error}");
    let mut open = Vec::with_capacity(lines);
    for _ in 0..lines {
        let stream = TcpStream::connect(address).map_err(failed)?;
        stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(PATIENCE))).map_err(failed)?;
        open.push(BufReader::new(stream));
    }
    let waiting = Mutex::new(posts.into_iter());
    let next = || waiting.lock().ok().and_then(|mut posts| posts.next());
    scope(|threads| {
        let next = &next;
        let carry = move |mut line: BufReader<TcpStream>| -> io::Result<Vec<Taken>> {
            let mut taken = Vec::new();
            while let Some(post) = next() {
                taken.push(post.send(&mut line)?);
            }
            Ok(taken)
        };
        let working: Vec<_> = open.into_iter().map(|line| threads.spawn(move || carry(line))).collect();
        let mut all = Vec::new();
        for thread in working {
            let taken = thread.join().map_err(|_| "a line of the client broke".to_owned())?;
            all.extend(taken.map_err(failed)?);
        }
        Ok(all)
    })
}
