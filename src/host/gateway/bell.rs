//! A bell that one task listens to and anybody may ring. Rung before anybody listens, it is heard then; rung many times,
//! it is heard once.
//!
//! The runtime's own kind keeps a list of listeners, which a listener who comes and goes with every receipt pays for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

/// The bell.
#[derive(Debug, Default)]
pub struct Bell {
    rung: AtomicBool,
    listener: AtomicWaker,
}

impl Bell {
    /// Rings it.
    pub fn ring(&self) {
        self.rung.store(true, Ordering::Release);
        self.listener.wake();
    }

    /// Hears it if it was rung, or waits. For one task only: the last one that asked is woken.
    pub fn poll_heard(&self, cx: &mut Context<'_>) -> Poll<()> {
        if self.take() {
            return Poll::Ready(());
        }
        self.listener.register(cx.waker());
        // It may have been rung while the listener sat down.
        if self.take() { Poll::Ready(()) } else { Poll::Pending }
    }

    fn take(&self) -> bool {
        // Looked at first: to exchange is dear, and mostly there is nothing.
        self.rung.load(Ordering::Acquire) && self.rung.swap(false, Ordering::AcqRel)
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::Arc;

    use super::Bell;

    #[tokio::test]
    async fn every_ring_after_the_last_hearing_is_heard() {
        let bell = Arc::new(Bell::default());
        bell.ring();
        bell.ring();
        poll_fn(|cx| bell.poll_heard(cx)).await;
        let (ringing, (tell, mut heard)) = (Arc::clone(&bell), tokio::sync::mpsc::unbounded_channel());
        let listener = tokio::spawn(async move {
            for round in 0..100 {
                poll_fn(|cx| bell.poll_heard(cx)).await;
                tell.send(round).expect("the test listens");
            }
        });
        for round in 0..100 {
            ringing.ring();
            assert_eq!(heard.recv().await, Some(round));
        }
        listener.await.expect("no panic");
        assert!(heard.recv().await.is_none(), "no ring is heard twice");
    }
}
