//! The gateway against real clients on real sockets.

mod flow;
mod faults;
mod hostile;
mod http;
mod pulse;
