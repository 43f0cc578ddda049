//! The clients: one thread and one epoll loop for all of them, so that they take as little from the servers as can be.
//!
//! They count text frames and note when each came, answer pings, and, if told so, answer each notice with its receipt.
//! Sources are spread over 127.0.0.2 and upwards, so that no pair of addresses runs out of ports.

use std::io::{self, BufRead, Read as _, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use socket2::{Domain, Socket, Type};

use crate::host::bench::fanout::account;
use crate::host::bench::fanout::talk::{self, Order, now_us, unknown};

mod storm;

/// Handshakes under way at one time.
const WINDOW: usize = 128;
/// Clients from one source address.
const PER_SOURCE: usize = 4_000;
/// What the kernel holds for the one that will stall: little, so that it really does.
const NARROW: usize = 4_096;
/// What connecting without waiting answers while it goes on (`EINPROGRESS` of Linux).
const IN_PROGRESS: i32 = 115;
/// Waits no longer than this for something to happen; the leader's limit is shorter.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of every receipt, whatever the attempt is called.
pub const RECEIPT: usize = 64;
/// What every client asks for.
pub const HANDSHAKE: &[u8] =
    b"GET /ws/kakao HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\
      Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
      Sec-WebSocket-Protocol: bongsu.v1\r\n\r\n";

/// One client.
struct Client {
    stream: TcpStream,
    /// The front of a frame that has not come whole.
    part: Vec<u8>,
    /// Whether the handshake is answered.
    open: bool,
    frames: u64,
    /// The number of the last notice, and of the welcome.
    seq: u64,
    welcomed: u64,
    /// When the last frame that was waited for came.
    at: u64,
}

struct Clients {
    poll: Poll,
    events: Events,
    all: Vec<Client>,
    /// Which person the first of them is.
    first: u64,
    buffer: Vec<u8>,
    /// Whether notices are answered with receipts.
    answering: bool,
    /// Whether the first client reads nothing.
    stalled: bool,
    bytes: u64,
}

/// Plays the part.
pub fn play(orders: impl BufRead, answers: impl Write) -> io::Result<()> {
    let mut clients = Clients {
        poll: Poll::new()?,
        events: Events::with_capacity(1_024),
        all: Vec::new(),
        first: 0,
        buffer: vec![0; 64 * 1_024],
        answering: false,
        stalled: false,
        bytes: 0,
    };
    talk::obey(orders, answers, |order| clients.carry_out(order))
}

impl Clients {
    fn carry_out(&mut self, order: &Order) -> io::Result<Vec<u64>> {
        let number = order.number(0);
        match order.word.as_str() {
            "connect" => self.connect(number as usize, order.number(1) as u16),
            "hello" => {
                self.hello()?;
                self.expect(1)
            }
            "expect" => self.expect(number),
            "answer" => {
                self.answering = true;
                let heard = self.expect(number);
                self.answering = false;
                heard
            }
            "first" => {
                self.first = number;
                Ok(Vec::new())
            }
            "seq" => Ok(vec![self.all.iter().map(|client| client.seq.max(client.welcomed)).max().unwrap_or(0)]),
            "cut" => self.cut().map(|()| Vec::new()),
            "storm" => self.storm(order),
            "account" => account::numbers(),
            "forget" => account::forget_peak("self").map(|()| Vec::new()),
            "stall" => {
                self.stalled = true;
                Ok(Vec::new())
            }
            "resume" => {
                self.stalled = false;
                self.all[0].frames = 0;
                self.until(|all| all[0].frames >= number, true)
            }
            _ => Err(unknown(order)),
        }
    }

    /// Shakes hands so many more times; answers how many microseconds that took.
    fn connect(&mut self, count: usize, port: u16) -> io::Result<Vec<u64>> {
        let (start, wanted) = (now_us(), self.all.len() + count);
        let mut open = self.all.len();
        while open < wanted {
            while self.all.len() < wanted && self.all.len() - open < WINDOW {
                self.dial(port, false)?;
            }
            self.wait()?;
            let tokens: Vec<Token> = self.events.iter().map(|event| event.token()).collect();
            for token in tokens {
                let was = self.all[token.0].open;
                self.read(token.0)?;
                open += usize::from(self.all[token.0].open && !was);
            }
        }
        Ok(vec![now_us() - start])
    }

    /// One more client: connected and asking, or `later`.
    fn dial(&mut self, port: u16, later: bool) -> io::Result<()> {
        let place = self.all.len();
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        if place == 0 && !later {
            socket.set_recv_buffer_size(NARROW)?;
        }
        let source = Ipv4Addr::new(127, 0, (self.first / 20_000) as u8, 2 + (place / PER_SOURCE) as u8);
        socket.bind(&SocketAddr::from((source, 0)).into())?;
        socket.set_nonblocking(later)?;
        match socket.connect(&SocketAddr::from(([127, 0, 0, 1], port)).into()) {
            Err(error) if !later || error.raw_os_error() != Some(IN_PROGRESS) => return Err(error),
            _ => {}
        }
        socket.set_nonblocking(true)?;
        socket.set_tcp_nodelay(true)?;
        let mut stream = TcpStream::from_std(socket.into());
        let interest = if later { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        self.poll.registry().register(&mut stream, Token(place), interest)?;
        if !later {
            // Loopback connects at once or not at all.
            stream.write_all(HANDSHAKE)?;
        }
        self.all.push(Client { stream, part: Vec::new(), open: false, frames: 0, seq: 0, welcomed: 0, at: 0 });
        Ok(())
    }

    fn hello(&mut self) -> io::Result<()> {
        for (client, number) in self.all.iter_mut().zip(self.first..) {
            client.stream.write_all(&hello(number, None))?;
        }
        Ok(())
    }

    /// Waits until everybody but a stalled one has so many more frames. Answers when half of them, 99 of 100 and all
    /// had the last of them, in microseconds since 1970, and the bytes that came.
    fn expect(&mut self, frames: u64) -> io::Result<Vec<u64>> {
        self.bytes = 0;
        let first = usize::from(self.stalled);
        self.all[first..].iter_mut().for_each(|client| client.frames = 0);
        let mut done = 0;
        let wanted = self.all.len() - first;
        while done < wanted {
            self.wait()?;
            let tokens: Vec<Token> = self.events.iter().map(|event| event.token()).collect();
            for place in tokens.into_iter().map(|token| token.0).filter(|place| *place >= first) {
                let before = self.all[place].frames;
                self.read(place)?;
                if before < frames && self.all[place].frames >= frames {
                    self.all[place].at = now_us();
                    done += 1;
                }
            }
        }
        let mut times: Vec<u64> = self.all[first..].iter().map(|client| client.at).collect();
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        Ok(vec![at(50), at(99), at(100), self.bytes])
    }

    fn until(&mut self, over: impl Fn(&[Client]) -> bool, mut at_once: bool) -> io::Result<Vec<u64>> {
        while !over(&self.all) {
            if at_once {
                // What came while nobody read woke nobody.
                self.read(0)?;
                at_once = false;
                continue;
            }
            self.wait()?;
            let tokens: Vec<Token> = self.events.iter().map(|event| event.token()).collect();
            tokens.into_iter().try_for_each(|token| self.read(token.0))?;
        }
        Ok(Vec::new())
    }

    /// Reads all that one client has.
    fn read(&mut self, place: usize) -> io::Result<()> {
        let client = &mut self.all[place];
        loop {
            let kept = client.part.len();
            self.buffer[..kept].copy_from_slice(&client.part);
            let read = match client.stream.read(&mut self.buffer[kept..]) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            self.bytes += read as u64;
            let filled = kept + read == self.buffer.len();
            let used = client.hear(&self.buffer[..kept + read], self.answering)?;
            client.part.clear();
            client.part.extend_from_slice(&self.buffer[used..kept + read]);
            if !filled {
                // A read that did not fill the buffer has emptied the socket.
                return Ok(());
            }
        }
    }

    fn wait(&mut self) -> io::Result<()> {
        self.poll.poll(&mut self.events, Some(PATIENCE))?;
        if self.events.is_empty() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

impl Client {
    /// Hears whole frames, and answers how many bytes they were.
    fn hear(&mut self, bytes: &[u8], answering: bool) -> io::Result<usize> {
        if !self.open {
            return self.answered(bytes);
        }
        let mut used = 0;
        while let Some((opcode, begins, ends)) = whole(&bytes[used..]) {
            let payload = &bytes[used + begins..used + ends];
            used += ends;
            match opcode {
                0x81 => {
                    self.frames += 1;
                    self.count(payload)?;
                    if answering {
                        self.stream.write_all(&receipt(payload))?;
                    }
                }
                0x89 => self.stream.write_all(&[0x8a, 0x80, 0, 0, 0, 0])?,
                _ => return Err(io::Error::other("the server closed the session")),
            }
        }
        Ok(used)
    }

    /// Every notice has a higher number than the one before it: none comes twice.
    fn count(&mut self, payload: &[u8]) -> io::Result<()> {
        match sequence(payload) {
            Some(seq) if !payload.starts_with(br#"{"type":"notice""#) => self.welcomed = seq,
            Some(seq) if seq <= self.seq => {
                return Err(io::Error::other(format!("notice {seq} came after {}", self.seq)));
            }
            Some(seq) => self.seq = seq,
            None => {}
        }
        Ok(())
    }

    fn answered(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(0) };
        if !bytes.starts_with(b"HTTP/1.1 101 ") {
            let line = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
            return Err(io::Error::other(format!("no handshake: {line}")));
        }
        self.open = true;
        Ok(end + 4)
    }
}

/// The number in a notice or a welcome; the floor's frames have none.
fn sequence(payload: &[u8]) -> Option<u64> {
    let key = br#""seq":"#;
    let at = payload.get(..80.min(payload.len()))?.windows(key.len()).position(|window| window == key)?;
    let digits = payload[at + key.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// The hello of a phone, which has seen so much.
pub fn hello(number: u64, since: Option<u64>) -> Vec<u8> {
    let since = since.map(|since| format!(r#","since":{since}"#)).unwrap_or_default();
    let (front, back) = (number / 10_000, number % 10_000);
    masked(format!(r#"{{"type":"hello","phones":["010-{front:04}-{back:04}"]{since}}}"#).as_bytes())
}

/// The first byte of a whole frame, and where its payload begins and ends.
fn whole(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (begins, length) = match *bytes.get(1)? {
        126 => (4, usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        short => (2, usize::from(short)),
    };
    (bytes.len() >= begins + length).then(|| (bytes[0], begins, begins + length))
}

/// The receipt of a notice, filled up with spaces; of the floor's frames, just as long.
fn receipt(notice: &[u8]) -> Vec<u8> {
    let key = br#""attempt":""#;
    let text = notice
        .windows(key.len())
        .position(|window| window == key)
        .map_or(&b"n0/0\""[..], |at| &notice[at + key.len()..]);
    let attempt = text.split(|byte| *byte == b'"').next().unwrap_or_default();
    let mut receipt = format!(r#"{{"type":"receipt","delivered":["{}"]}}"#, String::from_utf8_lossy(attempt));
    while receipt.len() < RECEIPT - 6 {
        receipt.push(' ');
    }
    masked(receipt.as_bytes())
}

/// A client's frame of at most 125 bytes.
fn masked(payload: &[u8]) -> Vec<u8> {
    let mask = [0x37, 0xfa, 0x21, 0x3d];
    let mut frame = vec![0x81, 0x80 | payload.len() as u8];
    frame.extend(mask);
    frame.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_receipt_is_as_long_and_names_its_attempt() {
        for notice in [&br#"{"type":"notice","seq":1,"attempt":"n1234567/0","to":[]}"#[..], b"    "] {
            assert_eq!(receipt(notice).len(), RECEIPT);
        }
        let text: Vec<u8> = receipt(br#"{"attempt":"n7/0"}"#)[6..]
            .iter()
            .zip([0x37, 0xfa, 0x21, 0x3d].iter().cycle())
            .map(|(byte, mask)| byte ^ mask)
            .collect();
        assert_eq!(String::from_utf8(text).unwrap().trim_end(), r#"{"type":"receipt","delivered":["n7/0"]}"#);
    }

    #[test]
    fn frames_are_told_apart() {
        assert_eq!(whole(&[0x89, 0]), Some((0x89, 2, 2)));
        assert_eq!(whole(&[0x81, 126, 0, 126]), None);
        assert_eq!(whole(&[&[0x81, 126, 0, 126][..], &[b' '; 130]].concat()), Some((0x81, 4, 130)));
        assert_eq!(whole(&[0x81]), None);
    }
}
