//! How a session ends: with a close frame and its code, or without a word.
//!
//! A crashed network does not say goodbye: what a fault severs just breaks. Everything else is told why, within a
//! second or three, and whether or not it listens.

use std::time::Duration;

use futures_util::SinkExt;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::host::gateway::cut::Cut;
use crate::host::gateway::frame;
use crate::host::gateway::outbox::End;
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
    /// The client closed, or its line broke.
    Gone,
    /// The line is broken from this side.
    Break,
    /// The client read too slowly: a close frame if it can still be written, then the line breaks.
    Slow,
    /// A close frame.
    Close(CloseWord),
}

impl Ending {
    /// What a broken frame or line means.
    pub fn of(error: &Error) -> Ending {
        match error {
            Error::Capacity(_) => Ending::Close(CloseWord::TooBig),
            Error::Utf8(_) => Ending::Close(CloseWord::NotUtf8),
            Error::Protocol(broken) if is_gone(broken) => Ending::Gone,
            Error::Protocol(_) => Ending::Close(CloseWord::Protocol),
            _ => Ending::Gone,
        }
    }

    /// What an order to end means.
    pub fn of_end(end: End) -> Ending {
        match end {
            End::Severed => Ending::Break,
            End::Slow => Ending::Slow,
            End::Refused => Ending::Close(CloseWord::LoginRefused),
            End::TakenOver => Ending::Close(CloseWord::TakenOver),
            End::RunEnded => Ending::Close(CloseWord::RunEnded),
            End::Shutdown => Ending::Close(CloseWord::GoingAway),
        }
    }
}

/// Whether the client hung up: without a word, or with one while something was still on its way to it.
fn is_gone(broken: &ProtocolError) -> bool {
    matches!(broken, ProtocolError::ResetWithoutClosingHandshake | ProtocolError::SendAfterClosing)
}

/// Ends a session towards its client, and arms the cut if the line must break when the stream is dropped.
pub async fn say<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    cut: &Cut,
    ending: Ending,
    session: Option<SessionId>,
    last_words: &[String],
) {
    let word = match ending {
        Ending::Gone => return,
        Ending::Break => return cut.arm(),
        Ending::Slow => CloseWord::TooSlow,
        Ending::Close(word) => word,
    };
    let patience = if word == CloseWord::GoingAway { PATIENCE * 3 } else { PATIENCE };
    let told = timeout(patience, close(socket, word, session, last_words)).await;
    if ending == Ending::Slow || !matches!(told, Ok(Ok(()))) {
        cut.arm();
    }
}

async fn close<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    word: CloseWord,
    session: Option<SessionId>,
    last_words: &[String],
) -> Result<(), Error> {
    for frame in last_words {
        socket.feed(Message::text(frame.clone())).await?;
    }
    if let Some(code) = fatal_error(word) {
        socket.feed(Message::text(frame::error(code, true, Vec::new()))).await?;
    }
    let (code, reason) = word.row();
    let reason = match word {
        CloseWord::GoingAway => format!("{reason}; reconnect_ms={}", reconnect_ms(session)),
        _ => reason.to_owned(),
    };
    socket.send(Message::Close(Some(CloseFrame { code: CloseCode::from(code), reason: reason.into() }))).await?;
    linger(socket.get_mut()).await?;
    Ok(())
}

/// Closing a socket that holds unread bytes breaks the line, and the close frame with it: so they are read first.
async fn linger<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S) -> std::io::Result<()> {
    stream.shutdown().await?;
    let (mut buffer, mut drained) = ([0; 4_096], 0);
    while drained < DRAIN_BYTES_MAX {
        match stream.read(&mut buffer).await? {
            0 => break,
            read => drained += read,
        }
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
