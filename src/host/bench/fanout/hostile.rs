//! Strangers who mean no good, while everybody else comes back: a third never reads what it asked for, a third begins a
//! handshake and says no more, and the rest comes again and again with bytes that mean nothing.

use std::io::{self, BufRead, Read as _, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::host::bench::fanout::clients::{HANDSHAKE, hello};
use crate::host::bench::fanout::talk::{self, Order, unknown};

/// Waits no longer than this for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Times that each of the last third comes.
const AGAIN: u64 = 10;

/// Plays the part.
pub fn play(orders: impl BufRead, answers: impl Write) -> io::Result<()> {
    let mut held = Vec::new();
    talk::obey(orders, answers, |order| match order.word.as_str() {
        "attack" => attack(order, &mut held),
        _ => Err(unknown(order)),
    })
}

/// So many strangers (0) come to a port (1); those who never read say that they are the people from (2) on, who have
/// seen nothing. They stay connected. Answers how many lines were opened in all.
fn attack(order: &Order, held: &mut Vec<TcpStream>) -> io::Result<Vec<u64>> {
    let (third, port, first) = (order.number(0) / 3, order.number(1) as u16, order.number(2));
    let call = || {
        let line = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port)))?;
        line.set_read_timeout(Some(PATIENCE)).map(|()| line)
    };
    for place in 0..third {
        let mut deaf = call()?;
        deaf.write_all(HANDSHAKE)?;
        // The header's end is somewhere in the first bytes, and nothing of it matters here.
        let _ = deaf.read(&mut [0; 512])?;
        deaf.write_all(&hello(first + place, Some(0)))?;
        held.push(deaf);
        let mut half = call()?;
        half.write_all(&HANDSHAKE[..40])?;
        held.push(half);
        for _ in 0..AGAIN {
            // The server may hang up before all of it is said.
            let _ = call()?.write_all(&[0xff; 300]);
        }
    }
    Ok(vec![third * (2 + AGAIN)])
}
