//! The gate of a network: how connections are turned away while a fault keeps it shut, and how many were.
//!
//! Connections that hang are bounded: beyond [`HANGING_MAX`] on one network they are reset, so that a dead kakao
//! cannot eat the places that mobile needs.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use tokio::sync::watch;

use crate::sim::fault::DownHow;

/// Connections that may hang at one time on one network.
pub const HANGING_MAX: usize = 4_096;

/// The gate of one network.
#[derive(Debug)]
pub struct Gate {
    shut: watch::Sender<Option<DownHow>>,
    refused: AtomicU32,
    hanging: AtomicUsize,
}

/// What to do with a connection that was turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turned {
    /// Answer that the network is down.
    Answer,
    /// Drop the connection without a word.
    Drop,
    /// Break the line.
    Reset,
}

/// Holds a place among the connections that hang.
struct Hanging<'a>(&'a AtomicUsize);

impl Gate {
    /// A gate that is open.
    pub fn open() -> Gate {
        Gate { shut: watch::Sender::new(None), refused: AtomicU32::new(0), hanging: AtomicUsize::new(0) }
    }

    /// Shuts it, changes how it is shut, or opens it.
    pub fn set(&self, shut: Option<DownHow>) {
        self.shut.send_replace(shut);
    }

    /// Whether it is shut.
    pub fn is_shut(&self) -> bool {
        self.shut.borrow().is_some()
    }

    /// How many were turned away since the last call.
    pub fn take_refused(&self) -> u32 {
        self.refused.swap(0, Ordering::Relaxed)
    }

    /// Puts a count back that could not be reported.
    pub fn put_back(&self, count: u32) {
        self.refused.fetch_add(count, Ordering::Relaxed);
    }

    /// How many hang at this moment.
    pub fn hanging(&self) -> usize {
        self.hanging.load(Ordering::Relaxed)
    }

    /// `None` at once if the gate is open. Otherwise the visitor is counted and, if the fault says so, hangs here
    /// until the gate changes.
    pub async fn turn_away(&self) -> Option<Turned> {
        let how = (*self.shut.borrow())?;
        self.refused.fetch_add(1, Ordering::Relaxed);
        Some(match how {
            DownHow::Reject => Turned::Answer,
            DownHow::Reset => Turned::Reset,
            DownHow::Hang => self.hang().await,
        })
    }

    async fn hang(&self) -> Turned {
        let Some(_place) = Hanging::take(&self.hanging) else { return Turned::Reset };
        let mut changes = self.shut.subscribe();
        // An error means that the run is over, which ends the waiting too.
        let _ = changes.wait_for(|shut| *shut != Some(DownHow::Hang)).await;
        Turned::Drop
    }
}

impl<'a> Hanging<'a> {
    fn take(count: &'a AtomicUsize) -> Option<Hanging<'a>> {
        let taken = Hanging(count);
        (count.fetch_add(1, Ordering::Relaxed) < HANGING_MAX).then_some(taken)
    }
}

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, Turned};
    use crate::sim::fault::DownHow;

    #[tokio::test]
    async fn a_shut_gate_counts_whom_it_turns_away() {
        let gate = Gate::open();
        assert_eq!(gate.turn_away().await, None);
        gate.set(Some(DownHow::Reject));
        assert_eq!(gate.turn_away().await, Some(Turned::Answer));
        gate.set(Some(DownHow::Reset));
        assert_eq!(gate.turn_away().await, Some(Turned::Reset));
        assert_eq!((gate.take_refused(), gate.take_refused()), (2, 0));
    }

    #[tokio::test]
    async fn a_hanging_visitor_is_dropped_when_the_gate_opens() {
        let gate = Gate::open();
        gate.set(Some(DownHow::Hang));
        let (turned, ()) = tokio::join!(gate.turn_away(), async { gate.set(None) });
        assert_eq!(turned, Some(Turned::Drop));
    }
}
