//! What the sockets of a process stand at, for whoever operates it: written by the gateway, read by the API, which do not
//! know each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sim::model::medium::Network;

/// What happened on sockets since the process began. Relaxed: each number is true, none is before another.
#[derive(Debug, Default)]
pub struct Traffic {
    handshakes: AtomicU64,
    messages: AtomicU64,
    receipts: AtomicU64,
}

/// Webhooks of a run. Relaxed, as above.
#[derive(Debug, Default)]
pub struct Webhooks {
    /// Calls that were taken.
    pub taken: AtomicU64,
    /// Calls that were not, and are made again.
    pub failed: AtomicU64,
    /// Webhooks that were given up.
    pub given_up: AtomicU64,
    /// Those that wait for their next try.
    pub waiting: AtomicU64,
    /// Those under way.
    pub under_way: AtomicU64,
}

/// The sockets at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sockets {
    /// Sessions, by `Network::index`.
    pub sessions: [u64; Network::COUNT],
    /// Phones that are logged in, by `Network::index`.
    pub phones: [u64; Network::COUNT],
    /// Connections that a fault keeps hanging, by `Network::index`.
    pub hanging: [u64; Network::COUNT],
    /// Frames that wait for slow clients.
    pub queued: u64,
    /// The most that wait for one of them.
    pub deepest: u64,
    /// Bytes of the mailboxes that phones catch up from.
    pub mailbox_bytes: u64,
    /// Handshakes that became sessions, since the process began.
    pub handshakes: u64,
    /// Messages handed to sessions, likewise.
    pub messages: u64,
    /// Receipts that phones gave, likewise.
    pub receipts: u64,
}

/// Who knows the sockets.
pub trait Gauge: Send + Sync {
    /// How they stand. Looks at every session: for eyes, a few times a second.
    fn sockets(&self) -> Sockets;
}

/// Where there are no sockets.
pub struct NoSockets;

impl Gauge for NoSockets {
    fn sockets(&self) -> Sockets {
        Sockets::default()
    }
}

/// A gauge that can be shared.
pub type AnyGauge = Arc<dyn Gauge>;

impl Traffic {
    /// A handshake became a session.
    pub fn shook_hands(&self) {
        self.handshakes.fetch_add(1, Ordering::Relaxed);
    }

    /// So many messages are for sessions.
    pub fn transmitted(&self, count: u64) {
        self.messages.fetch_add(count, Ordering::Relaxed);
    }

    /// A phone gave so many receipts.
    pub fn receipts(&self, count: u64) {
        self.receipts.fetch_add(count, Ordering::Relaxed);
    }

    /// Handshakes, messages and receipts so far.
    pub fn totals(&self) -> [u64; 3] {
        [&self.handshakes, &self.messages, &self.receipts].map(|count| count.load(Ordering::Relaxed))
    }
}
