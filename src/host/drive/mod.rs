//! Drives: who decides *when* a run is stepped. What happens is the pure half's business alone.
//!
//! | drive | time | inputs |
//! |---|---|---|
//! | [`virtual_time`] | as fast as the machine allows | only what its caller hands in between batches |
//! | [`live`] | the real clock, times a speed; in lock-step, by jumps ([`turn`]) | sockets and orders, stamped in the order in which they are taken |
//! | [`replay`] | as fast as the machine allows | a recording, at its stamps |
//! | [`rebuild`] | as fast as the machine allows | a recording that broke off, up to where it did; [`live`] goes on |
//!
//! All of them go through [`stepper`], so an input is on record before it is stepped, whoever steps it. A drive holds no
//! socket and opens no file: it knows recorders and the seam of `host::link`.

pub mod stepper;
pub mod virtual_time;
pub mod ordered;
mod crowd;
pub mod held;
pub mod turn;
pub mod live;
pub mod replay;
pub mod rebuild;
