//! A socket that can be cut from outside: closed, or reset so that the other end sees the line break.
//!
//! Only the connection's own task drops the stream; whoever wants it cut throws the [`Cut`] and that task obeys.

use std::io::{self, Read as _};
use std::net::Shutdown as Way;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, Interest, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, OwnedSemaphorePermit};

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
    stream: TcpStream,
    cut: Arc<Cut>,
    _place: OwnedSemaphorePermit,
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

    /// Waits for [`Cut::reset`] or [`Cut::close`]. For one task only.
    pub async fn asked(&self) {
        self.asked.notified().await;
    }
}

impl CutStream {
    /// The stream with its switch and its place among the open connections.
    pub fn new(stream: TcpStream, cut: Arc<Cut>, place: OwnedSemaphorePermit) -> CutStream {
        CutStream { stream, cut, _place: place }
    }

    /// Reads what is there: `None` if nothing is, 0 at the end of the stream.
    ///
    /// A read that does not fill the buffer has emptied the socket, so the next one waits for the kernel's word instead
    /// of asking it again: half the calls of a busy server's reading.
    pub fn read_some(&self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let mut read = None;
        let tried = self.stream.try_io(Interest::READABLE, || {
            let count = (&*SockRef::from(&self.stream)).read(buffer)?;
            read = Some(count);
            if count > 0 && count < buffer.len() { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
        });
        match tried {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => Ok(read),
        }
    }

    /// Writes as much as the kernel takes now.
    ///
    /// The kernel is asked before the runtime's own note of whether there is room, which lies somewhere else in memory
    /// and says yes nearly always. Only a socket that was found full is asked by way of the runtime, which then waits
    /// for the kernel's word.
    pub fn write_some(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut sent = match SockRef::from(&self.stream).send(bytes) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            Err(error) => return Err(error),
        };
        while sent < bytes.len() {
            match self.stream.try_write(&bytes[sent..]) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(sent)
    }

    /// Waits until the socket can be read, or written if so asked.
    pub async fn ready(&self, also_to_write: bool) -> io::Result<()> {
        let interest = if also_to_write { Interest::READABLE | Interest::WRITABLE } else { Interest::READABLE };
        self.stream.ready(interest).await.map(drop)
    }

    /// Waits until the socket can be written.
    pub async fn writable(&self) -> io::Result<()> {
        self.stream.writable().await
    }

    /// The same for a task that waits for other things too, without the list of waiters that [`CutStream::ready`] keeps.
    /// For the connection's own task only.
    pub fn poll_ready(&self, cx: &mut Context<'_>, also_to_write: bool) -> Poll<io::Result<()>> {
        match self.stream.poll_read_ready(cx) {
            Poll::Pending if also_to_write => self.stream.poll_write_ready(cx),
            ready => ready,
        }
    }

    /// Says that nothing more will be written.
    pub fn finish_writing(&self) -> io::Result<()> {
        SockRef::from(&self.stream).shutdown(Way::Write)
    }

    /// The switch.
    pub fn cut(&self) -> Arc<Cut> {
        Arc::clone(&self.cut)
    }
}

impl Drop for CutStream {
    fn drop(&mut self) {
        if self.cut.reset.load(Ordering::Acquire) {
            // A zero linger turns the close into a reset. It fails only on a socket that is gone already.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for CutStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for CutStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
