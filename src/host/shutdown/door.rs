//! A door: connections come in through it until the switch is thrown, and those inside have a while to leave.
//!
//! Whoever listens has one: the gateway, TLS in front of it, SMTP. It bounds how many are inside, goes on when the machine has
//! no file or memory for one more, and knows nothing of what is spoken.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Shutdown;

/// The pause before the next try of an accept that failed for want of files or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a listener allows.
#[derive(Clone, Copy, Debug)]
pub struct Door {
    /// Connections at one time; more wait in the kernel.
    pub connections_max: usize,
    /// How long the last of them have when the server ends; then they are cut.
    pub goodbye_within: Duration,
}

impl Door {
    /// Has `serve` serve each connection, in a task of its own that holds its place, until the switch is thrown and the last is gone.
    pub async fn open<F>(
        self,
        listener: TcpListener,
        mut shutdown: Shutdown,
        mut serve: impl FnMut(TcpStream, OwnedSemaphorePermit) -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let places = Arc::new(Semaphore::new(self.connections_max));
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = shutdown.asked() => break,
                Some(_) = connections.join_next() => {}
                (stream, place) = accept(&listener, &places) => {
                    connections.spawn(serve(stream, place));
                }
            }
        }
        drop(listener);
        let goodbye = async { while connections.join_next().await.is_some() {} };
        if timeout(self.goodbye_within, goodbye).await.is_err() {
            connections.shutdown().await;
        }
    }
}

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> (TcpStream, OwnedSemaphorePermit) {
    let place = Arc::clone(places).acquire_owned().await.expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            Err(error) => {
                tracing::warn!(%error, at = ?listener.local_addr().ok(), "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}
