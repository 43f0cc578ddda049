//! The floor: the least that a server must do. One epoll loop; a handshake is read to its empty line and answered; a
//! delivery is one `write`, a receipt one `read`, and nobody looks at what is in them.

use std::io::{self, BufRead, Read as _, Write};
use std::net::SocketAddr;
use std::time::Duration;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::host::bench::fanout::account;
use crate::host::bench::fanout::talk::{self, Order, now_us, unknown};

const LISTENER: Token = Token(usize::MAX);
/// Waits no longer than this for something to happen; the leader's limit is shorter.
const PATIENCE: Duration = Duration::from_secs(60);

struct Floor {
    poll: Poll,
    events: Events,
    listener: TcpListener,
    streams: Vec<TcpStream>,
    frame: Vec<u8>,
    buffer: Vec<u8>,
}

/// Plays the part.
pub fn play(orders: impl BufRead, answers: impl Write) -> io::Result<()> {
    let mut floor = Floor::open()?;
    talk::obey(orders, answers, |order| floor.carry_out(order))
}

impl Floor {
    fn open() -> io::Result<Floor> {
        let poll = Poll::new()?;
        let mut listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let (events, buffer) = (Events::with_capacity(1_024), vec![0; 64 * 1_024]);
        Ok(Floor { poll, events, listener, streams: Vec::new(), frame: Vec::new(), buffer })
    }

    fn carry_out(&mut self, order: &Order) -> io::Result<Vec<u64>> {
        match order.word.as_str() {
            "port" => Ok(vec![u64::from(self.listener.local_addr()?.port())]),
            "accept" => self.accept(order.number(0) as usize).map(|()| Vec::new()),
            "frame" => {
                self.frame = frame(order.number(0) as usize);
                Ok(Vec::new())
            }
            "send" => {
                let start = now_us();
                self.send(order.number(0)).map(|()| vec![start])
            }
            "exchange" => {
                let start = now_us();
                self.send(1)?;
                self.hear(self.streams.len() * order.number(0) as usize).map(|()| vec![start])
            }
            "account" => account::numbers(),
            _ => Err(unknown(order)),
        }
    }

    /// Shakes hands with so many more.
    fn accept(&mut self, count: usize) -> io::Result<()> {
        let mut answered = 0;
        while answered < count {
            self.wait()?;
            let tokens: Vec<Token> = self.events.iter().map(|event| event.token()).collect();
            for token in tokens {
                if token == LISTENER {
                    self.take_in()?;
                } else if self.shake(token)? {
                    answered += 1;
                }
            }
        }
        Ok(())
    }

    fn take_in(&mut self) -> io::Result<()> {
        loop {
            match self.listener.accept() {
                Ok((mut stream, _)) => {
                    stream.set_nodelay(true)?;
                    let token = Token(self.streams.len());
                    self.poll.registry().register(&mut stream, token, Interest::READABLE | Interest::WRITABLE)?;
                    self.streams.push(stream);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Answers a handshake if it has come; clients of this benchmark write it in one piece.
    fn shake(&mut self, token: Token) -> io::Result<bool> {
        let stream = &mut self.streams[token.0];
        let read = match stream.read(&mut self.buffer) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            other => other?,
        };
        let request = String::from_utf8_lossy(&self.buffer[..read]);
        let Some((_, rest)) = request.split_once("Sec-WebSocket-Key: ") else { return Ok(false) };
        let accept = derive_accept_key(rest.split("\r\n").next().unwrap_or_default().as_bytes());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-accept: {accept}\r\n\r\n"
        );
        stream.write_all(answer.as_bytes()).map(|()| true)
    }

    /// Writes the frame to everybody, and again so many times, one write each; waits for sockets that are full.
    fn send(&mut self, times: u64) -> io::Result<()> {
        for _ in 0..times {
            (0..self.streams.len()).try_for_each(|place| self.write(place))?;
        }
        Ok(())
    }

    fn write(&mut self, place: usize) -> io::Result<()> {
        let mut sent = 0;
        while sent < self.frame.len() {
            match self.streams[place].write(&self.frame[sent..]) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.wait()?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads so many bytes in all.
    fn hear(&mut self, mut left: usize) -> io::Result<()> {
        while left > 0 {
            self.wait()?;
            for event in self.events.iter().filter(|event| event.is_readable() && event.token() != LISTENER) {
                match self.streams[event.token().0].read(&mut self.buffer) {
                    Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                    Ok(read) => left = left.saturating_sub(read),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    fn wait(&mut self) -> io::Result<()> {
        self.poll.poll(&mut self.events, Some(PATIENCE))?;
        if self.events.is_empty() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }
}

/// A text frame of so many bytes with its header.
fn frame(bytes: usize) -> Vec<u8> {
    let payload = bytes.saturating_sub(4).max(126) as u16;
    let mut frame = vec![0x81, 126];
    frame.extend(payload.to_be_bytes());
    frame.resize(usize::from(payload) + 4, b' ');
    frame
}
