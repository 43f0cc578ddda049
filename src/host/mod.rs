//! The half that touches the world: sockets, clocks and files around the pure half. It decides *when* the pure half is
//! stepped and carries what it says to the world; it never decides what happens.
//!
//! Siblings meet only through the types of [`link`], [`control`] and [`shutdown`]; none imports another. [`stage`] and
//! [`serve`] put them together.

pub mod shutdown;
pub mod link;
pub mod control;
pub mod gateway;
pub mod tls;
pub mod phones;
pub mod drive;
pub mod journal;
pub mod api;
pub mod provider;
pub mod page;
pub mod class;
pub mod bench;
pub mod signals;
pub mod logs;
pub mod client;
pub mod play;
pub mod stage;
pub mod serve;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod testbed;
