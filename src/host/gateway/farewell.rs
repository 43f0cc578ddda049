//! How a session ends: with a close frame and its code, or without a word.
//!
//! A crashed network does not say goodbye: what a fault severs just breaks. Everything else is told why, within a
//! second or three, and whether or not it listens.

use std::io;
use std::time::Duration;

use tokio::time::timeout;

use crate::host::gateway::frame;
use crate::host::gateway::line::Line;
use crate::host::gateway::outbox::End;
use crate::host::gateway::reader;
use crate::host::gateway::wire::{self, Broken};
use crate::host::gateway::words::{CloseWord, ErrorCode};
use crate::sim::model::ids::SessionId;

/// How long a client has to take its close frame and close; at a shutdown, three times as long.
const PATIENCE: Duration = Duration::from_secs(1);
/// What is read and thrown away of a client that goes on sending.
const DRAIN_BYTES_MAX: usize = 256 * 1_024;
/// The pause before a reconnect that a shutdown asks for, in milliseconds: at least, and the width of its jitter.
const RECONNECT_MS: (u32, u32) = (500, 4_500);

/// How a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The client's line broke.
    Gone,
    /// The client closed, with this code; it is answered in kind.
    Left(Option<u16>),
    /// The line is broken from this side.
    Break,
    /// The client read too slowly: a close frame if it can still be written, then the line breaks.
    Slow,
    /// A close frame.
    Close(CloseWord),
}

impl Ending {
    /// What broken bytes mean.
    pub fn of(broken: Broken) -> Ending {
        Ending::Close(match broken {
            Broken::Framing => CloseWord::Protocol,
            Broken::NotUtf8 => CloseWord::NotUtf8,
            Broken::TooBig => CloseWord::TooBig,
        })
    }

    /// What an order to end means.
    pub fn of_end(end: End) -> Ending {
        match end {
            End::Gone => Ending::Gone,
            End::Severed => Ending::Break,
            End::Slow => Ending::Slow,
            End::Refused => Ending::Close(CloseWord::LoginRefused),
            End::TakenOver => Ending::Close(CloseWord::TakenOver),
            End::RunEnded => Ending::Close(CloseWord::RunEnded),
            End::Shutdown => Ending::Close(CloseWord::GoingAway),
        }
    }
}

/// Ends a session towards its client, and arms the cut if the line must break when the stream is dropped. `words` are
/// frames that come before the last one, the first of them perhaps begun already.
pub async fn say(line: &Line, ending: Ending, session: Option<SessionId>, mut words: Vec<u8>) {
    let mut patience = PATIENCE;
    match ending {
        Ending::Gone => return,
        Ending::Break => return line.cut().arm(),
        Ending::Left(code) => wire::put_close(&mut words, code, ""),
        Ending::Slow => put_close(&mut words, CloseWord::TooSlow, session),
        Ending::Close(word) => {
            if word == CloseWord::GoingAway {
                patience *= 3;
            }
            put_close(&mut words, word, session);
        }
    }
    let told = timeout(patience, close(line, &words)).await;
    if ending == Ending::Slow || !matches!(told, Ok(Ok(()))) {
        line.cut().arm();
    }
}

fn put_close(words: &mut Vec<u8>, word: CloseWord, session: Option<SessionId>) {
    if let Some(code) = fatal_error(word) {
        let error = frame::error(code, true, Vec::new());
        wire::put_text(words, &error);
    }
    let (code, reason) = word.row();
    let reason = match word {
        CloseWord::GoingAway => format!("{reason}; reconnect_ms={}", reconnect_ms(session)),
        _ => reason.to_owned(),
    };
    wire::put_close(words, Some(code), &reason);
}

/// Closing a socket that holds unread bytes breaks the line, and the close frame with it: so they are read first.
async fn close(line: &Line, words: &[u8]) -> io::Result<()> {
    let mut sent = 0;
    let mut left = DRAIN_BYTES_MAX;
    loop {
        sent += line.write_some(&words[sent..])?;
        if sent == words.len() {
            break;
        }
        line.ready(true).await?;
        // So that a client that only sends does not keep this awake for nothing.
        if reader::drain(line, &mut left)? {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
    }
    line.finish_writing()?;
    while !reader::drain(line, &mut left)? {
        line.ready(false).await?;
    }
    Ok(())
}

/// The error frame before the close frame, where the fault is in a frame of the client's.
fn fatal_error(word: CloseWord) -> Option<ErrorCode> {
    match word {
        CloseWord::BadFrame => Some(ErrorCode::BadFrame),
        CloseWord::HelloExpected => Some(ErrorCode::HelloExpected),
        CloseWord::NobodyKnown => Some(ErrorCode::UnknownPhone),
        _ => None,
    }
}

/// Spread by the session's number, so that those who obey do not come back all at once.
fn reconnect_ms(session: Option<SessionId>) -> u32 {
    let mixed = session.map_or(0, |session| session.0).wrapping_mul(2_654_435_761);
    RECONNECT_MS.0 + ((u64::from(mixed) * u64::from(RECONNECT_MS.1)) >> 32) as u32
}
