//! Ctrl-C and SIGTERM for runs in virtual time: the run ends where it is, and its report is written all the same.
//!
//! A thread of its own waits for the signal, because a run in virtual time never waits for anything. The second signal
//! ends the process at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};

/// Whether somebody asked for the end.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on. Where the system does not let us, signals go on ending the process as they always do.
    pub fn listen() -> Interrupt {
        let interrupt = Interrupt::default();
        let asked = interrupt.asked.clone();
        // The thread ends with the process; nobody waits for it.
        let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(move || wait(&asked));
        interrupt
    }

    /// Whether somebody asked.
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Asks, as a signal would.
    pub fn ask(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }
}

fn wait(asked: &AtomicBool) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
    runtime.block_on(async {
        let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
        else {
            return;
        };
        loop {
            let code = tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
            };
            if asked.swap(true, Ordering::Relaxed) {
                std::process::exit(code);
            }
        }
    });
}
