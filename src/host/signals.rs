//! Signals: Ctrl-C and SIGTERM ask the process to end in good order. SIGXFSZ, which kills a process whose file has reached
//! the limit of `ulimit -f`, is heard and left at that: the write fails as on a full disk, and is treated so.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The two signals that ask to end. From the moment it is made they no longer kill the process.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    _file_size: Signal,
}

/// Its number on Linux and macOS (signal(7)).
const SIGXFSZ: i32 = 25;

impl Signals {
    /// Listens. An error means that the machine does not let us; then the signals go on killing.
    pub fn listen() -> io::Result<Signals> {
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            _file_size: signal(SignalKind::from_raw(SIGXFSZ))?,
        })
    }

    /// Waits for the next one.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
