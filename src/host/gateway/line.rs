//! The socket of a session, taken back from HTTP: whoever has something for it writes, and one at a time reads.
//!
//! The line itself waits for nothing. While the session's own task waits for the socket, the runtime watches it; while
//! the run's `ear` listens, the runtime does not know of the socket, so that a receipt wakes nobody but the ear.

use std::future::poll_fn;
use std::io::{self, Read as _};
use std::net::Shutdown as Way;
use std::os::fd::{AsRawFd, RawFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use crate::host::gateway::cut::Cut;

/// A line. It obeys its switch when it is dropped, and holds its place among the open connections until then.
#[derive(Debug)]
pub struct Line {
    socket: Mutex<Socket>,
    cut: Arc<Cut>,
    _place: OwnedSemaphorePermit,
}

#[derive(Debug)]
enum Socket {
    /// The runtime watches it.
    Watched(TcpStream),
    /// It does not.
    Bare(std::net::TcpStream),
    /// The machine refused to let it change hands.
    Lost,
}

impl Line {
    /// A line that is watched.
    pub fn new(stream: TcpStream, cut: Arc<Cut>, place: OwnedSemaphorePermit) -> Line {
        Line { socket: Mutex::new(Socket::Watched(stream)), cut, _place: place }
    }

    /// From now on the runtime watches the socket, for the session's own task. After an error the line is gone.
    pub fn watch(&self) -> io::Result<()> {
        self.change(|socket| match socket {
            Socket::Bare(stream) => TcpStream::from_std(stream).map(Socket::Watched),
            Socket::Watched(stream) => Ok(Socket::Watched(stream)),
            Socket::Lost => Err(io::ErrorKind::NotConnected.into()),
        })
    }

    /// From now on it does not: somebody else listens. After an error the line is gone.
    pub fn unwatch(&self) -> io::Result<()> {
        self.change(|socket| match socket {
            Socket::Watched(stream) => stream.into_std().map(Socket::Bare),
            Socket::Bare(stream) => Ok(Socket::Bare(stream)),
            Socket::Lost => Err(io::ErrorKind::NotConnected.into()),
        })
    }

    /// The number under which the kernel knows the socket, for whoever listens.
    pub fn descriptor(&self) -> io::Result<RawFd> {
        Ok(self.socket().any()?.as_raw_fd())
    }

    /// Reads what is there: `None` if nothing is, 0 at the end of the stream.
    ///
    /// A read that does not fill the buffer has emptied the socket, so the next one waits for the kernel's word instead
    /// of asking it again: half the calls of a busy server's reading.
    pub fn read_some(&self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        let (socket, mut read) = (self.socket(), None);
        let any = socket.any()?;
        let mut once = || {
            let count = (&*any).read(buffer)?;
            read = Some(count);
            if count > 0 && count < buffer.len() { Err(io::ErrorKind::WouldBlock.into()) } else { Ok(()) }
        };
        let tried = match &*socket {
            Socket::Watched(stream) => stream.try_io(Interest::READABLE, once),
            Socket::Bare(_) | Socket::Lost => once(),
        };
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
        let socket = self.socket();
        let mut sent = match socket.any()?.send(bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
            written => written?,
        };
        let Socket::Watched(stream) = &*socket else { return Ok(sent) };
        while sent < bytes.len() {
            match stream.try_write(&bytes[sent..]) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        Ok(sent)
    }

    /// Waits until the socket can be read, or written if so asked. For the session's own task only.
    pub async fn ready(&self, also_to_write: bool) -> io::Result<()> {
        poll_fn(|cx| self.poll_ready(cx, also_to_write)).await
    }

    /// Waits until the socket can be written. For the session's own task only.
    pub async fn writable(&self) -> io::Result<()> {
        poll_fn(|cx| match &*self.socket() {
            Socket::Watched(stream) => stream.poll_write_ready(cx),
            Socket::Bare(_) | Socket::Lost => Poll::Pending,
        })
        .await
    }

    /// [`Line::ready`] for a task that waits for other things too. A line that is not watched is never ready.
    pub fn poll_ready(&self, cx: &mut Context<'_>, also_to_write: bool) -> Poll<io::Result<()>> {
        match &*self.socket() {
            Socket::Watched(stream) => match stream.poll_read_ready(cx) {
                Poll::Pending if also_to_write => stream.poll_write_ready(cx),
                ready => ready,
            },
            Socket::Bare(_) | Socket::Lost => Poll::Pending,
        }
    }

    /// Says that nothing more will be written.
    pub fn finish_writing(&self) -> io::Result<()> {
        self.socket().any()?.shutdown(Way::Write)
    }

    /// The switch.
    pub fn cut(&self) -> &Cut {
        &self.cut
    }

    fn change(&self, hand_over: impl FnOnce(Socket) -> io::Result<Socket>) -> io::Result<()> {
        let mut socket = self.socket();
        *socket = hand_over(std::mem::replace(&mut *socket, Socket::Lost))?;
        Ok(())
    }

    fn socket(&self) -> MutexGuard<'_, Socket> {
        // Nothing panics between lock and unlock but a runtime that is gone, and then the socket is lost.
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Socket {
    fn any(&self) -> io::Result<SockRef<'_>> {
        match self {
            Socket::Watched(stream) => Ok(SockRef::from(stream)),
            Socket::Bare(stream) => Ok(SockRef::from(stream)),
            Socket::Lost => Err(io::ErrorKind::NotConnected.into()),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.cut.is_armed() {
            // A zero linger turns the close into a reset. It fails only on a socket that is gone already.
            let _ = self.socket().any().map(|socket| socket.set_linger(Some(Duration::ZERO)));
        }
    }
}
