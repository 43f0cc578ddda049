//! Services in the file: keys and lines of what a channel offers beside messages, one file each.

pub(super) mod census;
pub(super) mod credit;
pub(super) mod intake;
pub(super) mod join;
pub(super) mod leave;
pub(super) mod stock;
pub(super) mod terms;
pub(super) mod relay;
pub(super) mod payment;
pub(super) mod certified;
pub(super) mod exchange;
pub(super) mod alert;
pub(super) mod dispatch;
pub(super) mod talk;
