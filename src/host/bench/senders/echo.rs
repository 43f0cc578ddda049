//! The floor: a bare axum server that reads a body to its end and answers with the first of its bytes, as many as an
//! answer of bongsu has; nothing is looked at, nothing is kept. It also posts bytes to the sink, because somebody must if
//! anything is to come there.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::thread::scope;

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::host::bench::fanout::account;
use crate::host::bench::fanout::talk::{self, Order, now_us, unknown};
use crate::host::bench::senders::client::answer;

/// Bytes of an answer: about what `send-many/detail` answers.
const ANSWER: usize = 2_048;
/// Largest body, as for bongsu.
const BODY_MAX: usize = 8 << 20;
/// Lines to the sink.
const LINES: u64 = 8;

/// Plays the part.
pub fn play(orders: impl BufRead, answers: impl Write) -> io::Result<()> {
    let runtime = Runtime::new()?;
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let port = u64::from(listener.local_addr()?.port());
    let echo = |body: Bytes| async move { body.slice(..ANSWER.min(body.len())) };
    let router = Router::new().route("/", post(echo)).layer(DefaultBodyLimit::max(BODY_MAX));
    // Ends with the process.
    runtime.spawn(async move { axum::serve(listener, router).await });
    talk::obey(orders, answers, |order| match order.word.as_str() {
        "port" => Ok(vec![port]),
        "post" => call(order),
        "account" => account::numbers(),
        _ => Err(unknown(order)),
    })
}

/// So many calls of so many bytes to the sink; answers microseconds.
fn call(order: &Order) -> io::Result<Vec<u64>> {
    let (port, calls, bytes) = (order.number(0) as u16, order.number(1), order.number(2) as usize);
    let mut request = format!("POST /bare HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {bytes}\r\n\r\n").into_bytes();
    request.resize(request.len() + bytes, b' ');
    let (request, began) = (&request, now_us());
    let line = |calls: u64| -> io::Result<()> {
        let mut line = BufReader::new(TcpStream::connect(("127.0.0.1", port))?);
        for _ in 0..calls {
            line.get_mut().write_all(request)?;
            answer(&mut line)?;
        }
        Ok(())
    };
    scope(|threads| {
        let share = |place: u64| calls / LINES + u64::from(place < calls % LINES);
        let working: Vec<_> = (0..LINES).map(|place| threads.spawn(move || line(share(place)))).collect();
        working.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err(io::Error::other("it broke"))))
    })?;
    Ok(vec![now_us() - began])
}
