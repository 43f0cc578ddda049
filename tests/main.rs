//! The integration tests, one binary: the rules of the house, and drawn runs through the engine.
//!
//! Nothing here sleeps, binds a fixed port, depends on another test or stands in for our own code.

mod scenario;
mod tidy;
mod swarm;
mod golden;
mod serve;
