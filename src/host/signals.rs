//! Signals: Ctrl-C and SIGTERM ask the process to end in good order.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The two signals that ask to end. From the moment it is made they no longer kill the process.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Listens. An error means that the machine does not let us; then the signals go on killing.
    pub fn listen() -> io::Result<Signals> {
        Ok(Signals { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next one.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
