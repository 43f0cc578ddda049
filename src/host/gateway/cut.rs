//! A socket that can be cut from outside: closed, or reset so that the other end sees the line break.
//!
//! Only the connection's own task drops the stream; whoever wants it cut throws the [`Cut`] and that task obeys. Here
//! the socket speaks HTTP; a session takes it over as a `Line`.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, OwnedSemaphorePermit};

use crate::host::gateway::line::Line;

/// The switch of one connection.
#[derive(Debug, Default)]
pub struct Cut {
    /// Whether dropping the stream sends RST instead of FIN.
    reset: AtomicBool,
    asked: Notify,
}

/// A TCP stream that obeys its switch when it is dropped, and holds its place among the open connections until then.
#[derive(Debug)]
pub struct CutStream {
    /// `None` once a session has it.
    held: Option<(TcpStream, OwnedSemaphorePermit)>,
    cut: Arc<Cut>,
}

impl Cut {
    /// Asks the connection's task to drop the stream, which then breaks the line: what was not sent is lost.
    pub fn reset(&self) {
        self.arm();
        self.asked.notify_one();
    }

    /// Asks the connection's task to drop the stream without a word.
    pub fn close(&self) {
        self.asked.notify_one();
    }

    /// Makes the coming drop of the stream a reset, without asking for the drop.
    pub fn arm(&self) {
        self.reset.store(true, Ordering::Release);
    }

    /// Whether the coming drop is a reset.
    pub fn is_armed(&self) -> bool {
        self.reset.load(Ordering::Acquire)
    }

    /// Waits for [`Cut::reset`] or [`Cut::close`]. For one task only.
    pub async fn asked(&self) {
        self.asked.notified().await;
    }
}

impl CutStream {
    /// The stream with its switch and its place among the open connections.
    pub fn new(stream: TcpStream, cut: Arc<Cut>, place: OwnedSemaphorePermit) -> CutStream {
        CutStream { held: Some((stream, place)), cut }
    }

    /// Gives the socket to a session.
    pub fn into_line(mut self) -> io::Result<Line> {
        let (stream, place) = self.held.take().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Line::new(stream, Arc::clone(&self.cut), place))
    }

    /// A stream that is being given away is not read or written any more.
    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let (stream, _) = self.held.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Pin::new(stream))
    }
}

impl Drop for CutStream {
    fn drop(&mut self) {
        if let Some((stream, _)) = self.held.as_ref().filter(|_| self.cut.is_armed()) {
            // A zero linger turns the close into a reset. It fails only on a socket that is gone already.
            let _ = stream.set_zero_linger();
        }
    }
}

impl AsyncRead for CutStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(cx, buf)
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}
