//! What the phones have seen, counted while they run.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Live counters; read them any time with [`Counters::summary`].
        #[derive(Debug, Default)]
        pub struct Counters { $($(#[$doc])* pub(super) $name: AtomicU64,)* }

        /// The counters at one moment.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct PhonesSummary { $($(#[$doc])* pub $name: u64,)* }

        impl Counters {
            /// The counters at this moment.
            pub fn summary(&self) -> PhonesSummary {
                PhonesSummary { $($name: self.$name.load(Ordering::Relaxed),)* }
            }
        }
    };
}

counters! {
    /// Connections that are open and welcomed now.
    open,
    /// Connections that were welcomed.
    opened,
    /// Welcomed connections that broke or were closed from the other side.
    lost,
    /// Tries to connect that failed, were turned away or never answered.
    refused,
    /// Messages that phones showed.
    shown,
    /// Messages that came a second time with the same sequence number, and were not shown again.
    repeated,
    /// Messages that people read.
    read,
    /// Buttons that people pressed.
    pressed,
    /// Things that people said to channels.
    said,
    /// Phones that were given up: another session carries them, or the run does not know them.
    retired,
}

/// One more.
pub(super) fn one_more(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// One less.
pub(super) fn one_less(counter: &AtomicU64) {
    counter.fetch_sub(1, Ordering::Relaxed);
}
