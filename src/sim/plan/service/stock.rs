//! A stock 재고: so many of one thing that the desk grants, and never one more.

/// A row of `stocks:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// The key in the file.
    pub key: String,
    /// How many there are; without an end if the file names no number.
    pub count: Option<u32>,
}
