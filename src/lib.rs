//! bongsu 봉수: a simulator of Kakao-channel-style public notifications.
//!
//! `sim` is pure; `host` touches the world; `report` writes what a run was; `cli` is where they meet.
#![forbid(unsafe_code)]

pub mod sim;
#[cfg(feature = "host")]
pub mod report;
#[cfg(feature = "host")]
pub mod host;
#[cfg(feature = "host")]
pub mod cli;
