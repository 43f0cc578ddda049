//! Services in the file: keys and lines of what a channel offers beside messages, one file each.

pub(super) mod census;
pub(super) mod join;
