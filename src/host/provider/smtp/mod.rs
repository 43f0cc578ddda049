//! SMTP: for senders whose fallback is e-mail. Mails become messages of the medium e-mail, on the mail network.
//!
//! | reply | when |
//! |---|---|
//! | 220, 250, 354, 221, 334, 235 | as RFC 5321 and RFC 4954 have it; 250 after DATA: taken, and synced where runs are kept |
//! | 421 4.3.2 | the mail network is down (a fault); this program ends; 4.4.2 nothing was said for five minutes; 4.7.0 twenty errors |
//! | 451 4.3.0 | no run goes on; a `refuse` with a code that is the platform's matter |
//! | 451 4.7.1 | a throttle that says "too many" |
//! | 452 4.3.1, 4.5.3 | no room; more than 100 recipients |
//! | 500, 501, 503, 504 | no such command, wrong parameters, wrong order, no such mechanism |
//! | 502 | VRFY's neighbours that are not here: EXPN, BDAT, STARTTLS, ETRN |
//! | 535 5.7.8 | AUTH with a key or secret that nobody has |
//! | 550 5.1.1, 5.7.1 | nobody here has this address; another domain, or a number that could be dialled |
//! | 552 5.3.4 | larger than SIZE; words longer than a phone carries |
//! | 554 5.6.0 | no mail, or one with a bare LF or CR in it; 5.5.1 no recipient that was taken |
//!
//! Sources: RFC 5321 (the dialogue), 1870 (SIZE), 2034 and 3463 (enhanced codes), 2920 (pipelining), 4954 (AUTH), 6152
//! (8BITMIME), 6531 (SMTPUTF8). Commands are parsed and the end of a mail is found by the crate smtp-proto, mails are
//! read by mail-parser; here is only the order of things. What no RFC settles is in docs/providers/smtp.md.
//!
//! Odd rules:
//! - Nothing makes a mail idempotent: a line that breaks after the dot leaves the sender without an answer, and the mail is
//!   taken. Who sends it again sends it twice; a `Message-ID` changes nothing, as it does with real servers.
//! - There is one answer for all recipients of a mail, so the first decides whether the mail is refused.
//! - A mail that is taken and then finds nobody comes back by no bounce: the sender's belief stays "accepted".
//!
//! In reading order: [`reply`], [`address`], [`letter`], [`input`] has the bytes, [`session`] the dialogue, this file the
//! listener. Not here: relaying, STARTTLS, queues, bounces.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, OwnedSemaphorePermit};

use crate::host::provider::Providers;
use crate::host::provider::breaker::{Break, Breaker};
use crate::host::shutdown::Shutdown;
use crate::host::shutdown::door::Door;

pub mod reply;
pub mod address;
pub mod letter;
pub mod input;
pub mod session;

use session::Session;

/// The word of its calls in the books.
pub const CONTRACT: &str = "smtp";
/// Connections at one time; more wait in the kernel.
pub const CONNECTIONS_MAX: usize = 256;
/// How long the last sessions have when the server ends.
const GOODBYE_WITHIN: Duration = Duration::from_secs(4);

/// Speaks SMTP on a listener until the switch is thrown.
pub async fn serve(listener: TcpListener, providers: Arc<Providers>, shutdown: Shutdown) {
    let door = Door { connections_max: CONNECTIONS_MAX, goodbye_within: GOODBYE_WITHIN };
    let each = |stream, place| connection(stream, place, providers.clone(), shutdown.clone());
    door.open(listener, shutdown.clone(), each).await;
}

/// One connection, until it ends in good order or a fault breaks it.
async fn connection(
    mut stream: TcpStream,
    _place: OwnedSemaphorePermit,
    providers: Arc<Providers>,
    shutdown: Shutdown,
) {
    // It only makes things slower when it fails, and fails only on a socket that is gone already.
    let _ = stream.set_nodelay(true);
    let (reset, broken) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
    let breaker = {
        let (reset, broken) = (reset.clone(), broken.clone());
        Breaker::new(move |how| {
            reset.store(how == Break::Reset, Ordering::Release);
            broken.notify_one();
        })
    };
    tokio::select! {
        // An error is the client's: its line broke, and there is nobody left to tell.
        _ = Session::new(&mut stream, providers, breaker, shutdown).talk() => {}
        () = broken.notified() => {}
    }
    if reset.load(Ordering::Acquire) {
        // A zero linger turns the close into a reset. It fails only on a socket that is gone already.
        let _ = stream.set_zero_linger();
    }
}
