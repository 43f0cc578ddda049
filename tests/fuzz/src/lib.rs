//! What the fuzzer throws bytes at: one function a target, each with the laws that must hold whatever the bytes are.
//!
//! A target panics when a law is broken, and so does the code under it when a check in it fails; the fuzzer keeps the
//! bytes. Nothing here knows libFuzzer: `targets/` ties each function to it. Every input is judged by itself, so that
//! the same bytes break the same thing again.

pub mod scenario;
pub mod frames;
pub mod steps;
pub mod api;
pub mod journal;
mod bytes;
