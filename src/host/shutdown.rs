//! One way to end: a switch that is thrown once, and the ends of it that every task holds.
//!
//! It carries no reason and waits for nobody; whoever owns a task awaits it. [`door`] does so for connections.

use tokio::sync::watch;

pub mod door;

/// The hand on the switch. Dropping it throws the switch too, so that no task outlives its owner.
#[derive(Debug)]
pub struct Trigger(watch::Sender<bool>);

/// An end of the switch, held by a task.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// A switch that has not been thrown.
pub fn shutdown() -> (Trigger, Shutdown) {
    let (sender, receiver) = watch::channel(false);
    (Trigger(sender), Shutdown(receiver))
}

impl Trigger {
    /// Throws the switch. Throwing it again does nothing.
    pub fn throw(&self) {
        self.0.send_replace(true);
    }
}

impl Shutdown {
    /// Whether the switch was thrown.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Waits until the switch is thrown; at once if it was. May be dropped and awaited again.
    pub async fn asked(&mut self) {
        // An error means that the hand is gone, which throws the switch.
        let _ = self.0.wait_for(|thrown| *thrown).await;
    }
}

#[cfg(test)]
mod tests {
    use super::shutdown;

    #[tokio::test]
    async fn everybody_hears_a_thrown_switch_and_a_dropped_hand() {
        let (trigger, mut first) = shutdown();
        let mut second = first.clone();
        assert!(!first.is_asked());
        trigger.throw();
        first.asked().await;
        second.asked().await;
        assert!(second.is_asked());

        let (trigger, mut third) = shutdown();
        drop(trigger);
        third.asked().await;
        assert!(third.is_asked());
    }
}
