//! The ear of a run: a thread that carries out the run's orders, and between them hears all sessions that only answer
//! now and then.
//!
//! A task a session that waits for its socket costs a receipt more than reading it: the runtime's note of the socket, the
//! task, its waking and its queue are each somewhere else in memory, and whoever sleeps has to be woken for a few. Here
//! the kernel's list of sockets that can be read is taken some hundred at a time, and each is read where its session
//! lies. While orders are written nobody sleeps on that list, so what comes meanwhile wakes nobody. The thread waits for
//! nothing but its list and the orders (and after a few calls a millisecond, for more of them); see `hearing` for what it hands back.

use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake};
use std::thread::Thread;
use std::time::Duration;

use mio::unix::SourceFd;
use mio::{Events, Interest, Registry, Token, Waker};

use crate::host::gateway::line::Line;
use crate::sim::model::ids::SessionId;

/// How long the thread lets calls gather after a few of them: to be woken for each costs more than to read it.
const NAP: Duration = Duration::from_millis(1);
/// Sockets read before orders have their turn.
const SOCKETS_AT_ONCE: usize = 256;
/// The token of the thread's own bell; sessions are numbered in 32 bits.
const BELL: Token = Token(usize::MAX);

/// What sessions hold of it.
#[derive(Debug)]
pub struct Ear {
    registry: Registry,
    listening: AtomicBool,
    bell: Arc<Bell>,
}

/// The kernel's list.
#[derive(Debug)]
pub struct List(mio::Poll);

/// A socket that can be read.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// Whose it is.
    pub session: SessionId,
    /// Whether the client is done, or the line broke.
    pub closing: bool,
}

/// Wakes the thread from its list.
#[derive(Debug)]
struct Bell {
    rung: AtomicBool,
    waker: Waker,
    /// Whether the thread naps, and which it is.
    napping: AtomicBool,
    thread: OnceLock<Thread>,
}

impl Ear {
    /// An ear, and its list for the thread that will listen.
    pub fn new() -> io::Result<(Ear, List)> {
        let poll = mio::Poll::new()?;
        let bell = Bell {
            rung: AtomicBool::new(true),
            waker: Waker::new(poll.registry(), BELL)?,
            napping: AtomicBool::new(false),
            thread: OnceLock::new(),
        };
        let ear =
            Ear { registry: poll.registry().try_clone()?, listening: AtomicBool::new(false), bell: Arc::new(bell) };
        Ok((ear, List(poll)))
    }

    /// Whether sessions may leave their sockets to it.
    pub fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Acquire)
    }

    /// From now on it listens to the socket; what waits there already calls at once.
    pub fn add(&self, line: &Line, session: SessionId) -> io::Result<()> {
        let descriptor = line.descriptor()?;
        self.registry.register(&mut SourceFd(&descriptor), Token(session.0 as usize), Interest::READABLE)
    }

    /// The same for a socket that it knows already.
    pub fn again(&self, line: &Line, session: SessionId) -> io::Result<()> {
        let descriptor = line.descriptor()?;
        self.registry.reregister(&mut SourceFd(&descriptor), Token(session.0 as usize), Interest::READABLE)
    }

    /// It no longer knows the socket. One that is gone already is no error.
    pub fn remove(&self, line: &Line) {
        let _ = line.descriptor().and_then(|descriptor| self.registry.deregister(&mut SourceFd(&descriptor)));
    }

    /// Carries out `orders` to their end on this thread, and hears in between: `each` is told of sockets that can be
    /// read, some at a time. The orders may wait for channels and, in a runtime's context, for its clock.
    pub fn listen<T>(&self, list: List, orders: impl Future<Output = T>, mut each: impl FnMut(&[Call])) -> T {
        let (List(mut poll), mut orders) = (list, pin!(orders));
        let waker = Arc::clone(&self.bell).into();
        let mut cx = Context::from_waker(&waker);
        let (mut events, mut calls) = (Events::with_capacity(SOCKETS_AT_ONCE), Vec::with_capacity(SOCKETS_AT_ONCE));
        self.bell.thread.get_or_init(std::thread::current);
        self.listening.store(true, Ordering::Release);
        loop {
            let rung = self.bell.rung.swap(false, Ordering::SeqCst);
            if rung && let Poll::Ready(end) = orders.as_mut().poll(&mut cx) {
                self.listening.store(false, Ordering::Release);
                return end;
            }
            // Rung in the meantime, as by orders that only make room for others: then there is no waiting.
            let wait = self.bell.rung.load(Ordering::SeqCst).then_some(Duration::ZERO);
            if poll.poll(&mut events, wait).is_err() {
                // A signal came between. Whatever else it were, the list stays as it is, and so does everything in it.
                continue;
            }
            let sessions = events.iter().filter(|event| event.token() != BELL);
            calls.clear();
            calls.extend(sessions.map(|event| Call {
                session: SessionId(event.token().0 as u32),
                closing: event.is_read_closed() || event.is_error(),
            }));
            each(&calls);
            if (1..SOCKETS_AT_ONCE).contains(&calls.len()) {
                self.bell.nap();
            }
        }
    }
}

impl Bell {
    /// Waits a little, unless the bell rings.
    fn nap(&self) {
        self.napping.store(true, Ordering::SeqCst);
        if !self.rung.load(Ordering::SeqCst) {
            std::thread::park_timeout(NAP);
        }
        self.napping.store(false, Ordering::SeqCst);
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Bell>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Bell>) {
        if self.rung.swap(true, Ordering::SeqCst) {
            return;
        }
        // Whoever begins to nap after this look sees the bell rung.
        match self.thread.get().filter(|_| self.napping.load(Ordering::SeqCst)) {
            Some(thread) => thread.unpark(),
            // It fails only when the list is gone, and its thread with it.
            None => drop(self.waker.wake()),
        }
    }
}
