//! The pure half: no async, clock, entropy, socket, file, thread or log. Same plan, same stamped inputs, same events.
//!
//! In reading order, which is also the order of dependence: each module knows those above it, never one below.

pub mod time;
pub mod dice;
pub mod model;
pub mod medium;
pub mod network;
pub mod fault;
pub mod plan;
pub mod behaviour;
pub mod engine;
pub mod expect;
pub mod scenario;
pub mod rehearsal;
