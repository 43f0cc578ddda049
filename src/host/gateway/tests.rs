//! The gateway against real clients on real sockets.

mod flow;
mod ear;
mod faults;
mod hostile;
mod http;
mod pulse;
