//! The half that touches the world: sockets, clocks and files around the pure half.
//!
//! Siblings meet only through the types of [`link`] and [`shutdown`]; none imports another.

pub mod shutdown;
pub mod link;
pub mod gateway;
pub mod phones;
#[cfg(test)]
mod stage;
