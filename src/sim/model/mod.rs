//! The nouns of the simulation, small and `Copy` where they can be. They know nothing of files, sockets or policies.
//!
//! In reading order: names and ids, what carries a message, who receives it, what is said of it, what happened
//! in services, what happened.

pub mod ids;
pub mod words;
pub mod medium;
pub mod person;
pub mod code;
pub mod denial;
pub mod service;
pub mod event;
pub mod about;
